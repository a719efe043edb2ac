import { notFound } from '@doorstep/kernel';
import type { Tx } from '@doorstep/platform';
import { loadOrganisation } from '../organisations/organisations.service';
import type { PersonDto } from './people.dto';
import type { HomeOrganisation } from './person';
import { PersonEntity } from './person.entity';

/** The account, if the current actor may see it. */
export async function loadPerson(
  tx: Tx,
  id: string,
  options: { lock?: boolean } = {},
): Promise<PersonEntity> {
  const person = await tx.manager.findOne(PersonEntity, {
    where: { id },
    ...(options.lock && { lock: { mode: 'pessimistic_write' } }),
  });
  if (!person) throw notFound('person', id);
  return person;
}

export async function homeOf(tx: Tx, person: PersonEntity): Promise<HomeOrganisation | null> {
  return person.organisationId ? loadOrganisation(tx, person.organisationId) : null;
}

export function show(row: Omit<PersonEntity, 'passwordHash'>): PersonDto {
  const { id, organisationId, login, name, roles, siteIds, status, version, createdAt } = row;
  const mustChangePassword = row.passwordMustChange;
  return { id, organisationId, login, name, roles, siteIds, status, mustChangePassword, version, createdAt };
}
