import { newId } from '@doorstep/kernel';
import { anOwner } from '@doorstep/testing';
import fc from 'fast-check';
import { startRemittances } from './remittances.harness';

type Story = Awaited<ReturnType<typeof startRemittances>>;
let { billing, finance, serve, submitted, linesOf, remit } = {} as Story;
let { get, cancel, unallocate, allocate, accepted, stated, expectedOf, match, undo, ties } = {} as Story;
const status = ({ status: code }: { status: number }): number => code;

beforeAll(async () => {
  const story = await startRemittances();
  ({ billing, finance, serve, submitted, linesOf, remit } = story);
  ({ get, cancel, unallocate, allocate, accepted, stated, expectedOf, match, undo, ties } = story);
});
afterAll(() => billing?.stop());
afterEach(() => ties());

describe('a remittance that was recorded wrongly', () => {
  it('is booked back entry by entry, opens what it paid, stays to be read, and its number is free', async () => {
    const { id: claimId, lineIds } = await accepted(2);
    const { body: one } = await remit({ reference: 'MZ-1', amountFen: 500, claimIds: [] });
    await allocate(one.id, claimId).expect(200);
    expect(await get(`claims/${claimId}`)).toMatchObject({ status: 'settled' });
    expect(await expectedOf('funder_advance', one.id)).toMatchObject({ amountFen: 500, writtenOffFen: 400 });

    const { body } = await cancel(one.id).expect(200);
    expect(body).toMatchObject({ cancelReason: '记错了', cancelledBy: billing.finance.id, allocatedFen: 0 });
    expect(await get(`remittances/${one.id}`)).toEqual(body);
    expect(await get(`claims/${claimId}`)).toMatchObject({ status: 'answered', settledAt: null });
    expect(await linesOf(claimId)).toMatchObject([{ remittedFen: 0 }, { remittedFen: 0 }]);
    const { items: paid } = await get(`remittances/${one.id}/lines?limit=1`);
    expect(paid).toMatchObject([
      { claimId, amountFen: 200, endReason: '记错了', endedBy: billing.finance.id },
    ]);
    expect(lineIds).toContain(paid[0].claimLineId);
    const { items } = await get(`ledger/entries?sourceId=${one.id}`);
    expect(items.map(({ reason, lines }: { reason: string; lines: object[] }) => [reason, lines])).toEqual([
      ['remittance_received', [fen('remittance_clearing', 500), fen('funder_advance', -500)]],
      ['remittance_received', [fen('funder_advance', 400), fen('funder_receivable', -400)]],
      ['remittance_cancelled', [fen('remittance_clearing', -500), fen('funder_advance', 500)]],
      ['remittance_cancelled', [fen('funder_advance', -400), fen('funder_receivable', 400)]],
    ]);

    expect((await cancel(one.id).expect(409)).body.code).toBe('remittance_cancelled');
    const more = allocate(one.id, claimId);
    expect((await more.expect(409)).body.code).toBe('remittance_cancelled');
    expect((await unallocate(one.id, { all: true }).expect(409)).body.code).toBe('remittance_cancelled');
    const { body: again } = await remit({ reference: 'MZ-1', amountFen: 400, claimIds: [claimId] });
    expect(again).toMatchObject({ allocatedFen: 400, differences: [] });
    expect((await remit({ reference: 'MZ-1', amountFen: 1 }, 409)).body.code).toBe('remittance_exists');
    expect(await get(`claims/${claimId}`)).toMatchObject({ status: 'settled' });
  });

  it('stays while the bank shows what it brought, or that was given up there', async () => {
    const { id: claimId } = await accepted(2);
    const { body: one } = await remit({ amountFen: 450, claimIds: [claimId] });
    // One line brings both: what pays the claim, and what was too much.
    const line = await stated(450);
    const { id: expectedId } = await expectedOf('claim', claimId);
    await match(line, [expectedId], { leaveRest: true }).expect(200);
    const { body: refused } = await cancel(one.id).expect(409);
    expect(refused).toMatchObject({ code: 'remittance_at_bank', details: { lineIds: [line] } });
    const { body: both } = await match(line, [(await expectedOf('funder_advance', one.id)).id]).expect(200);
    expect(both).toMatchObject({ matchedFen: 450, restFen: 0 });
    const [ofClaim, ofAdvance] = both.allocations.map(({ matchId }: { matchId: string }) => matchId);
    await undo(line, { matchId: ofClaim }).expect(200);
    expect((await cancel(one.id).expect(409)).body).toMatchObject({ details: { lineIds: [line] } });
    // What was seen as an advance pays no claim behind the bank's back.
    const next = await accepted(1);
    expect((await allocate(one.id, next.id).expect(409)).body.code).toBe('advance_at_bank');
    await undo(line, { matchId: ofAdvance }).expect(200);
    expect((await allocate(one.id, next.id).expect(200)).body).toMatchObject({
      allocatedFen: 450,
      unallocatedFen: 0,
    });
    await cancel(one.id).expect(200);

    // Another that pays the same claim is no obstacle: what the bank shows stays paid.
    const { body: right } = await remit({ amountFen: 200, claimIds: [claimId] });
    const { body: wrong } = await remit({ amountFen: 200, claimIds: [claimId] });
    const part = await stated(200);
    await match(part, [expectedId]).expect(200);
    await cancel(wrong.id).expect(200);
    expect((await cancel(right.id).expect(409)).body.code).toBe('remittance_at_bank');
    await undo(part).expect(200);
    await cancel(right.id).expect(200);

    const { body: missed } = await remit({ amountFen: 400, claimIds: [claimId] });
    await stated(1, '2027-01-15');
    const missing = (await get('exceptions?type=missing_in_statement&status=open&limit=200')).items.find(
      (one: { expectedId: string }) => one.expectedId === expectedId,
    );
    const on = (id: string, what: string, body = {}) =>
      finance()
        .post(`/v1/exceptions/${id}/${what}`)
        .send({ comment: 'x', ...body })
        .expect(200);
    await on(missing.id, 'split', { parts: [{ amountFen: -100 }, { amountFen: -300 }] });
    const { items: open } = await get('exceptions?status=open&limit=200');
    const [{ id: given }] = open.filter(
      (one: { expectedId: string; differenceFen: number }) =>
        one.expectedId === expectedId && one.differenceFen === -100,
    );
    await on(given, 'write-off');
    expect((await cancel(missed.id).expect(409)).body.code).toBe('remittance_given_up');
    await on(given, 'reopen');
    await cancel(missed.id).expect(200);
  });

  it('of a closed month is booked back in the next open one', async () => {
    const { id: claimId } = await accepted(1);
    const { body: one } = await remit({ amountFen: 200, receivedOn: '2026-10-15', claimIds: [claimId] });
    const month = { contractId: billing.scene.contractId, period: '2026-10' };
    await finance().post('/v1/periods/close').send(month).expect(200);
    const closed = await get('ledger/trial-balance?asOf=2026-10-31');
    await cancel(one.id).expect(200);
    expect(await get('ledger/trial-balance?asOf=2026-10-31')).toEqual(closed);
    const { items } = await get(`ledger/entries?sourceId=${one.id}&reason=remittance_cancelled`);
    expect(items).toMatchObject([{ bookedOn: '2026-11-01' }]);
  });
});

describe('lines that were not meant', () => {
  it('are open again, and their money waits as the advance for others', async () => {
    const [one, other] = [await accepted(2), await accepted(1)];
    const { body: paid } = await remit({ amountFen: 400, claimIds: [one.id] });
    const [first] = one.lineIds;
    expect((await unallocate(paid.id, {}).expect(422)).body.code).toBe('lines_or_all');
    expect((await unallocate(paid.id, { lineIds: [newId()] }).expect(409)).body.code).toBe('line_not_paid');
    const { body: left } = await unallocate(paid.id, { lineIds: [first] }).expect(200);
    expect(left).toMatchObject({ allocatedFen: 200, unallocatedFen: 200 });
    expect(await get(`claims/${one.id}`)).toMatchObject({ status: 'answered' });
    expect((await unallocate(paid.id, { lineIds: [first] }).expect(409)).body.code).toBe('line_not_paid');
    await allocate(paid.id, other.id).expect(200);
    expect(await get(`claims/${other.id}`)).toMatchObject({ status: 'settled' });
    // All of it, and the first line once more: what was taken back may be paid again.
    await unallocate(paid.id, { all: true }).expect(200);
    const lines = [{ lineId: first, amountFen: 200 }];
    await finance().post(`/v1/remittances/${paid.id}/allocate`).send({ lines }).expect(200);
    expect((await get(`remittances/${paid.id}/lines`)).items).toHaveLength(4);
    await cancel(paid.id).expect(200);
  });

  it('stay while what is left would be more than came', async () => {
    const [one, back] = (await accepted(2)).lineIds;
    await billing.db.query(
      `UPDATE claim_line SET amount_fen = -100, accepted_fen = -100, basis = 'correction', sequence = 1 WHERE id = $1`,
      [back],
    );
    const lines = [
      { lineId: one, amountFen: 200 },
      { lineId: back, amountFen: -100 },
    ];
    const { body: paid } = await remit({ amountFen: 100, lines });
    expect((await unallocate(paid.id, { lineIds: [back] }).expect(409)).body.code).toBe(
      'remittance_exceeded',
    );
    await unallocate(paid.id, { lineIds: [one, back] }).expect(200);
    await billing.db.query(
      `UPDATE claim_line SET amount_fen = 200, accepted_fen = 200, basis = 'share', sequence = 0 WHERE id = $1`,
      [back],
    );
  });
});

describe('from many hands at once', () => {
  it('is cancelled once, beside who allocates, answers and matches', async () => {
    const [paid, open] = [await accepted(2), await accepted(2)];
    const { body: one } = await remit({ amountFen: 900, claimIds: [paid.id] });
    const codes = await Promise.all(
      [cancel(one.id), allocate(one.id, open.id), cancel(one.id)].map((each) => each.then(status)),
    );
    expect([codes[0], codes[2]].sort()).toEqual([200, 409]);
    expect(await get(`remittances/${one.id}`)).toMatchObject({ allocatedFen: 0 });

    await serve(2);
    const { id: asked } = await submitted();
    const answer = () =>
      finance().post(`/v1/claims/${asked}/answer`).send({ lines: [], acceptRest: true }).then(status);
    const { body: two } = await remit({ amountFen: 800, claimIds: [paid.id, open.id] });
    const line = await stated(400);
    const { id: expectedId } = await expectedOf('claim', paid.id);
    const both = await Promise.all([
      match(line, [expectedId]).then(status),
      cancel(two.id).then(status),
      answer(),
      unallocate(two.id, { lineIds: [open.lineIds[0]] }).then(status),
      allocate(two.id, asked).then(status),
    ]);
    expect(both[2]).toBe(200);
    // Cancelled before the match, or refused after it.
    const { cancelledAt } = await get(`remittances/${two.id}`);
    expect(both.slice(0, 2)).toEqual([200, cancelledAt ? 200 : 409]);
    await ties();
    await undo(line).expect(200);
    if (!cancelledAt) await cancel(two.id).expect(200);
  });
});

const aStep = fc.record({
  act: fc.constantFrom('record', 'record', 'allocate', 'allocate', 'unallocate', 'cancel', 'match', 'undo'),
  which: fc.nat(20),
  fen: fc.integer({ min: 1, max: 700 }),
});

it('any steps, refused ones and all: nothing is lost and nothing counts twice', async () => {
  const claims = [await accepted(1), await accepted(2)];
  const lines = [await stated(200), await stated(400)];
  const remittances: string[] = [];
  await fc.assert(
    fc.asyncProperty(fc.array(aStep, { minLength: 6, maxLength: 14 }), async (steps) => {
      for (const { act, which, fen: amountFen } of steps) {
        const claim = claims[which % 2];
        const id = remittances[which % Math.max(1, remittances.length)];
        const ask = () => {
          if (act === 'match')
            return expectedOf('claim', claim.id).then((it) => match(lines[which % 2], [it.id]));
          if (act === 'undo') return undo(lines[which % 2]);
          if (act === 'allocate') return allocate(id, claim.id);
          if (act === 'cancel') return cancel(id);
          return unallocate(id, which % 2 ? { all: true } : { lineIds: claim.lineIds.slice(0, 1) });
        };
        if (act === 'record' || !id)
          remittances.push((await remit({ amountFen, claimIds: [claim.id] })).body.id);
        else expect([200, 409]).toContain(status(await ask()));
      }
      await ties();
    }),
    { numRuns: 4 },
  );
});

function fen(account: string, amountFen: number): object {
  return expect.objectContaining({ account, amountFen });
}

it('is nobody else’s to take back', async () => {
  const { body: own } = await remit({ amountFen: 100 });
  const stranger = billing.as(anOwner(newId()));
  await stranger.post(`/v1/remittances/${own.id}/cancel`).send({ reason: 'x' }).expect(404);
  await stranger.post(`/v1/remittances/${own.id}/unallocate`).send({ reason: 'x', all: true }).expect(404);
  await stranger.get(`/v1/remittances/${own.id}/lines`).expect(404);
  await expect(
    billing.db.query(`UPDATE remittance SET amount_fen = 1 WHERE cancelled_at IS NOT NULL`),
  ).rejects.toMatchObject({ constraint: 'remittance_cancelled_stays' });
  await expect(
    billing.db.query(`UPDATE remittance_line SET end_reason = 'y' WHERE ended_at IS NOT NULL`),
  ).rejects.toMatchObject({ constraint: 'remittance_line_ended_once' });
});
