import { formatYuan, newId } from '@doorstep/kernel';
import fc from 'fast-check';
import { type Billing, startBilling } from '../billing.harness';
import { aBill, line, refundLine } from '../settlement-files/wechat-bill.examples';

/*
 * A day of payments and refunds, and the bill that a channel would send for it with faults sown in: the reconciliation names
 * exactly what was sown, no more and no fewer, and every fen is explained. What is then recorded as the bill has it meets the
 * bill, what is voided leaves it, and nothing else moves.
 */
const FAULTS = ['none', 'missing', 'wrong', 'doubled', 'overcharged', 'late'] as const;
const REFUND_FAULTS = ['none', 'missing', 'wrong', 'doubled', 'overcharged', 'free'] as const;

const aPayment = fc.record({
  amountFen: fc.integer({ min: 1, max: 100_000 }),
  fault: fc.constantFrom(...FAULTS),
  refund: fc.option(
    fc.record({ part: fc.integer({ min: 1, max: 100 }), fault: fc.constantFrom(...REFUND_FAULTS) }),
    {
      nil: undefined,
      freq: 3,
    },
  ),
});
const aStory = fc.record({
  payments: fc.array(aPayment, { minLength: 1, maxLength: 40 }),
  ghosts: fc.nat(3),
  nobodysRefunds: fc.nat(3),
});
type Story = typeof aStory extends fc.Arbitrary<infer T> ? T : never;

let billing: Billing;
beforeAll(async () => {
  billing = await startBilling();
});
afterAll(() => billing?.stop());

const feeOf = (fen: number): number => Math.round(fen * 0.006);
const yuan = (fen: number): string => `${formatYuan(fen)}`;
const fee = (fen: number): string => `${formatYuan(fen)}000`;

/** What a story leaves behind: our rows, the channel's lines, and the names of the faults. */
class Played {
  readonly ours: object[] = [];
  readonly refunds: object[] = [];
  readonly sown: string[] = [];
  /** What can be mended, and what the bill says of it: 0 where it has nothing. */
  readonly mendable: { id: string; theirsFen: number; fault: string }[] = [];
  private readonly lines: string[] = [];
  private readonly at: string;

  constructor(
    { payments, ghosts, nobodysRefunds }: Story,
    private readonly day: string,
  ) {
    this.at = `${day} 12:00:00`;
    payments.forEach((payment, index) => this.play(payment, `${day.replaceAll('-', '')}N${index}`));
    for (let i = 0; i < ghosts; i++) {
      this.lines.push(line({ at: this.at, order: `GHOST${i}`, channelOrder: `42G${i}` }));
      this.sown.push(`unknown_in_bill GHOST${i}`);
    }
    for (let i = 0; i < nobodysRefunds; i++) {
      this.lines.push(refundLine({ at: this.at, order: `WHOSE${i}`, refundNo: `NOBODY${i}` }));
      this.sown.push(`unknown_refund WHOSE${i}`);
    }
    this.sown.sort();
  }

  get text(): string {
    return aBill({ lines: this.lines });
  }

  private play({ amountFen, fault, refund }: Story['payments'][number], order: string): void {
    const id = newId();
    // Recorded a day late by us: the bill of the day knows it all the same.
    const paidAt = fault === 'late' ? `${nextDay(this.day)}T04:00:00Z` : `${this.day}T04:00:00Z`;
    this.ours.push({ id, merchant_order_no: order, amount_fen: amountFen, paid_at: paidAt });
    const theirs = fault === 'wrong' ? amountFen + 7 : amountFen;
    const theirFee = feeOf(theirs) + (fault === 'overcharged' ? 3 : 0);
    const their = line({
      at: this.at,
      order,
      channelOrder: `42${order}`,
      amount: yuan(theirs),
      fee: fee(theirFee),
    });
    if (fault !== 'missing') this.lines.push(their);
    if (fault === 'doubled') this.lines.push(their);
    const names = {
      missing: 'missing_in_bill',
      wrong: 'amount_mismatch',
      overcharged: 'fee_mismatch',
      doubled: 'duplicate_in_bill',
    };
    if (fault !== 'none' && fault !== 'late') this.sown.push(`${names[fault]} ${order}`);
    if (refund) this.playRefund(refund, amountFen, order, id);
    else if (fault === 'wrong')
      this.mendable.push({ id, theirsFen: theirs, fault: `amount_mismatch ${order}` });
    else if (fault === 'missing') this.mendable.push({ id, theirsFen: 0, fault: `missing_in_bill ${order}` });
  }

  private playRefund(
    { part, fault }: NonNullable<Story['payments'][number]['refund']>,
    amountFen: number,
    order: string,
    paymentId: string,
  ): void {
    const fen = Math.max(1, Math.floor((amountFen * part) / 100));
    const refundNo = `R${order}`;
    const refunded = { merchant_refund_no: refundNo, amount_fen: fen, refunded_at: `${this.day}T05:00:00Z` };
    this.refunds.push({ id: newId(), payment_id: paymentId, ...refunded });
    const theirs = fault === 'wrong' ? fen + 11 : fen;
    const theirFee = fault === 'free' ? 0 : fault === 'overcharged' ? -feeOf(theirs) - 2 : -feeOf(theirs);
    const numbers = { at: this.at, order, channelOrder: `42${order}`, refundNo };
    const their = refundLine({ ...numbers, refunded: yuan(theirs), fee: fee(theirFee) });
    if (fault !== 'missing') this.lines.push(their);
    if (fault === 'doubled') this.lines.push(their);
    const names = {
      missing: 'refund_mismatch',
      wrong: 'refund_mismatch',
      doubled: 'duplicate_in_bill',
      overcharged: 'fee_mismatch',
    };
    if (fault !== 'none' && fault !== 'free') this.sown.push(`${names[fault]} ${order}`);
  }
}

function nextDay(day: string): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + 86_400_000).toISOString().slice(0, 10);
}

async function record(ours: object[], refunds: object[]): Promise<void> {
  const { operatorId, contractId, siteId } = billing.scene;
  await billing.db.query(
    `INSERT INTO payment (id, operator_id, contract_id, site_id, channel, merchant_order_no, amount_fen, paid_at, recorded_by, recorded_at)
     SELECT id, $2, $3, $4, 'wechat', merchant_order_no, amount_fen, paid_at, $2, now() FROM jsonb_populate_recordset(null::payment, $1)`,
    [JSON.stringify(ours), operatorId, contractId, siteId],
  );
  await billing.db.query(
    `INSERT INTO refund (id, operator_id, payment_id, channel, merchant_refund_no, amount_fen, reason, refunded_at, recorded_by, recorded_at)
     SELECT id, $2, payment_id, 'wechat', merchant_refund_no, amount_fen, 'x', refunded_at, $2, now() FROM jsonb_populate_recordset(null::refund, $1)`,
    [JSON.stringify(refunds), operatorId],
  );
}

/** Each as the bill has it. @returns what is still open, and what of ours the bill settles */
async function mend(mendable: Played['mendable'], reconciliationId: string): Promise<string[]> {
  const finance = billing.as(billing.finance);
  for (const { id, theirsFen } of mendable) {
    const path = `/v1/payments/${id}/${theirsFen === 0 ? 'void' : 'corrections'}`;
    const body = { reason: 'x', ...(theirsFen > 0 && { amountFen: theirsFen }) };
    const { body: asked, status } = await finance.post(path).send(body);
    expect([theirsFen === 0 ? 200 : 201, 202]).toContain(status);
    const approve = () => billing.as(billing.owner).post(`/v1/payment-voids/${asked.proposedVoid}/approve`);
    const replacedBy = status === 202 ? (await approve().send({}).expect(200)).body.replacedBy : asked.id;
    const { rows } = await billing.db.query(
      `SELECT coalesce(sum(amount_fen), 0)::int AS fen FROM settlement_allocation WHERE payment_id = ANY ($1)`,
      [[id, replacedBy]],
    );
    expect(rows[0].fen).toBe(theirsFen);
  }
  const open = `/v1/exceptions?reconciliationId=${reconciliationId}&status=open&limit=200`;
  const { body } = await finance.get(open).expect(200);
  return body.items.map((e: { type: string; merchantOrderNo: string }) => `${e.type} ${e.merchantOrderNo}`);
}

async function reconcile(text: string, day: string) {
  const finance = billing.as(billing.finance);
  const upload = finance
    .post(`/v1/settlement-files?channel=wechat&billDay=${day}`)
    .set('content-type', 'text/csv')
    .send(text);
  const { body: file } = await upload.expect(201);
  const { body: reconciliation } = await finance
    .post('/v1/reconciliations')
    .send({ settlementFileId: file.id })
    .expect(201);
  const { body: list } = await finance
    .get(`/v1/exceptions?reconciliationId=${reconciliation.id}&limit=200`)
    .expect(200);
  const found = (list.items as { type: string; merchantOrderNo: string }[]).map(
    (e) => `${e.type} ${e.merchantOrderNo}`,
  );
  return {
    file,
    reconciliation,
    exceptions: list.items as { differenceFen: number; feeDifferenceFen: number }[],
    found: found.sort(),
  };
}

describe('any day with faults sown into its bill', () => {
  let day = '2025-01-01';

  it('has exactly them named, and every fen explained', async () => {
    await fc.assert(
      fc.asyncProperty(aStory, async (story) => {
        day = nextDay(nextDay(day));
        const { ours, refunds, text, sown, mendable } = new Played(story, day);
        await record(ours, refunds);
        const { file, reconciliation, exceptions, found } = await reconcile(text, day);
        expect(found).toEqual(sown);
        const explained = exceptions.reduce((sum, e) => sum + e.differenceFen, 0);
        expect(reconciliation.theirsFen).toBe(file.paymentsFen - file.refundsFen);
        expect(reconciliation.theirsFen - reconciliation.oursFen).toBe(explained);
        expect(reconciliation).toMatchObject({
          differenceFen: 0,
          exceptions: sown.length,
          lines: file.lines,
        });
        const { rows } = await billing.db.query(
          `SELECT coalesce(sum(amount_fen) FILTER (WHERE kind = 'channel_clearing'), 0)::int AS clearing,
                  coalesce(sum(amount_fen) FILTER (WHERE kind = 'channel_fees'), 0)::int AS fees
           FROM ledger_line JOIN ledger_entry AS entry ON entry.id = entry_id JOIN ledger_account AS account ON account.id = account_id
           WHERE source_id = $1`,
          [reconciliation.id],
        );
        expect(rows[0].clearing + reconciliation.settledFen).toBe(0);
        const mended = mendable.map(({ fault }) => fault);
        const left = (await mend(mendable, reconciliation.id)).sort();
        expect(left).toEqual(sown.filter((name) => !mended.includes(name)));
        const ties = `/v1/reports/ties?period=${day.slice(0, 7)}`;
        expect((await billing.as(billing.finance).get(ties).expect(200)).body.differenceFen).toBe(0);
      }),
      { numRuns: 20 },
    );
  }, 240_000);
});

describe('a day that goes on while its bill is matched', () => {
  it('ties: what is recorded meanwhile is on one side or on both, never on half', async () => {
    const day = '2026-06-06';
    const payments = Array.from({ length: 300 }, (_, i) => ({
      amountFen: 100 + i,
      fault: 'none' as const,
      refund: undefined,
    }));
    const { ours, text } = new Played({ payments, ghosts: 0, nobodysRefunds: 0 }, day);
    await record(ours.slice(0, 150), []);
    const others = ours.slice(150).map((payment) => record([payment], []));
    const { reconciliation, found } = await reconcile(text, day);
    await Promise.all(others);
    expect(reconciliation.differenceFen).toBe(0);
    expect(reconciliation.matched).toBeGreaterThanOrEqual(150);
    expect(found.every((name) => /^(unknown_in_bill|missing_in_bill) /.test(name))).toBe(true);
  });
});
