import type { BookingHeld } from '@doorstep/contracts';
import { formatYuan, newId } from '@doorstep/kernel';
import { Database, PeriodicRunner, runAs } from '@doorstep/platform';
import { CorrectionsService } from '../corrections/corrections.service';
import { aBill, line, refundLine } from '../settlement-files/wechat-bill.examples';
import { aBankCsv } from '../statements/statements.examples';
import {
  accountId,
  ask,
  billing,
  bookings,
  call,
  DAYS,
  deliver,
  funders,
  hold,
  pick,
  places,
  programme,
  rows,
  service,
  today,
  wait,
} from './four-way.harness';

/*
 * What can happen to the money of services, step by step: each step picks what it is about by two numbers, and what is
 * refused is refused.
 */
export const DOES = [
  ...(['serve', 'serve', 'serve', 'pay', 'pay', 'pay', 'refund', 'void', 'credit', 'subsidise'] as const),
  ...(['bill', 'bill', 'sweep', 'pair', 'pair', 'bank', 'bank', 'bank', 'undo', 'overdue'] as const),
  ...(['claim', 'claim', 'answer', 'answer', 'object', 'remit', 'remit', 'unremit'] as const),
] as const;
export type Does = (typeof DOES)[number];

export const STEPS: Record<Does, (a: number, b: number) => Promise<unknown>> = {
  serve: async (a, b) => {
    const at = DAYS[b % 3];
    const where = { serviceDay: at, start: `${at}T03:00:00.000Z`, end: `${at}T04:30:00.000Z` };
    const booking = await hold({ ...where, ...pick(places, a) });
    // Some are paid before they are delivered.
    if (a % 4 > 0) await deliver(booking);
    if (a % 4 === 1) await deliver(pick(bookings, b) as BookingHeld);
  },
  pay: async (a, b) => {
    const first = pick(bookings, a);
    const others = bookings.filter(({ contractId }) => contractId === first?.contractId);
    const bookingIds = new Set(
      [first, pick(others, a + 1), pick(others, b)].slice(0, 1 + (b % 3)).map((of) => of?.bookingId),
    );
    const payment = {
      channel: b % 4 ? 'wechat' : 'bank',
      merchantOrderNo: newId().slice(-20),
      amountFen: 40 + 7 * b,
    };
    return (
      first && ask('payments', { ...payment, bookingIds: [...bookingIds], paidAt: `${today()}T02:00:00Z` })
    );
  },
  refund: async (a, b) => {
    const payment = pick(
      await rows(`SELECT id FROM payment WHERE voided_at IS NULL ORDER BY id DESC`),
      a % 8,
    );
    const back = {
      amountFen: 1 + b * 3,
      merchantRefundNo: newId().slice(-20),
      reason: 'x',
      refundedAt: `${today()}T05:00:00Z`,
    };
    return payment && ask(`payments/${payment.id}/refunds`, back);
  },
  void: async (a) => {
    const payment = pick(await rows(`SELECT id FROM payment ORDER BY id DESC`), a % 8);
    return payment && ask(`payments/${payment.id}/void`, { reason: 'x' });
  },
  credit: (a, b) => correct(a, 20 - (b % 40), a % 2 ? 'operator' : 'nobody', DAYS[b % 3]),
  subsidise: (a, b) => correct(a, 12 - (b % 25), 'funder', DAYS[b % 3]),
  /** Of the first day that has no bill yet: some of its money is missing, some under another number. */
  bill: async (a, b) => {
    const [{ on }] = await rows(
      `SELECT min(paid_day)::text AS on FROM payment WHERE channel = 'wechat' AND NOT EXISTS (
         SELECT FROM settlement_file WHERE bill_day = paid_day)`,
    );
    if (!on) return undefined;
    const paid = await rows(
      `SELECT merchant_order_no AS no, amount_fen AS fen, NULL AS back FROM payment
       WHERE channel = 'wechat' AND voided_at IS NULL AND paid_day = $1
       UNION ALL SELECT p.merchant_order_no, r.amount_fen, r.merchant_refund_no FROM refund r JOIN payment p ON p.id = r.payment_id
       WHERE r.channel = 'wechat' AND r.voided_at IS NULL AND r.refunded_day = $1 ORDER BY 1, 3`,
      [on],
    );
    const lines = paid.flatMap(({ no, fen, back }, i) => {
      if ((a >> (i % 6)) % 4 === 1) return [];
      const order = (b >> (i % 6)) % 4 === 1 && !back ? `X${String(no).slice(1)}` : String(no);
      const fee = `${formatYuan(Math.round(Number(fen) * 0.06))}000`;
      const numbers = { order, at: `${on} 09:00:00`, channelOrder: `42${order}`, rate: '6.00%' };
      return back
        ? refundLine({
            ...numbers,
            refundNo: String(back),
            refunded: formatYuan(Number(fen)),
            fee: `-${fee}`,
          })
        : line({ ...numbers, amount: formatYuan(Number(fen)), fee });
    });
    const upload = call()
      .post(`/v1/settlement-files?channel=wechat&billDay=${on}`)
      .set('content-type', 'text/csv');
    const { body } = await upload.send(aBill({ lines })).expect(201);
    return ask('reconciliations', { settlementFileId: body.id });
  },
  sweep: () => billing.running.app.get(PeriodicRunner).runNow('name what was recorded after its bill'),
  pair: async (a) => {
    const [pair] = await rows(
      `SELECT line.id, ours.id AS ours FROM reconciliation_exception AS line JOIN reconciliation_exception AS ours
         ON ours.type = 'missing_in_bill' AND ours.status = 'open' AND ours.ours_fen = line.theirs_fen
       WHERE line.type = 'unknown_in_bill' AND line.status = 'open' ORDER BY 1, 2 OFFSET $1 LIMIT 1`,
      [a % 3],
    );
    return pair && ask(`exceptions/${pair.id}/match`, { exceptionId: pair.ours, comment: 'x' });
  },
  /** What is expected comes whole, in part, or with more than is known of. */
  bank: async (a, b) => {
    const open = await rows(
      `SELECT id, amount_fen - matched_fen - written_off_fen AS fen FROM expected_movement
       WHERE amount_fen <> matched_fen + written_off_fen ORDER BY id DESC`,
    );
    const one = pick(open, a);
    if (!one) return undefined;
    const fen = [
      Number(one.fen),
      Math.trunc((Number(one.fen) * (1 + b)) / 101),
      Number(one.fen) + Math.sign(Number(one.fen)) * 5,
    ][b % 3];
    if (fen === 0) return undefined;
    const upload = call().post(`/v1/statement-files?accountId=${accountId}`).set('content-type', 'text/csv');
    const move: [number, number] = fen > 0 ? [fen, 0] : [0, -fen];
    const { body } = await upload.send(aBankCsv([[today(), ...move, '不明', '某人']])).expect(201);
    wait(1);
    await ask('statement-matches', { accountId });
    const [found] = await rows(`SELECT id FROM statement_line WHERE statement_id = $1 AND matched_fen = 0`, [
      body.statements[0].id,
    ]);
    return (
      found &&
      ask(`statement-lines/${found.id}/match`, {
        expectedIds: [one.id],
        comment: 'x',
        leaveRest: b % 3 === 2,
      })
    );
  },
  undo: async (a) => {
    const found = pick(
      await rows(`SELECT id FROM statement_line WHERE matched_fen <> 0 ORDER BY id DESC`),
      a,
    );
    return found && ask(`statement-lines/${found.id}/undo`, { comment: 'x' });
  },
  /** What has not come by now is named. */
  overdue: () => {
    wait(11);
    return ask('statement-matches', { accountId });
  },
  claim: async (a, b) => {
    const of = {
      funderId: pick(funders, a),
      contractId: pick(places, a >> 1)?.contractId,
      period: pick(['2026-11', '2026-12'], b >> 2),
    };
    await ask('claims', of);
    const draft = pick(await rows(`SELECT id FROM claim WHERE status = 'draft' ORDER BY id`), a);
    return draft && b % 4 > 0 && ask(`claims/${draft.id}/submit`, {});
  },
  answer: async (a, b) => {
    const found = await rows(
      `SELECT l.id, l.claim_id, l.amount_fen FROM claim_line l JOIN claim c ON c.id = l.claim_id
       WHERE c.status = 'submitted' AND l.answer IS NULL AND l.amount_fen > 1 ORDER BY l.id DESC`,
    );
    const one = pick(found, a);
    const cut = one && {
      lineId: one.id,
      outcome: 'cut',
      acceptedFen: 1 + (b % (Number(one.amount_fen) - 1)),
      code: 'late',
    };
    return one && ask(`claims/${one.claim_id}/answer`, { lines: [cut], acceptRest: b % 4 > 0 });
  },
  object: async (a) => {
    const one = pick(
      await rows(`SELECT id FROM claim_line WHERE answer = 'cut' AND cut_end IS NULL ORDER BY id DESC`),
      a,
    );
    return one && ask(`claim-lines/${one.id}/object`, { reply: 'x' });
  },
  remit: async (a, b) => {
    const claim = pick(await rows(`SELECT * FROM claim WHERE status = 'answered' ORDER BY id DESC`), a);
    if (!claim) return undefined;
    const of = { funderId: claim.funder_id, contractId: claim.contract_id, claimIds: [claim.id] };
    return ask('remittances', { ...of, reference: newId(), amountFen: 1 + (b % 60), receivedOn: today() });
  },
  unremit: async (a) => {
    const one = pick(await rows(`SELECT id FROM remittance WHERE cancelled_at IS NULL ORDER BY id DESC`), a);
    return one && ask(`remittances/${one.id}/cancel`, { reason: 'x' });
  },
};

/** The resident owes so much more or less: the operator or a funder less or more, or the price is another. */
async function correct(
  a: number,
  fen: number,
  by: 'operator' | 'funder' | 'nobody',
  on: string,
): Promise<void> {
  const charge = pick(
    await rows(
      `SELECT *, resident_fen + resident_correction_fen AS owed FROM charge WHERE status = 'captured' ORDER BY id DESC`,
    ),
    a,
  );
  const [own] = await rows(
    `SELECT coalesce((SELECT captured_fen FROM charge_share WHERE charge_id = $1 AND programme_id = $2), 0)
       + coalesce((SELECT sum(amount_fen) FROM share_correction WHERE charge_id = $1 AND programme_id = $2), 0) AS fen`,
    [charge?.id, programme],
  );
  if (!charge || fen === 0 || Number(charge.owed) + fen < 0 || (by === 'funder' && Number(own.fen) - fen < 0))
    return;
  const share = { programmeId: programme, funderId: funders[0], payer: 'funder' as const, amountFen: -fen };
  const difference = {
    chargeId: String(charge.id),
    grossFen: by === 'nobody' ? fen : 0,
    residentFen: fen,
    operatorFen: by === 'operator' ? -fen : 0,
  };
  const cause = { reason: 'credited', sourceType: 'credit_note', sourceId: newId(), day: on } as const;
  await runAs(billing.owner, () =>
    service(Database).write((tx) =>
      service(CorrectionsService).post(tx, cause, [
        { ...difference, shares: by === 'funder' ? [share] : [] },
      ]),
    ),
  );
}
