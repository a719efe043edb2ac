import { ReconciliationFinished } from '@doorstep/contracts';
import { newId } from '@doorstep/kernel';
import { anOwner } from '@doorstep/testing';
import { aResident, type Billing, DAY, held, setPrice, startBilling } from '../billing.harness';

interface Paid {
  id: string;
  merchantOrderNo: string;
  amountFen: number;
}

/** A line as the importer would have stored it. */
interface Line {
  merchantOrderNo: string;
  amountFen: number;
  feeFen?: number;
  merchantRefundNo?: string;
}

const RATE_PPM = 6_000;
const feeOf = (amountFen: number): number => Math.round((amountFen * RATE_PPM) / 1_000_000);

let billing: Billing;
beforeAll(async () => {
  billing = await startBilling();
  await setPrice(billing);
});
afterAll(() => billing?.stop());

async function pay(amountFen = 1800, day = DAY): Promise<Paid> {
  const person = aResident(billing.scene);
  const booking = held(billing.scene, person.residentId);
  await billing.deliver(person);
  await billing.deliver(booking);
  const merchantOrderNo = `DS${newId().replaceAll('-', '').slice(-20)}`;
  const body = {
    channel: 'wechat',
    merchantOrderNo,
    amountFen,
    paidAt: `${day}T02:00:00Z`,
    bookingIds: [booking.bookingId],
  };
  const answer = await billing.as(billing.finance).post('/v1/payments').send(body).expect(201);
  return { id: answer.body.id, merchantOrderNo, amountFen };
}

async function giveBack(paid: Paid, amountFen: number): Promise<string> {
  const merchantRefundNo = `R${paid.merchantOrderNo}`;
  await billing
    .as(billing.finance)
    .post(`/v1/payments/${paid.id}/refunds`)
    .send({ merchantRefundNo, amountFen, refundedAt: `${DAY}T05:00:00Z`, reason: 'booking_cancelled' })
    .expect(201);
  return merchantRefundNo;
}

/** Puts a file into the tables as an import leaves it: the matching is what is on trial here. */
async function aFile(lines: Line[], day = DAY): Promise<string> {
  const fileId = newId();
  const { operatorId } = billing.scene;
  const sum = (of: (line: Line) => number): number => lines.reduce((total, line) => total + of(line), 0);
  const isRefund = (line: Line): boolean => line.merchantRefundNo !== undefined;
  const feeIn = (line: Line): number => line.feeFen ?? (isRefund(line) ? -1 : 1) * feeOf(line.amountFen);
  const totals = [
    sum((line) => (isRefund(line) ? 0 : line.amountFen)),
    sum((line) => (isRefund(line) ? line.amountFen : 0)),
    sum(feeIn),
  ];
  await billing.db.query(
    `INSERT INTO settlement_file (id, operator_id, channel, layout, part, merchant_no, bill_day, sha256, bytes, lines,
       payments_fen, refunds_fen, fees_fen, summary, status, uploaded_by, uploaded_at)
     VALUES ($1, $2, 'wechat', 'wechat.trade', 'all', $3, $4, $5, 1, $6, $7, $8, $9, '{}', 'imported', $2, now())`,
    [fileId, operatorId, newId(), day, fileId.replaceAll('-', '').repeat(2), lines.length, ...totals],
  );
  for (const [index, line] of lines.entries()) {
    const refund = line.merchantRefundNo !== undefined;
    await billing.db.query(
      `INSERT INTO settlement_line (operator_id, file_id, line_no, kind, at, channel_order_no, merchant_order_no,
         channel_refund_no, merchant_refund_no, amount_fen, order_fen, fee_fen, rate_ppm)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $10, $11, $12)`,
      [
        operatorId,
        fileId,
        index + 2,
        refund ? 'refund' : 'payment',
        `${day}T04:00:00Z`,
        `42${line.merchantOrderNo}`,
        line.merchantOrderNo,
        refund ? `50${line.merchantRefundNo}` : null,
        line.merchantRefundNo ?? null,
        line.amountFen,
        feeIn(line),
        RATE_PPM,
      ],
    );
  }
  return fileId;
}

async function reconcile(settlementFileId: string) {
  const answer = await billing
    .as(billing.finance)
    .post('/v1/reconciliations')
    .send({ settlementFileId })
    .expect(201);
  const list = await billing
    .as(billing.finance)
    .get(`/v1/exceptions?reconciliationId=${answer.body.id}&limit=200`)
    .expect(200);
  const found = list.body.items.map(
    (e: { type: string; merchantOrderNo: string }) => `${e.type} ${e.merchantOrderNo}`,
  );
  return { reconciliation: answer.body, exceptions: list.body.items, found: found.sort() };
}

const lineOf = ({ merchantOrderNo, amountFen }: Paid): Line => ({ merchantOrderNo, amountFen });

// Each story plays on a day of its own: a file speaks for its whole day.
let days = 0;
const aDay = (): string => `2026-10-${String(++days).padStart(2, '0')}`;

describe('a file that has what we have', () => {
  it('ties of a prepaid card: its bill has the top-up on its day, and nothing of what it pays', async () => {
    const day = aDay();
    const as = billing.as(billing.finance);
    const post = (path: string, body: object) => as.post(`/v1/prepaid-${path}`).send(body).expect(201);
    const person = aResident(billing.scene);
    await billing.deliver(person);
    const { residentId } = person;
    const { contractId } = billing.scene;
    await post('rules', { from: '2026-01-01', balanceMaxFen: 500_000, source: '商务部令2012年第9号' });
    const { body: card } = await post('cards', { contractId, residentId, number: 'N-1' });
    const topUp = { channel: 'wechat', merchantOrderNo: 'TU1', amountFen: 5_000 };
    await post(`cards/${card.id}/top-ups`, { ...topUp, paidAt: `${day}T02:00:00Z` });
    const lunch = held(billing.scene, residentId, { serviceDay: day });
    await billing.deliver(lunch);
    await post(`cards/${card.id}/payments`, { bookingIds: [lunch.bookingId] });
    const { reconciliation, found } = await reconcile(await aFile([topUp], day));
    expect(reconciliation).toMatchObject({ outcome: 'tied', matched: 1, settledFen: 5_000 });
    expect(found).toEqual([]);
    const { body: said } = await as.get('/v1/reports/ties?period=2026-10').expect(200);
    expect(said.differenceFen).toBe(0);
  });

  it('ties: each line settles its payment, and the channel owes the net', async () => {
    const day = aDay();
    const [first, second] = [await pay(1800, day), await pay(1000, day)];
    const { reconciliation, found } = await reconcile(await aFile([lineOf(first), lineOf(second)], day));
    expect(reconciliation).toMatchObject({
      outcome: 'tied',
      lines: 2,
      matched: 2,
      settledFen: 2800,
      feesFen: 17,
      differenceFen: 0,
    });
    expect(found).toEqual([]);
    const { rows } = await billing.db.query(
      `SELECT a.kind, l.amount_fen FROM ledger_line l JOIN ledger_account a ON a.id = l.account_id
       JOIN ledger_entry e ON e.id = l.entry_id WHERE e.source_id = $1 ORDER BY l.line`,
      [reconciliation.id],
    );
    expect(rows.map(({ kind, amount_fen }) => [kind, amount_fen])).toEqual([
      ['bank_in_transit', 2783],
      ['channel_fees', 17],
      ['channel_clearing', -2800],
    ]);
    await billing.eventually(async () => {
      const told = await billing.told(ReconciliationFinished);
      expect(told).toContainEqual(
        expect.objectContaining({ reconciliationId: reconciliation.id, outcome: 'tied' }),
      );
    });
  });

  it('keeps twins apart: two payments of one amount at one moment are two', async () => {
    const day = aDay();
    const twins = [await pay(1500, day), await pay(1500, day)];
    const { reconciliation } = await reconcile(await aFile(twins.map(lineOf), day));
    expect(reconciliation).toMatchObject({ outcome: 'tied', matched: 2 });
  });

  it('is reconciled once, however often and however many ask', async () => {
    const settlementFileId = await aFile([lineOf(await pay(1800, aDay()))]);
    const ask = () => billing.as(billing.finance).post('/v1/reconciliations').send({ settlementFileId });
    const answers = await Promise.all([ask(), ask(), ask(), ask()]);
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 409, 409, 409]);
    expect((await ask().expect(409)).body.code).toBe('file_reconciled');
  });
});

describe('a file with faults', () => {
  it('has each of them named, and nothing else', async () => {
    const day = DAY;
    const [good, missing, wrong, doubled, overcharged, returned] = [
      await pay(),
      await pay(),
      await pay(),
      await pay(),
      await pay(),
      await pay(),
    ];
    const refundNo = await giveBack(returned, 700);
    const { reconciliation, found, exceptions } = await reconcile(
      await aFile(
        [
          lineOf(good),
          { ...lineOf(wrong), amountFen: 1850 },
          lineOf(doubled),
          lineOf(doubled),
          { ...lineOf(overcharged), feeFen: feeOf(1800) + 5 },
          lineOf(returned),
          { merchantOrderNo: returned.merchantOrderNo, merchantRefundNo: refundNo, amountFen: 700 },
          { merchantOrderNo: 'GHOST1', amountFen: 900 },
          { merchantOrderNo: good.merchantOrderNo, merchantRefundNo: 'NOBODY1', amountFen: 300 },
        ],
        day,
      ),
    );
    expect(found).toEqual(
      [
        `amount_mismatch ${wrong.merchantOrderNo}`,
        `duplicate_in_bill ${doubled.merchantOrderNo}`,
        `fee_mismatch ${overcharged.merchantOrderNo}`,
        `missing_in_bill ${missing.merchantOrderNo}`,
        'unknown_in_bill GHOST1',
        `unknown_refund ${good.merchantOrderNo}`,
      ].sort(),
    );
    expect(reconciliation).toMatchObject({
      outcome: 'exceptions',
      lines: 9,
      matched: 5,
      exceptions: 6,
      differenceFen: 0,
    });
    const sum = exceptions.reduce(
      (total: number, e: { differenceFen: number }) => total + e.differenceFen,
      0,
    );
    expect(reconciliation.theirsFen - reconciliation.oursFen).toBe(sum);
    expect(sum).toBe(50 + 1800 - 1800 + 900 - 300);
  });

  it('has a refund of another amount named, and one that it lacks', async () => {
    const day = aDay();
    const paid = await pay(1800, day);
    const refundNo = await giveBack(paid, 500);
    const ofTheRefundsDay = await aFile([
      { merchantOrderNo: paid.merchantOrderNo, merchantRefundNo: refundNo, amountFen: 600 },
    ]);
    const { found } = await reconcile(ofTheRefundsDay);
    expect(found).toContain(`refund_mismatch ${paid.merchantOrderNo}`);
  });

  it('settles later what an earlier file lacked', async () => {
    const [day, next] = [aDay(), aDay()];
    const late = await pay(1800, day);
    const { exceptions } = await reconcile(await aFile([], day));
    expect(exceptions).toMatchObject([{ type: 'missing_in_bill', status: 'open' }]);
    const { reconciliation, found } = await reconcile(await aFile([lineOf(late)], next));
    expect(reconciliation).toMatchObject({ outcome: 'tied', matched: 1 });
    expect(found).toEqual([]);
    const { body } = await billing.as(billing.finance).get(`/v1/exceptions/${exceptions[0].id}`).expect(200);
    expect(body).toMatchObject({ status: 'resolved', resolution: 'explained' });
  });
});

describe('the queue of exceptions', () => {
  it('has an owner, a resolution and a way back, and refuses whoever is late', async () => {
    const { exceptions } = await reconcile(
      await aFile([{ merchantOrderNo: 'GHOST9', amountFen: 5 }], aDay()),
    );
    const path = `/v1/exceptions/${exceptions[0].id}`;
    const ask = (verb: string, body: object) =>
      billing.as(billing.finance).post(`${path}/${verb}`).send(body);
    const owned = await ask('assign', { ownerId: billing.owner.id, version: 1 }).expect(200);
    expect(owned.body).toMatchObject({ ownerId: billing.owner.id, version: 2 });
    const late = await ask('resolve', { resolution: 'written_off', comment: 'five fen', version: 1 }).expect(
      409,
    );
    expect(late.body.code).toBe('version_outdated');
    await ask('resolve', { resolution: 'written_off', comment: 'five fen' }).expect(200);
    const twice = await ask('resolve', { resolution: 'explained', comment: 'again' }).expect(409);
    expect(twice.body.code).toBe('exception_resolved');
    const open = await ask('reopen', { comment: 'not so' }).expect(200);
    expect(open.body).toMatchObject({ status: 'open', resolution: null });
  });

  it("is nobody else's to see or to work on", async () => {
    const stranger = anOwner(newId());
    const { body } = await billing.as(stranger).get('/v1/exceptions').expect(200);
    expect(body.items).toEqual([]);
    const settlementFileId = await aFile([], aDay());
    await billing.as(stranger).post('/v1/reconciliations').send({ settlementFileId }).expect(404);
  });
});
