import type { Day } from '@doorstep/kernel';
import { entry, moneyMoved, type Entry, type MoneyMoved, type PartOfPayment } from './entry';

/** What is taken back, by the day on which it is booked; a closed month's goes to the next open day. */
export interface VoidedPayment extends Omit<MoneyMoved, 'purpose' | 'residentId'> {
  paymentId: string;
  /** Of what had waited as an advance: what met a service later, and on which day. */
  appliedLater: readonly (PartOfPayment & { allocationId: string; day: Day })[];
}

/** A payment was never received as recorded: what it moved is moved back, each part on its own day. */
export function paymentVoided(voided: VoidedPayment): Entry[] {
  const { paymentId, operatorId, contractId, appliedLater } = voided;
  const parties = { operatorId, contractId };
  const source = { reason: 'payment_voided', sourceType: 'payment', sourceId: paymentId } as const;
  const idempotencyKey = `payment ${paymentId} voided`;
  const received = moneyMoved({ ...voided, purpose: 'services' }, -1, { ...source, idempotencyKey });
  const later = appliedLater.map(({ allocationId, day, siteId, amountFen, chargeId, residentId }) => {
    const of = { chargeId, residentId };
    return entry({ ...parties, day, ...source, idempotencyKey: `${idempotencyKey} of ${allocationId}` }, [
      { account: { ...parties, kind: 'resident_receivable', siteId }, amountFen, ...of },
      { account: { ...parties, kind: 'resident_advance' }, amountFen: -amountFen, ...of },
    ]);
  });
  return [received, ...later];
}

/** A refund never went out as recorded: the money pays again what it had paid, as far as that is open; the rest waits. */
export function refundVoided(
  voided: Omit<MoneyMoved, 'purpose' | 'residentId'> & { refundId: string },
): Entry {
  return moneyMoved({ ...voided, purpose: 'services' }, 1, {
    ...{ reason: 'refund_voided', sourceType: 'refund', sourceId: voided.refundId },
    idempotencyKey: `refund ${voided.refundId} voided`,
  });
}
