import type { ContractMoney, SettlementCycle } from '@doorstep/contracts';
import type { Day } from '@doorstep/kernel';

/** Terms of money and the days on which they hold, half-open. */
export interface MoneyRevision {
  revision: number;
  from: Day;
  to: Day;
  money: ContractMoney;
}

/** A contract as far as settling it needs to know; it stood from `from` up to `to`, the first day that is out. */
export interface StandingContract {
  from: Day;
  to: Day;
  /** By their days, without gaps, none beyond the contract's own. */
  revisions: MoneyRevision[];
}

/**
 * What a settlement is for. Cycles are months or quarters of the calendar, the first and the last as far as the contract
 * stands; once they are all settled, a `closing` one of no days takes what comes to light later.
 */
export interface Cycle {
  kind: SettlementCycle | 'closing';
  /** Half-open. */
  from: Day;
  to: Day;
  /** The contract stands no longer than this. */
  last: boolean;
}

const DAY_MS = 86_400_000;
const MONTHS: Record<SettlementCycle, number> = { monthly: 1, quarterly: 3 };

/** First day of the month or quarter of the calendar that a day lies in. */
export function cycleStart(kind: SettlementCycle, day: Day): Day {
  const [year, month] = day.split('-').map(Number);
  return firstOf(year, month - 1 - ((month - 1) % MONTHS[kind]));
}

/** First day of the next one. */
export function cycleEnd(kind: SettlementCycle, day: Day): Day {
  const [year, month] = cycleStart(kind, day).split('-').map(Number);
  return firstOf(year, month - 1 + MONTHS[kind]);
}

/** @param month from 0; 12 is the next year's first */
function firstOf(year: number, month: number): Day {
  const [years, months] = [year + Math.floor(month / 12), month % 12];
  return `${String(years).padStart(4, '0')}-${String(months + 1).padStart(2, '0')}-01`;
}

/** The terms as far as the contract stood: it may have ended before they did. */
export function standingOf(
  { from, to }: Pick<StandingContract, 'from' | 'to'>,
  revisions: readonly MoneyRevision[],
): StandingContract {
  const within = revisions
    .map((revision) => ({
      ...revision,
      from: later(revision.from, from),
      to: earlier(revision.to, to),
    }))
    .filter((revision) => revision.from < revision.to)
    .sort((a, b) => (a.from < b.from ? -1 : 1));
  return { from, to, revisions: within };
}

/**
 * The cycle that is settled next. Its length goes by the terms of its first day: other ones begin with the cycle after.
 *
 * @param settledTo first day that no settlement is for yet; undefined before the first
 */
export function nextCycle(contract: StandingContract, settledTo: Day | undefined): Cycle {
  const from = settledTo ?? contract.from;
  if (from >= contract.to) return { kind: 'closing', from, to: from, last: true };
  const kind = revisionOn(contract, from).money.settlementCycle;
  const to = earlier(cycleEnd(kind, from), contract.to);
  return { kind, from, to, last: to === contract.to };
}

/** The one that ends with a month, where one does: cycles are counted from the contract's first day. */
export function cycleEndingWith(contract: StandingContract, month: string): Cycle | undefined {
  let cycle = nextCycle(contract, undefined);
  while (cycle.kind !== 'closing' && monthOf(cycle) < month) cycle = nextCycle(contract, cycle.to);
  return cycle.kind !== 'closing' && monthOf(cycle) === month ? cycle : undefined;
}

function revisionOn({ revisions }: StandingContract, day: Day): MoneyRevision {
  return revisions.find(({ from, to }) => from <= day && day < to) ?? revisions[revisions.length - 1];
}

/** The terms of the day before one. */
export function revisionBefore({ revisions }: StandingContract, day: Day): MoneyRevision | undefined {
  return revisions.find(({ from, to }) => from < day && day <= to);
}

/** The last month of a cycle, by which people name it: `YYYY-MM`. */
export function monthOf({ to }: Pick<Cycle, 'to'>): string {
  return new Date(Date.parse(`${to}T00:00:00Z`) - DAY_MS).toISOString().slice(0, 7);
}

export function daysBetween(from: Day, to: Day): number {
  return Math.max(0, (Date.parse(`${to}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / DAY_MS);
}

export function later(a: Day, b: Day): Day {
  return a > b ? a : b;
}

export function earlier(a: Day, b: Day): Day {
  return a < b ? a : b;
}
