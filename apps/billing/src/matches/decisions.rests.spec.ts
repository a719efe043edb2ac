import { newId } from '@doorstep/kernel';
import { anOwner } from '@doorstep/testing';
import fc from 'fast-check';
import { aScene, contractNews } from '../billing.harness';
import { startMatching } from './matches.harness';

type Story = Awaited<ReturnType<typeof startMatching>>;
let { billing, call, aClaim, stated, run, lineOf, balances, openExceptions } = {} as Story;
let story: Story;
beforeAll(async () => {
  story = await startMatching();
  ({ billing, call, aClaim, stated, run, lineOf, balances, openExceptions } = story);
});
beforeEach(async () => {
  await story.begin();
  const operatorId = billing.finance.operatorId as string;
  await billing.deliver(contractNews(aScene({ operatorId }), { number: newId() }));
});
afterAll(() => story?.billing.stop());
afterEach(whole);

const line = (id: number, what: string, body: object) =>
  call()
    .post(`/v1/statement-lines/${id}/${what}`)
    .send({ comment: '电话确认', ...body });
const match = (id: number, expectedIds: string[], leaveRest?: boolean) =>
  line(id, 'match', { expectedIds, ...(leaveRest !== undefined && { leaveRest }) });
const undo = (id: number, matchId?: string) => line(id, 'undo', { ...(matchId && { matchId }) });
const on = (id: string, what: string, actor = billing.finance) =>
  billing.as(actor).post(`/v1/exceptions/${id}/${what}`).send({ comment: 'x' });
const exceptionOf = async (lineId: number) =>
  (await call().get('/v1/exceptions?type=unknown_in_statement&limit=200').expect(200)).body.items.find(
    (one: { statementLineId: number }) => one.statementLineId === lineId,
  );
const matchIds = async (id: number): Promise<string[]> =>
  (await lineOf(id)).allocations
    .filter(({ undoneAt }: { undoneAt: string | null }) => !undoneAt)
    .map(({ matchId }: { matchId: string }) => matchId);

/** To the fen: what a line is for and what is open of it make it; what is open has its name; the bank's books have the rest. */
async function whole(): Promise<void> {
  const { rows } = await billing.db.query(
    `WITH l AS (
       SELECT l.*, coalesce((SELECT sum(a.amount_fen) FROM statement_allocation AS a
                             WHERE a.line_id = l.id AND a.undone_at IS NULL), 0) AS fen
       FROM statement_line AS l WHERE l.operator_id = $1)
     SELECT 'line' AS what, id::text FROM l WHERE fen <> matched_fen OR rest_fen <> CASE fen WHEN 0 THEN 0 ELSE amount_fen - fen END
     UNION ALL SELECT 'named', l.id::text FROM l LEFT JOIN reconciliation_exception AS x ON x.statement_line_id = l.id
       AND x.type = 'unknown_in_statement' AND (x.status <> 'resolved' OR x.resolution <> 'explained')
       WHERE coalesce(CASE x.resolution WHEN 'written_off' THEN 0 ELSE x.difference_fen END, 0) <> l.amount_fen - l.fen
     UNION ALL SELECT 'expected', e.id::text FROM expected_movement AS e WHERE e.operator_id = $1 AND e.matched_fen <> coalesce((
       SELECT sum(a.amount_fen) FROM statement_allocation AS a WHERE a.expected_id = e.id AND a.undone_at IS NULL), 0)`,
    [billing.finance.operatorId],
  );
  expect(rows).toEqual([]);
  const { rows: sums } = await billing.db.query(
    `SELECT coalesce(sum(matched_fen), 0)::bigint AS fen FROM statement_line WHERE operator_id = $1`,
    [billing.finance.operatorId],
  );
  expect((await balances()).bank ?? 0).toBe(Number(sums[0].fen));
  const { body: ties } = await call().get('/v1/reports/ties?period=2026-11').expect(200);
  expect(ties.differenceFen).toBe(0);
}

it('a line that brings more is matched with what is known of it; the rest keeps its name and finds its own', async () => {
  const [claim, later] = [await aClaim(1_000, 'C-RRRR-1'), await aClaim(400, 'C-RRRR-2')];
  const [id] = await stated([['2026-11-05', 1_200, 0, '拨款', '某局']]);
  await run();
  const { body: refused } = await match(id, [claim]).expect(409);
  expect(refused).toMatchObject({ code: 'amounts_differ', mend: expect.stringContaining('leaveRest') });
  const { body: matched } = await match(id, [claim], true).expect(200);
  expect(matched).toMatchObject({ amountFen: 1_200, matchedFen: 1_000, restFen: 200 });
  expect(await openExceptions()).toEqual(['unknown_in_statement 200']);
  expect(await balances()).toEqual({ bank: 1_000, remittance_clearing: -1_000 });
  // The rest is nobody's by itself: no step takes it, and the statement isn't done.
  expect(await run()).toMatchObject({ lines: 0, suggested: 0 });
  expect(await openExceptions()).toEqual(['unknown_in_statement 200']);
  const { body: statements } = await call().get(`/v1/account-statements?accountId=${story.accountId()}`);
  expect(statements.items).toMatchObject([{ lines: 1, matched: 0 }]);
  const { body: table } = await call()
    .get('/v1/reports/tables/reconciliation-statement?period=2026-11')
    .expect(200);
  expect(table.rows.map((row: unknown[]) => row.slice(1))).toEqual(
    expect.arrayContaining([
      ['moved.matched', 1, 1_000],
      ['moved.unmatched', 1, 200],
    ]),
  );
  expect((await match(id, [claim], true).expect(409)).body.code).toBe('amounts_differ');

  // Of a further claim it pays a part; that is all of it.
  expect((await match(id, [later]).expect(200)).body).toMatchObject({ matchedFen: 1_200, restFen: 0 });
  expect(await openExceptions()).toEqual([]);
  expect((await match(id, [later]).expect(409)).body.code).toBe('line_matched');
  const [first, second] = await matchIds(id);
  expect((await undo(id, first).expect(200)).body).toMatchObject({ matchedFen: 200, restFen: 1_000 });
  expect(await openExceptions()).toEqual(['unknown_in_statement 1000']);
  expect((await undo(id, first).expect(409)).body.code).toBe('line_not_matched');
  await whole();
  // What the line pays already is not matched with it a second time beside that.
  expect((await match(id, [later], true).expect(409)).body.code).toBe('matched_with_it');
  expect((await undo(id, second).expect(200)).body).toMatchObject({ matchedFen: 0, restFen: 0 });
  expect(await openExceptions()).toEqual(['unknown_in_statement 1200']);
});

it('one line may pay what settles the same account: a claim and an advance of its funder, what is nobody’s of two channels', async () => {
  const of = { kind: 'channel_remainder', channel: 'wechat', day: '2026-09-02' };
  const pairs = [
    [await aClaim(1_000, 'C-TTTT-1'), await aClaim(300, 'C-TTTT-2', { kind: 'funder_advance' })],
    [await aClaim(800, 'C-UUUU-1', of), await aClaim(500, 'C-UUUU-2', { ...of, channel: 'alipay' })],
  ];
  const ids = await stated(pairs.map(() => ['2026-11-06', 1_307, 0, '拨款', '某局']));
  for (const [index, pair] of pairs.entries())
    expect((await match(ids[index], pair, true).expect(200)).body).toMatchObject({ matchedFen: 1_300 });
  const booked = { bank: 2_600, remittance_clearing: -1_300, unassigned_receipts: -1_300 };
  expect(await balances()).toEqual(booked);
  for (const id of ids) await undo(id).expect(200);
  expect(Object.values(await balances())).toEqual([0, 0, 0]);
});

it('a line that pays out more, the same; what is left is given up and taken back alone', async () => {
  const back = await aClaim(-1_000, 'C-SSSS-1');
  const [id] = await stated([['2026-11-05', 0, 1_300, '退回', '某局']]);
  await run();
  const whole1 = await exceptionOf(id);
  // Proposed for the whole, then most of it is known: there is nothing to approve any more.
  expect((await on(whole1.id, 'write-off').expect(200)).body.status).toBe('proposed');
  await match(id, [back], true).expect(200);
  const colleague = anOwner(billing.finance.operatorId as string);
  expect((await on(whole1.id, 'approve', colleague).expect(409)).body.code).toBe('nothing_proposed');
  expect(await exceptionOf(id)).toMatchObject({ status: 'open', oursFen: -1_000, differenceFen: -300 });
  expect((await on(whole1.id, 'write-off').expect(200)).body.status).toBe('resolved');
  expect(await balances()).toEqual({
    ...{ bank: -1_300, remittance_clearing: 1_000, reconciliation_differences: 300 },
  });
  const [matchId] = await matchIds(id);
  expect((await undo(id, matchId).expect(409)).body.code).toBe('rest_written_off');
  await on(whole1.id, 'reopen').expect(200);
  expect(await lineOf(id)).toMatchObject({ matchedFen: -1_000, restFen: -300 });
  expect(await openExceptions()).toEqual(['unknown_in_statement -300']);
  await whole();
  await on(whole1.id, 'write-off').expect(200);
  await undo(id).expect(200);
  expect(await openExceptions()).toEqual(['unknown_in_statement -1300']);
  expect((await balances()).bank).toBe(0);
  // A dispute goes on about what is left of it.
  await on(whole1.id, 'dispute').expect(200);
  await match(id, [back], true).expect(200);
  expect(await exceptionOf(id)).toMatchObject({ status: 'disputed', differenceFen: -300 });
});

it('from many hands at once a line is dealt out once', async () => {
  const claims = await Promise.all([1, 2, 3, 4].map((n) => aClaim(400, `C-TTTT-${n}`)));
  const [id] = await stated([['2026-11-05', 1_000, 0, '拨款', '某局']]);
  await run();
  const answers = await Promise.all(claims.map((claim) => match(id, [claim], true)));
  expect(answers.map(({ status }) => status).sort()).toEqual([200, 200, 200, 409]);
  expect(await lineOf(id)).toMatchObject({ matchedFen: 1_000, restFen: 0 });
  const ids = await matchIds(id);
  const undone = await Promise.all([undo(id, ids[0]), undo(id), undo(id, ids[0])]);
  expect(undone.map(({ status }) => status)).toEqual(expect.arrayContaining([200, 409]));
});

it('the database leaves no rest that nobody has left', async () => {
  const claim = await aClaim(1_000, 'C-UUUU-1');
  const [id] = await stated([['2026-11-05', 1_200, 0, 'x', 'y']]);
  const insert = `INSERT INTO statement_allocation (operator_id, match_id, line_id, expected_id, amount_fen, step, leaves_rest)
    VALUES ($1, $1, $2, $3, $4, 'hand', $5)`;
  const values = [billing.finance.operatorId, id, claim];
  for (const [fen, leaves] of [
    [1_000, false],
    [1_300, true],
    [-1, true],
  ])
    await expect(billing.db.query(insert, [...values, fen, leaves])).rejects.toThrow(
      /statement_line_whole|expected_within/,
    );
  await expect(
    billing.db.query(`UPDATE statement_line SET rest_fen = 200 WHERE id = $1`, [id]),
  ).rejects.toThrow('statement_line_whole');
  await run();
});

const aStep = fc.record({
  act: fc.constantFrom(
    'match',
    'match',
    'match',
    'undo',
    'undo one',
    'write-off',
    'reopen',
    'dispute',
    'run',
  ),
  which: fc.nat(2),
  what: fc.subarray([0, 1, 2, 3], { minLength: 1 }),
  leaveRest: fc.boolean(),
});

it('any steps, refused ones and all, lose nothing and count nothing twice', async () => {
  const claims = await Promise.all([300, 500, -200, 800].map((fen, n) => aClaim(fen, `C-VVVV-${n}`)));
  const lines = await stated([
    ['2026-11-05', 600, 0, '拨款', '某局'],
    ['2026-11-06', 900, 0, '拨款', '某局'],
    ['2026-11-07', 0, 350, '退回', '某局'],
  ]);
  await run();
  await fc.assert(
    fc.asyncProperty(fc.array(aStep, { minLength: 8, maxLength: 20 }), async (steps) => {
      for (const { act, which, what, leaveRest } of steps) {
        const id = lines[which];
        const ask = async () => {
          if (act === 'match') return match(id, what.map((n) => claims[n]), leaveRest); // prettier-ignore
          if (act === 'undo') return undo(id);
          if (act === 'undo one') return undo(id, (await matchIds(id))[what[0] % 2] ?? newId());
          return on((await exceptionOf(id)).id, act);
        };
        if (act === 'run') await run();
        else expect([200, 409]).toContain((await ask()).status);
      }
      await whole();
      await undo(lines[0]);
    }),
    { numRuns: 6 },
  );
});
