import { type Day, DomainError, period, transitions } from '@doorstep/kernel';
import { changedTerms, checkTerms, type ContractTerms, type TermsChange } from './terms';

export type ContractStatus = 'draft' | 'signed' | 'active' | 'suspended' | 'terminated' | 'expired';
export type ContractCommand =
  'change' | 'amend' | 'sign' | 'activate' | 'suspend' | 'resume' | 'terminate' | 'expire';

/**
 * `change` rewrites a draft, `amend` adds to what stands (sites, later terms). `sign` leads on once both parties have
 * signed; `terminate` also calls off what never began.
 */
export const contractStates = transitions<ContractStatus, ContractCommand>('contract', ['draft'], {
  draft: { change: 'draft', amend: 'draft', sign: 'signed', terminate: 'terminated' },
  signed: { amend: 'signed', activate: 'active', terminate: 'terminated', expire: 'expired' },
  active: { amend: 'active', suspend: 'suspended', terminate: 'terminated', expire: 'expired' },
  suspended: { amend: 'suspended', resume: 'active', terminate: 'terminated', expire: 'expired' },
  terminated: {},
  expired: {},
});

export const CONTRACT_FORMS = ['chain', 'custody'] as const;
/** Chain operation, or entrusted operation of the authority's own sites (托管). */
export type ContractForm = (typeof CONTRACT_FORMS)[number];

export type Party = 'authority' | 'operator';

export interface Signature {
  party: Party;
  personId: string;
  at: Date;
  /** SHA-256 of what was signed; both parties' are the same. */
  digest: string;
}

export interface Contract {
  id: string;
  operatorId: string;
  authorityId: string;
  /** The paper's number, unique for the authority. */
  number: string;
  form: ContractForm;
  from: Day;
  /** First day that is out, as agreed. */
  to: Day;
  /** First day that is out when it ends early; null while it runs its term. */
  endsOn: Day | null;
  terms: ContractTerms;
  signatures: Signature[];
  status: ContractStatus;
  /** Why it is suspended or ended. */
  statusReason: string | null;
  version: number;
}

export interface DraftContract {
  operatorId: string;
  authorityId: string;
  number: string;
  form: ContractForm;
  from: Day;
  to: Day;
  terms: ContractTerms;
}

export type ChangeDraft = Partial<Pick<DraftContract, 'number' | 'form' | 'from' | 'to'>> & {
  terms?: TermsChange;
};

/** Who asks, as far as a contract needs to know. */
export interface PartyMember {
  id: string;
  kind: string;
  organisationId: string | null;
  roles: readonly string[];
}

export function draftContract(command: DraftContract, id: string): Contract {
  period(command.from, command.to);
  return {
    ...command,
    id,
    terms: checkTerms(command.terms),
    endsOn: null,
    signatures: [],
    status: 'draft',
    statusReason: null,
    version: 1,
  };
}

/** Changes a draft. Whoever had signed signed something else, so signatures fall away. */
export function changeDraft(contract: Contract, changes: ChangeDraft): Contract {
  contractStates.next(contract.status, 'change');
  const changed = { ...contract, ...changes, terms: changedTerms(contract.terms, changes.terms ?? {}) };
  period(changed.from, changed.to);
  return { ...changed, signatures: [], version: contract.version + 1 };
}

/** For which party somebody may sign: a person of the authority, or the operator's owner. Never an API client. */
export function partyOf(contract: Pick<Contract, 'authorityId' | 'operatorId'>, member: PartyMember): Party {
  if (member.kind === 'person') {
    if (member.organisationId === contract.authorityId && member.roles.includes('authority'))
      return 'authority';
    if (member.organisationId === contract.operatorId && member.roles.includes('owner')) return 'operator';
  }
  throw new DomainError('forbidden', 'not_a_signatory', "You can't sign this contract.", {
    mend: "It is signed by a person of the authority and by the operator's owner.",
  });
}

/** Each party signs once; the second signature makes it signed. */
export function signContract(contract: Contract, member: PartyMember, digest: string, now: Date): Contract {
  const signed = contractStates.next(contract.status, 'sign');
  const party = partyOf(contract, member);
  if (contract.signatures.some((signature) => signature.party === party)) {
    throw new DomainError('conflict', 'already_signed', `The ${party} has signed already.`, {
      mend: `It waits for the ${party === 'authority' ? 'operator' : 'authority'}.`,
    });
  }
  const signatures = [...contract.signatures, { party, personId: member.id, at: now, digest }];
  return {
    ...contract,
    signatures,
    status: signatures.length === 2 ? signed : contract.status,
    version: contract.version + 1,
  };
}

/** The day on which the contract is out: its term, or earlier when that was decided. */
export function endOf(contract: Pick<Contract, 'to' | 'endsOn'>): Day {
  return contract.endsOn ?? contract.to;
}

export function activateContract(contract: Contract, today: Day): Contract {
  const status = contractStates.next(contract.status, 'activate');
  if (today < contract.from) {
    throw new DomainError('conflict', 'contract_not_begun', `The contract begins on ${contract.from}.`, {
      mend: 'It is put into force by itself on that day.',
      from: contract.from,
    });
  }
  if (today >= endOf(contract)) {
    throw new DomainError('conflict', 'contract_over', `The contract's last day has passed.`, {
      mend: 'Draft a new contract.',
      to: endOf(contract),
    });
  }
  return { ...contract, status, statusReason: null, version: contract.version + 1 };
}

export function suspendContract(contract: Contract, reason: string): Contract {
  const status = contractStates.next(contract.status, 'suspend');
  return { ...contract, status, statusReason: checkedReason(reason), version: contract.version + 1 };
}

export function resumeContract(contract: Contract): Contract {
  const status = contractStates.next(contract.status, 'resume');
  return { ...contract, status, statusReason: null, version: contract.version + 1 };
}

/**
 * Ends a contract early. What is not in force yet is called off at once; what is in force ends on a day from today on,
 * and until that day it goes on. The end can be moved to an earlier day, never to a later one: its sites may have gone.
 */
export function terminateContract(
  contract: Contract,
  command: { on?: Day; reason: string },
  today: Day,
): Contract {
  const status = contractStates.next(contract.status, 'terminate');
  const statusReason = checkedReason(command.reason);
  const version = contract.version + 1;
  if (contract.status === 'draft' || contract.status === 'signed') {
    return { ...contract, status, statusReason, version };
  }
  const on = command.on ?? today;
  if (on < today || on > endOf(contract)) {
    throw new DomainError('invalid', 'end_out_of_range', `The contract can't end on ${on}.`, {
      field: 'on',
      mend: `Choose a day from ${today} to ${endOf(contract)}; it is the first day that is out.`,
    });
  }
  return { ...contract, endsOn: on, status: on <= today ? status : contract.status, statusReason, version };
}

/** What the calendar asks of a contract today, if anything. */
export function dueCommand(contract: Contract, today: Day): 'activate' | 'terminate' | 'expire' | undefined {
  const over = today >= endOf(contract);
  if (over && contract.endsOn && contractStates.allows(contract.status, 'terminate')) return 'terminate';
  if (over && contractStates.allows(contract.status, 'expire')) return 'expire';
  if (!over && contract.status === 'signed' && contract.from <= today) return 'activate';
  return undefined;
}

/** The contract after the day of its end. */
export function closeContract(contract: Contract, command: 'terminate' | 'expire'): Contract {
  return {
    ...contract,
    status: contractStates.next(contract.status, command),
    version: contract.version + 1,
  };
}

/** Bookings may be made under it. */
export function isInForce(contract: Pick<Contract, 'status'>): boolean {
  return contract.status === 'active';
}

/** It holds its sites against every other contract; for the days that it ran, it goes on doing so after its end. */
export function holdsItsSites(contract: Pick<Contract, 'status'>): boolean {
  return contract.status === 'active' || contract.status === 'suspended';
}

function checkedReason(reason: string): string {
  const trimmed = reason.trim();
  if (trimmed !== '') return trimmed;
  throw new DomainError('invalid', 'reason_empty', 'No reason is given.', {
    field: 'reason',
    mend: 'Say why; both parties read it.',
  });
}
