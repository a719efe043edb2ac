import { assert, sumFen, transitions, type Day, type Fen } from '@doorstep/kernel';
import { capture, costOf } from '../charges/charge';
import type { Difference, ShareDifference } from '../corrections/correction';
import { monthlyFee, type RatedMonth } from '../monthly-fees/month';
import type { Tariff } from '../prices/price';
import { budgetFor, type Budget, type Caps } from '../programmes/programme';
import { countersGivenBack, type BudgetChange, type CounterChange } from '../programmes/changes';
import type { Purse } from '../programmes/purse';
import { split, type Candidate, type Cost, type TraceLine } from '../programmes/split';

export const RE_RATING_REASONS = [
  'price_changed',
  'programme_changed',
  'eligibility_changed',
  'attendance_changed',
] as const;
/** What has changed: this alone is looked at anew, everything else stays as the charge was rated with it. */
export type ReRatingReason = (typeof RE_RATING_REASONS)[number];

export const RE_RATING_STATUSES = [
  'previewing',
  'ready',
  'applying',
  'applied',
  'outdated',
  'discarded',
] as const;
export type ReRatingStatus = (typeof RE_RATING_STATUSES)[number];

/**
 * outdated: while it was applied something else had changed, so what would have been written was not what the preview
 * had shown. What was applied until then stands; a new preview shows the rest.
 */
export const reRatingLife = transitions<ReRatingStatus, 'finish' | 'apply' | 'discard' | 'outdate'>(
  're_rating',
  ['previewing'],
  {
    previewing: { finish: 'ready', discard: 'discarded' },
    ready: { apply: 'applying', discard: 'discarded' },
    applying: { finish: 'applied', outdate: 'outdated' },
    applied: {},
    outdated: {},
    discarded: {},
  },
);

/** What one programme gives as things stand, and where that came from. */
export interface StandingShare {
  programmeId: string;
  termsId: string;
  funderId: string;
  payer: Candidate['payer'];
  budgetId: string;
  amountFen: Fen;
}

/** What a charge is rated by. */
export interface Basis {
  priceId: string;
  tariff: Tariff;
  quantity: number;
  plannedMinutes: number;
  /** Null: nobody came after all. */
  deliveredMinutes: number | null;
  /** Of a charge by the month. */
  month?: RatedMonth | null;
  /** Every programme that was asked. */
  trace: TraceLine[];
}

/** A captured charge as it stands: as posted and as corrected since. */
export interface StandingCharge extends Basis {
  id: string;
  operatorId: string;
  residentId: string;
  regionCode: string;
  serviceDay: Day;
  /** Instant at which the service was planned to begin. */
  start: string;
  /** Whose use it took: neither price list nor programme concern it. */
  packageId: string | null;
  grossFen: Fen;
  residentFen: Fen;
  operatorFen: Fen;
  /** What the operator took on itself by credit notes, whatever the charge costs. */
  creditedFen: Fen;
  shares: (StandingShare & { caps: Caps })[];
}

/** A charge whose rating has to be made anew, with what it is made by now. */
export interface Affected {
  charge: StandingCharge;
  basis: Omit<Basis, 'trace'>;
  candidates: Candidate[];
}

/** How a charge is rated now. */
export interface Rating extends Basis {
  charge: StandingCharge;
  shares: StandingShare[];
  /** Undefined: the result is what it was, and nothing is entered. */
  difference: Difference | undefined;
}

/** What the affected charges have had, for all of them to be given back before any of them takes again. */
export function givenBack(affected: readonly Affected[]): {
  counters: CounterChange[];
  budgets: BudgetChange[];
} {
  const shares = affected.flatMap(({ charge }) => charge.shares.map((share) => ({ ...share, charge })));
  return {
    counters: shares.flatMap(({ programmeId, caps, amountFen, charge }) =>
      countersGivenBack(
        { terms: { programmeId, caps }, residentId: charge.residentId, day: charge.serviceDay },
        { fen: amountFen, uses: 1 },
      ),
    ),
    budgets: shares.map(({ budgetId, amountFen }) => ({
      id: budgetId,
      reservedFen: 0,
      spentFen: -amountFen,
    })),
  };
}

/**
 * Rates charges again, the earliest service first: as if each were authorised and delivered now, with what the others
 * have left. Nothing of the affected charges is in the purse any more.
 */
export function reRate(affected: readonly Affected[], purse: Purse): Rating[] {
  const inOrder = affected.toSorted(
    ({ charge: a }, { charge: b }) => compare(a.serviceDay, b.serviceDay) || compare(a.id, b.id),
  );
  return inOrder.map((one) => rateOne(one, purse));
}

function rateOne({ charge, basis, candidates }: Affected, purse: Purse): Rating {
  const own = purse.for(charge.residentId, { regionCode: charge.regionCode, day: charge.serviceDay });
  // Programmes have budgets and counters of their own, so taking can wait until the delivery has cut the shares.
  const authorised = split(costNow(basis), candidates, {
    allowanceFor: own.allowanceFor,
    take: () => undefined,
  });
  const posted =
    basis.deliveredMinutes === null
      ? nothing(authorised.shares.length, authorised.trace)
      : capture(
          {
            ...basis,
            shares: authorised.shares.map(({ amountFen, ...share }) => ({
              ...share,
              reservedFen: amountFen,
            })),
            trace: authorised.trace,
            split: authorised,
          },
          basis.deliveredMinutes,
        );
  const shares = authorised.shares.flatMap(({ terms, payer }, index): StandingShare[] => {
    const amountFen = posted.sharesFen[index];
    if (amountFen === 0) return [];
    own.take(terms, amountFen);
    const { programmeId, termsId, funderId } = terms;
    const budgetId = own.budgetOf(terms)?.id;
    assert(budgetId, 'what gives has a budget');
    return [{ programmeId, termsId, funderId, payer, budgetId, amountFen }];
  });
  return {
    ...{ charge, ...basis, trace: posted.trace, shares },
    difference: differenceOf(charge, posted, shares),
  };
}

function costNow({ month, tariff, plannedMinutes, quantity }: Affected['basis']): Cost {
  return month
    ? { ownFen: monthlyFee(tariff.amountFen, month.facts, month.rule), guestsFen: 0 }
    : costOf(tariff, plannedMinutes, quantity);
}

function nothing(shares: number, trace: readonly TraceLine[]) {
  return {
    ...{ grossFen: 0, residentFen: 0, operatorFen: 0, sharesFen: Array<Fen>(shares).fill(0) },
    trace: trace.map((line) => ({ ...line, gaveFen: 0 })),
  };
}

/** What has to be added to what stands. What was credited stays credited, as far as the resident owes that much. */
function differenceOf(
  charge: StandingCharge,
  now: { grossFen: Fen; residentFen: Fen; operatorFen: Fen },
  shares: readonly StandingShare[],
): Difference | undefined {
  const creditedFen = Math.min(charge.creditedFen, now.residentFen);
  const difference = {
    chargeId: charge.id,
    day: charge.serviceDay,
    grossFen: now.grossFen - charge.grossFen,
    residentFen: now.residentFen - creditedFen - charge.residentFen,
    operatorFen: now.operatorFen + creditedFen - charge.operatorFen,
    shares: shareDifferences(charge.shares, shares),
  };
  const { grossFen, residentFen, operatorFen } = difference;
  const same = grossFen === 0 && residentFen === 0 && operatorFen === 0 && difference.shares.length === 0;
  return same ? undefined : difference;
}

function shareDifferences(
  before: readonly StandingShare[],
  after: readonly StandingShare[],
): ShareDifference[] {
  const sums = new Map<string, ShareDifference>();
  const add = ({ programmeId, funderId, payer, amountFen }: StandingShare, sign: 1 | -1): void => {
    const sum = sums.get(programmeId) ?? { programmeId, funderId, payer, amountFen: 0 };
    sums.set(programmeId, { ...sum, amountFen: sum.amountFen + sign * amountFen });
  };
  before.forEach((share) => add(share, -1));
  after.forEach((share) => add(share, 1));
  return [...sums.values()]
    .filter(({ amountFen }) => amountFen !== 0)
    .sort((a, b) => compare(a.programmeId, b.programmeId));
}

/** Whether what a preview has shown is what would be written now. */
export function sameDifference(a: Difference | undefined, b: Difference | undefined): boolean {
  if (!a || !b) return a === b;
  return (
    a.grossFen === b.grossFen &&
    a.residentFen === b.residentFen &&
    a.operatorFen === b.operatorFen &&
    a.shares.length === b.shares.length &&
    a.shares.every(({ programmeId, amountFen }, index) => {
      const other = b.shares[index];
      return programmeId === other.programmeId && amountFen === other.amountFen;
    })
  );
}

/** What a slice changes of budgets and counters: what it takes less what it had. */
export function netOf(
  taken: ReturnType<Purse['taken']>,
  given: ReturnType<typeof givenBack>,
): { counters: CounterChange[]; budgets: BudgetChange[] } {
  return {
    counters: [...taken.counters, ...given.counters],
    budgets: [
      ...taken.budgets.map(({ id, fen }) => ({ id, reservedFen: 0, spentFen: fen })),
      ...given.budgets,
    ],
  };
}

/** Whether a budget covers a service of a programme that had none when the charge was rated. */
export function budgetAppeared(
  { trace, regionCode, serviceDay }: StandingCharge,
  budgets: readonly Budget[],
): boolean {
  return trace.some(
    ({ code, programmeId }) =>
      code === 'no_budget' && budgetFor(budgets, programmeId, { regionCode, day: serviceDay }) !== undefined,
  );
}

/** Sum that a charge's parts must make; anything else was not written by billing. */
export function assertWhole({ id, grossFen, residentFen, operatorFen, shares }: StandingCharge): void {
  const fundersFen = sumFen(shares.filter(({ payer }) => payer === 'funder').map((share) => share.amountFen));
  assert(grossFen === residentFen + fundersFen + operatorFen, `the parts of charge ${id} make its whole`);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
