import { assert, sumFen, type Day, type Fen } from '@doorstep/kernel';

export const CORRECTION_REASONS = [
  'credited',
  'price_changed',
  'programme_changed',
  'eligibility_changed',
  'attendance_changed',
] as const;
export type CorrectionReason = (typeof CORRECTION_REASONS)[number];

/** What one programme is to give more, or less when below zero. */
export interface ShareDifference {
  programmeId: string;
  funderId: string;
  payer: 'funder' | 'operator';
  amountFen: Fen;
}

/** What is to be added to a captured charge: differences, not new amounts. */
export interface Difference {
  chargeId: string;
  /** Day that it belongs to, when that is another than its cause's. */
  day?: Day;
  grossFen: Fen;
  residentFen: Fen;
  /** Programmes' differences; those paid by the operator are part of operatorFen. */
  shares: ShareDifference[];
  operatorFen: Fen;
}

/** Sums that a correction carries; checked to be whole. */
export function fundersFenOf({ grossFen, residentFen, operatorFen, shares }: Difference): Fen {
  const fundersFen = sumFen(shares.filter(({ payer }) => payer === 'funder').map((share) => share.amountFen));
  assert(grossFen === residentFen + fundersFen + operatorFen, 'the parts of a correction make its whole');
  return fundersFen;
}

/** The operator takes part of what the resident owes on itself; the whole price stays. */
export function concession(chargeId: string, amountFen: Fen): Difference {
  return { chargeId, grossFen: 0, residentFen: -amountFen, operatorFen: amountFen, shares: [] };
}

export interface StandingAllocation {
  id: string;
  amountFen: Fen;
}

/**
 * What has to be freed of what was paid, so that no more is paid than is owed; the latest allocation first.
 *
 * @param allocations oldest first
 * @returns what is freed of each, in the same order
 */
export function freed(allocations: readonly StandingAllocation[], owedFen: Fen): Fen[] {
  let excessFen = Math.max(0, sumFen(allocations.map(({ amountFen }) => amountFen)) - owedFen);
  const taken = allocations.map(() => 0);
  for (let i = allocations.length - 1; i >= 0 && excessFen > 0; i--) {
    taken[i] = Math.min(excessFen, allocations[i].amountFen);
    excessFen -= taken[i];
  }
  return taken;
}
