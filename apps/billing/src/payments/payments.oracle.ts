import { newId, sumFen } from '@doorstep/kernel';
import { runAs } from '@doorstep/platform';
import type { Billing } from '../billing.harness';
import type { PaymentDto } from './payments.dto';
import { PaymentsService } from './payments.service';
import { ProposedVoidsService } from './proposed-voids.service';
import { VoidsService } from './voids.service';

/* Payments as a story remembers them, and whether the books agree: for specs. */

export interface Mending {
  do: 'refund' | 'void' | 'correct' | 'unrefund';
  payment: number;
  fen: number;
}

export interface RememberedPayment {
  id: string;
  /** 0: voided. */
  amountFen: number;
  refunds: { id: string; fen: number }[];
}
const keptOf = ({ amountFen, refunds }: RememberedPayment): number =>
  amountFen - sumFen(refunds.map(({ fen }) => fen));

/** What is above the limit takes a second person. @returns the payment that stands then, or is voided */
async function approved(billing: Billing, { id }: PaymentDto, voidId: string | null): Promise<string> {
  if (voidId === null) return id;
  const voids = billing.running.app.get(ProposedVoidsService);
  return (await runAs(billing.finance, () => voids.approve(voidId, {}))).replacedBy ?? id;
}

/** Gives back, takes back or says right what was paid; what can't be is refused. */
export async function mend(billing: Billing, payment: RememberedPayment, step: Mending): Promise<void> {
  const [payments, voids] = [billing.running.app.get(PaymentsService), billing.running.app.get(VoidsService)];
  const { id, amountFen, refunds } = payment;
  const reason = 'x';
  if (step.do === 'refund') {
    const fen = Math.min(step.fen, keptOf(payment));
    if (fen === 0) return;
    const refund = { merchantRefundNo: newId(), amountFen: fen, refundedAt: '2026-11-02T00:00:00Z', reason };
    const after = await payments.refund(id, refund);
    refunds.push({
      id: after.refunds.find((one) => one.merchantRefundNo === refund.merchantRefundNo)!.id,
      fen,
    });
  } else if (step.do === 'unrefund') {
    const [refund] = refunds.splice(step.fen % Math.max(1, refunds.length), 1);
    if (!refund) return;
    const asked = await voids.voidRefund(id, refund.id, { reason });
    await approved(billing, asked, asked.refunds.find((one) => one.id === refund.id)!.proposedVoid);
  } else {
    const by = { amountFen: step.fen + (step.fen === amountFen ? 1 : 0), reason };
    const done = step.do === 'void' ? voids.voidPayment(id, by) : voids.correct(id, by);
    if (amountFen === 0) return expect(done).rejects.toMatchObject({ code: 'payment_voided' });
    if (refunds.length > 0) return expect(done).rejects.toMatchObject({ code: 'payment_refunded' });
    const asked = await done;
    payment.id = await approved(billing, asked, asked.proposedVoid);
    payment.amountFen = step.do === 'void' ? 0 : by.amountFen;
  }
}

/** What stands of what was recorded is what was kept; the books have it, and tie. */
export async function assertMoney(billing: Billing, payments: RememberedPayment[]): Promise<void> {
  const { rows } = await billing.db.query(
    `SELECT coalesce(sum(amount_fen - refunded_fen) FILTER (WHERE id = ANY ($1) AND voided_at IS NULL), 0)::int AS kept,
            coalesce(sum(amount_fen - refunded_fen) FILTER (WHERE voided_at IS NULL), 0)::int AS all,
            (SELECT coalesce(sum(amount_fen), 0)::int FROM ledger_line JOIN ledger_account a ON a.id = account_id
             WHERE a.kind = 'channel_clearing') AS clearing FROM payment`,
    [payments.map(({ id }) => id)],
  );
  expect(rows[0].kept).toBe(sumFen(payments.map(keptOf)));
  expect(rows[0].clearing).toBe(rows[0].all);
  const { body } = await billing.as(billing.finance).get('/v1/reports/ties?period=2026-11').expect(200);
  expect(body.differenceFen).toBe(0);
}
