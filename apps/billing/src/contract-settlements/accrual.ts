import type { SettlementCycle } from '@doorstep/contracts';
import { proportion, sumFen, type Day, type Fen } from '@doorstep/kernel';
import { cycleEnd, cycleStart, daysBetween, earlier, later } from './cycle';

/** An amount for every full month or quarter, on some days. */
export interface Rate {
  revision: number;
  /** Half-open. */
  from: Day;
  to: Day;
  amountFen: Fen;
  per: SettlementCycle;
}

/** What some days of one month or quarter came to. */
export interface Accrued {
  revision: number;
  from: Day;
  to: Day;
  days: number;
  /** Of the whole month or quarter. */
  ofDays: number;
  /** For the whole of it. */
  baseFen: Fen;
  amountFen: Fen;
}

/** What rates come to on all days before one. */
export function accruedBefore(rates: readonly Rate[], day: Day): Fen {
  return sumFen([...units(rates, day)].map(({ amountDays, ofDays }) => proportion(amountDays, 1, ofDays)));
}

/**
 * What rates come to from a day up to another one, part by part. The days of a month or quarter are summed up before they
 * are rounded, once, half up; a part is what is due up to its end less what was due before it. So a cut between two days
 * costs no fen, be it the end of a cycle or terms that changed and left the amount as it was.
 */
export function accruedBetween(rates: readonly Rate[], from: Day, to: Day): Accrued[] {
  const before = new Map([...units(rates, from)].map((unit) => [unit.key, unit.amountDays]));
  return [...units(rates, to)].flatMap(({ key, start, end, ofDays, rates: held }) => {
    let upto = before.get(key) ?? 0;
    return held.flatMap((rate): Accrued[] => {
      const days = { from: [rate.from, from, start].reduce(later), to: [rate.to, to, end].reduce(earlier) };
      const many = daysBetween(days.from, days.to);
      if (many === 0) return [];
      const next = upto + rate.amountFen * many;
      const amountFen = proportion(next, 1, ofDays) - proportion(upto, 1, ofDays);
      upto = next;
      return [{ revision: rate.revision, ...days, days: many, ofDays, baseFen: rate.amountFen, amountFen }];
    });
  });
}

interface Unit {
  key: string;
  start: Day;
  end: Day;
  ofDays: number;
  /** Fen times days, up to the day that is asked for. */
  amountDays: number;
  rates: Rate[];
}

/** Months and quarters that begin before a day, each with the rates that hold in it, by their days. */
function units(rates: readonly Rate[], until: Day): Iterable<Unit> {
  const found = new Map<string, Unit>();
  for (const rate of rates) {
    const to = earlier(rate.to, until);
    for (let start = cycleStart(rate.per, rate.from); start < to; start = cycleEnd(rate.per, start)) {
      const end = cycleEnd(rate.per, start);
      const key = `${rate.per} ${start}`;
      const unit = found.get(key) ?? {
        ...{ key, start, end, ofDays: daysBetween(start, end) },
        amountDays: 0,
        rates: [],
      };
      unit.amountDays += rate.amountFen * daysBetween(later(rate.from, start), earlier(to, end));
      unit.rates.push(rate);
      found.set(key, unit);
    }
  }
  return found.values();
}
