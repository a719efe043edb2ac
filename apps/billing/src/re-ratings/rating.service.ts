import { Injectable } from '@nestjs/common';
import { Clock, currentActor, type Tx } from '@doorstep/platform';
import { knowledgeOf } from '../charges/holds.queries';
import { CorrectionsService, type Cause } from '../corrections/corrections.service';
import type { MonthFacts } from '../monthly-fees/month';
import { countersOf, type Budget, type ServiceFacts } from '../programmes/programme';
import { summedBudgets, summedCounters, type BudgetChange, type CounterChange } from '../programmes/changes';
import {
  budgetsCovering,
  changeBudgets,
  changeCounters,
  lockBudgets,
  lockCounters,
  readCountersOf,
  termsConcerning,
  type CounterSought,
} from '../programmes/programmes.queries';
import { Purse, type Counter } from '../programmes/purse';
import { look, termsOf } from './basis';
import {
  assertWhole,
  givenBack,
  netOf,
  reRate,
  type Affected,
  type Rating,
  type ReRatingReason,
} from './re-rating';
import { budgetsTaken, writeRatings, type ToldAttendance } from './re-ratings.queries';
import { termsById, type Standing } from './standing.queries';

export interface Question {
  id: string;
  reason: ReRatingReason;
  attendance: readonly ToldAttendance[] | null;
  /** The same of charges by the month, by what they have for a booking. */
  months?: ReadonlyMap<string, MonthFacts>;
}

export interface Answer {
  ratings: Rating[];
  skipped: { charge: Standing; code: string; reason: string }[];
  /** What of counters and budgets it takes, below zero where it gives back. */
  counters: CounterChange[];
  budgets: BudgetChange[];
}

/** Says how charges would be rated by what is known now. */
@Injectable()
export class RatingService {
  constructor(
    private readonly clock: Clock,
    private readonly corrections: CorrectionsService,
  ) {}

  /** Enters a binding answer: the differences, and by what the charges are rated from now on. */
  async enter(tx: Tx, { ratings, counters, budgets }: Answer, cause: Cause): Promise<void> {
    await Promise.all([changeCounters(tx, counters), changeBudgets(tx, budgets)]);
    const differences = ratings.flatMap(({ difference }) => difference ?? []);
    await this.corrections.post(tx, cause, differences);
    const by = { id: currentActor().id, at: this.clock.now() };
    await writeRatings(tx, cause.sourceId, ratings, by);
  }

  /** @param binding the figures of counters and budgets are locked, and stay so; else a preview's own are laid over them */
  async rate(
    tx: Tx,
    { id, reason, attendance, months }: Question,
    charges: readonly Standing[],
    { binding }: { binding: boolean },
  ): Promise<Answer> {
    charges.forEach(assertWhole);
    const services = charges.map(serviceOf);
    const [known, kept, offers, budgets] = await Promise.all([
      knowledgeOf(tx, charges),
      termsById(tx, termsOf(charges)),
      termsConcerning(tx, services),
      budgetsCovering(tx, services),
    ]);
    const told = new Map(attendance?.map(({ bookingId, minutes }) => [bookingId, minutes]));
    const affected: Affected[] = [];
    const skipped: Answer['skipped'] = [];
    charges.forEach((charge, index) => {
      const { price, timeZone, contract, resident, siteStars } = known[index];
      const seen = look(charge, reason, {
        ...{
          kind: charge.kind,
          mode: charge.mode,
          price,
          contract,
          resident,
          siteStars,
          timeZone,
        },
        ...{ offers, kept, budgets, attendance: told.get(charge.bookingId) },
        month: months?.get(charge.bookingId),
      });
      if (seen.outcome === 'affected') affected.push(seen.affected);
      else if (seen.outcome === 'skipped') skipped.push({ ...seen, charge });
    });
    const given = givenBack(affected);
    const purse = binding
      ? await lockedPurse(tx, affected, given, budgets)
      : await glancedPurse(tx, id, affected, given, budgets);
    const ratings = reRate(affected, purse);
    const net = netOf(purse.taken(), given);
    return { ratings, skipped, counters: summedCounters(net.counters), budgets: summedBudgets(net.budgets) };
  }
}

type Given = ReturnType<typeof givenBack>;

async function glancedPurse(
  tx: Tx,
  id: string,
  affected: readonly Affected[],
  given: Given,
  budgets: readonly Budget[],
): Promise<Purse> {
  const [counters, taken] = await Promise.all([
    readCountersOf(tx, soughtBy(affected, budgets).counters),
    budgetsTaken(tx, id),
  ]);
  const laidOver = taken.map((one) => ({ ...one, reservedFen: 0 }));
  return purseAfter(counters, budgets, { ...given, budgets: [...given.budgets, ...laidOver] });
}

/** Counters first, budgets last, as everywhere. */
async function lockedPurse(
  tx: Tx,
  affected: readonly Affected[],
  given: Given,
  budgets: readonly Budget[],
): Promise<Purse> {
  const sought = soughtBy(affected, budgets);
  const [counters, locked] = await Promise.all([
    lockCounters(tx, sought.counters),
    lockBudgets(tx, [...new Set([...sought.budgetIds, ...given.budgets.map(({ id }) => id)])]),
  ]);
  return purseAfter(counters, locked, given);
}

/** Every counter that is given back to or taken from, with the caps that hold now. */
function soughtBy(
  affected: readonly Affected[],
  budgets: readonly Budget[],
): { counters: CounterSought[]; budgetIds: Set<string> } {
  const counters: CounterSought[] = [];
  const budgetIds = new Set<string>();
  const glance = new Purse([], budgets);
  for (const { charge, candidates } of affected) {
    const { residentId, operatorId, regionCode, serviceDay: day } = charge;
    const had = charge.shares.map(({ programmeId, caps }) => ({ programmeId, caps }));
    const asked = candidates.flatMap(({ terms, ineligible }) => {
      const budget = ineligible ? undefined : glance.for(residentId, { regionCode, day }).budgetOf(terms);
      if (!budget) return [];
      budgetIds.add(budget.id);
      return [terms];
    });
    for (const { programmeId, caps } of [...had, ...asked])
      for (const counter of countersOf(caps, day))
        counters.push({ ...counter, programmeId, residentId, operatorId, caps });
  }
  return { counters, budgetIds };
}

function purseAfter(counters: readonly Counter[], budgets: readonly Budget[], given: Given): Purse {
  const key = ({ programmeId, residentId, span, startsOn }: Omit<Counter, 'usedFen' | 'uses'>) =>
    `${programmeId} ${residentId} ${span} ${startsOn}`;
  const back = new Map(summedCounters(given.counters).map((change) => [key(change), change]));
  const spent = new Map(summedBudgets(given.budgets).map(({ id, spentFen }) => [id, spentFen]));
  return new Purse(
    counters.map((counter) => {
      const change = back.get(key(counter));
      const { usedFen, uses } = counter;
      return { ...counter, usedFen: usedFen + (change?.fen ?? 0), uses: uses + (change?.uses ?? 0) };
    }),
    budgets.map((budget) => ({ ...budget, spentFen: budget.spentFen + (spent.get(budget.id) ?? 0) })),
  );
}

function serviceOf({ kind, mode, regionCode, serviceDay }: Standing): ServiceFacts {
  return { kind, mode, regionCode, day: serviceDay };
}
