import { assert, sumFen, transitions, type Day, type Fen } from '@doorstep/kernel';
import type { Use } from '../packages/package';
import { ceilingFor, type ContractedServices, servicesOn } from '../prices/ceiling';
import { canBeLaidOut, costOfStay, dearestOf, tariffOf, type Price, type Tariff } from '../prices/price';
import type { ResidentFacts } from '../programmes/eligibility';
import { split, type Candidate, type Cost, type Split, type TraceLine } from '../programmes/split';
import type { Terms } from '../programmes/programme';

export const CHARGE_STATUSES = ['pending', 'authorised', 'declined', 'released', 'captured'] as const;
export type ChargeStatus = (typeof CHARGE_STATUSES)[number];

/**
 * pending: held by bookings, but something billing must know of it has not arrived yet. A release may come first too
 * (topics don't keep order between each other), hence two ways to begin.
 */
export const chargeLife = transitions<ChargeStatus, 'authorise' | 'decline' | 'release' | 'capture'>(
  'charge',
  ['pending', 'released'],
  {
    pending: { authorise: 'authorised', decline: 'declined', release: 'released' },
    authorised: { release: 'released', capture: 'captured' },
    declined: {},
    released: {},
    captured: {},
  },
);

/** A booking that waits to be priced, as its event tells it. */
export interface HeldBooking {
  bookingId: string;
  operatorId: string;
  contractId: string;
  siteId: string;
  offeringId: string;
  residentId: string;
  kind: string;
  mode: string;
  regionCode: string;
  start: string;
  end: string;
  serviceDay: Day;
  partySize: number;
  /** The package that it is to take a use of, or `none`; null: of whichever there is. */
  packageWish: string | null;
  /** The booking that it takes the place of, which has its use until then. */
  replaces?: string | null;
}

/** What billing has heard about a booking's surroundings; null is: nothing yet. */
export interface Knowledge {
  offering: { capacityModel: string } | null;
  resident: (ResidentFacts & { erased: boolean }) | null;
  contract: ({ status: string; from: Day; to: Day } & ContractedServices) | null;
  /** The site's standing under the contract. */
  placement: { from: Day; to: Day; kinds: string[]; inForce: boolean } | null;
  price: Price | null;
  /** Of the site on the service day; null: it has none. */
  siteStars: number | null;
  /** Of the site; bands of a price go by it. */
  timeZone: string | null;
}

export interface Refusal {
  /** Stable; bookings and front-ends branch on it. */
  code: string;
  reason: string;
  /** Where something would help. */
  mend?: string;
}

export interface Priceable {
  outcome: 'priceable';
  price: Price;
  tariff: Tariff;
  cost: Cost;
  quantity: number;
  minutes: number;
  /** Of a package: its part is the price, and the whole of it is the resident's. */
  use?: Use;
}

export type Judgement =
  | Priceable
  /** Not so as far as billing has heard: the news may be on its way on another topic. After a while it is a refusal. */
  | { outcome: 'unsure'; waitsFor: string[]; refusal: Refusal }
  | { outcome: 'refused'; refusal: Refusal };

/** Whether a booking can be priced with what is known now. */
export function judge(
  booking: HeldBooking,
  known: Knowledge,
  per: 'booking' | 'month' = 'booking',
): Judgement {
  const missing = (['offering', 'resident', 'contract', 'placement'] as const).filter((what) => !known[what]);
  if (missing.length > 0)
    return unsure(missing, `${missing[0]}_not_known`, `Nothing is known of its ${missing.join(', ')} yet.`);
  const { offering, resident, contract, placement } = known;
  assert(offering && resident && contract && placement, 'all of them are known here');
  if (resident.erased) return refused('resident_erased', "The resident's data has been erased.");
  if (contract.status !== 'active' || !within(contract, booking.serviceDay))
    return unsure(
      ['contract'],
      'contract_not_in_force',
      'The contract is not in force on the day of the service.',
    );
  if (!placement.inForce || !within(placement, booking.serviceDay))
    return unsure(
      ['placement'],
      'site_not_in_force',
      'The site is not under the contract on the day of the service.',
    );
  if (placement.kinds.length > 0 && !placement.kinds.includes(booking.kind))
    return unsure(
      ['placement'],
      'kind_not_in_contract',
      `The contract does not let ${booking.kind} run at this site.`,
    );
  const services = servicesOn(contract, booking.serviceDay);
  const ceiling = ceilingFor(services, booking.kind, booking.mode, booking.regionCode);
  if (ceiling === 'not_contracted')
    return unsure(
      ['contract'],
      'kind_not_in_contract',
      `The contract does not name ${booking.kind} (${booking.mode}).`,
    );
  if (!known.price || (known.price.unit === 'month') !== (per === 'month'))
    return refused(
      'no_price',
      `No price is set for ${booking.kind} (${booking.mode}) on ${booking.serviceDay}.`,
    );
  if (ceiling.ceilingFen !== null && dearestOf(known.price) > ceiling.ceilingFen)
    return refused(
      'price_above_ceiling',
      `The price is above the contract's ceiling of ${ceiling.ceilingFen} fen.`,
    );
  if (known.price.bands.length > 0 && known.timeZone === null)
    return unsure(['site'], 'site_not_known', 'Nothing is known of the clock of its site yet.');
  if (!canBeLaidOut(known.price, minutesBetween(booking.start, booking.end)))
    return refused('stay_too_long', 'Its price goes by the hour of the day, and it takes more than a month.');
  return priceable(booking, known.price, known.timeZone ?? 'UTC', offering.capacityModel);
}

function priceable(booking: HeldBooking, price: Price, timeZone: string, capacityModel: string): Judgement {
  const minutes = minutesBetween(booking.start, booking.end);
  const tariff = tariffOf(price, { start: booking.start, timeZone }, minutes);
  const quantity = quantityOf(capacityModel, booking.partySize);
  return { outcome: 'priceable', price, tariff, cost: costOf(tariff, minutes, quantity), quantity, minutes };
}

/** Seats and places are paid by the head; a court or a carer's visit costs the same for one as for many. */
export function quantityOf(capacityModel: string, partySize: number): number {
  return capacityModel === 'seats' || capacityModel === 'places' ? partySize : 1;
}

/** The resident's own part, which programmes look at, and the guests'. */
export function costOf(tariff: Tariff, minutes: number, quantity: number): Cost {
  const ownFen = costOfStay(tariff, minutes);
  return { ownFen, guestsFen: ownFen * (quantity - 1) };
}

export function minutesBetween(start: string, end: string): number {
  return Math.max(0, Math.round((Date.parse(end) - Date.parse(start)) / 60_000));
}

/** What an authorised charge remembers, as far as its capture needs it. */
export interface AuthorisedCharge {
  tariff: Tariff;
  quantity: number;
  plannedMinutes: number;
  shares: { terms: Terms; payer: Candidate['payer']; reservedFen: Fen }[];
  trace: TraceLine[];
  split: Pick<Split, 'grossFen' | 'residentFen' | 'fundersFen' | 'operatorFen'>;
}

export interface CapturedCharge extends Pick<
  Split,
  'grossFen' | 'residentFen' | 'fundersFen' | 'operatorFen'
> {
  billedMinutes: number;
  /** In the order of the authorised shares; 0 where a shorter stay leaves a programme nothing to give. */
  sharesFen: Fen[];
  trace: TraceLine[];
}

/**
 * What is posted after delivery. Only the unit `hour` looks at the minutes: a shorter stay costs less, a longer one no
 * more than was authorised. The programmes that had reserved something are asked again in their order, each up to its
 * reservation; whether they apply (eligibility, minimum) was decided when the booking was authorised and stands. So nobody,
 * neither a funder nor the resident, ever pays more than the authorised part.
 */
export function capture(charge: AuthorisedCharge, deliveredMinutes: number): CapturedCharge {
  const cost = lesserCost(charge, deliveredMinutes);
  if (!cost) {
    const { grossFen, residentFen, fundersFen, operatorFen } = charge.split;
    const sharesFen = charge.shares.map(({ reservedFen }) => reservedFen);
    const { plannedMinutes: billedMinutes, trace } = charge;
    return { grossFen, residentFen, fundersFen, operatorFen, billedMinutes, sharesFen, trace };
  }
  const grossFen = cost.ownFen + cost.guestsFen;
  assert(grossFen < charge.split.grossFen, 'a stay never costs more than was authorised');
  const rerated = rerate(charge, cost);
  const gave = new Map(rerated.trace.map((line) => [line.programmeId, line]));
  const sharesFen = relieveResident(charge, rerated);
  const paidBy = (payer: Candidate['payer']): Fen =>
    sumFen(sharesFen.filter((_, index) => charge.shares[index].payer === payer));
  return {
    grossFen,
    residentFen: grossFen - sumFen(sharesFen),
    fundersFen: paidBy('funder'),
    operatorFen: paidBy('operator'),
    billedMinutes: Math.min(deliveredMinutes, charge.plannedMinutes),
    sharesFen,
    trace: charge.trace.map((line) => {
      const index = charge.shares.findIndex(({ terms }) => terms.programmeId === line.programmeId);
      const again = gave.get(line.programmeId);
      return again ? { ...again, gaveFen: sharesFen[index] } : line;
    }),
  };
}

type Stay = Omit<AuthorisedCharge, 'shares' | 'trace'>;

/** Whether the capture changes the authorised split, and so its trace. */
export function costsLess(stay: Stay, deliveredMinutes: number): boolean {
  return lesserCost(stay, deliveredMinutes) !== undefined;
}

/** Of a stay that was so much shorter; undefined: it costs what was authorised. */
function lesserCost(
  { tariff, quantity, plannedMinutes, split: { grossFen } }: Stay,
  deliveredMinutes: number,
): Cost | undefined {
  if (tariff.unit !== 'hour') return undefined;
  const cost = costOf(tariff, Math.min(deliveredMinutes, plannedMinutes), quantity);
  return cost.ownFen + cost.guestsFen === grossFen ? undefined : cost;
}

/** What a captured charge is for when no service was given. */
export const FEE_EVIDENCE = ['late_cancellation', 'no_show'] as const;
export type FeeEvidence = (typeof FEE_EVIDENCE)[number];

/**
 * A booking that was cancelled late, or that nobody came to: the resident owes the fee, never more than their own
 * part of the price. Programmes pay for services alone, so all that they had reserved goes back.
 */
export function captureFee(charge: AuthorisedCharge, feeFen: Fen): CapturedCharge {
  const grossFen = Math.min(feeFen, charge.split.residentFen);
  return {
    ...{ grossFen, residentFen: grossFen, fundersFen: 0, operatorFen: 0, billedMinutes: 0 },
    sharesFen: charge.shares.map(() => 0),
    trace: charge.trace.map((line) => ({ ...line, gaveFen: 0 })),
  };
}

function rerate({ shares }: AuthorisedCharge, cost: Cost): Split {
  const reserved = new Map(shares.map(({ terms, reservedFen }) => [terms.programmeId, reservedFen]));
  const candidates = shares.map(({ terms, payer }) => ({
    terms: { ...terms, minimumGrossFen: null },
    payer,
  }));
  return split(cost, candidates, {
    allowanceFor: ({ programmeId }) => ({
      budgetLeftFen: reserved.get(programmeId) ?? 0,
      capsLeft: [],
      usesLeft: Infinity,
    }),
    take: () => undefined,
  });
}

/**
 * Several rates that each round down on the shorter stay could leave the resident a fen more than was authorised. Such a
 * fen goes back to the last programme that has room under its reservation; there always is one, because the shorter stay
 * costs no more than the whole.
 */
function relieveResident(charge: AuthorisedCharge, rerated: Split): Fen[] {
  const gave = new Map(rerated.shares.map(({ terms, amountFen }) => [terms.programmeId, amountFen]));
  const sharesFen = charge.shares.map(({ terms }) => gave.get(terms.programmeId) ?? 0);
  let excessFen = Math.max(0, rerated.residentFen - charge.split.residentFen);
  for (let i = sharesFen.length - 1; i >= 0 && excessFen > 0; i--) {
    const fen = Math.min(excessFen, charge.shares[i].reservedFen - sharesFen[i]);
    sharesFen[i] += fen;
    excessFen -= fen;
  }
  assert(excessFen === 0, 'the reservations have room for what the resident must not pay');
  return sharesFen;
}

function within({ from, to }: { from: Day; to: Day }, day: Day): boolean {
  return from <= day && day < to;
}

function refused(code: string, reason: string): Judgement {
  return { outcome: 'refused', refusal: { code, reason } };
}

function unsure(waitsFor: readonly string[], code: string, reason: string): Judgement {
  return { outcome: 'unsure', waitsFor: [...waitsFor], refusal: { code, reason } };
}
