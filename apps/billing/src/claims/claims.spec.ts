import { type BookingHeld, ClaimSubmitted } from '@doorstep/contracts';
import { newId } from '@doorstep/kernel';
import { Database, runAs } from '@doorstep/platform';
import { anOwner } from '@doorstep/testing';
import {
  aResident,
  asChildcare,
  type Billing,
  DAY,
  delivered,
  held,
  setPrice,
  setProgramme,
  startBilling,
} from '../billing.harness';
import { meeting, POWER_CUT } from '../faults.harness';
import { aBankCsv, BANK_MAPPING } from '../statements/statements.examples';
import { CutsService } from './cuts.service';

let billing: Billing;
const period = DAY.slice(0, 7);
const year = DAY.slice(0, 4);
const wanted = () => ({ funderId: billing.scene.funderId, contractId: billing.scene.contractId, period });

/** Somebody eats, and the programme gives two yuan. */
async function aSubsidisedMeal(): Promise<string> {
  const person = aResident(billing.scene);
  const booking = held(billing.scene, person.residentId);
  await billing.deliver(person);
  await billing.deliver(booking);
  await billing.deliver(delivered(booking));
  return booking.bookingId;
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

  it('is given up once: what was given up of it at the bank is not given up again as a cut', async () => {
    const finance = billing.as(billing.finance);
    const bank = { code: 'icbc', name: 'x', kind: 'bank', accountNo: '1001', layout: 'mapped' };
    const { body: account } = await finance
      .post('/v1/statement-accounts')
      .send({ ...bank, mapping: BANK_MAPPING })
      .expect(201);
    await finance
      .post(`/v1/statement-files?accountId=${account.id}`)
      .set('content-type', 'text/csv')
      .send(aBankCsv([['2027-01-15', 12, 0, '结息', '工商银行']]))
      .expect(201);
    const match = () => finance.post('/v1/statement-matches').send({ accountId: account.id }).expect(201);
    const { body: drafts } = await finance.get('/v1/claims?status=draft').expect(200);
    const [{ id, amountFen }] = drafts.items;
    await finance.post(`/v1/claims/${id}/submit`).expect(200);
    await match();
    const expected = async () => {
      const { body } = await finance.get('/v1/expected-movements?kind=claim&limit=200').expect(200);
      return body.items.find(({ sourceId }: { sourceId: string }) => sourceId === id);
    };
    const { id: expectedId } = await expected();
    const givenUp = async (): Promise<number> => (await expected()).writtenOffFen;
    const { body: queue } = await finance
      .get('/v1/exceptions?type=missing_in_statement&limit=200')
      .expect(200);
    const ofClaim = (one: { expectedId: string }): boolean => one.expectedId === expectedId;
    const missing = queue.items.find(ofClaim);
    const on = (what: string, of: string, body: object = {}) =>
      finance
        .post(`/v1/exceptions/${of}/${what}`)
        .send({ comment: 'x', ...body })
        .expect(200);
    await on('split', missing.id, { parts: [{ amountFen: 50 - amountFen }, { amountFen: -50 }] });
    const { body: open } = await finance.get('/v1/exceptions?status=open&limit=200').expect(200);
    const large = open.items
      .filter(ofClaim)
      .find((one: { differenceFen: number }) => one.differenceFen < -50);
    await on('write-off', large.id);

    const { body: lines } = await finance.get(`/v1/claims/${id}/lines`).expect(200);
    const cut = { lineId: lines.items[0].id, outcome: 'rejected', code: 'late' };
    await finance
      .post(`/v1/claims/${id}/answer`)
      .send({ lines: [cut], acceptRest: true })
      .expect(200);
    await match();
    // As much of the cut as is left: nothing more is waited for.
    expect(await givenUp()).toBe(amountFen);
    const ask = `/v1/claim-lines/${cut.lineId}/write-off`;
    const { body: off } = await finance.post(ask).send({ reason: 'Too late.' }).expect(201);
    const approve = () => billing.as(billing.owner).post(`/v1/claim-write-offs/${off.id}/approve`);
    expect((await approve().expect(409)).body.code).toBe('given_up_at_bank');
    await on('reopen', large.id);
    await match();
    expect(await givenUp()).toBe(200);
    await approve().expect(200);
  });

  it('has room under a cap for what a correction took off, though the funder had cut it before', async () => {
    await setPrice(billing, { kind: 'childcare', unit: 'hour', amountFen: 3_000 });
    await setProgramme(billing, { kinds: ['childcare'], rateBp: 5_000, caps: { perMonthFen: 3_000 } });
    const finance = billing.as(billing.finance);
    const drawn = () => finance.post('/v1/claims').send(wanted());
    for (const { id } of (await finance.get('/v1/claims?status=draft').expect(200)).body.items)
      await finance.post(`/v1/claims/${id}/submit`).expect(200);
    const child = aResident(billing.scene, { birthDate: '2024-05-05' });
    await billing.deliver(child);
    const day = async (at: Partial<BookingHeld>, minutes: number): Promise<BookingHeld> => {
      const booking = held(billing.scene, child.residentId, { ...asChildcare(billing.scene), ...at });
      await billing.deliver(booking);
      await billing.deliver(delivered(booking, { minutes }));
      return booking;
    };
    const { bookingId } = await day({}, 120);
    const { id } = (await drawn().expect(201)).body;
    await finance.post(`/v1/claims/${id}/submit`).expect(200);
    const [line] = (await finance.get(`/v1/claims/${id}/lines`).expect(200)).body.items;
    const cut = { lineId: line.id, outcome: 'cut', acceptedFen: 1_500, code: 'hours' };
    await finance
      .post(`/v1/claims/${id}/answer`)
      .send({ lines: [cut] })
      .expect(200);
    // The funder was right: it was an hour. Nothing goes back, and nothing is left of the cut.
    const { contractId } = billing.scene;
    const days = { contractId, from: '2026-11-01', to: '2026-12-01' };
    const attendance = [{ bookingId, minutes: 60 }];
    const { body: preview } = await finance
      .post('/v1/re-ratings')
      .send({ ...days, reason: 'attendance_changed', attendance })
      .expect(201);
    await finance.post(`/v1/re-ratings/${preview.id}/apply`).expect(200);
    expect((await drawn().expect(409)).body.code).toBe('nothing_to_claim');
    const later = {
      serviceDay: '2026-11-03',
      start: '2026-11-03T01:00:00.000Z',
      end: '2026-11-03T02:00:00.000Z',
    };
    await day(later, 60);
    expect((await drawn().expect(201)).body).toMatchObject({ lines: 1, amountFen: 1_500, findings: [] });
  });

  it('asks once more for a cut that was objected to while it is drawn up, and takes off what a correction took', async () => {
    const finance = billing.as(billing.finance);
    const draw = () => finance.post('/v1/claims').send(wanted());
    for (const { id } of (await finance.get('/v1/claims?status=draft').expect(200)).body.items)
      await finance.post(`/v1/claims/${id}/submit`).expect(200);
    const bookingId = await aSubsidisedMeal();
    const { id } = (await draw().expect(201)).body;
    await finance.post(`/v1/claims/${id}/submit`).expect(200);
    const [line] = (await finance.get(`/v1/claims/${id}/lines`).expect(200)).body.items;
    const no = { lineId: line.id, outcome: 'rejected', code: 'absent' };
    await finance
      .post(`/v1/claims/${id}/answer`)
      .send({ lines: [no] })
      .expect(200);
    const days = { contractId: billing.scene.contractId, from: '2026-11-01', to: '2026-12-01' };
    const { body: preview } = await finance
      .post('/v1/re-ratings')
      .send({ ...days, reason: 'attendance_changed', attendance: [{ bookingId }] })
      .expect(201);
    await finance.post(`/v1/re-ratings/${preview.id}/apply`).expect(200);
    const { app } = billing.running;
    let drawn: Promise<{ status: number; body: object }> | undefined;
    await runAs(billing.finance, () =>
      app.get(Database).write(async () => {
        await app.get(CutsService).object(line.id, '附签到记录');
        drawn = Promise.resolve(draw());
        await billing.eventually(async () => {
          const waits = `SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`;
          expect((await billing.db.query(waits)).rowCount).toBe(1);
        });
      }),
    );
    expect(await drawn).toMatchObject({ status: 201, body: { lines: 2, amountFen: 0 } });
  });

  it('is drawn up once, however often that is asked with one key', async () => {
    const finance = billing.as(billing.finance);
    for (const { id } of (await finance.get('/v1/claims?status=draft').expect(200)).body.items)
      await finance.post(`/v1/claims/${id}/submit`).expect(200);
    await aSubsidisedMeal();
    const draw = () => finance.post('/v1/claims').set('idempotency-key', 'claim-1').send(wanted());
    const { body: claim } = await draw().expect(201);
    expect((await draw().expect(201)).body).toEqual(claim);
  });

  it("is nobody else's to see", async () => {
    const { body } = await billing.as(anOwner(newId())).get('/v1/claims').expect(200);
    expect(body.items).toEqual([]);
  });
});
