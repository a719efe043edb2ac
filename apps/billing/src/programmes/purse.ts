import type { Day, Fen } from '@doorstep/kernel';
import { budgetFor, countersOf, type Budget, type CapSpan, type ServiceFacts, type Terms } from './programme';
import type { Allowance, LimitName } from './split';

/** What one resident has had from one programme in one day, month or year. */
export interface Counter {
  programmeId: string;
  residentId: string;
  span: CapSpan;
  startsOn: Day;
  usedFen: Fen;
  uses: number;
}

export type CounterKey = Pick<Counter, 'programmeId' | 'residentId' | 'span' | 'startsOn'>;

/**
 * Counters and budgets as they stand under lock, taken from while a batch is priced. What was taken comes out as one
 * change per counter and one per budget, however many charges drew on it.
 */
export class Purse {
  private readonly counters: Map<string, Counter>;
  private readonly takenByCounter = new Map<string, CounterKey & { fen: Fen; uses: number }>();
  private readonly takenByBudget = new Map<string, Fen>();

  constructor(
    counters: readonly Counter[],
    private readonly budgets: readonly Budget[],
  ) {
    this.counters = new Map(counters.map((counter) => [keyOf(counter), counter]));
  }

  /** The purse as one resident's one service sees it. */
  for(residentId: string, service: Pick<ServiceFacts, 'regionCode' | 'day'>) {
    return {
      allowanceFor: (terms: Terms): Allowance => this.allowance(terms, residentId, service),
      take: (terms: Terms, amountFen: Fen): void => this.take(terms, residentId, service, amountFen),
      budgetOf: (terms: Terms): Budget | undefined => budgetFor(this.budgets, terms.programmeId, service),
    };
  }

  /** What the batch took, ready to be added to the rows. */
  taken(): { counters: (CounterKey & { fen: Fen; uses: number })[]; budgets: { id: string; fen: Fen }[] } {
    return {
      counters: [...this.takenByCounter.values()],
      budgets: [...this.takenByBudget].map(([id, fen]) => ({ id, fen })),
    };
  }

  private allowance(
    terms: Terms,
    residentId: string,
    service: Pick<ServiceFacts, 'regionCode' | 'day'>,
  ): Allowance {
    const { caps, programmeId } = terms;
    const used = (span: CapSpan): { fen: Fen; uses: number } => {
      const startsOn = countersOf(caps, service.day).find((counter) => counter.span === span)?.startsOn;
      return startsOn === undefined ? NONE : this.used({ programmeId, residentId, span, startsOn });
    };
    const left = (name: LimitName, cap: Fen | undefined, span: CapSpan) =>
      cap === undefined ? [] : [{ name, leftFen: Math.max(0, cap - used(span).fen) }];
    const budget = budgetFor(this.budgets, programmeId, service);
    return {
      budgetLeftFen: budget ? this.leftOf(budget) : null,
      capsLeft: [
        ...left('per_day', caps.perDayFen, 'day'),
        ...left('per_month', caps.perMonthFen, 'month'),
        ...left('per_year', caps.perYearFen, 'year'),
      ],
      usesLeft: caps.perDayUses === undefined ? Infinity : caps.perDayUses - used('day').uses,
    };
  }

  private take(
    { caps, programmeId }: Terms,
    residentId: string,
    service: Pick<ServiceFacts, 'regionCode' | 'day'>,
    fen: Fen,
  ): void {
    for (const { span, startsOn } of countersOf(caps, service.day)) {
      const key = { programmeId, residentId, span, startsOn };
      const taken = this.takenByCounter.get(keyOf(key)) ?? { ...key, fen: 0, uses: 0 };
      this.takenByCounter.set(keyOf(key), { ...taken, fen: taken.fen + fen, uses: taken.uses + 1 });
    }
    const budget = budgetFor(this.budgets, programmeId, service);
    if (budget) this.takenByBudget.set(budget.id, (this.takenByBudget.get(budget.id) ?? 0) + fen);
  }

  private used(key: CounterKey): { fen: Fen; uses: number } {
    const counter = this.counters.get(keyOf(key));
    const taken = this.takenByCounter.get(keyOf(key));
    return {
      fen: (counter?.usedFen ?? 0) + (taken?.fen ?? 0),
      uses: (counter?.uses ?? 0) + (taken?.uses ?? 0),
    };
  }

  private leftOf({ id, amountFen, reservedFen, spentFen }: Budget): Fen {
    return Math.max(0, amountFen - reservedFen - spentFen - (this.takenByBudget.get(id) ?? 0));
  }
}

const NONE = { fen: 0, uses: 0 };

function keyOf({ programmeId, residentId, span, startsOn }: CounterKey): string {
  return `${programmeId} ${residentId} ${span} ${startsOn}`;
}
