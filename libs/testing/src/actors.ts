import { newId } from '@doorstep/kernel';
import type { Actor, Role } from '@doorstep/platform';

type Changes = Partial<Actor>;

/** Somebody who works for an operator; each call is another person. */
function staffOf(operatorId: string, role: Role, changes: Changes): Actor {
  return {
    id: newId(),
    kind: 'person',
    organisationId: operatorId,
    operatorId,
    regionPrefix: null,
    roles: [role],
    ...changes,
  };
}

/** Somebody outside of every tenant. */
function outsider(role: Role, changes: Changes): Actor {
  const base = { id: newId(), kind: 'person' as const, organisationId: newId() };
  return { ...base, operatorId: null, regionPrefix: null, roles: [role], ...changes };
}

export const anOwner = (operatorId: string, changes: Changes = {}): Actor =>
  staffOf(operatorId, 'owner', changes);

export const aSiteManager = (operatorId: string, siteIds: string[], changes: Changes = {}): Actor =>
  staffOf(operatorId, 'site_manager', { siteIds, ...changes });

export const aCaregiver = (operatorId: string, siteIds: string[], changes: Changes = {}): Actor =>
  staffOf(operatorId, 'caregiver', { siteIds, ...changes });

export const aFinanceOfficer = (operatorId: string, changes: Changes = {}): Actor =>
  staffOf(operatorId, 'finance', changes);

export const anAuditor = (operatorId: string, changes: Changes = {}): Actor =>
  staffOf(operatorId, 'auditor', changes);

/** A booking front-end's API client. */
export const aFrontEnd = (operatorId: string, changes: Changes = {}): Actor =>
  staffOf(operatorId, 'front_end', { kind: 'client', ...changes });

export const anAdministrator = (changes: Changes = {}): Actor =>
  outsider('administrator', { organisationId: null, ...changes });

/** @param regionPrefix leading digits of the region code whose sites and bookings the authority sees */
export const anAuthority = (regionPrefix: string, changes: Changes = {}): Actor =>
  outsider('authority', { regionPrefix, ...changes });

/** @param organisationId the funder itself; programmes and claims name it */
export const aFunder = (organisationId: string = newId(), changes: Changes = {}): Actor =>
  outsider('funder', { organisationId, ...changes });
