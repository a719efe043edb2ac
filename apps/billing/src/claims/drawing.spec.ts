import { type BookingHeld, BookingNoShow, event, VisitContradicted } from '@doorstep/contracts';
import { newId } from '@doorstep/kernel';
import { Database, runAs } from '@doorstep/platform';
import {
  aResident,
  asChildcare,
  cancelled,
  DAY,
  delivered,
  held,
  setPrice,
  setProgramme,
} from '../billing.harness';
import { CorrectionsService } from '../corrections/corrections.service';
import { PERIOD, startClaims } from './claims.harness';

type Claims = Awaited<ReturnType<typeof startClaims>>;
let { billing, finance, wanted, serve, submitted, linesOf, remit } = {} as Claims;
let programme: { id: string };

const takeBack = (chargeId: string, fen: number, programmeId = programme.id) =>
  runAs(billing.finance, () =>
    billing.running.app.get(Database).write((tx) =>
      billing.running.app
        .get(CorrectionsService)
        .post(tx, { reason: 'eligibility_changed', sourceType: 're_rating', sourceId: newId(), day: DAY }, [
          {
            ...{ chargeId, grossFen: 0, residentFen: fen, operatorFen: 0 },
            shares: [
              {
                programmeId,
                funderId: billing.scene.funderId,
                payer: 'funder',
                amountFen: -fen,
              },
            ],
          },
        ]),
    ),
  );

beforeAll(async () => {
  ({ billing, finance, wanted, serve, submitted, linesOf, remit } = await startClaims());
  await setPrice(billing, { kind: 'childcare', unit: 'hour', amountFen: 3000 });
  programme = await setProgramme(billing, { kinds: ['meals', 'childcare'] });
});
afterAll(() => billing?.stop());

describe('what is corrected after it was claimed', () => {
  it('comes as a difference, below zero too, in the next claim', async () => {
    await serve(2);
    const claim = await submitted();
    const [line] = await linesOf(claim.id);
    await takeBack(line.chargeId, 200);
    const { body: ties } = await finance().get(`/v1/reports/ties?period=${PERIOD}`).expect(200);
    expect(ties.differenceFen).toBe(0);
    await serve(2);
    const next = await submitted();
    expect(next).toMatchObject({ lines: 3, amountFen: 200 });
    const back = (await linesOf(next.id)).find(({ basis }: { basis: string }) => basis === 'correction');
    expect(back).toMatchObject({ chargeId: line.chargeId, amountFen: -200 });
    await finance().post(`/v1/claims/${next.id}/answer`).send({ lines: [], acceptRest: true }).expect(200);
    const { body } = await remit({ claimIds: [next.id], amountFen: 200 });
    expect(body.differences).toEqual([]);
    const none = await finance().post('/v1/claims').send(wanted()).expect(409);
    expect(none.body.code).toBe('nothing_to_claim');
  });
});

describe('a share that was cut and is corrected', () => {
  it('gives back nothing that was never paid, whether the cut was given up or not', async () => {
    await serve(2);
    const { id } = await submitted();
    const [a, b] = await linesOf(id);
    const cut = { lineId: a.id, outcome: 'cut', acceptedFen: 50, code: 'x' };
    const said = [cut, { lineId: b.id, outcome: 'rejected', code: 'x' }];
    await finance().post(`/v1/claims/${id}/answer`).send({ lines: said }).expect(200);
    const asked = finance().post(`/v1/claim-lines/${b.id}/write-off`).send({ reason: '无法补齐' });
    const { body: off } = await asked.expect(201);
    await billing.as(billing.owner).post(`/v1/claim-write-offs/${off.id}/approve`).expect(200);
    await remit({ claimIds: [id], amountFen: 50 });
    await takeBack(a.chargeId, 180);
    await takeBack(b.chargeId, 200);
    expect(await submitted()).toMatchObject({ lines: 1, amountFen: -30 });
    expect(await linesOf(id)).toMatchObject([{ correctedFen: 150 }, { correctedFen: 200 }]);
    expect((await finance().get(`/v1/claims/${id}`).expect(200)).body.status).toBe('settled');
    const again = finance().post(`/v1/claim-lines/${a.id}/object`).send({ reply: 'x' });
    expect((await again.expect(409)).body.code).toBe('cut_ended');
    const { body: books } = await finance().get('/v1/ledger/accounts?kind=claim_write_offs').expect(200);
    expect(books.items).toMatchObject([{ balanceFen: 0 }]);
    const { body: ties } = await finance().get(`/v1/reports/ties?period=${PERIOD}`).expect(200);
    expect(ties.differenceFen).toBe(0);
  });
});

describe('a draft', () => {
  it('names what a funder’s rule asks for, line by line, and goes on without the lines held back', async () => {
    const child = await serve(2, true);
    await serve(1);
    const rule = {
      programmeId: programme.id,
      from: '2026-01-01',
      attendanceBp: 5000,
      paymentRequired: false,
    };
    await billing.as(billing.administrator).post('/v1/claim-rules').send(rule).expect(201);
    await billing.as(billing.finance).post('/v1/claim-rules').send(rule).expect(403);
    const { body: draft } = await finance().post('/v1/claims').send(wanted()).expect(201);
    expect(draft.findings.length).toBe(3);
    const lines = await linesOf(draft.id, '&problems=true');
    expect(lines.map(({ problems }: { problems: { code: string }[] }) => problems[0].code)).toEqual(
      Array(3).fill('attendance_too_low'),
    );
    await finance().post(`/v1/claims/${draft.id}/submit`).expect(409);
    const childs = lines.filter(({ residentId }: { residentId: string }) => residentId === child);
    const lineIds = childs.map(({ id }: { id: string }) => id);
    const other = await finance()
      .post(`/v1/claims/${draft.id}/hold-back`)
      .send({ lineIds: [...lineIds, newId()] })
      .expect(404);
    expect(other.body.code).toBe('claim_line_not_found');
    expect(await linesOf(draft.id)).toHaveLength(3);
    const { body: without } = await finance()
      .post(`/v1/claims/${draft.id}/hold-back`)
      .send({ lineIds })
      .expect(200);
    expect(without).toMatchObject({ lines: 1, amountFen: 200 });
    const last = await linesOf(draft.id);
    const nothing = await finance()
      .post(`/v1/claims/${draft.id}/hold-back`)
      .send({ lineIds: [last[0].id] })
      .expect(409);
    expect(nothing.body.code).toBe('claim_without_lines');
    await finance().post(`/v1/claims/${draft.id}/discard`).expect(200);
    await finance().get(`/v1/claims/${draft.id}`).expect(404);
    await billing.db.query('DELETE FROM claim_rule');
    const { body: again } = await finance().post('/v1/claims').send(wanted()).expect(201);
    expect(again).toMatchObject({ lines: 3, amountFen: 600, findings: [] });
  });
});

describe('a child', () => {
  it('is claimed at one site a day, over all claims', async () => {
    const { body: drafts } = await finance().get('/v1/claims?status=draft').expect(200);
    await finance().post(`/v1/claims/${drafts.items[0].id}/submit`).expect(200);
    const residentId = await serve(1, true);
    const claim = await submitted();
    const [{ siteId }] = await linesOf(claim.id);
    await billing.db.query('UPDATE claim_line SET site_id = $2 WHERE claim_id = $1', [claim.id, newId()]);
    const times = { start: `${DAY}T04:00:00.000Z`, end: `${DAY}T06:00:00.000Z` };
    const booking = held(billing.scene, residentId, { ...asChildcare(billing.scene), ...times });
    await billing.deliver(booking, delivered(booking, { minutes: 120 }));
    const { body: draft } = await finance().post('/v1/claims').send(wanted()).expect(201);
    expect(draft.findings.map(({ code }: { code: string }) => code)).toEqual(['duplicate_child']);
    await finance().post(`/v1/claims/${draft.id}/submit`).expect(409);
    // Once the other claim has none of it, this one may.
    await billing.db.query('UPDATE claim_line SET site_id = $2 WHERE claim_id = $1', [claim.id, siteId]);
    await finance().post(`/v1/claims/${draft.id}/submit`).expect(200);
  });
});

describe('what a later rule gave', () => {
  it('is checked by its own caps, and what is taken back alone makes a claim below zero', async () => {
    await setPrice(billing, { kind: 'sports', unit: 'use', amountFen: 3000 });
    const sports = { kinds: ['sports'], base: 'gross', order: 10 };
    const { id } = await setProgramme(billing, { ...sports, caps: { perDayFen: 200 } });
    const person = aResident(billing.scene);
    const { residentId } = person;
    const booking = held(billing.scene, residentId, { offeringId: billing.scene.court, kind: 'sports' });
    await billing.deliver(person, booking, delivered(booking));
    const caps = { perUseFen: 300, perDayFen: 300 };
    await billing
      .as(billing.administrator)
      .post(`/v1/programmes/${id}/terms`)
      .send({ ...sports, caps, from: DAY, fixedFen: 300 })
      .expect(201);
    const { contractId } = billing.scene;
    const asked = { contractId, reason: 'programme_changed', residentId, from: DAY, to: '2026-11-03' };
    const { body: preview } = await finance().post('/v1/re-ratings').send(asked).expect(201);
    await finance().post(`/v1/re-ratings/${preview.id}/apply`).expect(200);

    const claim = await submitted();
    expect(claim).toMatchObject({ lines: 1, amountFen: 300, findings: [] });
    const [line] = await linesOf(claim.id);
    await takeBack(line.chargeId, 100, id);
    const back = await submitted();
    expect(back).toMatchObject({ lines: 1, amountFen: -100 });
    // What is paid back to the funder settles it.
    await finance().post(`/v1/claims/${back.id}/answer`).send({ lines: [], acceptRest: true }).expect(200);
    const less = await remit({ claimIds: [back.id], amountFen: -40 }, 409);
    expect(less.body.code).toBe('remittance_exceeded');
    const { body: paid } = await remit({ claimIds: [back.id], amountFen: -150 });
    expect(paid).toMatchObject({
      ...{ allocatedFen: -100, unallocatedFen: -50 },
      differences: [{ kind: 'not_allocated', differenceFen: -50 }],
    });
    expect((await finance().get(`/v1/claims/${back.id}`).expect(200)).body.status).toBe('settled');
    const { body: books } = await finance().get('/v1/ledger/accounts?kind=funder_advance').expect(200);
    expect(books.items).toMatchObject([{ balanceFen: 50 }]);
  });
});

describe('a visit that a later one contradicts', () => {
  const served = async (): Promise<BookingHeld> => {
    const person = aResident(billing.scene);
    const court = { offeringId: billing.scene.court, kind: 'sports' };
    const booking = held(billing.scene, person.residentId, court);
    await billing.deliver(person, booking, delivered(booking, { evidence: 'visit' }));
    return booking;
  };
  const doubt = ({ expiresAt: _expiresAt, ...facts }: BookingHeld) =>
    event(VisitContradicted, { ...facts, contradictedBy: newId(), signals: ['overlapping'], version: 4 });
  const clear = (booking: BookingHeld) =>
    Object.assign(delivered(booking, { evidence: 'visit' }), { version: 5 });
  const refuse = (booking: BookingHeld) =>
    Object.assign(cancelled(booking), { by: 'operator', reason: 'visit_rejected', version: 5 });
  const chargeOf = async ({ bookingId }: BookingHeld) => {
    const { body } = await finance().get(`/v1/charges?bookingId=${bookingId}`).expect(200);
    return (await finance().get(`/v1/charges/${body.items[0].id}`).expect(200)).body;
  };

  it('is claimed once it is cleared, given back when it is refused, and never asked for in between', async () => {
    const claimed = await served();
    expect(await submitted()).toMatchObject({ lines: 1, amountFen: 300 });
    const [cleared, refused] = [await served(), await served()];
    await billing.deliver(doubt(cleared), doubt(refused));
    expect((await chargeOf(cleared)).inDoubtSince).not.toBeNull();
    const nothing = await finance().post('/v1/claims').send(wanted()).expect(409);
    expect(nothing.body.code).toBe('nothing_to_claim');

    const drawn = await served();
    const { body: draft } = await finance().post('/v1/claims').send(wanted()).expect(201);
    expect(draft).toMatchObject({ lines: 1, findings: [] });
    await billing.deliver(doubt(drawn));
    const stopped = await finance().post(`/v1/claims/${draft.id}/submit`).expect(409);
    expect(stopped.body.details.findings).toMatchObject([{ code: 'visit_on_review' }]);
    await finance().post(`/v1/claims/${draft.id}/discard`).expect(200);

    await billing.deliver(clear(cleared), clear(drawn), refuse(refused));
    await billing.deliver(doubt(claimed), refuse(claimed));
    // What is told once more changes nothing.
    await billing.deliver(refuse(refused), clear(cleared));
    const { id: claimId, ...claim } = await submitted();
    expect(claim).toMatchObject({ lines: 3, amountFen: 300, findings: [] });
    const lines: { bookingId: string; amountFen: number }[] = await linesOf(claimId);
    expect(new Map(lines.map(({ bookingId, amountFen }) => [bookingId, amountFen]))).toEqual(
      new Map([
        [cleared.bookingId, 300],
        [drawn.bookingId, 300],
        [claimed.bookingId, -300],
      ]),
    );
    const nothingLeft = { grossFen: -3000, residentFen: -2700, fundersFen: -300, operatorFen: 0 };
    expect(await chargeOf(refused)).toMatchObject({ inDoubtSince: null, corrections: [nothingLeft] });
    expect((await chargeOf(cleared)).corrections).toEqual([]);
    const { rows } = await billing.db.query(
      `SELECT sum(used_fen)::int AS used, sum(uses)::int AS uses FROM cap_counter WHERE resident_id = $1`,
      [refused.residentId],
    );
    expect(rows).toEqual([{ used: 0, uses: 0 }]);
  });
});

describe('the days on which somebody attended', () => {
  it('are those of services alone: neither of fees, nor of who had not come after all', async () => {
    const { contractId } = billing.scene;
    const { id: programmeId } = await setProgramme(billing, { kinds: ['childcare'], order: 5 });
    // Of 21 workdays 10 % are three days.
    const rule = { programmeId, from: '2026-01-01', attendanceBp: 1_000, paymentRequired: false };
    await billing.as(billing.administrator).post('/v1/claim-rules').send(rule).expect(201);
    const child = aResident(billing.scene, { birthDate: '2024-05-05' });
    await billing.deliver(child);
    const booked = async (serviceDay: string): Promise<BookingHeld> => {
      const times = { start: `${serviceDay}T01:00:00.000Z`, end: `${serviceDay}T03:00:00.000Z`, serviceDay };
      const booking = held(billing.scene, child.residentId, { ...asChildcare(billing.scene), ...times });
      await billing.deliver(booking);
      return booking;
    };
    const [came, missed, away] = [await booked(DAY), await booked('2026-11-03'), await booked('2026-11-04')];
    const { expiresAt: _expiresAt, ...facts } = missed;
    const noShow = event(BookingNoShow, { ...facts, feeFen: 1_000, version: 3 });
    await billing.deliver(delivered(came), noShow, delivered(away));
    const attendance = [{ bookingId: away.bookingId, minutes: null }];
    const asked = {
      contractId,
      reason: 'attendance_changed',
      from: '2026-11-01',
      to: '2026-12-01',
      attendance,
    };
    const { body: preview } = await finance().post('/v1/re-ratings').send(asked).expect(201);
    await finance().post(`/v1/re-ratings/${preview.id}/apply`).expect(200);
    const { body: draft } = await finance().post('/v1/claims').send(wanted()).expect(201);
    expect(draft.findings).toMatchObject([
      { code: 'attendance_too_low', reason: expect.stringContaining('Attended on 1 days') },
    ]);
    await finance().post(`/v1/claims/${draft.id}/discard`).expect(200);
  });
});
