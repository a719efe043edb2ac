import { type Day, DomainError, isDay, overlaps } from '@doorstep/kernel';
import { type Contract, contractStates, endOf } from './contract';
import { kindsOf } from './terms';

/** Sites that one call may bring under a contract. */
export const SITES_PER_CALL_MAX = 1000;

/** One site's standing under a contract, for a half-open span of days inside the contract's. */
export interface ContractSite {
  id: string;
  contractId: string;
  siteId: string;
  from: Day;
  to: Day;
  /** Kinds that may run here; empty: all of the contract's. */
  kinds: string[];
  /** It never stood, or not at all any more: kept for the record. */
  withdrawn: boolean;
  version: number;
}

export interface SiteAddition {
  siteId: string;
  from?: Day;
  to?: Day;
  kinds?: string[];
}

export type NewContractSite = Pick<ContractSite, 'siteId' | 'from' | 'to' | 'kinds'>;

interface Fault {
  field: string;
  reason: string;
  mend: string;
}

/** The rows that bring sites under a contract, or one refusal that names every fault. */
export function bringUnder(contract: Contract, additions: readonly SiteAddition[]): NewContractSite[] {
  contractStates.next(contract.status, 'amend');
  const kinds = kindsOf(contract.terms);
  const rows = additions.map((addition) => ({
    siteId: addition.siteId,
    from: addition.from ?? contract.from,
    to: addition.to ?? endOf(contract),
    kinds: [...new Set(addition.kinds ?? [])],
  }));
  const faults = [
    ...rows.flatMap((row, index) => faultsOf(row, `sites[${index}]`, contract, kinds)),
    ...doubles(rows),
  ];
  if (faults.length === 0) return rows;
  throw new DomainError('invalid', 'sites_refused', `${faults.length} of the sites' entries can't stand.`, {
    mend: 'Correct the entries listed in errors and send the call again; nothing was taken.',
    errors: faults,
  });
}

/** The standing after the contract, or the site's part of it, ends on a day. */
export function endStanding(site: ContractSite, on: Day): ContractSite {
  if (site.withdrawn || site.to <= on) return site;
  const version = site.version + 1;
  return site.from >= on ? { ...site, withdrawn: true, version } : { ...site, to: on, version };
}

function faultsOf(
  row: NewContractSite,
  field: string,
  contract: Contract,
  allowed: ReadonlySet<string>,
): Fault[] {
  const faults: Fault[] = [];
  for (const edge of ['from', 'to'] as const) {
    if (!isDay(row[edge])) {
      faults.push({
        field: `${field}.${edge}`,
        reason: `${row[edge]} is not a day of the calendar.`,
        mend: 'Write days as YYYY-MM-DD.',
      });
    }
  }
  if (faults.length === 0 && row.to <= row.from) {
    faults.push({
      field: `${field}.to`,
      reason: `It ends (${row.to}) before it begins (${row.from}).`,
      mend: 'The end is the first day that is out, so it lies after the beginning.',
    });
  }
  if (faults.length === 0 && (row.from < contract.from || row.to > endOf(contract))) {
    faults.push({
      field: row.from < contract.from ? `${field}.from` : `${field}.to`,
      reason: `${row.from} to ${row.to} reaches beyond the contract.`,
      mend: `Stay within ${contract.from} to ${endOf(contract)}, or leave the day out.`,
    });
  }
  for (const kind of row.kinds.filter((candidate) => !allowed.has(candidate))) {
    faults.push({
      field: `${field}.kinds`,
      reason: `${kind} is not a service of the contract.`,
      mend: `Choose from: ${[...allowed].join(', ')}.`,
    });
  }
  return faults;
}

/** The same site twice in one call, on overlapping days. */
function doubles(rows: readonly NewContractSite[]): Fault[] {
  const bySite = new Map<string, { row: NewContractSite; index: number }[]>();
  const faults: Fault[] = [];
  rows.forEach((row, index) => {
    const others = bySite.get(row.siteId) ?? [];
    const twin = others.find((other) => overlaps(other.row, row));
    if (twin) {
      faults.push({
        field: `sites[${index}].siteId`,
        reason: `The site stands at sites[${twin.index}] already, on overlapping days.`,
        mend: 'Name each site once for each span of days.',
      });
    }
    bySite.set(row.siteId, [...others, { row, index }]);
  });
  return faults;
}
