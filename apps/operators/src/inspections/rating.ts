import type { Day } from '@doorstep/kernel';
import { DateTime } from 'luxon';
import type { Side } from './side';

/** How scores become stars, in a place and for some time. */
export interface RatingRule {
  id: string;
  regionCode: string | null;
  from: Day;
  to: Day | null;
  /** Inspections of so many months count, each alike. */
  windowMonths: number;
  counts: 'authority' | 'all';
  inspectionsMin: number;
  /** Least mean score for two, three, four and five stars; below the first: one star. */
  thresholdsBp: readonly [number, number, number, number];
  severeStarsMax: number;
}

/** An inspection that was carried out and could be judged. */
export interface Scored {
  inspectedBy: Side;
  on: Day;
  scoreBp: number;
}

export interface Rating {
  stars: number;
  scoreBp: number;
  inspections: number;
}

/** The stars by the rule on a day; undefined when too few inspections count. */
export function starsBy(
  rule: RatingRule,
  scored: readonly Scored[],
  severeOpen: boolean,
  today: Day,
): Rating | undefined {
  const counted = countedBy(rule, scored, today);
  if (counted.length < rule.inspectionsMin) return undefined;
  const scoreBp = Math.floor(counted.reduce((sum, one) => sum + one.scoreBp, 0) / counted.length);
  const stars = 1 + rule.thresholdsBp.filter((threshold) => scoreBp >= threshold).length;
  return {
    stars: severeOpen ? Math.min(stars, rule.severeStarsMax) : stars,
    scoreBp,
    inspections: counted.length,
  };
}

/** The next day on which the rule alone may say something else: an inspection drops out of its window. */
export function looksAgainOn(rule: RatingRule, scored: readonly Scored[], today: Day): Day | null {
  const leaving = countedBy(rule, scored, today).map(({ on }) => plusMonths(on, rule.windowMonths));
  return [...leaving].sort()[0] ?? null;
}

function countedBy(rule: RatingRule, scored: readonly Scored[], today: Day): Scored[] {
  return scored.filter(
    ({ inspectedBy, on }) =>
      (rule.counts === 'all' || inspectedBy === 'authority') &&
      on <= today &&
      today < plusMonths(on, rule.windowMonths),
  );
}

function plusMonths(day: Day, months: number): Day {
  return DateTime.fromISO(day, { zone: 'utc' }).plus({ months }).toFormat('yyyy-MM-dd');
}
