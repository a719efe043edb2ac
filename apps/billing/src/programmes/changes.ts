import { countersOf, type Terms } from './programme';
import type { CounterKey } from './purse';

/* What is added to budgets and counters; below zero is given back. */

export interface BudgetChange {
  id: string;
  reservedFen: number;
  spentFen: number;
}

export type CounterChange = CounterKey & { fen: number; uses: number };

/** What a share that is given back, whole or in part, takes off its counters. */
export function countersGivenBack(
  { terms, residentId, day }: { terms: Pick<Terms, 'programmeId' | 'caps'>; residentId: string; day: string },
  givenBack: { fen: number; uses: number },
): CounterChange[] {
  return countersOf(terms.caps, day).map((counter) => ({
    ...counter,
    programmeId: terms.programmeId,
    residentId,
    fen: -givenBack.fen,
    uses: -givenBack.uses,
  }));
}

/** Sums changes of the same counter. */
export function summedCounters(changes: readonly CounterChange[]): CounterChange[] {
  const sums = new Map<string, CounterChange>();
  for (const change of changes) {
    const key = `${change.programmeId} ${change.residentId} ${change.span} ${change.startsOn}`;
    const sum = sums.get(key);
    sums.set(key, sum ? { ...sum, fen: sum.fen + change.fen, uses: sum.uses + change.uses } : change);
  }
  return [...sums.values()];
}

/** Sums changes of the same budget. */
export function summedBudgets(changes: readonly BudgetChange[]): BudgetChange[] {
  const sums = new Map<string, BudgetChange>();
  for (const change of changes) {
    const sum = sums.get(change.id);
    if (sum) {
      sum.reservedFen += change.reservedFen;
      sum.spentFen += change.spentFen;
    } else sums.set(change.id, { ...change });
  }
  return [...sums.values()];
}
