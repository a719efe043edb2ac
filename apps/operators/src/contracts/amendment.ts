import { type Day, DomainError, transitions } from '@doorstep/kernel';
import { type Contract, contractStates, endOf, partyOf, type PartyMember, type Signature } from './contract';
import { bringUnder, type ContractSite, type NewContractSite, type SiteAddition } from './contract-site';
import { changedTerms, type ContractTerms, kindsOf, type TermsChange } from './terms';

export type AmendmentStatus = 'proposed' | 'agreed' | 'withdrawn';

export const amendmentStates = transitions<AmendmentStatus, 'sign' | 'withdraw'>('amendment', ['proposed'], {
  proposed: { sign: 'agreed', withdraw: 'withdrawn' },
  agreed: {},
  withdrawn: {},
});

/** What changes from a day on. Whatever is not named stays as it was. */
export interface AmendmentChanges {
  terms?: TermsChange;
  /** The contract runs on to this day, the first that is out; sites that ran to its end run on with it. */
  to?: Day;
  addSites?: SiteAddition[];
  /** Ids of standings that end on the day. */
  endSites?: string[];
}

/** A change of a signed contract, from a day on, once both parties have signed it. */
export interface Amendment {
  id: string;
  contractId: string;
  /** Counted within the contract, from 1. */
  ordinal: number;
  effectiveOn: Day;
  changes: AmendmentChanges;
  note: string | null;
  status: AmendmentStatus;
  signatures: Signature[];
  version: number;
}

/** The terms that hold last of all, and from when. */
export interface LastRevision {
  revision: number;
  from: Day;
  terms: ContractTerms;
}

/** What an agreed amendment does to the contract and its sites. */
export interface AmendmentEffect {
  contract: Contract;
  /** New terms from the day on; undefined when none change. */
  terms?: ContractTerms;
  additions: NewContractSite[];
  endings: ContractSite[];
}

/**
 * Checks what an amendment would do on the day it is looked at: when it is proposed, and again when it is agreed on.
 *
 * @param standing the sites under the contract as they are now
 */
export function effectOf(
  contract: Contract,
  last: LastRevision,
  standing: readonly ContractSite[],
  { effectiveOn, changes }: Pick<Amendment, 'effectiveOn' | 'changes'>,
  today: Day,
): AmendmentEffect {
  checkTaken(contract);
  checkDay(contract, last, effectiveOn, today);
  const terms = changes.terms && changedTerms(last.terms, changes.terms);
  const to = changes.to === undefined ? contract.to : checkedExtension(contract, changes.to);
  const amended: Contract = { ...contract, to, terms: terms ?? last.terms, version: contract.version + 1 };
  const endings = endingsOf(standing, changes.endSites ?? [], effectiveOn);
  checkKindsStay(amended, standing, endings, effectiveOn);
  const additions = (changes.addSites ?? []).map((site) => ({ ...site, from: site.from ?? effectiveOn }));
  if (!terms && to === contract.to && endings.length === 0 && additions.length === 0) throw nothingChanges();
  checkNotBefore(additions, effectiveOn);
  return {
    contract: amended,
    ...(terms && { terms }),
    additions: additions.length > 0 ? bringUnder(amended, additions) : [],
    endings,
  };
}

/** Each party signs once; the second signature makes it agreed. */
export function signAmendment(
  amendment: Amendment,
  contract: Contract,
  member: PartyMember,
  digest: string,
  now: Date,
): Amendment {
  const agreed = amendmentStates.next(amendment.status, 'sign');
  const party = partyOf(contract, member);
  if (amendment.signatures.some((signature) => signature.party === party)) {
    throw new DomainError('conflict', 'already_signed', `The ${party} has signed already.`, {
      mend: `It waits for the ${party === 'authority' ? 'operator' : 'authority'}.`,
    });
  }
  const signatures = [...amendment.signatures, { party, personId: member.id, at: now, digest }];
  const status = signatures.length === 2 ? agreed : amendment.status;
  return { ...amendment, signatures, status, version: amendment.version + 1 };
}

export function withdrawAmendment(amendment: Amendment): Amendment {
  const status = amendmentStates.next(amendment.status, 'withdraw');
  return { ...amendment, status, version: amendment.version + 1 };
}

function checkTaken(contract: Contract): void {
  contractStates.next(contract.status, 'amend');
  if (contract.status !== 'draft') return;
  throw new DomainError('conflict', 'contract_draft', 'A draft needs no amendment.', {
    mend: 'Change the draft itself: PATCH /v1/contracts/{id}.',
  });
}

/** Amendments look forward, and follow each other in time: so the terms of any past day never change. */
function checkDay(contract: Contract, last: LastRevision, day: Day, today: Day): void {
  const earliest = [today, contract.from, last.from].reduce((a, b) => (a > b ? a : b));
  if (day >= earliest && day < endOf(contract)) return;
  throw new DomainError('invalid', 'effective_day_out_of_range', `It can't take effect on ${day}.`, {
    field: 'effectiveOn',
    mend:
      earliest < endOf(contract)
        ? `Choose a day from ${earliest} on, before ${endOf(contract)}.`
        : 'The contract ends before a change could take effect: draft a new one.',
    earliest,
    before: endOf(contract),
  });
}

function checkedExtension(contract: Contract, to: Day): Day {
  if (contract.endsOn !== null) {
    throw new DomainError('conflict', 'contract_ending', `The contract was ended for ${contract.endsOn}.`, {
      field: 'to',
      mend: 'Draft a new contract for the days after that.',
    });
  }
  if (to > contract.to) return to;
  throw new DomainError('invalid', 'not_an_extension', `The contract runs to ${contract.to} anyway.`, {
    field: 'to',
    mend: 'Choose a later day, or terminate the contract on an earlier one.',
  });
}

function endingsOf(standing: readonly ContractSite[], ids: readonly string[], on: Day): ContractSite[] {
  const running = new Map(standing.filter((site) => site.to > on).map((site) => [site.id, site]));
  const errors = ids.flatMap((id, index) =>
    running.has(id)
      ? []
      : [
          {
            field: `endSites[${index}]`,
            reason: `${id} is no standing that still runs on ${on}.`,
            mend: 'Take ids from GET /v1/contracts/{id}/sites?asOf=….',
          },
        ],
  );
  if (errors.length === 0) return [...new Set(ids)].map((id) => running.get(id) as ContractSite);
  throw new DomainError('invalid', 'standing_unknown', `${errors.length} of the standings don't run then.`, {
    mend: 'Correct the entries listed in errors.',
    errors,
  });
}

/** A kind can't go while a site is let for it by name. */
function checkKindsStay(
  amended: Contract,
  standing: readonly ContractSite[],
  endings: readonly ContractSite[],
  on: Day,
): void {
  const kinds = kindsOf(amended.terms);
  const ended = new Set(endings.map(({ id }) => id));
  const orphaned = standing.filter(
    (site) => site.to > on && !ended.has(site.id) && site.kinds.some((kind) => !kinds.has(kind)),
  );
  if (orphaned.length === 0) return;
  throw new DomainError(
    'conflict',
    'kinds_in_use',
    `${orphaned.length} site(s) run a kind that would be gone.`,
    {
      mend: 'End those standings in the same amendment, or keep the kind.',
      siteIds: orphaned.slice(0, 20).map(({ siteId }) => siteId),
    },
  );
}

function checkNotBefore(additions: readonly { from: Day }[], on: Day): void {
  const errors = additions.flatMap(({ from }, index) =>
    from >= on
      ? []
      : [
          {
            field: `addSites[${index}].from`,
            reason: `${from} lies before the amendment takes effect on ${on}.`,
            mend: 'Begin on that day or later.',
          },
        ],
  );
  if (errors.length === 0) return;
  throw new DomainError('invalid', 'sites_refused', `${errors.length} of the sites' entries can't stand.`, {
    mend: 'Correct the entries listed in errors.',
    errors,
  });
}

function nothingChanges(): DomainError {
  return new DomainError('invalid', 'nothing_changes', 'The amendment changes nothing.', {
    mend: 'Name terms, a later end, sites to add, or standings to end.',
  });
}
