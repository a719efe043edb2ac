import { CreditNoteIssued, InvoiceIssued, InvoicePaid, ReceiptIssued } from '@doorstep/contracts';
import { newId } from '@doorstep/kernel';
import { PeriodicRunner } from '@doorstep/platform';
import { anOwner, aSiteManager } from '@doorstep/testing';
import {
  type Billing,
  aResident,
  DAY,
  delivered,
  held,
  setPrice,
  setProgramme,
  startBilling,
} from '../billing.harness';

let billing: Billing;
const period = DAY.slice(0, 7);
const finance = () => billing.as(billing.finance);
const run = () => ({ contractId: billing.scene.contractId, period });

beforeAll(async () => {
  billing = await startBilling({ PERIODIC: 'false' });
  await setPrice(billing);
  await setProgramme(billing);
});
afterAll(() => billing?.stop());

/** Somebody eats so many times; each meal costs 18 yuan, of which the programme gives 2. @returns the resident */
async function eats(meals: number): Promise<string> {
  const resident = aResident(billing.scene);
  await billing.deliver(resident);
  for (let i = 0; i < meals; i++) {
    const booking = held(billing.scene, resident.residentId);
    await billing.deliver(booking);
    await billing.deliver(delivered(booking));
  }
  return resident.residentId;
}

async function issueFor(residentId: string) {
  await finance()
    .post('/v1/invoices/issue')
    .send({ ...run(), residentId })
    .expect(200);
  const { body } = await finance().get(`/v1/invoices?residentId=${residentId}&status=issued`).expect(200);
  return body.items.at(-1);
}

const payment = (amountFen: number) => ({
  channel: 'cash',
  merchantOrderNo: newId(),
  amountFen,
  paidAt: `${DAY}T04:00:00Z`,
});
const pay = async (invoiceId: string, amountFen: number) =>
  (await finance().post(`/v1/invoices/${invoiceId}/payments`).send(payment(amountFen)).expect(201)).body;
const tiesFen = async () =>
  (await finance().get(`/v1/reports/ties?period=${period}`).expect(200)).body.differenceFen;

describe('drafts', () => {
  it('show what is due, and are made anew as often as one likes', async () => {
    const residentId = await eats(2);
    const wanted = { ...run(), residentId };
    for (let i = 0; i < 2; i++) {
      const { body } = await finance().post('/v1/invoices').send(wanted).expect(201);
      expect(body).toEqual({ invoices: 1, amountFen: 3200, credited: 0, more: false });
    }
    const { body } = await finance().get(`/v1/invoices?residentId=${residentId}`).expect(200);
    expect(body.items).toMatchObject([
      { status: 'draft', number: null, lines: 2, amountFen: 3200, openFen: 3200 },
    ]);
    await finance().post(`/v1/invoices/${body.items[0].id}/credit-notes`).send({ amountFen: 1 }).expect(409);
    const issued = await finance()
      .post(`/v1/invoices/${body.items[0].id}/issue`)
      .send({ dueDays: 7 })
      .expect(200);
    expect(issued.body).toMatchObject({ status: 'issued', issuedOn: DAY, dueOn: '2026-11-09' });
  });
});

describe('an issued invoice', () => {
  it('has every captured charge’s own part once, a number and a due day, and is told', async () => {
    const residentId = await eats(3);
    const invoice = await issueFor(residentId);
    expect(invoice).toMatchObject({
      number: expect.stringMatching(/^INV-2026-\d{6}$/),
      ...{ status: 'issued', dueOn: '2026-11-16', lines: 3, amountFen: 4800, paidFen: 0, openFen: 4800 },
    });
    const { body: lines } = await finance().get(`/v1/invoices/${invoice.id}/lines?limit=2`).expect(200);
    expect(lines.items).toHaveLength(2);
    expect(lines.items[0]).toMatchObject({
      grossFen: 1800,
      fundersFen: 200,
      operatorFen: 0,
      amountFen: 1600,
    });
    const again = await finance()
      .post('/v1/invoices/issue')
      .send({ ...run(), residentId })
      .expect(200);
    expect(again.body.invoices).toBe(0);
    await billing.eventually(async () => {
      const told = (await billing.told(InvoiceIssued)).find(({ invoiceId }) => invoiceId === invoice.id);
      expect(told).toMatchObject({ number: invoice.number, openFen: 4800, residentId, period });
    });
  });

  it('becomes partly paid and paid, and what is too much is the resident’s credit for the next', async () => {
    const residentId = await eats(2);
    const invoice = await issueFor(residentId);
    expect((await pay(invoice.id, 1000)).invoice).toMatchObject({ status: 'partly_paid', openFen: 2200 });
    const { payment: second, invoice: paid } = await pay(invoice.id, 2900);
    expect(paid).toMatchObject({ status: 'paid', paidFen: 3200, openFen: 0 });
    expect(second.unallocatedFen).toBe(700);
    await billing.running.app.get(PeriodicRunner).runNow('settle paid invoices');
    await billing.eventually(async () =>
      expect((await billing.told(InvoicePaid)).map(({ invoiceId }) => invoiceId)).toContain(invoice.id),
    );

    const booking = held(billing.scene, residentId);
    await billing.deliver(booking);
    await billing.deliver(delivered(booking));
    const next = await issueFor(residentId);
    const { body } = await finance().post(`/v1/invoices/${next.id}/apply-credit`).expect(200);
    expect(body).toMatchObject({ appliedFen: 700, invoice: { status: 'partly_paid', openFen: 900 } });
    const nothing = await finance().post(`/v1/invoices/${next.id}/apply-credit`).expect(200);
    expect(nothing.body.appliedFen).toBe(0);

    const { body: receipt } = await finance().post('/v1/receipts').send({ paymentId: second.id }).expect(201);
    expect(receipt).toMatchObject({ number: expect.stringMatching(/^RC-2026-/), amountFen: 2900 });
    await billing.eventually(async () =>
      expect(await billing.told(ReceiptIssued)).toMatchObject([
        { receiptId: receipt.id, number: receipt.number, residentId: invoice.residentId, amountFen: 2900 },
      ]),
    );
    const twice = await finance().post('/v1/receipts').send({ paymentId: second.id }).expect(409);
    expect(twice.body.code).toBe('receipt_exists');
    expect(await tiesFen()).toBe(0);
  });

  it('is opened again by a refund', async () => {
    const residentId = await eats(1);
    const invoice = await issueFor(residentId);
    const { payment: paid } = await pay(invoice.id, 1600);
    await billing.running.app.get(PeriodicRunner).runNow('settle paid invoices');
    const refund = { merchantRefundNo: newId(), amountFen: 600, refundedAt: `${DAY}T05:00:00Z`, reason: 'x' };
    await billing.as(billing.owner).post(`/v1/payments/${paid.id}/refunds`).send(refund).expect(201);
    await billing.running.app.get(PeriodicRunner).runNow('settle paid invoices');
    const { body } = await finance().get(`/v1/invoices/${invoice.id}`).expect(200);
    expect(body).toMatchObject({ status: 'partly_paid', openFen: 600 });
    const { rows } = await billing.db.query('SELECT settled_at FROM invoice WHERE id = $1', [invoice.id]);
    expect(rows[0].settled_at).toBeNull();
  });

  it('is opened again by a payment that was never received', async () => {
    const invoice = await issueFor(await eats(1));
    const { payment: paid } = await pay(invoice.id, 1600);
    await billing.running.app.get(PeriodicRunner).runNow('settle paid invoices');
    const reason = 'of somebody else';
    const { body: asked } = await finance().post(`/v1/payments/${paid.id}/void`).send({ reason }).expect(202);
    const approve = `/v1/payment-voids/${asked.proposedVoid}/approve`;
    await billing.as(billing.owner).post(approve).send({}).expect(200);
    await billing.running.app.get(PeriodicRunner).runNow('settle paid invoices');
    const { body } = await finance().get(`/v1/invoices/${invoice.id}`).expect(200);
    expect(body).toMatchObject({ status: 'issued', openFen: 1600 });
    const { rows } = await billing.db.query('SELECT settled_at FROM invoice WHERE id = $1', [invoice.id]);
    expect(rows[0].settled_at).toBeNull();
    expect(await tiesFen()).toBe(0);
  });
});

describe('credit notes', () => {
  it('take back to the last fen, are carried by the operator, and free what was paid', async () => {
    const residentId = await eats(3);
    const invoice = await issueFor(residentId);
    const { payment: paid } = await pay(invoice.id, 4800);
    const credit = (body: object, expected = 201) =>
      finance().post(`/v1/invoices/${invoice.id}/credit-notes`).send(body).expect(expected);
    const { body: first } = await credit({ amountFen: 1000, comment: '饭菜已凉' });
    expect(first).toMatchObject({
      number: expect.stringMatching(/^CN-2026-/),
      reason: 'goodwill',
      amountFen: 1000,
    });
    expect(first.lines.map(({ amountFen }: { amountFen: number }) => amountFen)).toEqual([334, 333, 333]);
    expect((await credit({ amountFen: 3801 }, 409)).body.code).toBe('credit_exceeds_invoice');
    expect((await credit({}, 422)).body.code).toBe('amount_or_lines');
    const { body: last } = await credit({ amountFen: 3800 });
    expect(last.lines.map(({ amountFen }: { amountFen: number }) => amountFen)).toEqual([1266, 1267, 1267]);

    const { body: after } = await finance().get(`/v1/invoices/${invoice.id}`).expect(200);
    expect(after).toMatchObject({ status: 'paid', creditedFen: 4800, paidFen: 0, openFen: 0 });
    const { body: freed } = await finance().get(`/v1/payments/${paid.id}`).expect(200);
    expect(freed).toMatchObject({ allocatedFen: 0, unallocatedFen: 4800 });
    const { rows } = await billing.db.query(
      `SELECT a.kind, sum(l.amount_fen)::int AS fen FROM ledger_line l JOIN ledger_account a ON a.id = l.account_id
       WHERE l.charge_id IN (SELECT charge_id FROM invoice_line WHERE invoice_id = $1) GROUP BY a.kind ORDER BY a.kind`,
      [invoice.id],
    );
    expect(rows).toEqual([
      { kind: 'concession_expense', fen: 4800 },
      { kind: 'funder_receivable', fen: 600 },
      { kind: 'resident_advance', fen: -4800 },
      { kind: 'resident_receivable', fen: 0 },
      { kind: 'service_revenue', fen: -5400 },
    ]);
    expect(await tiesFen()).toBe(0);
    await billing.eventually(async () => {
      const told = (await billing.told(CreditNoteIssued)).filter(({ invoiceId }) => invoiceId === invoice.id);
      expect(told.map(({ amountFen }) => amountFen)).toEqual([1000, 3800]);
    });
  });

  it('of a withdrawn invoice leave its charges to another, and its number used', async () => {
    const residentId = await eats(2);
    const invoice = await issueFor(residentId);
    const { body: voided } = await finance()
      .post(`/v1/invoices/${invoice.id}/void`)
      .send({ reason: 'wrong month' })
      .expect(200);
    expect(voided).toMatchObject({ status: 'void', number: invoice.number, creditedFen: 3200, openFen: 0 });
    const again = await issueFor(residentId);
    expect(again).toMatchObject({ lines: 2, amountFen: 3200, openFen: 3200 });
    expect(again.id).not.toBe(invoice.id);
    await finance().post(`/v1/invoices/${invoice.id}/void`).send({ reason: 'again' }).expect(409);
    expect(await tiesFen()).toBe(0);
  });
});

describe('a statement', () => {
  it('is the ledger’s account of a month: opening, movements, closing', async () => {
    const residentId = await eats(2);
    const invoice = await issueFor(residentId);
    await pay(invoice.id, 2000);
    await finance().post(`/v1/invoices/${invoice.id}/credit-notes`).send({ amountFen: 200 }).expect(201);
    const path = `/v1/statements?residentId=${residentId}&contractId=${billing.scene.contractId}&period=`;
    const { body: month } = await finance()
      .get(path + period)
      .expect(200);
    expect(month).toMatchObject({ openingFen: 0, closingFen: 1100, creditFen: 100 });
    const { body: next } = await finance().get(`${path}2026-12`).expect(200);
    expect(next).toMatchObject({ openingFen: 1100, lines: [], closingFen: 1100 });
  });
});

describe('invoices', () => {
  it('are nobody else’s to see, and a site manager sees those of the own site', async () => {
    const { body } = await billing.as(anOwner(newId())).get('/v1/invoices').expect(200);
    expect(body.items).toEqual([]);
    const { operatorId, siteId } = billing.scene;
    const own = await billing
      .as(aSiteManager(operatorId, [siteId]))
      .get('/v1/invoices')
      .expect(200);
    expect(own.body.items.length).toBeGreaterThan(0);
    const other = await billing
      .as(aSiteManager(operatorId, [newId()]))
      .get('/v1/invoices')
      .expect(200);
    expect(other.body.items).toEqual([]);
  });

  it.each([
    ['document_stays', `UPDATE invoice SET amount_fen = amount_fen + 1 WHERE status = 'issued'`],
    ['document_stays', `UPDATE invoice SET number = number + 1000 WHERE status = 'issued'`],
    [
      'document_stays',
      `DELETE FROM invoice_line WHERE invoice_id IN (SELECT id FROM invoice WHERE status = 'issued')`,
    ],
    ['document_stays', `UPDATE invoice SET status = 'draft' WHERE status = 'issued'`],
  ])('that are issued stay as they are: %s by %s', async (constraint, sql) => {
    await expect(billing.db.query(sql)).rejects.toMatchObject({ constraint });
  });

  it('can’t have the same charge twice', async () => {
    const twice = billing.db.query(
      `INSERT INTO invoice_line (id, operator_id, invoice_id, charge_id, sequence, site_id, kind, mode, service_day, minutes,
                                 quantity, gross_fen, funders_fen, operator_fen, amount_fen)
       SELECT gen_random_uuid(), operator_id, invoice_id, charge_id, sequence, site_id, kind, mode, service_day, minutes,
              quantity, gross_fen, funders_fen, operator_fen, amount_fen FROM invoice_line WHERE live LIMIT 1`,
    );
    await expect(twice).rejects.toMatchObject({ constraint: 'invoice_line_once' });
  });
});
