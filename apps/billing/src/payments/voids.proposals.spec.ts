import { ReceiptVoided } from '@doorstep/contracts';
import { newId } from '@doorstep/kernel';
import { aFinanceOfficer, aFrontEnd, anOwner, aSiteManager } from '@doorstep/testing';
import { DAY, delivered } from '../billing.harness';
import { setLimit, startVoids } from './voids.harness';

type Voids = Awaited<ReturnType<typeof startVoids>>;
let voids: Voids;
beforeAll(async () => {
  voids = await startVoids(1_000);
});
afterEach(() => voids.assertTied());
afterAll(() => voids?.billing.stop());

const decide = (id: string, what: string, actor = voids.colleague, body: object = {}) =>
  voids.call(actor).post(`/v1/payment-voids/${id}/${what}`).send(body);
const see = async (id: string) => (await voids.call().get(`/v1/payment-voids/${id}`).expect(200)).body;
/** A lunch that was paid for by a wrong 18 yuan, and the void of it that waits. */
async function proposed(changes: Record<string, unknown> = {}) {
  const paid = await voids.paid(changes);
  const { body } = await voids.voided(paid.id).expect(202);
  return { ...paid, voidId: body.proposedVoid as string };
}

describe('a void above the limit', () => {
  it('changes nothing until another person approves it, and then takes effect once', async () => {
    const { id, booking } = await voids.paid({ channel: 'cash', paidAt: '2026-10-30T02:00:00Z' });
    await voids.billing.deliver(delivered(booking));
    const before = await voids.balances();
    const standing = await voids.payment(id);
    const key = newId();
    const asked = await voids.voided(id).set('idempotency-key', key).expect(202);
    const voidId = asked.body.proposedVoid;
    expect(asked.headers.location).toBe(`/v1/payment-voids/${voidId}`);
    expect(asked.body).toEqual({ ...standing, proposedVoid: voidId });
    const again = await voids.voided(id).set('idempotency-key', key).expect(202);
    expect([again.body, again.headers.location]).toEqual([asked.body, asked.headers.location]);
    expect(await voids.since(before)).toEqual({});
    expect(await see(voidId)).toEqual({
      ...{
        id: voidId,
        operatorId: voids.billing.scene.operatorId,
        paymentId: id,
        refundId: null,
        correction: null,
      },
      ...{ amountFen: 1_800, booksOn: '2026-10-30', reason: 'keyed in wrongly', status: 'proposed' },
      ...{ proposedBy: voids.billing.finance.id, proposedAt: expect.any(String) },
      ...{ decidedBy: null, decidedAt: null, comment: null, replacedBy: null },
    });
    const second = await voids.post(`${id}/corrections`, { amountFen: 1 }, voids.colleague).expect(409);
    expect(second.body).toMatchObject({ code: 'void_proposed', details: { paymentVoidId: voidId } });
    expect((await decide(voidId, 'approve', voids.billing.finance).expect(403)).body.code).toBe('four_eyes');

    const approval = newId();
    const approve = () => decide(voidId, 'approve', voids.colleague, { comment: 'seen' });
    const done = await approve().set('idempotency-key', approval).expect(200);
    expect(done.body).toMatchObject({ status: 'approved', decidedBy: voids.colleague.id, comment: 'seen' });
    expect((await approve().set('idempotency-key', approval).expect(200)).body).toEqual(done.body);
    expect((await approve().expect(409)).body.code).toBe('void_approved');
    expect(await voids.payment(id)).toMatchObject({
      ...{ proposedVoid: null, allocatedFen: 0 },
      voided: { by: voids.colleague.id, proposedBy: voids.billing.finance.id, reason: 'keyed in wrongly' },
    });
    expect((await voids.entriesOf(id)).filter((entry) => entry.startsWith('payment_voided'))).toHaveLength(4);
    expect(await voids.charge(booking)).toMatchObject({ status: 'captured', paidFen: 0 });
  });

  it('within it takes one; with a limit of nothing always two', async () => {
    const small = { amountFen: 1_000 };
    const [one, other] = [await voids.paid(small), await voids.paid({ amountFen: 1 })];
    expect((await voids.voided(one.id).expect(200)).body.voided.proposedBy).toBeNull();
    await setLimit(voids.billing, 0);
    const { body } = await voids.voided(other.id).expect(202);
    // What waits is not done by one alone when the limit is raised meanwhile.
    await setLimit(voids.billing, 1_000);
    expect((await voids.voided(other.id).expect(409)).body.code).toBe('void_proposed');
    await decide(body.proposedVoid, 'approve').expect(200);
  });

  it('as a correction records just what was proposed', async () => {
    const day = voids.nextDay();
    const { id, merchantOrderNo } = await voids.paid({ paidAt: `${day}T02:00:00Z` });
    const right = { amountFen: 2_500, paidAt: `${day}T09:00:00.000Z` };
    expect((await voids.post(`${id}/corrections`, { amountFen: 1_800 }).expect(422)).body.code).toBe(
      'nothing_corrected',
    );
    const { body } = await voids.post(`${id}/corrections`, right).expect(202);
    expect(body).toMatchObject({ id, amountFen: 1_800, voided: null, replacedBy: null });
    expect((await see(body.proposedVoid)).correction).toEqual(right);
    const done = await decide(body.proposedVoid, 'approve').expect(200);
    expect(await voids.payment(done.body.replacedBy)).toMatchObject({
      ...right,
      merchantOrderNo,
      replaces: id,
    });
  });

  it('of a refund leaves the money away until then', async () => {
    const { id } = await voids.paid();
    const { body } = await voids.refund(id, 1_500).expect(201);
    const [{ id: refundId }] = body.refunds;
    const { body: asked } = await voids.post(`${id}/refunds/${refundId}/void`).expect(202);
    expect(asked).toMatchObject({ refundedFen: 1_500, proposedVoid: null });
    const [{ proposedVoid }] = asked.refunds;
    expect(await see(proposedVoid)).toMatchObject({ paymentId: id, refundId, amountFen: 1_500 });
    await decide(proposedVoid, 'approve').expect(200);
    expect(await voids.payment(id)).toMatchObject({
      refundedFen: 0,
      refunds: [{ proposedVoid: null, voided: { proposedBy: voids.billing.finance.id } }],
    });
  });

  it('is rejected by another one or withdrawn by whoever proposed it, and can be proposed again', async () => {
    const { id, voidId } = await proposed();
    expect((await decide(voidId, 'reject', voids.billing.finance).expect(403)).body.code).toBe('four_eyes');
    expect((await decide(voidId, 'withdraw').expect(403)).body.code).toBe('not_your_proposal');
    await decide(voidId, 'reject', voids.colleague, { comment: 'it is in the safe' }).expect(200);
    expect((await decide(voidId, 'approve').expect(409)).body.code).toBe('void_rejected');
    const { body } = await voids.voided(id).expect(202);
    await decide(body.proposedVoid, 'withdraw', voids.billing.finance).expect(200);
    expect((await decide(body.proposedVoid, 'approve').expect(409)).body.code).toBe('void_withdrawn');
    expect(await voids.payment(id)).toMatchObject({ voided: null, proposedVoid: null, allocatedFen: 1_800 });
  });

  it('that several decide at the same moment is decided once', async () => {
    const { id, voidId } = await proposed();
    const others = Array.from({ length: 3 }, () => aFinanceOfficer(voids.billing.scene.operatorId));
    const answers = await Promise.all([
      ...others.map((one) => decide(voidId, 'approve', one)),
      ...[decide(voidId, 'reject'), decide(voidId, 'withdraw', voids.billing.finance)],
      ...[voids.voided(id), voids.post(`${id}/corrections`, { amountFen: 2_000 })],
    ]);
    const statuses = answers.slice(0, 5).map(({ status }) => status);
    expect(statuses.sort()).toEqual([200, 409, 409, 409, 409]);
    const { status } = await see(voidId);
    expect((await voids.payment(id)).voided !== null).toBe(status === 'approved');
    const taken = (await voids.entriesOf(id)).filter((entry) => entry.startsWith('payment_voided'));
    expect(taken).toHaveLength(status === 'approved' ? 2 : 0);
  });

  it('proposed many times at once waits once', async () => {
    const { id } = await voids.paid();
    const answers = await Promise.all(Array.from({ length: 6 }, () => voids.voided(id)));
    expect(answers.map(({ status }) => status).sort()).toEqual([202, 409, 409, 409, 409, 409]);
  });
});

describe('what came to pass meanwhile', () => {
  it.each<[string, (paid: { id: string; merchantOrderNo: string }, day: string) => Promise<unknown>]>([
    ['payment_refunded', ({ id }) => voids.refund(id, 300).expect(201)],
    [
      'payment_settled',
      ({ merchantOrderNo }, day) => voids.bill(day, voids.lineOf(merchantOrderNo, 1_800, day)),
    ],
    [
      'payment_written_off',
      async (_, day) => {
        const id = (await voids.bill(day))('missing_in_bill');
        await voids.ask(id, 'write-off', {}).expect(200);
        await voids.ask(id, 'approve', {}, voids.colleague).expect(200);
      },
    ],
  ])('is refused as %s, and nothing is changed', async (code, happens) => {
    const day = voids.nextDay();
    const { voidId, ...paid } = await proposed({ paidAt: `${day}T02:00:00Z` });
    await happens(paid, day);
    expect((await decide(voidId, 'approve').expect(409)).body.code).toBe(code);
    expect(await see(voidId)).toMatchObject({ status: 'proposed', decidedBy: null });
    expect((await voids.payment(paid.id)).voided).toBeNull();
    await decide(voidId, 'reject').expect(200);
  });

  it('is a number that somebody else has taken', async () => {
    const { id } = await voids.paid();
    const merchantOrderNo = `DS${newId().slice(-20)}`;
    const { body } = await voids.post(`${id}/corrections`, { merchantOrderNo }).expect(202);
    await voids.paid({ merchantOrderNo });
    expect((await decide(body.proposedVoid, 'approve').expect(409)).body.code).toBe('payment_exists');
    expect((await voids.payment(id)).voided).toBeNull();
  });

  it('is a month that was closed: it would be booked in another one than was proposed', async () => {
    const { id, voidId } = await proposed({ paidAt: '2026-09-29T02:00:00Z' });
    const { operatorId, contractId } = voids.billing.scene;
    const of = `contractId=${contractId}&period=2026-09`;
    const { body: list } = await voids.call().get(`/v1/periods/checklist?${of}`).expect(200);
    expect(list.checks.find(({ name }: { name: string }) => name === 'voids_decided')).toMatchObject({
      ...{ ok: false, blocking: true, count: 1 },
    });
    await voids.billing.db.query(
      `INSERT INTO ledger_period (operator_id, contract_id, month, status, changed_at, changed_by)
       VALUES ($1, $2, '2026-09-01', 'closed', now(), $1)`,
      [operatorId, contractId],
    );
    const refused = await decide(voidId, 'approve').expect(409);
    expect(refused.body).toMatchObject({ code: 'books_moved', details: { booksOn: '2026-10-01' } });
    await decide(voidId, 'withdraw', voids.billing.finance).expect(200);
    const { body } = await voids.voided(id).expect(202);
    expect((await see(body.proposedVoid)).booksOn).toBe('2026-10-01');
    await decide(body.proposedVoid, 'approve').expect(200);
    expect((await voids.entriesOf(id)).at(-1)).toContain('payment_voided 2026-10-01');
  });
});

describe('a receipt', () => {
  it('is told to be void when its payment is, with what is recorded instead, to whom it was told', async () => {
    const paid = await voids.paid({ channel: 'cash' });
    const receiptOf = async (paymentId: string) =>
      (await voids.call().post('/v1/receipts').send({ paymentId }).expect(201)).body;
    const receipt = await receiptOf(paid.id);
    const right = { amountFen: 1_600, paidAt: '2026-11-01T02:00:00.000Z' };
    const { body } = await voids.post(`${paid.id}/corrections`, right).expect(202);
    const small = await voids.paid({ channel: 'cash', amountFen: 900 });
    const other = await receiptOf(small.id);
    await voids.voided(small.id).expect(200);
    // Told in the order in which they became void: what waits is not.
    await voids.billing.eventually(async () =>
      expect(await voids.billing.told(ReceiptVoided)).toMatchObject([{ receiptId: other.id }]),
    );
    await decide(body.proposedVoid, 'approve').expect(200);
    await voids.billing.eventually(async () =>
      expect(await voids.billing.told(ReceiptVoided)).toHaveLength(2),
    );
    const [first, second] = await voids.billing.told(ReceiptVoided);
    const { operatorId, contractId } = voids.billing.scene;
    expect(first).toEqual({
      ...{ operatorId, contractId, receiptId: other.id, paymentId: small.id, number: other.number },
      ...{ residentId: small.booking.residentId, amountFen: 900, paidOn: DAY, reason: 'payment_voided' },
      ...{ version: 2, at: expect.any(String) },
    });
    expect(second).toMatchObject({
      ...{
        receiptId: receipt.id,
        number: receipt.number,
        residentId: paid.booking.residentId,
        amountFen: 1_800,
      },
      ...{ reason: 'payment_corrected', replacedFen: 1_600, replacedPaidOn: '2026-11-01' },
      replacedBy: (await voids.payment(paid.id)).replacedBy,
    });
  });
});

describe('proposed voids', () => {
  it('are the operator’s own, those of one’s sites, and decided by finance and owners alone', async () => {
    const { id, voidId } = await proposed();
    const { operatorId, siteId } = voids.billing.scene;
    const seenBy = async (actor = voids.billing.finance) =>
      (await voids.call(actor).get(`/v1/payment-voids?paymentId=${id}`).expect(200)).body.items.length;
    const [stranger, neighbour] = [anOwner(newId()), aSiteManager(operatorId, [newId()])];
    for (const actor of [stranger, neighbour]) {
      expect(await seenBy(actor)).toBe(0);
      await voids.call(actor).get(`/v1/payment-voids/${voidId}`).expect(404);
    }
    for (const what of ['approve', 'reject', 'withdraw']) await decide(voidId, what, stranger).expect(404);
    for (const actor of [aSiteManager(operatorId, [siteId]), aFrontEnd(operatorId)]) {
      expect(await seenBy(actor)).toBe(1);
      for (const what of ['approve', 'reject', 'withdraw']) await decide(voidId, what, actor).expect(403);
    }
    expect((await see(voidId)).status).toBe('proposed');
  });

  it('are listed by what became of them, page by page', async () => {
    const { voidId } = await proposed();
    const page = async (query: string) =>
      (await voids.call().get(`/v1/payment-voids?status=proposed&limit=1${query}`).expect(200)).body;
    const seen: string[] = [];
    let next: string | null = '';
    while (next !== null) {
      const { items, nextCursor } = await page(next && `&cursor=${next}`);
      expect(items).toMatchObject([{ status: 'proposed' }]);
      seen.push(items[0].id);
      next = nextCursor;
    }
    expect(seen.at(-1)).toBe(voidId);
    expect([...new Set(seen)].sort()).toEqual(seen);
  });

  it('are what the database itself refuses to decide by one', async () => {
    const { id, voidId } = await proposed();
    const { db } = voids.billing;
    const change = (what: string) => db.query(`UPDATE payment_void SET ${what} WHERE id = $1`, [voidId]);
    const decided = (status: string, by: string) =>
      change(`status = '${status}', decided_at = now(), decided_by = ${by}`);
    await expect(decided('approved', 'proposed_by')).rejects.toThrow('payment_void_four_eyes');
    await expect(decided('rejected', 'proposed_by')).rejects.toThrow('payment_void_four_eyes');
    await expect(decided('withdrawn', 'id')).rejects.toThrow('payment_void_four_eyes');
    await expect(change('amount_fen = 1')).rejects.toThrow('stays as it is');
    const byHand = `UPDATE payment SET voided_at = now(), voided_by = id, void_reason = 'x' WHERE id = $1`;
    await expect(db.query(byHand, [id])).rejects.toThrow('two people');
    await decide(voidId, 'reject').expect(200);
    await expect(change(`status = 'proposed', decided_at = NULL, decided_by = NULL`)).rejects.toThrow(
      'stays',
    );
  });
});
