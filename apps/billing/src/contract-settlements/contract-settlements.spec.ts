import { BillingChangeRecorded, ContractSettlementAgreed, type ContractMoney } from '@doorstep/contracts';
import { newId } from '@doorstep/kernel';
import { aFinanceOfficer, anAuthority, pdfText } from '@doorstep/testing';
import readXlsxFile from 'read-excel-file/node';
import { amountsOf, PATH, SHARE, startSettling } from './contract-settlements.harness';

type Story = Awaited<ReturnType<typeof startSettling>>;
let { billing, owner, other, call, tellContract, lunch, close, reopen, draw, agree, see } = {} as Story;
let { onStatement, balances, untied, paper } = {} as Story;
beforeAll(async () => {
  const story = await startSettling();
  ({ billing, owner, other, call, tellContract, lunch, close, reopen, draw, agree, see } = story);
  ({ onStatement, balances, untied, paper } = story);
});
afterAll(() => billing?.stop());

it('waits for the terms, the months and the turn of a cycle; of 64 who draw it at once one does', async () => {
  const { contractId } = billing.scene;
  expect((await draw(contractId, '2026-11', 409)).body.code).toBe('terms_not_told');
  const days: [string, string] = ['2026-11-01', '2027-02-11'];
  await tellContract(contractId, days, [['2026-11-01', SHARE]], false);
  expect((await draw(contractId, '2026-11', 409)).body.code).toBe('contract_not_begun');
  await tellContract(contractId, days, [['2026-11-01', SHARE]]);
  for (const day of ['2026-11-02', '2026-11-02', '2026-11-03']) await lunch(day);

  const { body: preview } = await call().get(`${PATH}/preview?contractId=${contractId}`).expect(200);
  expect(preview).toMatchObject({ period: '2026-11', sequence: 1, last: false, netFen: -120_765 });
  expect(preview.obstacles).toMatchObject([
    { code: 'months_open', reason: expect.stringContaining('2026-11') },
  ]);
  expect((await draw(contractId, '2026-11', 409)).body.code).toBe('months_open');
  expect((await draw(contractId, '2026-12', 409)).body.code).toBe('earlier_cycle_missing');
  expect((await draw(contractId, '2026-10', 409)).body.code).toBe('cycle_settled');

  billing.clock.set('2026-12-03T02:00:00Z');
  await close(contractId, '2026-11');
  const clients = Array.from({ length: 64 }, () => call().post(PATH).send({ contractId, period: '2026-11' }));
  const answers = await Promise.all(clients);
  const [drawn, ...more] = answers.filter(({ status }) => status === 201);
  expect(more).toEqual([]);
  expect(new Set(answers.filter((answer) => answer !== drawn).map(({ body }) => body.code))).toEqual(
    new Set(['settlement_draft_exists']),
  );
  // Three meals of 18 yuan less one yuan each: 51.00, of which the authority gets 15 %.
  expect(amountsOf(drawn.body)).toEqual({ revenue_share: 765, rent: 100_000, deposit: 20_000 });
  expect(drawn.body).toMatchObject({ status: 'draft', number: null, netFen: -120_765 });
  expect(drawn.body.lines[1]).toMatchObject({ concessionFen: 800_000, payer: 'operator' });
});

it('is agreed by another account, booked, told and seen at the bank when the operator has paid', async () => {
  const { contractId, authorityId } = billing.scene;
  const { body: list } = await call().get(`${PATH}?status=draft`).expect(200);
  const [{ id }] = list.items;
  expect((await agree(id, 403, billing.finance)).body.code).toBe('four_eyes');
  const byDrawer = { ...owner, id: billing.finance.id };
  expect((await agree(id, 403, byDrawer)).body.code).toBe('four_eyes');
  const answers = await Promise.all(
    [owner, other, owner, other].map((actor) =>
      call(actor).post(`${PATH}/${id}/agree`).send({ reference: '民函〔2026〕118号' }),
    ),
  );
  expect(answers.map(({ status }) => status).sort()).toEqual([200, 409, 409, 409]);
  const agreed = await see(id);
  expect(agreed).toMatchObject({
    status: 'agreed',
    number: 'CS-2026-000001',
    reference: '民函〔2026〕118号',
  });
  expect(await balances(contractId)).toMatchObject({
    ...{ authority_clearing: -120_765, revenue_share_expense: 765, rent_expense: 100_000 },
    contract_deposit: 20_000,
  });
  expect(await untied(contractId, '2026-12')).toEqual([0, 0]);
  await billing.eventually(async () => {
    const told = (await billing.told(ContractSettlementAgreed)).filter(
      ({ settlementId }) => settlementId === id,
    );
    expect(told).toMatchObject([
      {
        contractId,
        authorityId,
        number: 'CS-2026-000001',
        from: '2026-11-01',
        to: '2026-12-01',
        netFen: -120_765,
      },
    ]);
    expect(amountsOf(told[0])).toEqual({ revenue_share: 765, rent: 100_000, deposit: 20_000 });
  });

  const line = await onStatement('2026-12-03', -120_765, '付合同结算 CS-2026-000001');
  expect(await see(id)).toMatchObject({ status: 'settled', paidFen: -120_765 });
  expect(await balances(contractId)).toMatchObject({ authority_clearing: 0, bank: -120_765 });
  expect(await untied(contractId, '2026-12')).toEqual([0, 0]);
  await call().post(`/v1/statement-lines/${line}/undo`).send({ comment: '看错了' }).expect(200);
  expect(await see(id)).toMatchObject({ status: 'agreed', paidFen: 0 });
  expect(await balances(contractId)).toMatchObject({ authority_clearing: -120_765, bank: 0 });
  const { body: expected } = await call()
    .get('/v1/expected-movements?kind=contract_settlement&open=true')
    .expect(200);
  const byHand = { expectedIds: [expected.items[0].id], comment: '就是它' };
  await call().post(`/v1/statement-lines/${line}/match`).send(byHand).expect(200);
  expect(await see(id)).toMatchObject({ status: 'settled' });
  expect(await untied(contractId, '2026-12')).toEqual([0, 0]);
});

it('settles with the next one what became of months that were opened again, and nothing twice', async () => {
  const { contractId } = billing.scene;
  billing.clock.set('2027-01-04T02:00:00Z');
  await lunch('2026-12-07');
  await close(contractId, '2026-12');
  const stale = (await draw(contractId, '2026-12')).body;
  expect(amountsOf(stale)).toEqual({ revenue_share: 255, rent: 100_000, deposit: 0 });
  await reopen(contractId, '2026-11');
  expect((await agree(stale.id, 409)).body.code).toBe('months_open');
  await lunch('2026-11-20');
  await close(contractId, '2026-11');
  expect((await agree(stale.id, 409)).body.code).toBe('settlement_outdated');
  await call().post(`${PATH}/${stale.id}/withdraw`).expect(200);
  expect((await agree(stale.id, 409)).body.code).toBe('settlement_withdrawn');

  const { body: anew } = await draw(contractId, '2026-12');
  expect(anew.lines[0]).toMatchObject({
    ...{ kind: 'revenue_share', earlierFen: 765, ownFen: 255, changeFen: 255, dueFen: 1_275, amountFen: 510 },
  });
  await agree(anew.id);
  const [pdf, sheets] = [
    await pdfText(await paper(anew.id, 'pdf')),
    await readXlsxFile(await paper(anew.id, 'xlsx')),
  ];
  const words = '合同结算单 CS-2027-000001 乙方应付甲方 人民币壹仟零伍元壹角整 收入分成 前期调整';
  for (const word of words.split(' ')) expect(pdf).toContain(word);
  const [, summary, detail] = sheets.map(({ data }) => data);
  expect(summary.slice(1).map((row) => [row[0], row[6]])).toEqual([
    ['收入分成', 5.1],
    ['场地租金', 1000],
    ['履约保证金', 0],
  ]);
  expect(detail[1]).toEqual(
    ['收入分成', '2026-12-01 至 2026-12-31', 1, '收入 17.00 × 15.00 %', 2.55].map(asText),
  );
});
const asText = (cell: string | number, index: number) => (index === 2 ? String(cell) : cell);

it('ends with the contract: the deposit comes back, and what comes to light later is settled by itself', async () => {
  const { contractId } = billing.scene;
  billing.clock.set('2027-03-02T02:00:00Z');
  await close(contractId, '2027-01');
  await agree((await draw(contractId, '2027-01')).body.id);
  await close(contractId, '2027-02');
  const { body: last } = await draw(contractId, '2027-02');
  // Ten of February's 28 days.
  expect(amountsOf(last)).toEqual({ revenue_share: 0, rent: 35_714, deposit: -20_000 });
  expect(last).toMatchObject({ last: true, to: '2027-02-11', netFen: -15_714 });
  await agree(last.id);
  expect((await draw(contractId, '2027-02', 409)).body.code).toBe('nothing_to_settle');

  // A meal of the contract's days that is told late is booked in March, the first month that is open.
  await lunch('2027-02-08');
  expect((await draw(contractId, '2027-02', 409)).body.code).toBe('nothing_to_settle');
  billing.clock.set('2027-04-02T02:00:00Z');
  await close(contractId, '2027-03');
  const { body: closing } = await draw(contractId, '2027-02');
  expect(closing).toMatchObject({ cycle: 'closing', sequence: 5, netFen: -255 });
  await agree(closing.id);
  expect(await balances(contractId)).toMatchObject({ contract_deposit: 0, revenue_share_expense: 1_530 });
  for (const period of ['2026-12', '2027-01', '2027-03', '2027-04'])
    expect(await untied(contractId, period)).toEqual([0, 0]);
});

it('brings in what the authority owes, by amendments, and what nothing has to be paid for is settled at once', async () => {
  const contractId = newId();
  const fee = { model: 'management_fee', amountFen: 300_000 } as const;
  const terms = (amountFen: number): ContractMoney => ({
    settlementCycle: 'quarterly',
    fee: { ...fee, amountFen },
  });
  await tellContract(
    contractId,
    ['2026-11-16', '2027-03-31'],
    [
      ['2026-11-16', { settlementCycle: 'quarterly' }],
      ['2027-01-01', terms(900_000)],
      ['2027-02-01', terms(450_000)],
    ],
  );
  // The months before it are closed with it.
  await close(contractId, '2027-03');
  expect((await draw(contractId, '2026-11', 409)).body.code).toBe('cycle_goes_on');
  const { body: free } = await draw(contractId, '2026-12');
  expect(free).toMatchObject({ from: '2026-11-16', to: '2027-01-01', netFen: 0, lines: [] });
  expect((await agree(free.id)).body).toMatchObject({ status: 'settled', number: 'CS-2027-000005' });
  const { body: quarter } = await draw(contractId, '2027-03');
  // 31 of 90 days at 9,000.00 and 58 at 4,500.00.
  expect(quarter).toMatchObject({ netFen: 600_000, last: true });
  expect((await agree(quarter.id)).body.number).toBe('CS-2027-000006');
  const halves = [await onStatement('2027-04-05', 200_000, 'CS-2027-000006 首付')];
  expect(await see(quarter.id)).toMatchObject({ status: 'agreed', paidFen: 0 });
  halves.push(await onStatement('2027-04-06', 400_000, 'CS-2027-000006 尾款'));
  expect(await see(quarter.id)).toMatchObject({ status: 'settled', paidFen: 600_000 });
  expect(await balances(contractId)).toMatchObject({
    ...{ authority_clearing: 0, bank: 600_000, contract_fee_income: -600_000 },
  });
  await call().post(`/v1/statement-lines/${halves[1]}/undo`).send({ comment: '退回' }).expect(200);
  expect(await see(quarter.id)).toMatchObject({ status: 'agreed', paidFen: 200_000 });
  expect(await untied(contractId, '2027-04')).toEqual([0, 0]);
  const { body: report } = await call()
    .get(`/v1/reports/tables/settlement-statement?period=2027-04&contractId=${contractId}`)
    .expect(200);
  expect(report.rows.map(([, account]: string[]) => account).sort()).toEqual([
    'authority_clearing',
    'bank',
    'contract_fee_income',
  ]);
});

it('begins in the middle of a contract with what was settled elsewhere, once', async () => {
  const contractId = newId();
  const fee = { model: 'management_fee', amountFen: 300_000 } as const;
  const { rent, depositFen, settlementCycle } = SHARE;
  const terms = { settlementCycle, fee, rent, depositFen };
  await tellContract(contractId, ['2025-01-01', '2029-01-01'], [['2025-01-01', terms]]);
  await close(contractId, '2027-02');
  // 24 months before; of the rent five fen were forgotten.
  const settledElsewhere = [
    { kind: 'management_fee', amountFen: 24 * 300_000 },
    { kind: 'rent', amountFen: 24 * 100_000 - 5 },
    { kind: 'deposit', amountFen: 20_000 },
  ];
  const begin = (period: string, expected: number) =>
    call().post(PATH).send({ contractId, period, settledElsewhere }).expect(expected);
  expect((await begin('2030-01', 422)).body.code).toBe('no_such_cycle');
  const { body: first } = await begin('2027-01', 201);
  expect(amountsOf(first)).toEqual({ management_fee: 300_000, rent: 100_005, deposit: 0 });
  expect(first).toMatchObject({ sequence: 1, from: '2027-01-01', netFen: 199_995 });
  await agree(first.id);
  expect((await begin('2027-02', 409)).body.code).toBe('settled_here');
  const { body: second } = await draw(contractId, '2027-02');
  expect(amountsOf(second)).toEqual({ management_fee: 300_000, rent: 100_000, deposit: 0 });
  await agree(second.id);
  expect(await balances(contractId)).toMatchObject({ contract_fee_income: -600_000, rent_expense: 200_005 });
});

it('is settled too when what never came is given up, and open again when that is taken back', async () => {
  const { contractId } = billing.scene;
  const { body: agreed } = await call().get(`${PATH}?status=agreed&contractId=${contractId}`).expect(200);
  const { id, netFen } = agreed.items[agreed.items.length - 1];
  await onStatement('2027-04-20', 3, '结息');
  const missing = '/v1/exceptions?status=open&type=missing_in_statement&limit=200';
  const { body: open } = await call().get(missing).expect(200);
  const exception = open.items.find((one: { oursFen: number }) => one.oursFen === netFen);
  const said = { comment: '双方同意免付', contractId };
  await call().post(`/v1/exceptions/${exception.id}/write-off`).send(said).expect(200);
  expect(await see(id)).toMatchObject({ status: 'settled', paidFen: 0, givenUpFen: netFen });
  expect(await balances(contractId)).toMatchObject({ reconciliation_differences: netFen });
  expect(await untied(contractId, '2027-04')).toEqual([0, 0]);
  await call().post(`/v1/exceptions/${exception.id}/reopen`).send({ comment: '仍须支付' }).expect(200);
  expect(await see(id)).toMatchObject({ status: 'agreed', givenUpFen: 0 });
  const told = await billing.told(BillingChangeRecorded);
  expect(told.filter(({ entity }) => entity === id).map(({ action }) => action)).toEqual([
    'contract-settlements:draw',
    'contract-settlements:agree',
  ]);
});

it('is seen by its parties alone, and changed past the service by nobody', async () => {
  const { operatorId, authorityId, contractId } = billing.scene;
  const { body: mine } = await call().get(`${PATH}?contractId=${contractId}&limit=200`).expect(200);
  const [{ id }] = mine.items;
  const authority = anAuthority('3101', { organisationId: authorityId });
  expect((await see(id, authority)).lines).toHaveLength(3);
  await call(authority).get(`${PATH}/preview?contractId=${contractId}`).expect(403);
  await call(authority).post(`${PATH}/${id}/agree`).send({ reference: 'x' }).expect(403);
  for (const stranger of [anAuthority('3101'), aFinanceOfficer(newId())]) {
    await call(stranger).get(`${PATH}/${id}`).expect(404);
    expect((await call(stranger).get(PATH).expect(200)).body.items).toEqual([]);
  }
  const elsewhere = aFinanceOfficer(newId());
  await call(elsewhere).post(`${PATH}/${id}/agree`).send({ reference: 'x' }).expect(404);
  await call(elsewhere).post(PATH).send({ contractId, period: '2027-02' }).expect(404);
  await call(elsewhere).get(`${PATH}/preview?contractId=${contractId}`).expect(404);

  const refused = (sql: string, ...values: unknown[]) => expect(billing.db.query(sql, values)).rejects;
  await refused(`UPDATE contract_settlement SET net_fen = 1 WHERE id = $1`, id).toThrow('not changed once');
  await refused(`UPDATE contract_settlement SET status = 'withdrawn' WHERE id = $1`, id).toThrow(
    'not changed once',
  );
  const insert = `INSERT INTO contract_settlement (id, operator_id, contract_id, authority_id, sequence, kind, from_day, to_day, last,
    status, net_fen, drawn_by, drawn_at) VALUES ($1, $2, $3, $4, $5, 'monthly', $6, $7, false, 'draft', $8, $1, now())`;
  const row = (sequence: number, from: string, to: string, netFen = 0) =>
    [newId(), operatorId, contractId, authorityId, sequence, from, to, netFen] as const;
  await refused(insert, ...row(6, '2027-03-01', '2027-04-01')).toThrow('where this one begins');
  await refused(insert, ...row(1, '2027-05-01', '2027-06-01')).toThrow('contract_settlement_once');
  const none = newId();
  await refused(insert, ...row(1, '2026-11-01', '2026-12-01', 7).with(2, none)).toThrow(
    'do not come to its net',
  );
});
