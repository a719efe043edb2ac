import { ClaimSubmitted } from '@doorstep/contracts';
import { newId } from '@doorstep/kernel';
import { anOwner } from '@doorstep/testing';
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
import { meeting, POWER_CUT } from '../faults.harness';

let billing: Billing;
const period = DAY.slice(0, 7);
const year = DAY.slice(0, 4);
const wanted = () => ({ funderId: billing.scene.funderId, contractId: billing.scene.contractId, period });

/** Somebody eats, and the programme gives two yuan. */
async function aSubsidisedMeal(): Promise<void> {
  const person = aResident(billing.scene);
  const booking = held(billing.scene, person.residentId);
  await billing.deliver(person);
  await billing.deliver(booking);
  await billing.deliver(delivered(booking));
}

beforeAll(async () => {
  billing = await startBilling();
  await setPrice(billing);
  await setProgramme(billing, { caps: { perDayUses: 1 } });
});
afterAll(() => billing?.stop());

describe('a claim', () => {
  it('has nothing to ask for before anything was delivered', async () => {
    const refused = await billing.as(billing.finance).post('/v1/claims').send(wanted()).expect(409);
    expect(refused.body).toMatchObject({ code: 'nothing_to_claim' });
  });

  it('asks for each captured share once, with its evidence, and what the ledger says the funder owes', async () => {
    await aSubsidisedMeal();
    await aSubsidisedMeal();
    const { body: claim } = await billing.as(billing.finance).post('/v1/claims').send(wanted()).expect(201);
    expect(claim).toMatchObject({ status: 'draft', sequence: 1, lines: 2, amountFen: 400, findings: [] });
    expect(claim.number).toBeNull();

    const { body: lines } = await billing.as(billing.finance).get(`/v1/claims/${claim.id}/lines`).expect(200);
    expect(lines.items).toHaveLength(2);
    expect(lines.items[0]).toMatchObject({ amountFen: 200, evidence: 'attendance', serviceDay: DAY });
    expect(lines.items[0].grounds).not.toBe('');

    const { rows } = await billing.db.query(
      `SELECT sum(l.amount_fen)::int AS owed FROM ledger_line l JOIN ledger_account a ON a.id = l.account_id
       WHERE a.kind = 'funder_receivable' AND a.funder_id = $1`,
      [billing.scene.funderId],
    );
    expect(rows[0].owed).toBe(claim.amountFen);

    const again = await billing.as(billing.finance).post('/v1/claims').send(wanted()).expect(409);
    expect(again.body.code).toBe('nothing_to_claim');
  });

  it('is followed by one for what came late, once the first is submitted', async () => {
    await aSubsidisedMeal();
    const early = await billing.as(billing.finance).post('/v1/claims').send(wanted()).expect(409);
    expect(early.body.code).toBe('claim_draft_exists');

    const { body: list } = await billing.as(billing.finance).get('/v1/claims?status=draft').expect(200);
    const [draft] = list.items;
    const { body: submitted } = await billing
      .as(billing.finance)
      .post(`/v1/claims/${draft.id}/submit`)
      .expect(200);
    expect(submitted).toMatchObject({ status: 'submitted', number: `CL-${year}-000001` });
    await billing.eventually(async () => {
      const told = await billing.told(ClaimSubmitted);
      expect(told).toMatchObject([{ claimId: draft.id, number: submitted.number, lines: 2, amountFen: 400 }]);
    });
    const twice = await billing.as(billing.finance).post(`/v1/claims/${draft.id}/submit`).expect(409);
    expect(twice.body.code).toBe('claim_submitted');

    const { body: late } = await billing.as(billing.finance).post('/v1/claims').send(wanted()).expect(201);
    expect(late).toMatchObject({ sequence: 2, lines: 1, amountFen: 200, number: null });
    await billing.as(billing.finance).post(`/v1/claims/${late.id}/discard`).expect(200);
    await billing.as(billing.finance).post('/v1/claims').send(wanted()).expect(201);
  });

  it('with a line that nothing proves stays a draft', async () => {
    const { body: list } = await billing.as(billing.finance).get('/v1/claims?status=draft').expect(200);
    const [draft] = list.items;
    await billing.db.query('UPDATE claim_line SET evidence = NULL WHERE claim_id = $1', [draft.id]);
    const refused = await billing.as(billing.finance).post(`/v1/claims/${draft.id}/submit`).expect(409);
    expect(refused.body).toMatchObject({
      code: 'claim_has_findings',
      details: { findings: [{ code: 'missing_evidence' }] },
    });
  });

  it('is submitted once, and the next drawn up once, by many who ask at the same moment', async () => {
    await billing.db.query(`UPDATE claim_line SET evidence = 'attendance' WHERE evidence IS NULL`);
    const { body: list } = await billing.as(billing.finance).get('/v1/claims?status=draft').expect(200);
    // What breaks at its last word gives its number back, and goes through once.
    const submit = () => billing.as(billing.finance).post(`/v1/claims/${list.items[0].id}/submit`);
    await meeting(billing, 'outbox', POWER_CUT, () => submit().expect(500));
    expect((await billing.as(billing.finance).get('/v1/claims?status=draft').expect(200)).body.items).toEqual(
      list.items,
    );
    const submissions = await Promise.all([submit(), submit(), submit()]);
    expect(submissions.map(({ status }) => status).sort()).toEqual([200, 409, 409]);
    const done = submissions.find(({ status }) => status === 200)?.body;
    // The draft that was thrown away and the submission that broke have left no gap.
    expect(done.number).toBe(`CL-${year}-000002`);
    await aSubsidisedMeal();
    const answers = await Promise.all(
      Array.from({ length: 8 }, () => billing.as(billing.finance).post('/v1/claims').send(wanted())),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 409, 409, 409, 409, 409, 409, 409]);
  });

  it("is nobody else's to see", async () => {
    const { body } = await billing.as(anOwner(newId())).get('/v1/claims').expect(200);
    expect(body.items).toEqual([]);
  });
});
