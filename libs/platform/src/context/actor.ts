export const ROLES = [
  'administrator',
  'owner',
  'portfolio_manager',
  'site_manager',
  'caregiver',
  'finance',
  'auditor',
  'authority',
  'funder',
  'front_end',
] as const;

/** What somebody may do; the table is in access/permissions.ts. */
export type Role = (typeof ROLES)[number];

/** Who acts: a person, a front-end's API client, or the system itself (consumers, sweepers). */
export interface Actor {
  id: string;
  kind: 'person' | 'client' | 'system';
  organisationId: string | null;
  /** The tenant; null for administrators, authorities and funders. */
  operatorId: string | null;
  /** Leading digits of the 12-digit region code that an authority sees; null for everybody else. */
  regionPrefix: string | null;
  roles: Role[];
  /** Site managers and caregivers: only these sites. Undefined: every site of the tenant. */
  siteIds?: string[];
  /** API clients: permissions are narrowed to these ('bookings:create', 'bookings:*'). Undefined: all of the role. */
  scopes?: string[];
}

export const SYSTEM_ID = '00000000-0000-7000-8000-000000000000';

/** Consumers and sweepers act as the system: every tenant, no HTTP permission but the internal ones. */
export const SYSTEM_ACTOR: Actor = Object.freeze({
  id: SYSTEM_ID,
  kind: 'system' as const,
  organisationId: null,
  operatorId: null,
  regionPrefix: null,
  roles: [],
});
