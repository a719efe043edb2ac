import { writeFileSync } from 'node:fs';
import { newId } from '@doorstep/kernel';
import { Database, runAs } from '@doorstep/platform';
import { pdfText, wholeFile } from '@doorstep/testing';
import { readSheet } from 'read-excel-file/node';
import {
  aResident,
  type Billing,
  DAY,
  delivered,
  held,
  setPrice,
  setProgramme,
  startBilling,
} from '../billing.harness';
import { CorrectionsService } from '../corrections/corrections.service';
import { aBill, line } from '../settlement-files/wechat-bill.examples';
import { aBankCsv, BANK_ACCOUNT } from '../statements/statements.examples';
import { TABLE_NAMES, type TableName } from './tables';

let billing: Billing;
let programmeId: string;
const period = DAY.slice(0, 7);
const call = () => billing.as(billing.finance);
const table = async (name: TableName) =>
  (await call().get(`/v1/reports/tables/${name}?period=${period}`).expect(200)).body;
const file = (name: TableName, format: string, more = '') =>
  call()
    .get(`/v1/reports/tables/${name}/file?period=${period}&format=${format}${more}`)
    .buffer(true)
    .parse(wholeFile);

beforeAll(async () => {
  billing = await startBilling();
  await setPrice(billing);
  programmeId = (await setProgramme(billing)).id;
  for (let i = 1; i <= 3; i++) {
    const person = aResident(billing.scene);
    const booking = held(billing.scene, person.residentId);
    await billing.deliver(person);
    await billing.deliver(booking);
    await billing.deliver(delivered(booking));
    const [merchantOrderNo, paidAt] = [`DS${i}`, `${DAY}T02:00:00Z`];
    const bookingIds = [booking.bookingId];
    const payment = { channel: 'wechat', merchantOrderNo, amountFen: 1_600, paidAt, bookingIds };
    if (i < 3) await call().post('/v1/payments').send(payment).expect(201);
  }
  const { funderId, contractId } = billing.scene;
  await call().post('/v1/claims').send({ funderId, contractId, period }).expect(201);
  const text = aBill({ lines: [line({ order: 'DS1', amount: '16.00', fee: '0.10000' })] });
  const { body } = await call()
    .post('/v1/settlement-files?channel=wechat')
    .set('content-type', 'text/csv')
    .send(text)
    .expect(201);
  await call().post('/v1/reconciliations').send({ settlementFileId: body.id }).expect(201);
});
afterAll(() => billing?.stop());

/** Two of three have paid; the channel's bill has one of them, and lacks the other. */
const FOUR_WAYS = [
  ...[5_400, 5_400, 0, 0, 5_400, 5_400, 3_200, 1_600, 600, 0],
  ...[1_600, 0, 10, 1_590, 0, 600, 1_600, 0],
];

it.each<[TableName, (string | number | null)[][]]>([
  ['four-way-by-contract', [['DS-1', ...FOUR_WAYS]]],
  ['four-way-by-day', [[DAY, ...FOUR_WAYS]]],
  ['four-way-by-funder', [['市民政局', 600, 600, 600, 0, 0, 0, 600, 600, 0, 0]]],
])('%s', async (name, rows) => expect((await table(name)).rows).toEqual(rows));

it('the others say what happened, each from its own books', async () => {
  expect((await table('four-way-by-site')).sums).toEqual([null, ...FOUR_WAYS]);
  expect((await table('subsidies')).rows).toMatchObject([
    ['补贴', '市民政局', '310101013001', expect.stringContaining('外滩站'), 3, 600, 600, 1_000_000, 999_400],
  ]);
  expect((await table('resident-shares')).rows).toMatchObject([
    [expect.stringContaining('外滩站'), 'meals', 3, 5_400, 4_800, 3_200, 1_600],
  ]);
  expect((await table('margin-inputs')).rows.map((row: unknown[]) => row.slice(1))).toEqual([
    ['meals', 'residents', 3, 4_800, 10],
    ['meals', '市民政局', 3, 600, 0],
  ]);
  expect((await table('payouts')).rows).toMatchObject([
    ['wechat 1900000109', 'DS-1', '', DAY, 1_590, 0, 1_590, ''],
  ]);
  const { sums } = await table('settlement-statement');
  expect([sums[3], sums[4] - sums[5], sums[6]]).toEqual([0, 0, 0]);
  const statement = (await table('reconciliation-statement')).rows;
  expect(statement).toEqual([
    ['wechat', 'taken', 2, 3_200],
    ['wechat', 'taken.confirmed', 1, 1_600],
    ['wechat', 'taken.missing_in_bill', 1, 1_600],
    ['wechat', 'due', 1, 1_590],
    ['wechat', 'due.ours', 1, 1_600],
    ['wechat', 'due.fees', 1, -10],
    ['wechat', 'due.at_bank', 0, 0],
    ['wechat', 'due.in_transit', 1, 1_590],
  ]);
});

it('each comes as CSV, as a workbook and on paper with Chinese characters', async () => {
  for (const name of TABLE_NAMES) {
    const { body: csv } = await file(name, 'csv').expect(200);
    expect(csv.toString('utf8')).toMatch(/^\uFEFF\p{L}/u);
    const { body: pdf } = await file(name, 'pdf').expect(200).expect('content-type', 'application/pdf');
    expect(pdf.subarray(0, 5).toString()).toBe('%PDF-');
    if (process.env.REPORTS_DIR) writeFileSync(`${process.env.REPORTS_DIR}/${name}.pdf`, pdf);
  }
  // Programs get the codes that stand in the JSON above; people get words.
  const said = async (name: TableName, language = '') =>
    (await file(name, 'csv', language).expect(200)).body.toString('utf8') as string;
  expect(await said('reconciliation-statement')).toContain('微信支付,  其中：差异 我方有、账单无,1,16.00');
  expect(await said('resident-shares')).toContain('外滩站,助餐,3,54.00');
  expect(await said('settlement-statement')).toMatch(/DS-1,服务收入,.*外滩站 助餐,/);
  expect(await said('payouts')).toContain('微信支付 1900000109,DS-1');
  const english = '&language=en';
  for (const name of TABLE_NAMES) expect(await said(name, english)).not.toMatch(/合计|居民|其中|渠道|账/);
  const [named, total] = [
    /WeChat Pay,"  of it, named: ours, not in the bill",1,16.00/,
    /\r\nTotal,,,6,54.00,/,
  ];
  expect(await said('reconciliation-statement', english)).toMatch(named);
  expect(await said('margin-inputs', english)).toMatch(total);
  const { body: paper } = await file('resident-shares', 'pdf', english).expect(200);
  expect(await pdfText(paper)).toContain("Residents' shares");
  await file('payouts', 'csv', '&language=fr').expect(400);
  const { body: book } = await file('four-way-by-day', 'xlsx').expect(200);
  const yuan = FOUR_WAYS.map((fen) => fen / 100);
  const { columns } = await table('four-way-by-day');
  expect(await readSheet(book)).toEqual([
    columns.map(({ titleZh }: { titleZh: string }) => titleZh),
    [DAY, ...yuan],
    ['合计', ...yuan],
  ]);
});

it('a name that a spreadsheet would run is neutralised', async () => {
  await billing.db.query(`UPDATE known_site SET name_zh = '站', code = '=cmd|x'`);
  const { body } = await file('resident-shares', 'csv').expect(200);
  expect(body.toString('utf8')).toContain(`'=cmd|x 站`);
});

it('an unknown report is not found', () =>
  call().get(`/v1/reports/tables/nothing?period=${period}`).expect(404));

/* Who can write into the tables themselves is found out by the books beside them. */
it.each([
  ['funders', 'UPDATE claim_line SET amount_fen = amount_fen + 100 * sign WHERE operator_id = $1', 300],
  [
    'channels_bank',
    'UPDATE expected_movement SET amount_fen = amount_fen + 100 * sign WHERE operator_id = $1',
    100,
  ],
])('the tie of %s breaks when one of its sides is changed alone', async (name, change, differenceFen) => {
  const { operatorId, contractId } = billing.scene;
  const ties = async (of = '') => {
    const { body } = await call().get(`/v1/reports/ties?period=${period}${of}`).expect(200);
    return body.ties.filter((tie: { difference: number }) => tie.difference !== 0);
  };
  const ofContract = `&contractId=${contractId}`;
  expect([...(await ties()), ...(await ties(ofContract))]).toEqual([]);
  await billing.db.query(change.replace('sign', '1'), [operatorId]);
  expect(await ties()).toMatchObject([{ name, difference: -differenceFen }]);
  expect(await ties(ofContract)).toMatchObject([{ name, difference: -differenceFen }]);
  await billing.db.query(change.replace('sign', '-1'), [operatorId]);
});

it('subsidies are those that stand: what was corrected since counts, claimed or not', async () => {
  const { funderId } = billing.scene;
  const { rows } = await billing.db.query(
    'SELECT charge_id AS "chargeId", programme_id AS "programmeId" FROM charge_share LIMIT 1',
  );
  const [{ chargeId, programmeId }] = rows;
  const { app } = billing.running;
  await runAs(billing.finance, () =>
    app.get(Database).write((tx) =>
      app
        .get(CorrectionsService)
        .post(tx, { reason: 'eligibility_changed', sourceType: 're_rating', sourceId: newId(), day: DAY }, [
          {
            ...{ chargeId, grossFen: 0, residentFen: 50, operatorFen: 0 },
            shares: [{ programmeId, funderId, payer: 'funder', amountFen: -50 }],
          },
        ]),
    ),
  );
  expect((await table('subsidies')).rows[0].slice(4, 7)).toEqual([3, 550, 600]);
});

it('the tie of claims and bank breaks when another amount is expected than was claimed', async () => {
  const { operatorId, contractId, funderId } = billing.scene;
  const { body: claims } = await call().get('/v1/claims?status=draft').expect(200);
  const [{ id }] = claims.items;
  await call().post(`/v1/claims/${id}/submit`).expect(200);
  const difference = async () => {
    const { body } = await call().get(`/v1/reports/ties?period=${period}`).expect(200);
    return body.ties.find((tie: { name: string }) => tie.name === 'claims_bank').difference;
  };
  expect(await difference()).toBe(0);
  await billing.db.query(
    `INSERT INTO expected_movement (id, operator_id, contract_id, kind, funder_id, source_id, day, amount_fen)
     VALUES ($1, $2, $3, 'claim', $4, $5, $6, 700)`,
    [newId(), operatorId, contractId, funderId, id, DAY],
  );
  expect(await difference()).toBe(-100);
});

it('a fee of one payment is shared out to the fen over what it paid', async () => {
  const [day, ...people] = ['2026-12-01', aResident(billing.scene), aResident(billing.scene)] as const;
  billing.clock.set(`${day}T06:00:00Z`);
  const at = { serviceDay: day, start: `${day}T03:00:00.000Z`, end: `${day}T04:30:00.000Z` };
  const bookings = people.map(({ residentId }) => held(billing.scene, residentId, at));
  await billing.deliver(...people);
  await billing.deliver(...bookings);
  await billing.deliver(...bookings.map((booking) => delivered(booking)));
  const paid = { channel: 'wechat', merchantOrderNo: 'BOTH', amountFen: 3_600, paidAt: `${day}T02:00:00Z` };
  const bookingIds = bookings.map(({ bookingId }) => bookingId);
  await call()
    .post('/v1/payments')
    .send({ ...paid, bookingIds })
    .expect(201);
  const text = aBill({
    lines: [
      line({ order: 'BOTH', amount: '36.00', fee: '0.11000', at: `${day} 10:00:00` }),
      line({ order: 'NOBODYS', amount: '5.00', fee: '0.03000', at: `${day} 10:05:00` }),
    ],
  });
  const { body: bill } = await call()
    .post('/v1/settlement-files?channel=wechat')
    .set('content-type', 'text/csv')
    .send(text)
    .expect(201);
  await call().post('/v1/reconciliations').send({ settlementFileId: bill.id }).expect(201);
  const { body } = await call().get('/v1/reports/tables/margin-inputs?period=2026-12').expect(200);
  expect(body.sums.slice(-1)).toEqual([11]);
  // From the bill to the payout: what is ours, less the fees, and what nobody has recorded.
  const url = '/v1/reports/tables/reconciliation-statement?period=2026-12';
  expect((await call().get(url).expect(200)).body.rows.slice(2, 6)).toEqual([
    ['wechat', 'due', 2, 4_086],
    ['wechat', 'due.ours', 1, 3_600],
    ['wechat', 'due.fees', 1, -11],
    ['wechat', 'due.unknown', 1, 497],
  ]);
});

it('a transfer has no bill: the statement of the bank says whether it came', async () => {
  const [day, person] = ['2027-01-04', aResident(billing.scene)];
  billing.clock.set(`${day}T06:00:00Z`);
  const at = { serviceDay: day, start: `${day}T03:00:00.000Z`, end: `${day}T04:30:00.000Z` };
  const booking = held(billing.scene, person.residentId, at);
  await billing.deliver(person, booking);
  for (const merchantOrderNo of ['TR000001', 'TR000002'])
    await call()
      .post('/v1/payments')
      .send({
        channel: 'bank',
        merchantOrderNo,
        amountFen: 800,
        paidAt: at.start,
        bookingIds: [booking.bookingId],
      })
      .expect(201);
  const { body: bank } = await call().post('/v1/statement-accounts').send(BANK_ACCOUNT).expect(201);
  await call()
    .post(`/v1/statement-files?accountId=${bank.id}`)
    .set('content-type', 'text/csv')
    .send(aBankCsv([[day, 800, 0, 'TR000001', '王某']]))
    .expect(201);
  await call().post('/v1/statement-matches').send({ accountId: bank.id }).expect(201);
  const url = '/v1/reports/tables/reconciliation-statement?period=2027-01';
  const { rows } = (await call().get(url).expect(200)).body;
  expect(rows.filter(([section]: string[]) => section === 'bank')).toEqual([
    ['bank', 'taken', 2, 1_600],
    ['bank', 'taken.at_bank', 1, 800],
    ['bank', 'taken.not_at_bank', 1, 800],
  ]);
  const tie = async () => {
    const { body } = await call().get('/v1/reports/ties?period=2027-01').expect(200);
    return body.ties.find((one: { name: string }) => one.name === 'transfers_bank');
  };
  expect(await tie()).toMatchObject({ left: { amount: 1_600 }, difference: 0 });
  await billing.db.query(
    `UPDATE expected_movement SET amount_fen = amount_fen + 1 WHERE reference = 'TR000002'`,
  );
  expect((await tie()).difference).toBe(-1);
});

it("a month's budget stands instead of the year's, in the report too", async () => {
  await billing
    .as(billing.administrator)
    .post(`/v1/programmes/${programmeId}/budgets`)
    .send({ period: '2026', amountFen: 7_000_000 })
    .expect(201);
  expect((await table('subsidies')).rows).toMatchObject([expect.arrayContaining([1_000_000, 999_400])]);
});
