import { aBankCsv } from '../statements/statements.examples';
import { startExceptions } from './exceptions.harness';

type Exceptions = Awaited<ReturnType<typeof startExceptions>>;
let { billing, accountId, colleague, call, ask, balances, since, pay, reconciled } = {} as Exceptions;

beforeAll(async () => {
  ({ billing, accountId, colleague, call, ask, balances, since, pay, reconciled } = await startExceptions());
});
afterAll(() => billing?.stop());

describe('closing by a word', () => {
  const proposes = async (id: string, resolution: string) => {
    const { body } = await ask(id, 'resolve', { resolution, comment: 'the other till' }).expect(200);
    expect(body).toMatchObject({
      ...{ status: 'proposed', resolution: null },
      proposal: { by: billing.finance.id, resolution, comment: 'the other till' },
    });
  };

  it.each(['explained', 'corrected', 'channel_corrects'])(
    'as %s takes a second person above the limit, who approves just that, and books nothing',
    async (resolution) => {
      const { id } = await reconciled([1_001], () => []);
      const before = await balances();
      const it = id('missing_in_bill');
      await proposes(it, resolution);
      expect((await ask(it, 'approve', { resolution }).expect(403)).body.code).toBe('four_eyes');
      // Whoever means to approve a write-off has seen something else.
      expect((await ask(it, 'approve', {}, colleague).expect(409)).body.code).toBe('other_proposal');
      const { body } = await ask(it, 'approve', { resolution, comment: 'seen' }, colleague).expect(200);
      expect(body).toMatchObject({ status: 'resolved', resolution, comment: 'seen', proposal: null });
      expect(await since(before)).toEqual({});
      const { body: history } = await call().get(`/v1/exceptions/${it}/history`).expect(200);
      expect(history.items.slice(1)).toMatchObject([
        { by: billing.finance.id, status: 'proposed', resolution },
        { by: colleague.id, status: 'resolved', resolution },
      ]);
    },
  );

  it('is not made small by splitting it, nor by opening the parts again', async () => {
    const { id } = await reconciled([1_500], () => []);
    const whole = id('missing_in_bill');
    const parts = [{ amountFen: -900 }, { amountFen: -600 }];
    await ask(whole, 'split', { parts }).expect(200);
    const { body } = await call().get('/v1/exceptions?status=open&limit=200').expect(200);
    const [large, small] = body.items
      .filter(({ parentId }: { parentId: string }) => parentId === whole)
      .sort(
        (a: { differenceFen: number }, b: { differenceFen: number }) => a.differenceFen - b.differenceFen,
      );
    expect((await ask(large.id, 'resolve', { resolution: 'explained' })).body.status).toBe('resolved');
    await proposes(small.id, 'corrected');
    await ask(small.id, 'approve', { resolution: 'corrected' }, colleague).expect(200);
    await ask(large.id, 'reopen', {}).expect(200);
    await proposes(large.id, 'explained');
    await ask(large.id, 'reject', {}, colleague).expect(200);
    // What was explained beside it is not written off: the largest write-off is still counted by itself.
    expect((await ask(large.id, 'write-off', {}).expect(200)).body.proposal.resolution).toBe('written_off');
  });

  it('closes what is missing now, though less was when it was named', async () => {
    const order = await pay(5_000, '2026-11-01', 'bank');
    const stated = async (day: string, fen: number, text: string) => {
      const csv = aBankCsv([[day, fen, 0, text, '某人']], fen);
      const file = `/v1/statement-files?accountId=${accountId}`;
      const { body } = await call().post(file).set('content-type', 'text/csv').send(csv).expect(201);
      const lines = `/v1/account-statements/${body.statements[0].id}/lines`;
      return (await call().get(lines).expect(200)).body.items[0].id as number;
    };
    const match = () => call().post('/v1/statement-matches').send({ accountId }).expect(201);
    const lineId = await stated('2026-11-02', 4_500, '转账');
    await match();
    const { body: list } = await call().get('/v1/expected-movements?kind=payment&limit=200').expect(200);
    const expected = list.items.find(({ reference }: { reference: string }) => reference === order);
    const found = { expectedIds: [expected.id], comment: '少付' };
    await call().post(`/v1/statement-lines/${lineId}/match`).send(found).expect(200);
    // It is overdue by then.
    await stated('2026-11-20', 1, '结息');
    await match();
    const { body } = await call().get('/v1/exceptions?type=missing_in_statement').expect(200);
    const rest = body.items.find(({ expectedId }: { expectedId: string }) => expectedId === expected.id);
    expect(rest.differenceFen).toBe(-500);
    await ask(rest.id, 'resolve', { resolution: 'explained' }).expect(200);
    await call().post(`/v1/statement-lines/${lineId}/undo`).send({ comment: '认错了' }).expect(200);
    await proposes(rest.id, 'explained');
  });

  it('is no way around what two wrote off, nor is a write-off around what is proposed', async () => {
    const { id } = await reconciled([1_200], () => []);
    const before = await balances();
    const it = id('missing_in_bill');
    await ask(it, 'write-off', {}).expect(200);
    const late = await ask(it, 'approve', { resolution: 'explained' }, colleague).expect(409);
    expect(late.body.code).toBe('other_proposal');
    await ask(it, 'approve', {}, colleague).expect(200);
    await ask(it, 'reopen', {}).expect(200);
    expect(await since(before)).toEqual({});
    await proposes(it, 'explained');
    expect((await ask(it, 'write-off', {}).expect(409)).body.code).toBe('exception_proposed');
  });
});
