import { canonicalJson } from '@doorstep/kernel';
import type { MonthFacts } from '../monthly-fees/month';
import {
  attendance,
  ineligibility,
  INELIGIBLE_CODES,
  type Ineligible,
  type ResidentFacts,
  type ServedFacts,
} from '../programmes/eligibility';
import { canBeLaidOut, dearestOf, sameTariff, tariffOf, type Price } from '../prices/price';
import { ceilingFor, type ContractedServices, servicesOn } from '../prices/ceiling';
import { candidatesFor } from '../programmes/candidates';
import type { Budget } from '../programmes/programme';
import type { Offered } from '../programmes/programmes.queries';
import type { Candidate, TraceLine } from '../programmes/split';
import { budgetAppeared, type Affected, type ReRatingReason, type StandingCharge } from './re-rating';

/** What billing knows now of a charge's surroundings. */
export interface Surroundings {
  kind: string;
  mode: string;
  price: Price | null;
  timeZone: string | null;
  /** Null: the contract is not known. */
  contract: ContractedServices | null;
  resident: (ResidentFacts & { erased: boolean }) | null;
  /** Of the site on the service day; null: it has none. */
  siteStars: number | null;
  /** Programmes that may concern the service now. */
  offers: readonly Offered[];
  /** Terms that the charge was rated by, by id. */
  kept: ReadonlyMap<string, Offered>;
  budgets: readonly Budget[];
  /** As it is told now: minutes, null for nobody, undefined when nothing is told of this one. */
  attendance: number | null | undefined;
  /** The same of a charge by the month. */
  month?: MonthFacts;
}

export type Look =
  | { outcome: 'as_it_was' }
  | { outcome: 'affected'; affected: Affected }
  /** It can't be rated; people have to look. */
  | { outcome: 'skipped'; code: string; reason: string };

/** Looks whether what has changed concerns a charge. */
export function look(charge: StandingCharge, reason: ReRatingReason, now: Surroundings): Look {
  if (charge.packageId !== null && reason !== 'attendance_changed') return { outcome: 'as_it_was' };
  switch (reason) {
    case 'price_changed':
      return byPrice(charge, now);
    case 'programme_changed':
      return byProgrammes(charge, now);
    case 'eligibility_changed':
      return byEligibility(charge, now);
    case 'attendance_changed':
      if (now.month) return byMonth(charge, now.month, now);
      return now.attendance === undefined || now.attendance === charge.deliveredMinutes
        ? { outcome: 'as_it_was' }
        : affected(charge, keptCandidates(charge, now), { deliveredMinutes: now.attendance });
  }
}

function byPrice(charge: StandingCharge, now: Surroundings): Look {
  const { price, kind, mode } = now;
  if (!price || (price.unit === 'month') !== Boolean(charge.month))
    return skipped('no_price', `No price is set for ${kind} (${mode}) on ${charge.serviceDay}.`);
  if (price.bands.length > 0 && now.timeZone === null)
    return skipped('site_not_known', 'Nothing is known of the clock of its site.');
  if (!canBeLaidOut(price, charge.plannedMinutes))
    return skipped('stay_too_long', 'Its price goes by the hour of the day, and it took more than a month.');
  const stay = { start: charge.start, timeZone: now.timeZone ?? 'UTC' };
  const tariff = tariffOf(price, stay, charge.plannedMinutes);
  if (sameTariff(charge.tariff, tariff)) return { outcome: 'as_it_was' };
  const services = now.contract ? servicesOn(now.contract, charge.serviceDay) : [];
  const ceiling = ceilingFor(services, kind, mode, charge.regionCode);
  if (ceiling === 'not_contracted')
    return skipped('kind_not_in_contract', `The contract does not name ${kind} (${mode}).`);
  if (ceiling.ceilingFen !== null && dearestOf(price) > ceiling.ceilingFen)
    return skipped(
      'price_above_ceiling',
      `The price is above the contract's ceiling of ${ceiling.ceilingFen} fen.`,
    );
  return affected(charge, keptCandidates(charge, now), {
    priceId: price.id,
    tariff,
  });
}

/** Rules that still hold keep what was found of the resident then; new ones look at the resident as known now. */
function byProgrammes(charge: StandingCharge, now: Surroundings): Look {
  const service = {
    ...{ kind: now.kind, mode: now.mode, regionCode: charge.regionCode },
    ...servedOf(charge, now),
  };
  const lines = new Map(charge.trace.map((line) => [line.termsId, line]));
  const candidates = candidatesFor(
    now.offers,
    { ...service, operatorId: charge.operatorId },
    now.resident ?? NOBODY,
  ).map((candidate) => {
    const line = lines.get(candidate.terms.termsId);
    return line ? { ...candidate, ineligible: ineligibleThen(line) } : candidate;
  });
  const same = candidates.length === lines.size && candidates.every(({ terms }) => lines.has(terms.termsId));
  return same && !budgetAppeared(charge, now.budgets)
    ? { outcome: 'as_it_was' }
    : affected(charge, candidates);
}

/** Of the conditions only that of attendance is looked at again: what was found of the child stands. */
function byMonth(charge: StandingCharge, facts: MonthFacts, now: Surroundings): Look {
  const { month } = charge;
  if (!month || canonicalJson({ ...month.facts, revision: 0 }) === canonicalJson({ ...facts, revision: 0 }))
    return { outcome: 'as_it_was' };
  const candidates = keptCandidates(charge, now).map((candidate): Candidate => {
    const { ineligible, terms } = candidate;
    const otherwise = ineligible && ineligible.code !== 'attendance_too_low';
    return otherwise ? candidate : { ...candidate, ineligible: attendance(terms.eligibility, facts) };
  });
  return affected(charge, candidates, { month: { ...month, facts } });
}

/** Without consent, or after erasure, attributes are no longer looked at: what was found then stands. */
function byEligibility(charge: StandingCharge, now: Surroundings): Look {
  const { resident } = now;
  if (!resident || resident.erased || !resident.subsidyConsent) return { outcome: 'as_it_was' };
  const before = keptCandidates(charge, now);
  const candidates = before.map((candidate): Candidate => ({
    ...candidate,
    ineligible: ineligibility(candidate.terms.eligibility, resident, servedOf(charge, now)),
  }));
  const same = candidates.every(
    ({ ineligible }, index) => ineligible?.code === before[index].ineligible?.code,
  );
  return same ? { outcome: 'as_it_was' } : affected(charge, candidates);
}

function servedOf({ serviceDay, month }: StandingCharge, { siteStars }: Surroundings): ServedFacts {
  return { day: serviceDay, siteStars, attendance: month?.facts };
}

function affected(
  charge: StandingCharge,
  candidates: Candidate[],
  changes: Partial<Affected['basis']> = {},
): Look {
  const { priceId, tariff, quantity, plannedMinutes, deliveredMinutes, month } = charge;
  const basis = { priceId, tariff, quantity, plannedMinutes, deliveredMinutes, month, ...changes };
  return { outcome: 'affected', affected: { charge, basis, candidates } };
}

/** The programmes that were asked, in the order in which they were. */
function keptCandidates({ trace }: StandingCharge, { kept }: Surroundings): Candidate[] {
  return trace.flatMap((line) => {
    const offered = kept.get(line.termsId);
    return offered ? [{ ...offered, ineligible: ineligibleThen(line) }] : [];
  });
}

function ineligibleThen({ code, why }: TraceLine): Ineligible | undefined {
  const found = INELIGIBLE_CODES.find((one) => one === code);
  return found && { code: found, why };
}

/** Of whom nothing is known nothing is looked at either. */
const NOBODY: ResidentFacts = {
  ...{ birthDate: null, careLevel: null, careLevelAssessedOn: null, hardship: false, disability: false },
  ...{ birthOrder: null, registration: null, registeredIn: null, subsidyConsent: false },
};

function skipped(code: string, reason: string): Look {
  return { outcome: 'skipped', code, reason };
}

/** Ids of all terms that charges were rated by. */
export function termsOf(charges: readonly StandingCharge[]): string[] {
  return [
    ...new Set(
      charges.flatMap(({ trace }) => trace.map(({ termsId }: Pick<TraceLine, 'termsId'>) => termsId)),
    ),
  ];
}
