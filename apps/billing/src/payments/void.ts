import { DomainError, type Fen } from '@doorstep/kernel';
import type { Purpose } from '../ledger/held-money';

/** What money that was recorded wrongly hangs on. */
export interface Ties {
  /** A line of a channel's bill settles it; `exceptionId`: of the line, when a person matched the two. */
  settled: { line: number; day: string; exceptionId: string | null } | null;
  /** A line of a bank statement is matched with it. */
  statementLineId: number | null;
  /** Exception by which a difference of it was given up. */
  givenUpBy: string | null;
}

export interface RecordedPayment extends Ties {
  id: string;
  purpose: Purpose;
  voided: boolean;
  replacedBy: string | null;
  refundedFen: Fen;
  /** Refunds that stand. */
  refunds: { id: string; merchantRefundNo: string }[];
}

export interface RecordedRefund extends Ties {
  paymentId: string;
  purpose: Purpose;
  voided: boolean;
}

const HOLDERS: Record<Purpose, string> = {
  services: 'payments',
  prepaid: 'prepaid-cards',
  package: 'packages',
  deposit: 'deposits',
};

export function paymentHeld(purpose: Purpose): DomainError {
  return new DomainError('conflict', 'payment_held', `The payment is held for ${purpose}.`, {
    mend: `Give it back where it is held: POST /v1/${HOLDERS[purpose]}/{id}/refunds.`,
  });
}

function refundHeld(purpose: Purpose): DomainError {
  return new DomainError('conflict', 'payment_held', `The money was given back from ${purpose} money.`, {
    mend: `Mend it where it is held: GET /v1/${HOLDERS[purpose]}.`,
  });
}

export function paymentVoided({ id, replacedBy }: Pick<RecordedPayment, 'id' | 'replacedBy'>): DomainError {
  return new DomainError('conflict', 'payment_voided', 'The payment was recorded wrongly and is voided.', {
    mend: replacedBy
      ? `See what it was recorded as instead: GET /v1/payments/${replacedBy}.`
      : `See by whom and why: GET /v1/payments/${id}; what was paid is recorded with POST /v1/payments.`,
    ...(replacedBy && { replacedBy }),
  });
}

/** A payment may be voided when nothing hangs on it that says that it was received. */
export function assertVoidable(payment: RecordedPayment): void {
  if (payment.voided) throw paymentVoided(payment);
  if (payment.purpose !== 'services') throw paymentHeld(payment.purpose);
  const [refund] = payment.refunds;
  if (refund) throw hasRefunds(payment.id, refund);
  assertLoose(payment, 'payment');
}

export function assertRefundVoidable(refund: RecordedRefund): void {
  if (refund.voided) throw refundIsVoided(refund.paymentId);
  if (refund.purpose !== 'services') throw refundHeld(refund.purpose);
  assertLoose(refund, 'refund');
}

/** Neither channel nor bank has confirmed it, and no difference of it was given up. */
function assertLoose({ settled, statementLineId, givenUpBy }: Ties, what: 'payment' | 'refund'): void {
  if (settled) throw isSettled(settled, what);
  if (statementLineId !== null) throw isMatched(statementLineId, what);
  if (givenUpBy) throw isGivenUp(givenUpBy, what);
}

function hasRefunds(
  paymentId: string,
  { id, merchantRefundNo }: RecordedPayment['refunds'][number],
): DomainError {
  return new DomainError(
    'conflict',
    'payment_refunded',
    `Refund ${merchantRefundNo} of the payment stands.`,
    {
      mend: `Void its refunds first: POST /v1/payments/${paymentId}/refunds/${id}/void.`,
      refundId: id,
    },
  );
}

function refundIsVoided(paymentId: string): DomainError {
  return new DomainError('conflict', 'refund_voided', 'The refund was recorded wrongly and is voided.', {
    mend: `See by whom and why: GET /v1/payments/${paymentId}.`,
  });
}

/** The channel says that it moved, so it is no mistake of recording; what a person put together, a person takes apart. */
function isSettled({ line, day, exceptionId }: NonNullable<Ties['settled']>, what: string): DomainError {
  const back = what === 'payment' ? 'What came in wrongly is refunded: POST /v1/payments/{id}/refunds.' : '';
  return new DomainError(
    'conflict',
    `${what}_settled`,
    `Line ${line} of the channel's bill of ${day} confirms the ${what}.`,
    {
      mend: exceptionId
        ? `Take the two apart first: POST /v1/exceptions/${exceptionId}/unmatch.`
        : `The channel's own bill has the ${what} with this number and amount. ${back}`.trim(),
      ...(exceptionId && { exceptionId }),
    },
  );
}

function isMatched(statementLineId: number, what: string): DomainError {
  return new DomainError('conflict', `${what}_matched`, `The ${what} was seen on a bank statement.`, {
    mend: `Undo the match first: POST /v1/statement-lines/${statementLineId}/undo.`,
    statementLineId,
  });
}

function isGivenUp(exceptionId: string, what: string): DomainError {
  return new DomainError('conflict', `${what}_written_off`, `A difference of the ${what} was written off.`, {
    mend: `Take the write-off back first: POST /v1/exceptions/${exceptionId}/reopen.`,
    exceptionId,
  });
}

/** What of a payment was recorded wrongly. */
export interface Correctable {
  channel: string;
  merchantOrderNo: string;
  amountFen: Fen;
  paidAt: Date;
}

/** The payment as it should have been. */
export function corrected<P extends Correctable>(recorded: P, by: Partial<Correctable>): Correctable {
  const { channel, merchantOrderNo, amountFen, paidAt } = recorded;
  const right = {
    channel: by.channel ?? channel,
    merchantOrderNo: by.merchantOrderNo ?? merchantOrderNo,
    amountFen: by.amountFen ?? amountFen,
    paidAt: by.paidAt ?? paidAt,
  };
  const same =
    right.channel === channel &&
    right.merchantOrderNo === merchantOrderNo &&
    right.amountFen === amountFen &&
    right.paidAt.getTime() === paidAt.getTime();
  if (!same) return right;
  throw new DomainError('invalid', 'nothing_corrected', 'The payment is recorded like this already.', {
    mend: 'Say what is wrong: amountFen, merchantOrderNo, channel or paidAt; or void it: POST /v1/payments/{id}/void.',
  });
}
