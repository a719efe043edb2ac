import { anOwner } from '@doorstep/testing';
import { startMatching, type Row } from './matches.harness';

type Story = Awaited<ReturnType<typeof startMatching>>;
let { billing, call, aClaim, stated, run, lineOf, balances, openExceptions } = {} as Story;
let story: Story;
beforeAll(async () => {
  story = await startMatching();
  ({ billing, call, aClaim, stated, run, lineOf, balances, openExceptions } = story);
});
beforeEach(() => story.begin());
afterAll(() => story?.billing.stop());

describe('what is not certain', () => {
  it('is suggested with its reasons, applied by a person, and learnt after enough of them', async () => {
    await billing
      .as(anOwner(billing.finance.operatorId as string))
      .post('/v1/reconciliation-terms')
      .send({
        from: '2026-01-01',
        toleranceFen: 0,
        writeOffMaxFen: 100,
        fourEyesAboveFen: 10,
        confirmationsNeeded: 1,
        overdueDays: 60,
      })
      .expect(201);
    await aClaim(94_600, 'C-EEEE-1');
    const [line] = await stated([['2026-11-05', 94_600, 0, '拨款', '市民政局']]);
    expect(await run()).toMatchObject({ suggested: 1, matched: { learnt: 0 } });
    const { body: list } = await call().get('/v1/match-suggestions?status=open').expect(200);
    expect(list.items).toMatchObject([
      { score: 85, reasons: [{ feature: 'amount' }, { feature: 'day' }, { feature: 'name' }] },
    ]);
    const accept = `/v1/match-suggestions/${list.items[0].id}/accept`;
    await call().post(accept).send({}).expect(200);
    expect((await call().post(accept).send({}).expect(409)).body.code).toBe('suggestion_decided');
    expect(await lineOf(line)).toMatchObject({ matchedFen: 94_600, allocations: [{ step: 'suggestion' }] });
    expect(await openExceptions()).toEqual([]);

    await aClaim(50_000, 'C-EEEE-2');
    const [learnt] = await stated([['2026-11-06', 50_000, 0, '拨款', '市民政局']]);
    expect((await run()).matched).toMatchObject({ learnt: 1 });

    // What was learnt was wrong once: from then on people are asked again.
    await call().post(`/v1/statement-lines/${learnt}/undo`).send({ comment: '认错了' }).expect(200);
    await aClaim(70_000, 'C-EEEE-3');
    await stated([['2026-11-07', 70_000, 0, '拨款', '市民政局']]);
    expect(await run()).toMatchObject({ suggested: 1, matched: { learnt: 0 } });
  });

  it('that was declined is never suggested again', async () => {
    await aClaim(94_600, 'C-FFFF-1');
    await stated([['2026-11-05', 94_600, 0, '拨款', '市民政局']]);
    await run();
    const { body: list } = await call().get('/v1/match-suggestions').expect(200);
    await call().post(`/v1/match-suggestions/${list.items[0].id}/decline`).send({}).expect(200);
    expect(await run()).toMatchObject({ suggested: 0 });
    expect((await call().get('/v1/match-suggestions?status=open').expect(200)).body.items).toEqual([]);
  });
});

it('every line has its turn, however many look alike, and the likeliest of its look-alikes come first', async () => {
  const [twins, lines] = [130, 110];
  await Promise.all(
    Array.from({ length: twins }, (_, i) => aClaim(1_800, `C-TWIN-${1000 + i}`, { party: '' })),
  );
  const named = await aClaim(1_800, 'C-202611-77', { party: '' });
  await stated(
    Array.from({ length: lines }, (_, i): Row => [
      '2026-11-05',
      1_800,
      0,
      i === lines - 1 ? '餐费 202611-77' : '餐费',
      '某人',
    ]),
  );
  expect(await run()).toMatchObject({ suggested: lines * 20, matched: { learnt: 0 } });
  const { rows } = await billing.db.query(
    `SELECT DISTINCT ON (line_id) line_id AS "lineId", expected_id AS "expectedId", score FROM match_suggestion
     WHERE operator_id = $1 ORDER BY line_id, score DESC`,
    [billing.finance.operatorId],
  );
  expect(rows).toHaveLength(lines);
  expect(rows[lines - 1]).toMatchObject({ expectedId: named, score: 75 });
});

describe('by hand', () => {
  it('a line is matched with what makes its amount, and undone to the fen, and matched again', async () => {
    const [a, b] = await Promise.all([aClaim(1_000, 'C-GGGG-1'), aClaim(2_000, 'C-GGGG-2')]);
    const [line] = await stated([['2026-11-05', 3_000, 0, '不明', '某局']]);
    await run();
    const path = `/v1/statement-lines/${line}`;
    const body = { expectedIds: [a, b], comment: '电话确认' };
    expect(
      (
        await call()
          .post(`${path}/match`)
          .send({ ...body, expectedIds: [a] })
          .expect(409)
      ).body.code,
    ).toBe('amounts_differ');
    await call().post(`${path}/match`).send(body).expect(200);
    expect((await call().post(`${path}/match`).send(body).expect(409)).body.code).toBe('line_matched');
    expect(await balances()).toEqual({ bank: 3_000, remittance_clearing: -3_000 });
    await call().post(`${path}/undo`).send({ comment: '错了' }).expect(200);
    expect(await balances()).toEqual({ bank: 0, remittance_clearing: 0 });
    expect(await openExceptions()).toEqual(['unknown_in_statement 3000']);
    expect((await call().post(`${path}/undo`).send({ comment: 'x' }).expect(409)).body.code).toBe(
      'line_not_matched',
    );
    const { body: again } = await call().post(`${path}/match`).send(body).expect(200);
    expect(again.allocations).toHaveLength(4);
    expect(await balances()).toEqual({ bank: 3_000, remittance_clearing: -3_000 });
  });

  it('what was undone is not put together again by the step that had', async () => {
    const claim = await aClaim(1_000, 'C-KKKK-1');
    const [line] = await stated([['2026-11-05', 1_000, 0, 'C-KKKK-1', '市民政局']]);
    expect((await run()).matched).toMatchObject({ reference: 1 });
    await call().post(`/v1/statement-lines/${line}/undo`).send({ comment: '另有所指' }).expect(200);
    expect(await run()).toMatchObject({ suggested: 0, matched: { reference: 0 } });
    expect(await openExceptions()).toEqual(['unknown_in_statement 1000']);
    const body = { expectedIds: [claim], comment: '还是它' };
    await call().post(`/v1/statement-lines/${line}/match`).send(body).expect(200);
    expect(await balances()).toEqual({ bank: 1_000, remittance_clearing: -1_000 });
  });

  it('part of what is missing has come: only the rest is given up', async () => {
    await billing
      .as(anOwner(billing.finance.operatorId as string))
      .post('/v1/reconciliation-terms')
      .send({
        ...{ from: '2026-01-01', toleranceFen: 0, writeOffMaxFen: 1_000, fourEyesAboveFen: 1_000 },
        ...{ confirmationsNeeded: 5, overdueDays: 0 },
      })
      .expect(201);
    const claim = await aClaim(1_000, 'C-LLLL-1');
    const [line] = await stated([['2026-11-05', 600, 0, '拨款', '某局']]);
    await run();
    await call()
      .post(`/v1/statement-lines/${line}/match`)
      .send({ expectedIds: [claim], comment: 'x' })
      .expect(200);
    const [missing] = (await call().get('/v1/exceptions?status=open').expect(200)).body.items;
    const ask = (id: string, what: string, body = {}) =>
      call()
        .post(`/v1/exceptions/${id}/${what}`)
        .send({ comment: 'x', ...body });
    expect((await ask(missing.id, 'write-off').expect(409)).body.code).toBe('less_missing');
    await ask(missing.id, 'split', { parts: [{ amountFen: -600 }, { amountFen: -400 }] }).expect(200);
    const parts = (await call().get('/v1/exceptions?status=open').expect(200)).body.items;
    const rest = parts.find(({ differenceFen }: { differenceFen: number }) => differenceFen === -400);
    await ask(rest.id, 'write-off').expect(200);
    expect(await balances()).toEqual({
      bank: 600,
      remittance_clearing: -1_000,
      reconciliation_differences: 400,
    });
  });

  it('from many hands at once, once', async () => {
    const claim = await aClaim(1_000, 'C-HHHH-1');
    const lines = await stated([1, 2, 3, 4].map((): Row => ['2026-11-05', 1_000, 0, '不明', '某局']));
    const answers = await Promise.all(
      lines.map((line) =>
        call()
          .post(`/v1/statement-lines/${line}/match`)
          .send({ expectedIds: [claim], comment: 'x' }),
      ),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409, 409, 409]);
    expect((await balances()).bank).toBe(1_000);
  });
});

describe('the database', () => {
  it('keeps a line whole, an expectation met once and an allocation as it is', async () => {
    const claim = await aClaim(1_000, 'C-IIII-1');
    const [line] = await stated([['2026-11-05', 1_000, 0, 'x', 'y']]);
    const insert = (fen: number) =>
      billing.db.query(
        `INSERT INTO statement_allocation (operator_id, match_id, line_id, expected_id, amount_fen, step) VALUES ($1, $1, $2, $3, $4, 'hand')`,
        [billing.finance.operatorId, line, claim, fen],
      );
    await expect(insert(999)).rejects.toThrow('statement_line_whole');
    await insert(1_000);
    await expect(insert(1_000)).rejects.toThrow(
      /allocation_expected_once|statement_line_whole|expected_within/,
    );
    await expect(
      billing.db.query(`UPDATE statement_allocation SET amount_fen = 1 WHERE line_id = $1`, [line]),
    ).rejects.toThrow('undone, once');
  });

  it('rolls a matching back whole when it breaks in the middle', async () => {
    await aClaim(1_000, 'C-JJJJ-1');
    await stated([['2026-11-05', 1_000, 0, 'C-JJJJ-1', 'y']]);
    await billing.db
      .query(`CREATE FUNCTION broken() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'power cut'; END $$;
      CREATE TRIGGER broken BEFORE INSERT ON statement_match FOR EACH ROW EXECUTE FUNCTION broken()`);
    await call().post('/v1/statement-matches').send({ accountId: story.accountId() }).expect(500);
    await billing.db.query(`DROP TRIGGER broken ON statement_match; DROP FUNCTION broken`);
    expect(await balances()).toEqual({});
    expect((await run()).matched).toMatchObject({ reference: 1 });
    expect((await run()).matched).toMatchObject({ reference: 0 });
    expect((await balances()).bank).toBe(1_000);
  });
});
