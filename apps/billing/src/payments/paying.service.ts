import { Injectable } from '@nestjs/common';
import { DomainError, sumFen, type Fen } from '@doorstep/kernel';
import type { Tx } from '@doorstep/platform';
import { lockChargesOf, type LockedCharge } from '../charges/endings.queries';
import { deal, payableOf } from './payment';
import { inOrder } from './payments.service';

/** Whose bookings, and under which contract. */
interface Payer {
  contractId: string;
  residentId: string;
}

/** What held money is to pay. */
@Injectable()
export class PayingService {
  /** Locks the bookings' charges. @returns so much of each, in the order in which they are named */
  async partsOf(
    tx: Tx,
    { bookingIds, amountFen }: { bookingIds: readonly string[]; amountFen?: Fen },
    payer: Payer,
  ): Promise<{ charge: LockedCharge; amountFen: Fen }[]> {
    const charges = inOrder(await lockChargesOf(tx, bookingIds), bookingIds);
    charges.forEach((charge, index) => assertOwn(charge, payer, index));
    const payables = charges.map(payableOf);
    const openFen = sumFen(deal(Number.MAX_SAFE_INTEGER, payables));
    if (openFen === 0 || (amountFen ?? 0) > openFen) throw notOwed(openFen);
    return deal(amountFen ?? openFen, payables)
      .map((part, index) => ({ charge: charges[index], amountFen: part }))
      .filter((part) => part.amountFen > 0);
  }
}

function assertOwn(
  { bookingId, ...charge }: LockedCharge,
  { contractId, residentId }: Payer,
  index: number,
): void {
  if (charge.contractId === contractId && charge.residentId === residentId) return;
  throw new DomainError(
    'invalid',
    'booking_of_another',
    `Booking ${bookingId} is of another resident or contract.`,
    {
      field: `bookingIds[${index}]`,
      mend: "Held money pays its own resident's bookings under its contract.",
    },
  );
}

function notOwed(openFen: Fen): DomainError {
  return new DomainError('conflict', 'not_owed', `Only ${openFen} fen of the bookings are open.`, {
    field: 'amountFen',
    mend: 'See what is open: GET /v1/charges?bookingId=….',
    openFen,
  });
}
