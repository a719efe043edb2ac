import { assert, sumFen, type Fen } from '@doorstep/kernel';

/*
 * The rule of matching, in words; matching.queries.ts says it in SQL, over a whole file at once.
 *
 * A payment's line settles the payment of its merchant order number when the amounts are the same; a refund's line the
 * refund of its merchant refund number, when the amounts and the order are the same. Of several lines of one number the
 * one with the right amount counts, else the first; the others are duplicates, and so is a line for what an earlier file
 * has settled. What is left over on either side is an exception whose type says how. A fee must be what the line's own
 * rate makes, half a fen up; a refund's line may give its fee back or not.
 */

/** Sums of one reconciliation, each from a table of its own. Refunds count below zero. */
export interface Sums {
  /** By the file, whose lines were checked against its own summary when it came in. */
  theirsFen: Fen;
  theirFeesFen: Fen;
  /** What we recorded for the bill's day, as far as no other file settles it. */
  oursOfDayFen: Fen;
  /** What we recorded for other days and this file speaks of. */
  oursOfOtherDaysFen: Fen;
  /** Differences that exceptions name. */
  explainedFen: Fen;
  settledFen: Fen;
  settledFeesFen: Fen;
  /** Fees of lines that settled nothing. */
  openFeesFen: Fen;
  lines: number;
  matched: number;
  exceptions: number;
}

/** What was settled under one contract. */
export interface SettledOfContract {
  contractId: string;
  amountFen: Fen;
  feeFen: Fen;
}

export interface Tied {
  oursFen: Fen;
  differenceFen: Fen;
  feeDifferenceFen: Fen;
}

/**
 * What no exception explains. Anything but 0 is a defect of the matching, never a fault of the file: nothing of such a
 * reconciliation may be stored or booked.
 */
export function tie(sums: Sums, settled: readonly SettledOfContract[]): Tied {
  const oursFen = sums.oursOfDayFen + sums.oursOfOtherDaysFen;
  const differenceFen = sums.theirsFen - oursFen - sums.explainedFen;
  const feeDifferenceFen = sums.theirFeesFen - sums.settledFeesFen - sums.openFeesFen;
  assert(
    differenceFen === 0,
    `exceptions explain every fen between the bill and the books, but for ${differenceFen}`,
  );
  assert(feeDifferenceFen === 0, `every fee belongs to a line, but for ${feeDifferenceFen} fen`);
  assert(
    sumFen(settled.map(({ amountFen }) => amountFen)) === sums.settledFen &&
      sumFen(settled.map(({ feeFen }) => feeFen)) === sums.settledFeesFen,
    'what is booked by contract is what was settled',
  );
  return { oursFen, differenceFen, feeDifferenceFen };
}
