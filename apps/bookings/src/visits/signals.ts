import { distanceM, type LngLat } from '@doorstep/kernel';

/*
 * What makes a visit worth a second look before it is billed. Pure: figures in, findings out. The known fraud is "checked
 * in, but no care given": two homes at once, faster than anybody travels, a minute at the door, one photo for two visits,
 * a check-in from elsewhere, the carer holding the client's phone.
 */

export const SIGNALS = [
  'overlapping',
  'impossible_travel',
  'too_short',
  'same_evidence',
  'far_from_home',
  'same_device',
] as const;
export type Signal = (typeof SIGNALS)[number];

export interface Finding {
  signal: Signal;
  /** The other visit that it shows against. */
  bookingId?: string;
  /** Figures: the minutes that were short, the kilometres per hour, the metres. */
  measured?: number;
  allowed?: number;
}

/** One carer's stay at a home; `home` is coarse, or unknown. */
export interface Stay {
  bookingId: string;
  from: Date;
  /** Null while it lasts. */
  to: Date | null;
  home: LngLat | null;
}

export interface VisitRule {
  /** A position within so many metres of the home proves a visit. */
  fenceMetres: number;
  /** One farther away is a signal, whatever else proves the visit. */
  farMetres: number;
  /** A visit lasts so many minutes, and such a share of its booked time, at least; whichever is longer. */
  minutesMin: number;
  sharePercentMin: number;
  /** How fast ways between visits are planned. */
  planKmPerHour: number;
  /** Faster than this nobody went from one home to the next. */
  kmPerHourMax: number;
  offlineHoursMax: number;
  qrSeconds: number;
}

export interface VisitFacts {
  minutes: number;
  bookedMinutes: number;
  stay: Stay & { to: Date };
  /** Other visits of the same carer around that time. */
  others: readonly Stay[];
  /** Metres from the home at check-in and check-out, where a position was given. */
  metres: readonly number[];
  /** Other visits that show a file of the same digest. */
  sameEvidence: readonly string[];
  /** Digests of the devices that sent the carer's steps, and of the one that showed the client's code. */
  carerDevices: readonly string[];
  clientDevice: string | null;
}

/** Homes are known to within half the diagonal of their grid cell. */
export const HOME_SLACK_METRES = 800;

export function signalsOf(facts: VisitFacts, rule: VisitRule): Finding[] {
  return [
    ...facts.others.flatMap((other) => againstOther(facts.stay, other, rule)),
    ...tooShort(facts, rule),
    ...[...new Set(facts.sameEvidence)].map((bookingId): Finding => ({ signal: 'same_evidence', bookingId })),
    ...farFromHome(facts, rule),
    ...(facts.clientDevice !== null && facts.carerDevices.includes(facts.clientDevice)
      ? [{ signal: 'same_device' as const }]
      : []),
  ];
}

function againstOther(stay: Stay & { to: Date }, other: Stay, rule: VisitRule): Finding[] {
  const { bookingId } = other;
  const otherTo = other.to ?? new Date(Math.max(other.from.getTime(), stay.to.getTime()));
  const overlapMs =
    Math.min(stay.to.getTime(), otherTo.getTime()) - Math.max(stay.from.getTime(), other.from.getTime());
  if (overlapMs > 0) return [{ signal: 'overlapping', bookingId, measured: Math.ceil(overlapMs / 60_000) }];
  if (!stay.home || !other.home) return [];
  const metres = distanceM(stay.home, other.home) - 2 * HOME_SLACK_METRES;
  const hours = -overlapMs / 3_600_000;
  if (metres <= hours * rule.kmPerHourMax * 1000) return [];
  // A gap of nothing would make any speed endless: it is measured as one second.
  const measured = Math.round(metres / 1000 / Math.max(hours, 1 / 3600));
  return [{ signal: 'impossible_travel', bookingId, measured, allowed: rule.kmPerHourMax }];
}

function tooShort({ minutes, bookedMinutes }: VisitFacts, rule: VisitRule): Finding[] {
  const share = Math.ceil((bookedMinutes * rule.sharePercentMin) / 100);
  // Nobody is asked for more than was booked.
  const allowed = Math.min(bookedMinutes, Math.max(share, rule.minutesMin));
  return minutes < allowed ? [{ signal: 'too_short', measured: minutes, allowed }] : [];
}

function farFromHome({ metres }: VisitFacts, rule: VisitRule): Finding[] {
  const farthest = Math.max(0, ...metres);
  if (farthest <= rule.farMetres) return [];
  return [{ signal: 'far_from_home', measured: farthest, allowed: rule.farMetres }];
}

/** Whole minutes of way between two homes at the planned speed; within one cell of the grid none. */
export function travelMinutes(from: LngLat, to: LngLat, kmPerHour: number): number {
  return Math.ceil((distanceM(from, to) / 1000 / kmPerHour) * 60);
}
