import { assert, shareOf, sumFen, type Fen } from '@doorstep/kernel';
import { INELIGIBLE_CODES, type Ineligible } from './eligibility';
import type { Terms } from './programme';

/** Which limit made a step smaller than it would have been. */
export type LimitName = 'per_use' | 'per_day' | 'per_month' | 'per_year' | 'budget' | 'cost';

export const TRACE_CODES = [
  'given',
  ...INELIGIBLE_CODES,
  'below_minimum',
  'excluded',
  'nothing_left_to_pay',
  'rounds_to_nothing',
  'cap_used_up',
  'no_budget',
  'budget_used_up',
] as const;
export type TraceCode = (typeof TRACE_CODES)[number];

/** One line of the readable account of a split: what a programme gave, or why it gave nothing. */
export interface TraceLine {
  programmeId: string;
  /** The rules that held. */
  termsId: string;
  programmeCode: string;
  funderId: string;
  gaveFen: Fen;
  code: TraceCode;
  why: string;
}

/** A programme as one charge meets it. */
export interface Candidate {
  terms: Terms;
  /** The operator's own programme: a concession, not a claim. */
  payer: 'funder' | 'operator';
  ineligible?: Ineligible;
}

/** What is left to take from, for one resident and one service. Read fresh at each step, because steps share budgets. */
export interface Allowance {
  /** Null: no budget covers the place and day. */
  budgetLeftFen: Fen | null;
  /** Of the caps that the terms set. */
  capsLeft: { name: LimitName; leftFen: Fen }[];
  /** How many more uses of the day may get anything; Infinity without such a cap. */
  usesLeft: number;
}

export interface Share {
  terms: Terms;
  payer: Candidate['payer'];
  amountFen: Fen;
}

export interface Split {
  grossFen: Fen;
  residentFen: Fen;
  fundersFen: Fen;
  operatorFen: Fen;
  shares: Share[];
  trace: TraceLine[];
}

export interface Cost {
  /** What the resident's own participation costs: all that programmes look at. */
  ownFen: Fen;
  /** What guests who come along cost; never subsidised. */
  guestsFen: Fen;
}

/**
 * Goes through the programmes in their order. Each gives min(rate × base or fixed amount, what is left of the cost, of
 * its caps and of its budget); the rest is the resident's. Rates round half up, so no part depends on another's rounding.
 */
export function split(
  { ownFen, guestsFen }: Cost,
  candidates: readonly Candidate[],
  purse: { allowanceFor(terms: Terms): Allowance; take(terms: Terms, amountFen: Fen): void },
): Split {
  const shares: Share[] = [];
  const trace: TraceLine[] = [];
  let remainingFen = ownFen;
  for (const candidate of candidates) {
    const step = stepOf(candidate, { ownFen, remainingFen }, shares, purse);
    trace.push(traceLine(candidate.terms, step));
    if (step.gaveFen === 0) continue;
    purse.take(candidate.terms, step.gaveFen);
    shares.push({ terms: candidate.terms, payer: candidate.payer, amountFen: step.gaveFen });
    remainingFen -= step.gaveFen;
  }
  const paidBy = (payer: Candidate['payer']): Fen =>
    sumFen(shares.filter((share) => share.payer === payer).map((share) => share.amountFen));
  const result: Split = {
    grossFen: ownFen + guestsFen,
    residentFen: remainingFen + guestsFen,
    fundersFen: paidBy('funder'),
    operatorFen: paidBy('operator'),
    shares,
    trace,
  };
  assert(
    remainingFen >= 0 && result.grossFen === result.residentFen + result.fundersFen + result.operatorFen,
    'the parts of a charge make its whole',
  );
  return result;
}

interface Step {
  gaveFen: Fen;
  code: TraceCode;
  why: string;
}

function stepOf(
  { terms, ineligible }: Candidate,
  cost: { ownFen: Fen; remainingFen: Fen },
  before: readonly Share[],
  purse: { allowanceFor(terms: Terms): Allowance },
): Step {
  if (ineligible) return nothing(ineligible.code, ineligible.why);
  if (terms.minimumGrossFen !== null && cost.ownFen < terms.minimumGrossFen)
    return nothing('below_minimum', `The cost is below the minimum of ${terms.minimumGrossFen} fen.`);
  const rival = before.find((share) => excludeEachOther(share.terms, terms));
  if (rival) return nothing('excluded', `Not together with ${rival.terms.code}, which gave already.`);
  if (cost.remainingFen === 0) return nothing('nothing_left_to_pay', 'Earlier programmes paid all of it.');
  return limited(terms, cost, purse.allowanceFor(terms));
}

/** The amount that the terms want to give, cut by the tightest limit. */
function limited(terms: Terms, cost: { ownFen: Fen; remainingFen: Fen }, allowance: Allowance): Step {
  const { budgetLeftFen, capsLeft, usesLeft } = allowance;
  if (budgetLeftFen === null) return nothing('no_budget', 'No budget is set for this place and time.');
  if (usesLeft <= 0) return nothing('cap_used_up', `All ${terms.caps.perDayUses} uses of the day are taken.`);
  const wantedFen = wanted(terms, cost);
  if (wantedFen === 0) return nothing('rounds_to_nothing', `${inFull(terms)} is less than half a fen.`);
  const limits: { name: LimitName; leftFen: Fen }[] = [
    { name: 'cost', leftFen: cost.remainingFen },
    ...(terms.caps.perUseFen === undefined
      ? []
      : [{ name: 'per_use' as const, leftFen: terms.caps.perUseFen }]),
    ...capsLeft,
    { name: 'budget', leftFen: budgetLeftFen },
  ];
  const tightest = limits.reduce((least, limit) => (limit.leftFen < least.leftFen ? limit : least));
  if (tightest.leftFen >= wantedFen) return { gaveFen: wantedFen, code: 'given', why: inFull(terms) };
  if (tightest.leftFen > 0) {
    return {
      gaveFen: tightest.leftFen,
      code: 'given',
      why: `${inFull(terms)}, cut to what is left of ${LIMIT_WORDS[tightest.name]}.`,
    };
  }
  return tightest.name === 'budget'
    ? nothing('budget_used_up', 'The budget is used up.')
    : nothing('cap_used_up', `Nothing is left of ${LIMIT_WORDS[tightest.name]}.`);
}

function wanted({ fixedFen, rateBp, base }: Terms, cost: { ownFen: Fen; remainingFen: Fen }): Fen {
  if (fixedFen !== null) return fixedFen;
  return shareOf(base === 'gross' ? cost.ownFen : cost.remainingFen, rateBp ?? 0);
}

const LIMIT_WORDS: Record<LimitName, string> = {
  cost: 'the cost',
  per_use: 'the cap per use',
  per_day: 'the cap per day',
  per_month: 'the cap per month',
  per_year: 'the cap per year',
  budget: 'the budget',
};

function inFull({ fixedFen, rateBp, base }: Terms): string {
  if (fixedFen !== null) return `${fixedFen} fen for each use`;
  return `${(rateBp ?? 0) / 100} % of ${base === 'gross' ? 'the cost' : 'what is left of the cost'}`;
}

function excludeEachOther(a: Terms, b: Terms): boolean {
  return a.excludes.includes(b.code) || b.excludes.includes(a.code);
}

function nothing(code: TraceCode, why: string): Step {
  return { gaveFen: 0, code, why };
}

function traceLine({ programmeId, termsId, code, funderId }: Terms, step: Step): TraceLine {
  return { programmeId, termsId, programmeCode: code, funderId, ...step };
}
