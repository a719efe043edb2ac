import { newId, sumFen } from '@doorstep/kernel';
import { anOwner } from '@doorstep/testing';
import fc from 'fast-check';
import { aFundFlow } from '../statements/statements.examples';
import { startMatching, type Row } from './matches.harness';

type Story = Awaited<ReturnType<typeof startMatching>>;
let { billing, call, anAccount, expecting, aClaim, stated, run, lineOf, balances, openExceptions } =
  {} as Story;
let story: Story;
beforeAll(async () => {
  story = await startMatching();
  ({ billing, call, anAccount, expecting, aClaim, stated, run, lineOf, balances, openExceptions } = story);
});
beforeEach(() => story.begin());
afterAll(() => story?.billing.stop());

describe('the steps', () => {
  it('find a number in the text first, twins one by one', async () => {
    await aClaim(1_000, 'C202611-01-AAAAAA');
    await expecting(500, { kind: 'payment', channel: 'bank', reference: 'DS0001' });
    await expecting(500, { kind: 'payment', channel: 'bank', reference: 'DS0001' });
    await stated([
      ['2026-11-05', 1_000, 0, '补贴 C202611-01-AAAAAA', '市民政局'],
      ['2026-11-05', 500, 0, 'DS0001', '王某'],
      ['2026-11-05', 500, 0, 'DS0001', '王某'],
      ['2026-11-05', 500, 0, 'DS0001', '王某'],
    ]);
    expect((await run()).matched).toMatchObject({ reference: 3 });
    expect(await openExceptions()).toEqual(['unknown_in_statement 500']);
    expect(await balances()).toEqual({ bank: 2_000, remittance_clearing: -1_000, channel_clearing: -1_000 });
  });

  it("group a channel's day over contracts, and several days, net of fees", async () => {
    const other = newId();
    await expecting(100_000);
    await expecting(78_941, { contract_id: other });
    await expecting(-500, { contract_id: newId(), kind: 'channel_remainder' });
    for (const [day, fen] of [
      ['2026-11-06', 1_000],
      ['2026-11-07', 2_000],
      ['2026-11-08', 4_000],
    ] as const)
      await expecting(fen, { day });
    const [first, weekend] = await stated([
      ['2026-11-03', 178_441, 0, '结算款', '财付通支付科技有限公司'],
      ['2026-11-09', 7_000, 0, '结算款', '财付通支付科技有限公司'],
    ]);
    expect((await run()).matched).toMatchObject({ payout: 2 });
    expect((await lineOf(first)).allocations.map((a: { amountFen: number }) => a.amountFen).sort()).toEqual([
      -500, 100_000, 78_941,
    ]);
    expect((await lineOf(weekend)).allocations).toHaveLength(3);
    expect(await balances()).toEqual({ bank: 185_441, bank_in_transit: -185_941, unassigned_receipts: 500 });
  });

  it('give equal payouts to equal days, the oldest first, and leave the third open', async () => {
    await expecting(1_000, { day: '2026-11-02' });
    await expecting(1_000, { day: '2026-11-03' });
    await stated([1, 2, 3].map((): Row => ['2026-11-04', 1_000, 0, '结算款', '财付通']));
    expect((await run()).matched).toMatchObject({ payout: 2 });
    expect(await openExceptions()).toEqual(['unknown_in_statement 1000']);
  });

  it('see one for several and several for one', async () => {
    const claims = await Promise.all([
      aClaim(1_000, 'C-AAAA-1'),
      aClaim(2_000, 'C-AAAA-2'),
      aClaim(9_000, 'C-BBBB-1'),
    ]);
    const lines = await stated([
      ['2026-11-05', 3_000, 0, 'C-AAAA-1/C-AAAA-2', '财政'],
      ['2026-11-06', 4_000, 0, 'C-BBBB-1', '财政'],
      ['2026-11-07', 5_000, 0, 'C-BBBB-1', '财政'],
    ]);
    expect((await run()).matched).toMatchObject({ one_to_many: 1, many_to_one: 2 });
    for (const line of lines) expect(await lineOf(line)).toMatchObject({ matchedFen: expect.any(Number) });
    const { body } = await call().get('/v1/expected-movements?open=false').expect(200);
    expect(body.items.map(({ id }: { id: string }) => id).sort()).toEqual([...claims].sort());
  });

  it('leave to people what gives back part of itself, and what several funders could have paid', async () => {
    const [one, other] = [newId(), newId()];
    await aClaim(8_000, 'C-BBBB-1');
    for (const reference of ['C-NNNN-1', 'C-NNNN-2']) {
      await aClaim(500, reference, { funder_id: one, party: '民政局' });
      await aClaim(500, reference.replace('N', 'M'), { funder_id: other, party: '市民政局' });
    }
    await stated([
      ['2026-11-06', 9_000, 0, 'C-BBBB-1', '财政'],
      ['2026-11-07', 0, 1_000, 'C-BBBB-1 退回', '财政'],
      ['2026-11-07', 1_000, 0, '拨付', '市民政局'],
    ]);
    expect((await run()).matched).toMatchObject({ many_to_one: 0, one_to_many: 0 });
    expect(await balances()).toEqual({});
  });

  it('see what was paid out in parts', async () => {
    await expecting(-3_000, { kind: 'refund', channel: 'bank', reference: 'RF0001' });
    await stated([
      ['2026-11-06', 0, 1_000, 'RF0001', '王某'],
      ['2026-11-07', 0, 2_000, 'RF0001', '王某'],
    ]);
    expect((await run()).matched).toMatchObject({ many_to_one: 2 });
    expect(await balances()).toEqual({ bank: -3_000, channel_clearing: 3_000 });
  });

  it('follow a list of the funder to the claims that one payment is for', async () => {
    const list = await anAccount({
      ...{ kind: 'funder', funderId: billing.scene.funderId, layout: 'mapped' },
      mapping: { columns: { day: '日期', amount: '金额', referenceNo: '单号' }, dayOrder: 'ymd' },
    });
    await Promise.all([aClaim(1_000, 'C-CCCC-1'), aClaim(2_000, 'C-CCCC-2'), aClaim(7_000, 'C-CCCC-3')]);
    const csv =
      '日期,单号,金额\n2026-11-05,C-CCCC-1,10.00\n2026-11-05,C-CCCC-2,20.00\n2026-11-05,C-XXXX-9,1.00\n';
    await call()
      .post(`/v1/statement-files?accountId=${list}`)
      .set('content-type', 'text/csv')
      .send(csv.replace(/.*XXXX.*\n/, ''))
      .expect(201);
    expect((await run(list)).matched).toEqual({ reference: 2 });
    await stated([['2026-11-06', 3_000, 0, '拨付', '市民政局 国库']]);
    expect((await run()).matched).toMatchObject({ one_to_many: 1 });
    expect(await balances()).toEqual({ bank: 3_000, remittance_clearing: -3_000 });
  });

  it('forgive what the tolerance forgives, and name it', async () => {
    await billing
      .as({ ...anOwner(billing.finance.operatorId as string) })
      .post('/v1/reconciliation-terms')
      .send({
        from: '2026-01-01',
        toleranceFen: 5,
        writeOffMaxFen: 100,
        fourEyesAboveFen: 10,
        confirmationsNeeded: 2,
        overdueDays: 3,
      })
      .expect(201);
    await aClaim(1_000, 'C-DDDD-1');
    const [line] = await stated([['2026-11-05', 997, 0, 'C-DDDD-1', '市民政局']]);
    expect((await run()).matched).toMatchObject({ tolerance: 1 });
    expect((await lineOf(line)).allocations).toMatchObject([
      { amountFen: 1_000 },
      { amountFen: -3, exceptionId: expect.any(String) },
    ]);
    expect(await balances()).toEqual({
      bank: 997,
      remittance_clearing: -1_000,
      reconciliation_differences: 3,
    });
  });

  it("tie a channel's own account to its bills and its payouts to the bank", async () => {
    const flow = await anAccount({ kind: 'channel', channel: 'wechat', layout: 'wechat_fund_flow' });
    const fileId = newId();
    const { operatorId } = billing.finance;
    await billing.db.query(
      `INSERT INTO settlement_file (id, operator_id, channel, layout, part, merchant_no, bill_day, sha256, bytes, lines, payments_fen,
         refunds_fen, fees_fen, summary, status, uploaded_by, uploaded_at)
       VALUES ($1, $2, 'wechat', 'x', 'all', '1', '2026-11-02', $3, 1, 2, 3600, 0, 22, '{}', 'imported', $2, now())`,
      [fileId, operatorId, fileId.replaceAll('-', '').repeat(2)],
    );
    await billing.db.query(
      `INSERT INTO settlement_line (operator_id, file_id, line_no, kind, at, channel_order_no, merchant_order_no, amount_fen, order_fen, fee_fen)
       SELECT $1, $2, n, 'payment', '2026-11-02T04:00:00Z', '4200' || n, 'DS' || n, 1800, 1800, 11 FROM generate_series(1, 2) AS n`,
      [operatorId, fileId],
    );
    const fee = { type: '扣除交易手续费', direction: '支出' as const, fen: 11 };
    const text = aFundFlow([
      { orderNo: '42001' },
      { orderNo: '42001', ...fee },
      { orderNo: '42002' },
      { orderNo: '42002', ...fee },
      { orderNo: '42009' },
      { type: '提现', direction: '支出', fen: 3_578, voucherNo: 'V77' },
    ]);
    await call()
      .post(`/v1/statement-files?accountId=${flow}`)
      .set('content-type', 'text/csv')
      .send(text)
      .expect(201);
    await stated([['2026-11-03', 3_578, 0, '提现 V77', '财付通']]);
    expect((await run(flow)).matched).toEqual({ channel_id: 4, payout: 1 });
    expect(await openExceptions()).toEqual(['unknown_in_statement 1800']);
  });
});

const SHAPES = ['one', 'several', 'net', 'parts', 'back'] as const;
const aGroup = fc.record({
  shape: fc.constantFrom(...SHAPES),
  fens: fc.array(fc.integer({ min: 10, max: 50_000 }), { minLength: 2, maxLength: 5 }),
  offFen: fc.constantFrom(0, 0, 0, 1, -1),
});
type Group = typeof aGroup extends fc.Arbitrary<infer T> ? T : never;

/** What is expected, and the lines that pay it, all by one word; a fen off, and nothing of it fits. */
function playedOut({ shape, fens, offFen }: Group): { expected: number[]; lines: number[] } {
  const whole = sumFen(fens);
  if (shape === 'one') return { expected: [fens[0]], lines: [fens[0] + offFen] };
  if (shape === 'several') return { expected: fens, lines: [whole + offFen] };
  if (shape === 'net') return { expected: [2 * whole, ...fens.map((fen) => -fen)], lines: [whole + offFen] };
  if (shape === 'parts') return { expected: [whole + offFen], lines: fens };
  return { expected: [-whole - offFen], lines: fens.map((fen) => -fen) };
}

it('any groups of lines and of what is expected: allocations are unique and make their lines, and nothing else fits', () =>
  fc.assert(
    fc.asyncProperty(
      fc.array(aGroup, { minLength: 1, maxLength: 10 }),
      fc.array(fc.integer({ min: 10, max: 90_000 }), { minLength: 2, maxLength: 4 }),
      fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 3 }),
      async (groups, contracts, cuts) => {
        await story.begin();
        // A channel's day over several contracts, paid out in one line or more.
        for (const fen of contracts) await expecting(fen, { contract_id: newId() });
        const payouts = cuts.reduce(([rest, ...done], cut) => [rest - cut, ...done, cut], [
          sumFen(contracts),
        ] as number[]);
        const rows = payouts.map((fen): Row => ['2026-11-04', fen, 0, '结算款', '财付通']);
        let fitFen = sumFen(contracts);
        for (const [index, group] of groups.entries()) {
          const { expected, lines } = playedOut(group);
          const words = expected.map((_, place) => `W${index}X${place}W`);
          for (const [place, fen] of expected.entries())
            await expecting(fen, {
              kind: fen > 0 ? 'payment' : 'refund',
              channel: 'bank',
              reference: words[place],
            });
          for (const fen of lines)
            rows.push(['2026-11-05', Math.max(fen, 0), Math.max(-fen, 0), words.join('/'), '王某']);
          if (group.offFen === 0) fitFen += sumFen(lines);
        }
        await stated(rows);
        await run();
        const { rows: wrong } = await billing.db.query(
          `WITH mine AS (SELECT * FROM statement_allocation WHERE operator_id = $1)
           SELECT 'line' AS what, l.id::text FROM statement_line l LEFT JOIN mine a ON a.line_id = l.id WHERE l.operator_id = $1
           GROUP BY l.id HAVING coalesce(sum(a.amount_fen), 0) NOT IN (0, l.amount_fen) OR coalesce(sum(a.amount_fen), 0) <> l.matched_fen
             OR (l.matched_fen = 0 AND count(a.id) > 0)
           UNION ALL
           SELECT 'expected', e.id::text FROM expected_movement e LEFT JOIN mine a ON a.expected_id = e.id WHERE e.operator_id = $1
           GROUP BY e.id HAVING coalesce(sum(a.amount_fen), 0) <> e.matched_fen OR e.matched_fen NOT IN (0, e.amount_fen)
           UNION ALL
           SELECT 'twice', line_id::text FROM mine GROUP BY line_id, expected_id HAVING count(*) > 1`,
          [billing.finance.operatorId],
        );
        expect(wrong).toEqual([]);
        expect((await balances()).bank ?? 0).toBe(fitFen);
        const { matched } = await run();
        expect(Object.values(matched as Record<string, number>).filter((lines) => lines > 0)).toEqual([]);
      },
    ),
    { numRuns: 8 },
  ));
