import { assert, DomainError, sumFen, type Fen } from '@doorstep/kernel';

/** A resident's part of a charge, as a payment meets it. */
export interface Payable {
  chargeId: string;
  /** Nothing is owed for a charge that is declined, released or not decided yet. */
  owed: boolean;
  residentFen: Fen;
  paidFen: Fen;
}

/** A charge as a payment meets it; corrections are in what the resident owes. */
export function payableOf(charge: { id: string; status: string; residentFen: Fen; paidFen: Fen }): Payable {
  const { id: chargeId, status, residentFen, paidFen } = charge;
  return { chargeId, residentFen, paidFen, owed: status === 'authorised' || status === 'captured' };
}

/**
 * Deals a payment out over what is still open, in the order given; what is left over waits as an advance.
 *
 * @returns an amount for each payable, 0 where nothing is open or nothing is left
 */
export function deal(amountFen: Fen, payables: readonly Payable[]): Fen[] {
  let leftFen = amountFen;
  return payables.map(({ owed, residentFen, paidFen }) => {
    const part = owed ? Math.min(leftFen, Math.max(0, residentFen - paidFen)) : 0;
    leftFen -= part;
    return part;
  });
}

/**
 * Takes parts out of what several payments have left, the oldest payment first.
 *
 * @param free oldest first
 * @returns what each part takes of which payment; nothing when the payments don't carry all of it
 */
export function takeFrom(
  parts: readonly Fen[],
  free: readonly { paymentId: string; freeFen: Fen }[],
): { part: number; paymentId: string; amountFen: Fen }[] | undefined {
  const left = free.map(({ freeFen }) => freeFen);
  const taken = parts.flatMap((partFen, part) => {
    let openFen = partFen;
    return free.flatMap(({ paymentId }, index) => {
      const amountFen = Math.min(openFen, left[index]);
      openFen -= amountFen;
      left[index] -= amountFen;
      return amountFen > 0 ? [{ part, paymentId, amountFen }] : [];
    });
  });
  return sumFen(taken.map(({ amountFen }) => amountFen)) === sumFen(parts) ? taken : undefined;
}

export interface Standing {
  amountFen: Fen;
  allocatedFen: Fen;
  refundedFen: Fen;
  /** Standing allocations, oldest first. */
  allocations: readonly { id: string; amountFen: Fen; applied: boolean }[];
}

/**
 * Where a refund is taken from: the advance first, then what was meant for services still to come, then what paid for
 * delivered ones (which the resident then owes again); the latest allocation first within each.
 *
 * @returns what is taken of each allocation, in the order of `allocations`
 */
export function takeBack(
  { amountFen, allocatedFen, refundedFen, allocations }: Standing,
  refundFen: Fen,
): Fen[] {
  const refundableFen = amountFen - refundedFen;
  if (refundFen > refundableFen) {
    throw new DomainError(
      'conflict',
      'refund_exceeds_payment',
      `Only ${refundableFen} fen of the payment are left to give back.`,
      { field: 'amountFen', mend: 'Refund at most what is left.', refundableFen },
    );
  }
  let openFen = Math.max(0, refundFen - (amountFen - allocatedFen - refundedFen));
  const taken = allocations.map(() => 0);
  for (const applied of [false, true]) {
    for (let i = allocations.length - 1; i >= 0 && openFen > 0; i--) {
      if (allocations[i].applied !== applied) continue;
      taken[i] = Math.min(openFen, allocations[i].amountFen);
      openFen -= taken[i];
    }
  }
  assert(openFen === 0, `the allocations carry ${sumFen(taken)} fen of the refund`);
  return taken;
}
