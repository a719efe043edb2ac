import type { Fen } from '@doorstep/kernel';
import { COST_CLASSES, type CostClass, type Counts } from './figure';

/** What the indicators are worked out from; without costs there are no margins. */
export type Measured = Counts & { costsFen?: Record<CostClass, Fen> };

export interface Indicators {
  /** Booked of capacity; null when there was none. */
  utilisationBp: number | null;
  /** Came, of those who came or should have. */
  attendanceBp: number | null;
  noShowBp: number | null;
  /** What comes in: resident and funders. */
  revenueFen: Fen;
  costFen?: Fen;
  /** Revenue less costs. */
  marginFen?: Fen;
  /** Margin of revenue. */
  marginBp?: number | null;
}

export function indicatorsOf(measured: Measured): Indicators {
  const { capacity, booked, attended, noShow, residentFen, fundersFen, costsFen } = measured;
  const revenueFen = residentFen + fundersFen;
  const shown = {
    utilisationBp: ratioBp(booked, capacity),
    attendanceBp: ratioBp(attended, attended + noShow),
    noShowBp: ratioBp(noShow, attended + noShow),
    revenueFen,
  };
  if (!costsFen) return shown;
  const costFen = COST_CLASSES.reduce((total, each) => total + costsFen[each], 0);
  const marginFen = revenueFen - costFen;
  return { ...shown, costFen, marginFen, marginBp: ratioBp(marginFen, revenueFen) };
}

/** Basis points, rounded to the nearest; null of nothing. */
export function ratioBp(part: number, whole: number): number | null {
  return whole === 0 ? null : Math.round((part / whole) * 10_000);
}

interface Metric {
  of(measured: Measured, indicators: Indicators): number | null | undefined;
  better: 'more' | 'less';
}

/** What a contract's targets may be about, by the words that its terms use. */
const METRICS: Record<string, Metric> = {
  utilisation_bp: { of: (_, { utilisationBp }) => utilisationBp, better: 'more' },
  attendance_bp: { of: (_, { attendanceBp }) => attendanceBp, better: 'more' },
  no_show_bp: { of: (_, { noShowBp }) => noShowBp, better: 'less' },
  visits: { of: ({ visits }) => visits, better: 'more' },
  sessions: { of: ({ sessions }) => sessions, better: 'more' },
  waiting: { of: ({ waiting }) => waiting, better: 'less' },
  revenue_fen: { of: (_, { revenueFen }) => revenueFen, better: 'more' },
  subsidy_fen: { of: ({ fundersFen }) => fundersFen, better: 'less' },
  concession_fen: { of: ({ concessionFen }) => concessionFen, better: 'more' },
  cost_fen: { of: (_, { costFen }) => costFen, better: 'less' },
  margin_fen: { of: (_, { marginFen }) => marginFen, better: 'more' },
  margin_bp: { of: (_, { marginBp }) => marginBp, better: 'more' },
};
export const METRIC_NAMES = Object.keys(METRICS);

export interface Judged {
  /** Null: nothing to measure, not measured here, or not yours to see. */
  actual: number | null;
  better: 'more' | 'less' | null;
  reached: boolean | null;
}

/** A target beside what was reached. A metric that nobody measures here is said to be so, not to be missed. */
export function judgeTarget(metric: string, target: number, measured: Measured): Judged {
  const known = Object.hasOwn(METRICS, metric) ? METRICS[metric] : undefined;
  if (!known) return { actual: null, better: null, reached: null };
  const { better } = known;
  const actual = known.of(measured, indicatorsOf(measured)) ?? null;
  if (actual === null) return { actual, better, reached: null };
  return { actual, better, reached: better === 'more' ? actual >= target : actual <= target };
}
