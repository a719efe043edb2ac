import { newId } from '@doorstep/kernel';
import { aFrontEnd, anOwner, pdfText, wholeFile } from '@doorstep/testing';
import { type Billing, aResident, DAY, delivered, held, setPrice, startBilling } from '../billing.harness';

const period = DAY.slice(0, 7);
let billing: Billing;
let residentId: string;
let invoiceId: string;
let paymentId: string;

beforeAll(async () => {
  billing = await startBilling();
  await setPrice(billing);
  const resident = aResident(billing.scene);
  ({ residentId } = resident);
  await billing.deliver(resident);
  const bookings = Array.from({ length: 40 }, () => held(billing.scene, residentId));
  await billing.deliver(...bookings);
  await billing.deliver(...bookings.map((booking) => delivered(booking)));
  const finance = billing.as(billing.finance);
  await finance.post('/v1/invoices/issue').send({ contractId: billing.scene.contractId, period }).expect(200);
  invoiceId = (await finance.get('/v1/invoices').expect(200)).body.items[0].id;
  const payment = {
    channel: 'wechat',
    merchantOrderNo: newId(),
    amountFen: 5000,
    paidAt: `${DAY}T04:00:00Z`,
  };
  const { body } = await finance.post(`/v1/invoices/${invoiceId}/payments`).send(payment).expect(201);
  paymentId = body.payment.id;
}, 60_000);
afterAll(() => billing?.stop());

async function printed(path: string, body: object): Promise<Buffer> {
  const answer = await billing
    .as(aFrontEnd(billing.scene.operatorId))
    .post(path)
    .send(body)
    .buffer(true)
    .parse(wholeFile)
    .expect(200)
    .expect('content-type', /application\/pdf/)
    .expect('cache-control', 'no-store');
  return answer.body as Buffer;
}

const pagesOf = (pdf: Buffer) => pdf.toString('latin1').match(/\/Type \/Page\b/g)?.length;

describe('papers', () => {
  it('carry every line, the sums, the name that was passed, and their pages', async () => {
    const pdf = await printed(`/v1/invoices/${invoiceId}/print`, { addressee: '王秀英' });
    expect(pdf.subarray(0, 5).toString()).toBe('%PDF-');
    expect(pagesOf(pdf)).toBe(2);
    const text = await pdfText(pdf);
    for (const word of ['服务账单', 'INV-2026-000001', '王秀英', residentId, '外滩站', '720.00', '670.00'])
      expect(text).toContain(word);
    expect(text.match(/2026-11-02 +外滩站 +助餐/g)).toHaveLength(40);
    expect(text).toContain('人民币陆佰柒拾元整');
    expect(text).toMatch(/第\s*2\s*页\s*\/\s*共\s*2\s*页/);
  });

  it('keep the name nowhere', async () => {
    const { rows } = await billing.db.query(
      `SELECT count(*)::int AS times FROM idempotency_key WHERE result::text LIKE '%王秀英%'
       UNION ALL SELECT count(*)::int FROM invoice i WHERE i::text LIKE '%王秀英%'`,
    );
    expect(rows.map(({ times }) => times)).toEqual([0, 0]);
  });

  it('are made of receipts, credit notes and statements too, in both languages', async () => {
    const finance = billing.as(billing.finance);
    const { body: note } = await finance
      .post(`/v1/invoices/${invoiceId}/credit-notes`)
      .send({ amountFen: 700, comment: '饭菜已凉' })
      .expect(201);
    const { body: receipt } = await finance.post('/v1/receipts').send({ paymentId }).expect(201);
    const month = { residentId, contractId: billing.scene.contractId, period };
    const papers = await Promise.all([
      printed(`/v1/credit-notes/${note.id}/print`, {}),
      printed(`/v1/receipts/${receipt.id}/print`, { addressee: 'Mrs Wang', language: 'en' }),
      printed('/v1/statements/print', { ...month, language: 'en' }),
      printed(`/v1/invoices/${invoiceId}/print`, { language: 'en' }),
    ]);
    const texts = await Promise.all(papers.map(pdfText));
    const expected = ['饭菜已凉', 'Mrs Wang', 'Closing balance', 'Balance due'];
    texts.forEach((text, index) => expect(text).toContain(expected[index]));
  });

  it('are nobody else’s', async () => {
    await billing.as(anOwner(newId())).post(`/v1/invoices/${invoiceId}/print`).send({}).expect(404);
  });
});
