import { DomainError, notFound } from '@doorstep/kernel';
import type { OrganisationKind } from '../organisations/organisation';

/** Roles that a person's account can carry. A front-end is an API client, never a person. */
export const PERSON_ROLES = [
  'administrator',
  'owner',
  'portfolio_manager',
  'site_manager',
  'caregiver',
  'finance',
  'auditor',
  'authority',
  'funder',
] as const;
export type PersonRole = (typeof PERSON_ROLES)[number];

/** Which roles an organisation's people can have. Administrators belong to no organisation. */
export const ROLES_OF_ORGANISATION: Record<OrganisationKind, readonly PersonRole[]> = {
  operator: ['owner', 'portfolio_manager', 'site_manager', 'caregiver', 'finance', 'auditor'],
  authority: ['authority'],
  funder: ['funder'],
};

/** Roles that only reach named sites; somebody with any other role reaches every site of the tenant. */
const SITE_BOUND: readonly PersonRole[] = ['site_manager', 'caregiver'];

/** Sites one account may be bound to: the list travels in every request's identity. */
export const SITES_PER_PERSON_MAX = 100;

export type PersonStatus = 'active' | 'disabled';

export interface Person {
  id: string;
  /** Null for administrators. */
  organisationId: string | null;
  operatorId: string | null;
  /** Lower case, unique in the installation. */
  login: string;
  name: string;
  roles: PersonRole[];
  /** Empty: every site of the tenant. */
  siteIds: string[];
  status: PersonStatus;
  version: number;
}

/** Who opens or changes an account, as far as the decision needs to know. */
export interface Granter {
  id: string;
  organisationId: string | null;
  roles: readonly string[];
}

/** The organisation that the account is for; null for administrators. */
export interface HomeOrganisation {
  id: string;
  kind: OrganisationKind;
  operatorId: string | null;
}

export interface OpenAccount {
  login: string;
  name: string;
  roles: PersonRole[];
  siteIds?: string[];
}

export interface ChangeAccount {
  name?: string;
  roles?: PersonRole[];
  siteIds?: string[];
}

/** Opens an account, if the granter may: administrators anywhere, everybody else for colleagues alone. */
export function openAccount(
  granter: Granter,
  organisation: HomeOrganisation | null,
  command: OpenAccount,
  id: string,
): Person {
  checkReach(granter, organisation);
  checkRoles(organisation, command.roles);
  return {
    id,
    organisationId: organisation?.id ?? null,
    operatorId: organisation?.operatorId ?? null,
    login: checkedLogin(command.login),
    name: checkedName(command.name),
    roles: unique(command.roles),
    siteIds: checkedSites(command.roles, command.siteIds),
    status: 'active',
    version: 1,
  };
}

/** Changes name, roles or sites under the same rules as opening. */
export function changeAccount(
  granter: Granter,
  organisation: HomeOrganisation | null,
  person: Person,
  command: ChangeAccount,
): Person {
  checkReach(granter, organisation);
  const roles = command.roles ?? person.roles;
  checkRoles(organisation, roles);
  if (granter.id === person.id && command.roles && person.roles.some((role) => !roles.includes(role))) {
    throw new DomainError('conflict', 'own_role_kept', "You can't take a role from yourself.", {
      field: 'roles',
      mend: 'Ask a colleague who may change accounts to do it.',
    });
  }
  const inherited = roles.every((role) => SITE_BOUND.includes(role)) ? person.siteIds : [];
  return {
    ...person,
    name: command.name === undefined ? person.name : checkedName(command.name),
    roles: unique(roles),
    siteIds: checkedSites(roles, command.siteIds ?? inherited),
    version: person.version + 1,
  };
}

/** Closes an account. Nobody closes the own one, so somebody who can reopen it always remains. */
export function disableAccount(
  granter: Granter,
  organisation: HomeOrganisation | null,
  person: Person,
): Person {
  checkReach(granter, organisation);
  if (granter.id === person.id) {
    throw new DomainError('conflict', 'own_account_kept', "You can't disable your own account.", {
      mend: 'Ask a colleague who may close accounts to do it.',
    });
  }
  if (person.status === 'disabled') return person;
  return { ...person, status: 'disabled', version: person.version + 1 };
}

export function enableAccount(
  granter: Granter,
  organisation: HomeOrganisation | null,
  person: Person,
): Person {
  checkReach(granter, organisation);
  if (person.status === 'active') return person;
  return { ...person, status: 'active', version: person.version + 1 };
}

/**
 * Administrators reach every account, the head office those of its branches, everybody else those of the own
 * organisation. An organisation that is out of reach looks like one that isn't there, as a row of another tenant does. */
export function checkReach(granter: Granter, organisation: HomeOrganisation | null): void {
  if (granter.roles.includes('administrator')) return;
  const { organisationId } = granter;
  const reached =
    organisation !== null && [organisation.id, organisation.operatorId].includes(organisationId ?? '(none)');
  if (!reached) throw notFound('organisation', organisation?.id ?? '(none)');
}

function checkRoles(organisation: HomeOrganisation | null, roles: readonly PersonRole[]): void {
  const grantable = organisation ? ROLES_OF_ORGANISATION[organisation.kind] : (['administrator'] as const);
  const refused = roles.filter((role) => !(grantable as readonly PersonRole[]).includes(role));
  if (refused.length > 0) {
    const home = organisation ? `${organisation.kind}'s people` : 'people without an organisation';
    throw new DomainError(
      'forbidden',
      'role_not_grantable',
      `The role ${refused[0]} is not for an ${home}.`,
      {
        field: 'roles',
        mend: `Choose from: ${grantable.join(', ')}.`,
        refused,
        grantable: [...grantable],
      },
    );
  }
  if (roles.length > 0) return;
  throw new DomainError('invalid', 'roles_empty', 'An account without a role can do nothing.', {
    field: 'roles',
    mend: `Choose from: ${grantable.join(', ')}.`,
  });
}

function checkedSites(roles: readonly PersonRole[], given: string[] | undefined): string[] {
  const siteIds = unique(given ?? []);
  const bound = roles.every((role) => SITE_BOUND.includes(role));
  if (bound && siteIds.length === 0) {
    throw new DomainError('invalid', 'sites_missing', 'Site managers and caregivers work at named sites.', {
      field: 'siteIds',
      mend: 'Name at least one site.',
    });
  }
  if (!bound && siteIds.length > 0) {
    throw new DomainError('invalid', 'sites_not_expected', 'One of the roles reaches every site anyway.', {
      field: 'siteIds',
      mend: 'Leave siteIds out, or give only the roles site_manager or caregiver.',
    });
  }
  if (siteIds.length > SITES_PER_PERSON_MAX) {
    throw new DomainError(
      'invalid',
      'too_many_sites',
      `${siteIds.length} sites are too many for one account.`,
      {
        field: 'siteIds',
        mend: `Name at most ${SITES_PER_PERSON_MAX}; a portfolio manager reaches every site.`,
      },
    );
  }
  return siteIds;
}

/** Logins are compared without regard to case, and have no characters that look alike across scripts. */
export function normaliseLogin(login: string): string {
  return login.trim().toLowerCase();
}

function checkedLogin(given: string): string {
  const login = normaliseLogin(given);
  if (/^[a-z0-9][a-z0-9._@+-]{2,99}$/.test(login)) return login;
  throw new DomainError('invalid', 'login_malformed', 'This is no login.', {
    field: 'login',
    mend: 'Use 3 to 100 letters, digits and . _ @ + - (an e-mail address or a mobile number will do).',
  });
}

function checkedName(given: string): string {
  const name = given.trim();
  if (name !== '') return name;
  throw new DomainError('invalid', 'name_empty', 'The name is empty.', {
    field: 'name',
    mend: "Give the person's name.",
  });
}

function unique<T>(values: readonly T[]): T[] {
  return [...new Set(values)];
}
