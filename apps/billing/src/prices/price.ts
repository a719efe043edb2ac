import { fen, type Day, type Fen } from '@doorstep/kernel';
import { BANDED_DAYS_MAX, spansOf, type Band, type Span, type Stay } from './bands';

export const PRICE_UNITS = ['use', 'hour', 'half_day', 'day', 'month'] as const;
export type PriceUnit = (typeof PRICE_UNITS)[number];

const HOUR_MINUTES = 60;
/** A stay counts as one half day for each started span of this length, as one day for each started 24 hours. */
export const HALF_DAY_MINUTES = 300;
export const DAY_MINUTES = 1440;

/** What one unit of a service costs one person, while the period lasts. */
export interface Price {
  id: string;
  contractId: string;
  /** Null: at every site of the contract that has no price of its own. */
  siteId: string | null;
  kind: string;
  /** Null: every mode of the kind that has no price of its own. */
  mode: string | null;
  /** Null: every class of age that has no price of its own. */
  ageClass: string | null;
  unit: PriceUnit;
  amountFen: Fen;
  /** Hours of the day at which another amount holds. */
  bands: Band[];
  /** For the unit `hour`: minutes are rounded up to a multiple of this before they are charged. */
  stepMinutes: number;
  from: Day;
  /** First day that is out; null = until further notice. */
  to: Day | null;
}

/** A tariff is as much of a price as a charge keeps of it. */
export interface Tariff extends Pick<Price, 'unit' | 'amountFen' | 'stepMinutes'> {
  /** Where the amount changes during the stay; the first begins with it. Null: it does not. */
  spans: Span[] | null;
}

/** Whether a stay is short enough to be laid along the clock, where that is needed. */
export function canBeLaidOut({ bands }: Pick<Price, 'bands'>, minutes: number): boolean {
  return bands.length === 0 || minutes <= BANDED_DAYS_MAX * DAY_MINUTES;
}

/** What holds for a stay that was planned for so many minutes. A use costs what holds at its start. */
export function tariffOf(price: Price, stay: Stay, plannedMinutes: number): Tariff {
  const { unit, amountFen, stepMinutes } = price;
  if (price.bands.length === 0) return { unit, amountFen, stepMinutes, spans: null };
  const minutes =
    unit === 'use' ? 0 : unit === 'hour' ? billedMinutes(price, plannedMinutes) : plannedMinutes;
  const spans = spansOf(price, stay, minutes);
  return { unit, amountFen: spans[0].amountFen, stepMinutes, spans: spans.length > 1 ? spans : null };
}

/**
 * What one person's stay costs, from its start on. By the hour the minutes are rounded up to whole steps, which run on by
 * the clock; each minute costs what holds then, and the sum is rounded half up to the fen once. Each started half day and
 * day costs what holds when it starts.
 */
export function costOfStay(tariff: Tariff, minutes: number): Fen {
  switch (tariff.unit) {
    case 'use':
    // What of a month's fee is due is for the month's own attendance to say.
    case 'month':
      return tariff.amountFen;
    case 'hour':
      return costOfMinutes(tariff, billedMinutes(tariff, minutes));
    case 'half_day':
      return costOfSpans(tariff, startedSpans(minutes, HALF_DAY_MINUTES), HALF_DAY_MINUTES);
    case 'day':
      return costOfSpans(tariff, startedSpans(minutes, DAY_MINUTES), DAY_MINUTES);
  }
}

function costOfMinutes(tariff: Tariff, minutes: number): Fen {
  const spans = spansIn(tariff);
  const fenMinutes = spans.reduce((sum, { fromMinute, amountFen }, index) => {
    const to = Math.min(minutes, spans[index + 1]?.fromMinute ?? minutes);
    return sum + BigInt(amountFen) * BigInt(Math.max(0, to - fromMinute));
  }, 0n);
  return fen(Number((fenMinutes + HALF_AN_HOUR) / BigInt(HOUR_MINUTES)));
}
const HALF_AN_HOUR = 30n;

function costOfSpans(tariff: Tariff, count: number, spanMinutes: number): Fen {
  if (!tariff.spans) return fen(tariff.amountFen * count);
  const { spans } = tariff;
  const at = (minute: number): Fen =>
    spans.findLast(({ fromMinute }) => fromMinute <= minute)?.amountFen ?? tariff.amountFen;
  return Array.from({ length: count }, (_, index) => at(index * spanMinutes)).reduce((a, b) => fen(a + b));
}

function spansIn({ spans, amountFen }: Tariff): Span[] {
  return spans ?? [{ fromMinute: 0, amountFen }];
}

export function sameTariff(a: Tariff, b: Tariff): boolean {
  const [ours, theirs] = [spansIn(a), spansIn(b)];
  return (
    a.unit === b.unit &&
    a.stepMinutes === b.stepMinutes &&
    ours.length === theirs.length &&
    ours.every(
      ({ fromMinute, amountFen }, index) =>
        fromMinute === theirs[index].fromMinute && amountFen === theirs[index].amountFen,
    )
  );
}

/** The most that the price may come to: what a ceiling looks at. */
export function dearestOf({ amountFen, bands }: Pick<Price, 'amountFen' | 'bands'>): Fen {
  return Math.max(amountFen, ...bands.map((band) => band.amountFen));
}

/** Minutes that the unit `hour` charges: whole steps. */
export function billedMinutes({ stepMinutes }: Pick<Tariff, 'stepMinutes'>, minutes: number): number {
  return Math.ceil(minutes / stepMinutes) * stepMinutes;
}

function startedSpans(minutes: number, spanMinutes: number): number {
  return Math.max(1, Math.ceil(minutes / spanMinutes));
}
