import type { Actor, Tx } from '@doorstep/platform';
import { OrganisationEntity } from '../organisations/organisation.entity';
import type { PersonEntity } from './person.entity';

/** All that somebody may do who has not replaced a one-time password yet. */
const UNTIL_PASSWORD_CHANGED = ['account:read', 'account:password'];

/** Who acts when this person does: roles, tenant, region and sites as they are now. */
export async function actorOfPerson(tx: Tx, person: Omit<PersonEntity, 'passwordHash'>): Promise<Actor> {
  const { id, organisationId, operatorId, roles, siteIds } = person;
  const organisation = organisationId
    ? await tx.manager.findOneBy(OrganisationEntity, { id: organisationId })
    : null;
  return {
    id,
    kind: 'person',
    organisationId,
    operatorId,
    regionPrefix: organisation?.kind === 'authority' ? organisation.regionCode : null,
    roles,
    ...(siteIds.length > 0 && { siteIds }),
    ...(person.passwordMustChange && { scopes: UNTIL_PASSWORD_CHANGED }),
  };
}
