import { checkCreditCode, DomainError, regionCode } from '@doorstep/kernel';

export const ORGANISATION_KINDS = ['authority', 'operator', 'funder'] as const;
export type OrganisationKind = (typeof ORGANISATION_KINDS)[number];

/** How an operator runs its sites: under its own brand in many places, or entrusted with somebody else's (托管). */
export const OPERATIONS = ['chain', 'custody'] as const;
export type Operation = (typeof OPERATIONS)[number];

/** A party: the authority that lets sites be run, the operator that runs them, the funder that pays a share. */
export interface Organisation {
  id: string;
  kind: OrganisationKind;
  /** The tenant: the id of the operator's head office; null for authorities and funders, which belong to no tenant. */
  operatorId: string | null;
  /** The head office of a branch; null for everybody else. */
  parentId: string | null;
  /** Operators only. */
  operation: Operation | null;
  name: string;
  creditCode: string;
  /** Why a credit code that fails its check was taken; null when it passes. */
  creditCodeOverrideReason: string | null;
  /** What an authority answers for; may narrow a funder; never on an operator. */
  regionCode: string | null;
  version: number;
}

export interface RegisterOrganisation {
  kind: OrganisationKind;
  operation?: Operation;
  name: string;
  creditCode: string;
  creditCodeOverrideReason?: string;
  regionCode?: string;
}

export interface ChangeOrganisation {
  name?: string;
  creditCode?: string;
  creditCodeOverrideReason?: string;
  regionCode?: string;
}

/** Who registers, as far as the decision needs to know. */
export interface Registrar {
  organisationId: string | null;
  roles: readonly string[];
}

/**
 * Registers a party: administrators any, the owner of a head office its branches (分公司). Only an administrator
 * overrides the credit code's check.
 *
 * @param parent the head office that a branch is registered for
 */
export function registerOrganisation(
  registrar: Registrar,
  command: RegisterOrganisation,
  parent: Organisation | null,
  id: string,
): Organisation {
  const { kind, operation } = command;
  checkRegistrar(registrar, command, parent);
  if (parent) checkBranch(kind, parent);
  if (kind === 'operator' && !operation) {
    throw new DomainError('invalid', 'operation_missing', 'An operator is a chain or a custody operator.', {
      field: 'operation',
      mend: 'Say chain (own brand, many sites) or custody (entrusted with sites).',
    });
  }
  if (kind !== 'operator' && operation) {
    throw new DomainError('invalid', 'operation_not_expected', `An ${kind} runs no sites.`, {
      field: 'operation',
      mend: 'Leave operation out; only operators have one.',
    });
  }
  return {
    id,
    kind,
    operatorId: kind === 'operator' ? (parent?.id ?? id) : null,
    parentId: parent?.id ?? null,
    operation: operation ?? null,
    name: checkedName(command.name),
    ...checkedCreditCode(command.creditCode, command.creditCodeOverrideReason),
    regionCode: checkedRegion(kind, command.regionCode),
    version: 1,
  };
}

/** Applies a correction; the kind of a party and its tenant never change. */
export function changeOrganisation(organisation: Organisation, command: ChangeOrganisation): Organisation {
  const code = command.creditCode
    ? checkedCreditCode(command.creditCode, command.creditCodeOverrideReason)
    : {};
  return {
    ...organisation,
    ...code,
    name: command.name === undefined ? organisation.name : checkedName(command.name),
    regionCode:
      command.regionCode === undefined
        ? organisation.regionCode
        : checkedRegion(organisation.kind, command.regionCode),
    version: organisation.version + 1,
  };
}

function checkRegistrar(
  { organisationId, roles }: Registrar,
  command: RegisterOrganisation,
  parent: Organisation | null,
): void {
  if (roles.includes('administrator')) return;
  if (!parent || parent.id !== organisationId) {
    throw new DomainError(
      'forbidden',
      'not_your_branch',
      'You can only register branches of your own operator.',
      {
        field: 'parentId',
        mend: 'Give your own organisation as parentId, or ask an administrator.',
      },
    );
  }
  if (command.creditCodeOverrideReason === undefined) return;
  throw new DomainError(
    'forbidden',
    'override_not_yours',
    "Only an administrator may override the code's check.",
    {
      field: 'creditCodeOverrideReason',
      mend: 'Ask an administrator, with the licence at hand.',
    },
  );
}

function checkBranch(kind: OrganisationKind, parent: Organisation): void {
  if (kind === 'operator' && parent.kind === 'operator' && parent.parentId === null) return;
  throw new DomainError('invalid', 'not_a_head_office', 'Only the head office of an operator has branches.', {
    field: 'parentId',
    mend: "Give the head office's id, and kind operator.",
  });
}

function checkedName(name: string): string {
  const trimmed = name.trim();
  if (trimmed !== '') return trimmed;
  throw new DomainError('invalid', 'name_empty', 'The name is empty.', {
    field: 'name',
    mend: 'Give the name as it stands on the business licence.',
  });
}

/** GB 32100-2015. A few genuine codes of the first years fail the check: those are taken with a reason. */
function checkedCreditCode(
  given: string,
  reason: string | undefined,
): Pick<Organisation, 'creditCode' | 'creditCodeOverrideReason'> {
  const creditCode = given.trim().toUpperCase();
  const outcome = checkCreditCode(creditCode);
  if (outcome === 'malformed') {
    throw new DomainError('invalid', 'credit_code_malformed', `${given} is no unified social credit code.`, {
      field: 'creditCode',
      mend: 'A code has 18 characters: digits and capitals without I, O, S, V and Z.',
    });
  }
  if (outcome === 'valid') return { creditCode, creditCodeOverrideReason: null };
  if (reason?.trim()) return { creditCode, creditCodeOverrideReason: reason.trim() };
  throw new DomainError('invalid', 'credit_code_check_failed', `${creditCode} fails its check character.`, {
    field: 'creditCode',
    mend: 'Correct the code, or when the licence really shows it, say why in creditCodeOverrideReason.',
  });
}

function checkedRegion(kind: OrganisationKind, given: string | undefined): string | null {
  if (kind === 'authority' && !given) {
    throw new DomainError('invalid', 'region_missing', 'An authority answers for a region.', {
      field: 'regionCode',
      mend: 'Give the leading digits of its statistics code: 2, 4, 6, 9 or 12.',
    });
  }
  if (kind === 'operator' && given) {
    throw new DomainError('invalid', 'region_not_expected', 'An operator is bound to no region.', {
      field: 'regionCode',
      mend: 'Leave regionCode out; where an operator works follows from its contracts.',
    });
  }
  return given ? regionCode(given) : null;
}
