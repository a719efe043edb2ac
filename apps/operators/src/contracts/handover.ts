import { type Day, DomainError } from '@doorstep/kernel';
import { type Contract, contractStates, endOf } from './contract';
import { type ContractSite, endStanding, type NewContractSite } from './contract-site';
import { kindsOf } from './terms';

/** One site's move: its standing before, cut, and what follows under the other contract. */
export interface Move {
  ended: ContractSite;
  begun: NewContractSite;
}

/**
 * Moves sites from one contract to another on a day: under the first until then, under the second from then on, with no
 * day in between and none twice. So bookings of later days stay valid; only the contract that they fall under changes.
 */
export function handOver(
  from: Contract,
  to: Contract,
  sites: readonly ContractSite[],
  on: Day,
  today: Day,
): Move[] {
  contractStates.next(from.status, 'amend');
  contractStates.next(to.status, 'amend');
  checkPair(from, to);
  checkHandoverDay(from, to, on, today);
  if (sites.length === 0) {
    throw new DomainError('invalid', 'nothing_to_hand_over', `No site stands under the contract on ${on}.`, {
      field: 'on',
      mend: 'Choose a day on which sites stand under it.',
    });
  }
  checkSites(to, sites);
  return sites.map((site) => ({
    ended: endStanding(site, on),
    begun: { siteId: site.siteId, from: site.from > on ? site.from : on, to: endOf(to), kinds: site.kinds },
  }));
}

function checkSites(to: Contract, sites: readonly ContractSite[]): void {
  const kinds = kindsOf(to.terms);
  const refuse = (misfits: readonly ContractSite[], code: string, says: string): void => {
    if (misfits.length === 0) return;
    throw new DomainError('conflict', code, `${misfits.length} site(s) ${says}.`, {
      mend: 'Amend the other contract first, or leave those sites out.',
      siteIds: misfits.slice(0, 20).map(({ siteId }) => siteId),
    });
  };
  refuse(
    sites.filter((site) => site.kinds.some((kind) => !kinds.has(kind))),
    'kinds_missing',
    'run kinds that the other contract lacks',
  );
  refuse(
    sites.filter((site) => site.from >= endOf(to)),
    'site_begins_too_late',
    `begin when the other contract is over, on ${endOf(to)}`,
  );
}

function checkPair(from: Contract, to: Contract): void {
  if (from.id === to.id) {
    throw new DomainError('invalid', 'same_contract', 'The sites stand under this contract already.', {
      field: 'toContractId',
      mend: 'Name the other contract.',
    });
  }
  if (from.operatorId !== to.operatorId) {
    throw new DomainError('conflict', 'other_operator', "The other contract is another operator's.", {
      field: 'toContractId',
      mend: 'Let the sites change hands in facilities first; then bring them under the new contract.',
    });
  }
  for (const contract of [from, to]) {
    if (contract.status !== 'draft') continue;
    throw new DomainError('conflict', 'contract_draft', `Contract ${contract.number} is a draft.`, {
      mend: 'Sign it first; the sites of a draft are changed directly.',
    });
  }
}

function checkHandoverDay(from: Contract, to: Contract, on: Day, today: Day): void {
  const earliest = [today, from.from, to.from].reduce((a, b) => (a > b ? a : b));
  const latest = endOf(from) < endOf(to) ? endOf(from) : endOf(to);
  if (on >= earliest && on < endOf(to) && on <= latest) return;
  throw new DomainError('invalid', 'handover_day_out_of_range', `The sites can't be handed over on ${on}.`, {
    field: 'on',
    mend: `Choose a day from ${earliest} on that both contracts cover, before ${endOf(to)}.`,
    earliest,
  });
}
