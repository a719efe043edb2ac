import { assert, type Fen } from '@doorstep/kernel';

/*
 * The rule of matching, in words; reconciliations.queries.ts says it in SQL, over a whole file at once.
 *
 * A payment's line is matched with the payment of its merchant order number when the settled and the ordered amount are
 * the payment's; a refund's line with the refund of its merchant refund number when amount and order are the refund's.
 * The first line of a number counts; a further one, in this file or an earlier one, is a duplicate. What is left over on
 * either side is an exception of the type that says how. The fee of a matched line is checked against the line's own rate.
 */
export const EXCEPTION_TYPES = [
  'missing_in_bill',
  'unknown_in_bill',
  'amount_mismatch',
  'duplicate_in_bill',
  'refund_mismatch',
  'unknown_refund',
  'fee_mismatch',
] as const;
export type ExceptionType = (typeof EXCEPTION_TYPES)[number];

/** Sums on both sides, each from its own table; refunds count below zero. */
export interface Sides {
  /** By the file's own summary. */
  theirsFen: Fen;
  theirFeesFen: Fen;
  /** What we recorded: payments and refunds of the bill's day, and of other days as far as this file matches them. */
  oursFen: Fen;
  /** What was matched of both. */
  settledFen: Fen;
  settledFeesFen: Fen;
  /** Differences that exceptions name. */
  explainedFen: Fen;
  /** Fees of lines that were not matched with anything. */
  unmatchedFeesFen: Fen;
}

export interface Tied {
  differenceFen: Fen;
  feeDifferenceFen: Fen;
}

/** What no exception explains. Anything but 0 is a defect of the matching, and must stop it. */
export function unexplained(sides: Sides): Tied {
  return {
    differenceFen: sides.theirsFen - sides.oursFen - sides.explainedFen,
    feeDifferenceFen: sides.theirFeesFen - sides.settledFeesFen - sides.unmatchedFeesFen,
  };
}

export function assertTied(sides: Sides): void {
  const { differenceFen, feeDifferenceFen } = unexplained(sides);
  assert(
    differenceFen === 0,
    `the bill and the books differ by what exceptions explain, not by ${differenceFen} fen more`,
  );
  assert(feeDifferenceFen === 0, `every fee belongs to a line, ${feeDifferenceFen} fen do not`);
}
