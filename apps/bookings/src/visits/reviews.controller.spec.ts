import { BookingCancelled, ServiceDelivered, VisitContradicted } from '@doorstep/contracts';
import { newId, sha256Hex } from '@doorstep/kernel';
import { aCaregiver, aSiteManager } from '@doorstep/testing';
import type { BookingDto } from '../bookings/bookings.dto';
import { daily } from '../testing/neighbours.fixture';
import { startWorld, type World } from '../testing/world.fixture';
import type { VisitDto } from './visits.dto';

const PNG = Buffer.from('89504e470d0a1a0a0000', 'hex');
const HERE = { lng: 121.4737, lat: 31.2304, crs: 'WGS84' };
const AWAY = { ...HERE, lng: 121.6737 };

describe('visits that are looked at', () => {
  let world: World;
  let care: Awaited<ReturnType<World['open']>>;
  let carer: World['owner'];
  let manager: World['owner'];

  beforeAll(async () => {
    world = await startWorld({ PERIODIC: 'false' });
  });
  afterAll(async () => {
    await world.assertConsistent();
    await world.service.stop();
  });

  /** One carer with visits from hour to hour. */
  beforeEach(async () => {
    world.clock.set('2026-11-02T01:00:00Z');
    care = await world.open({
      kind: 'elderly_care',
      mode: 'visit',
      delivery: 'home',
      capacityModel: 'caregiver',
      capacity: 1,
      schedule: daily('13:00', '17:00', 60),
    });
    await world.service.deliver(world.staff(care.siteId));
    carer = world.service.as(aCaregiver(world.operatorId, [care.siteId]));
    manager = world.service.as(aSiteManager(world.operatorId, [care.siteId]));
  });

  type Visit = Required<BookingDto>;
  /** Visits at 13:00, 14:00 …, each of another resident, null: none; the clock stands at 13:00 of that day. */
  const booked = async (...homes: (object | null)[]): Promise<Visit[]> => {
    const sessions = await world.sessions(care.offeringId);
    const visits: Visit[] = [];
    for (const [n, home] of homes.entries()) {
      if (home === null) continue;
      const resident = await world.resident();
      if ('lng' in home) await world.frontEnd.put(`/v1/residents/${resident}/home`).send(home).expect(200);
      visits.push((await world.confirmed(care, sessions[n]?.sessionId ?? '', resident)) as Visit);
    }
    world.clock.set('2026-11-03T05:00:00Z');
    return visits;
  };
  const step = (verb: string, { id }: Visit, body: object = {}) =>
    carer.post(`/v1/bookings/${id}/${verb}`).send(body);
  const visited = async (visit: Visit, minutes: number) => {
    await step('check-in', visit, { code: visit.visitCode }).expect(200);
    world.clock.advance({ minutes });
    return (await step('check-out', visit).expect(200)).body as BookingDto & { flags: string[] };
  };
  const shown = async ({ id }: Visit) => (await manager.get(`/v1/visits/${id}`).expect(200)).body as VisitDto;
  const decide = ({ id }: Visit, outcome: 'approve' | 'reject') =>
    manager.post(`/v1/visits/${id}/decision`).send({ outcome, reason: 'Asked the client.' }).expect(200);
  const told = async ({ id }: Visit) =>
    [...(await world.service.told(ServiceDelivered)), ...(await world.service.told(BookingCancelled))]
      .filter(({ bookingId }) => bookingId === id)
      .map((fact) => ('minutes' in fact ? fact.minutes : fact.reason));

  it('are not told as delivered while on review, and are once somebody else approved them', async () => {
    const [visit] = await booked({});
    expect(await visited(visit, 10)).toMatchObject({ status: 'on_review', flags: ['too_short'] });
    expect(await told(visit)).toEqual([]);
    const queue = await manager.get('/v1/visits?status=on_review').expect(200);
    expect((queue.body as { items: VisitDto[] }).items).toEqual([
      expect.objectContaining({
        bookingId: visit.id,
        findings: [{ signal: 'too_short', measured: 10, allowed: 30 }],
      }),
    ]);
    const decide = (caller: World['owner']) =>
      caller
        .post(`/v1/visits/${visit.id}/decision`)
        .send({ outcome: 'approve', reason: 'Asked the client.' });
    await decide(carer).expect(403);
    await decide(world.frontEnd).expect(403);
    expect((await decide(manager).expect(200)).body).toMatchObject({ status: 'approved', minutes: 10 });
    expect((await decide(manager).expect(409)).body).toMatchObject({ code: 'visit_approved' });
    expect(await told(visit)).toEqual([10]);
    expect(await world.booking(visit.id)).toMatchObject({ status: 'delivered', minutes: 10 });
  });

  it('are cancelled when they are rejected, so that nobody is charged', async () => {
    const [visit] = await booked({});
    await visited(visit, 1);
    const path = `/v1/visits/${visit.id}/decision`;
    await manager.post(path).send({ outcome: 'reject', reason: 'Nobody came.' }).expect(200);
    expect(await told(visit)).toEqual(['visit_rejected']);
    expect(await world.booking(visit.id)).toMatchObject({ status: 'cancelled' });
  });

  it('are of other tenants and sites for nobody to see', async () => {
    const [visit] = await booked({});
    await visited(visit, 1);
    const stranger = world.service.as(aSiteManager(newId(), [care.siteId]));
    await stranger.get(`/v1/visits/${visit.id}`).expect(404);
    const elsewhere = world.service.as(aSiteManager(world.operatorId, [newId()]));
    await elsewhere.get(`/v1/visits/${visit.id}`).expect(404);
    const { body } = await elsewhere.get('/v1/visits').expect(200);
    expect(body).toMatchObject({ items: [] });
  });

  describe('by QR code', () => {
    const qrOf = async ({ id }: Visit, body = {}) =>
      (
        (await world.frontEnd.post(`/v1/bookings/${id}/visit-qr`).send(body).expect(200)).body as {
          qr: string;
        }
      ).qr;

    it('are checked in once with each, in time, and only the right visit', async () => {
      const [visit, other] = await booked({}, {});
      const [late, foreign] = [await qrOf(visit), await qrOf(other)];
      const code = async (qr: string, verb = 'check-in') =>
        ((await step(verb, visit, { qr })).body as { code?: string }).code;
      expect(await code(foreign)).toBe('qr_invalid');
      expect(await code(`${late.slice(0, -3)}abc`)).toBe('qr_invalid');
      world.clock.advance({ minutes: 8 });
      expect(await code(late)).toBe('qr_expired');
      const fresh = await qrOf(visit);
      expect(await code(fresh)).toBeUndefined();
      world.clock.advance({ minutes: 1 });
      expect(await code(fresh, 'check-out')).toBe('qr_used');
      world.clock.advance({ minutes: 40 });
      expect((await step('check-out', visit, { qr: await qrOf(visit) }).expect(200)).body).toMatchObject({
        status: 'delivered',
      });
      expect((await shown(visit)).checkedIn).toMatchObject({ proofs: ['qr'], offline: false });
    });

    it('are odd when one device shows and reads it', async () => {
      const [visit] = await booked({});
      const qr = await qrOf(visit, { deviceId: 'phone-7' });
      await step('check-in', visit, { qr, deviceId: 'phone-7' }).expect(200);
      world.clock.advance({ minutes: 60 });
      expect((await step('check-out', visit).expect(200)).body).toMatchObject({ flags: ['same_device'] });
    });
  });

  describe('by position', () => {
    it('are checked in within the fence; the position is not kept', async () => {
      const [visit, unknown] = await booked(HERE, null, {});
      world.clock.advance({ minutes: 59 });
      const answer = await step('check-in', visit, { position: { ...HERE, lat: 31.2331 } }).expect(409);
      expect(answer.body).toMatchObject({
        code: 'outside_fence',
        details: { metres: 300, fenceMetres: 200 },
      });
      await step('check-in', visit, { position: { ...HERE, lat: 31.2313 } }).expect(200);
      world.clock.advance({ minutes: 60 });
      expect((await step('check-in', unknown, { position: HERE }).expect(409)).body).toMatchObject({
        code: 'home_unknown',
      });
      expect((await shown(visit)).checkedIn).toMatchObject({ proofs: ['position'], metresFromHome: 100 });
      const { rows } = await world.service.db.query<{ kept: string }>(
        `SELECT concat(v::text, r::text) AS kept
         FROM visit v JOIN booking b ON b.id = v.booking_id JOIN resident r ON r.id = b.resident_id WHERE b.id = $1`,
        [visit.id],
      );
      expect(rows[0]?.kept).not.toMatch(/121\.4737|31\.2304|31\.2313/);
    });

    it('are odd when the code is right and the position far away', async () => {
      const [visit] = await booked(HERE);
      await step('check-in', visit, { code: visit.visitCode, position: AWAY }).expect(200);
      world.clock.advance({ minutes: 60 });
      expect((await step('check-out', visit).expect(200)).body).toMatchObject({ flags: ['far_from_home'] });
    });
  });

  describe('of one carer', () => {
    it('are open one at a time, however many try', async () => {
      const [first, second] = await booked({}, {});
      world.clock.advance({ minutes: 45 });
      const answers = await Promise.all(
        Array.from({ length: 16 }, (_, n) => {
          const visit = n % 2 ? first : second;
          return step('check-in', visit, { code: visit.visitCode });
        }),
      );
      expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
      const [open] = ((await manager.get('/v1/visits?status=open')).body as { items: VisitDto[] }).items;
      const [busy, waiting] = open?.bookingId === first.id ? [first, second] : [second, first];
      const refused = await step('check-in', waiting, { code: waiting.visitCode }).expect(409);
      expect(refused.body).toMatchObject({ code: 'caregiver_in_visit', details: { bookingId: busy.id } });
    });

    it('are odd when they overlap by what a device says, and the device’s time is marked', async () => {
      const [first, second] = await booked({}, {});
      expect(await visited(first, 60)).toMatchObject({ status: 'delivered' });
      const code = second.visitCode;
      await step('check-in', second, { code, deviceTime: '2026-11-03T05:40:00Z' }).expect(200);
      world.clock.advance({ minutes: 60 });
      const out = await step('check-out', second, { deviceTime: '2026-11-03T06:50:00Z' }).expect(200);
      expect(out.body).toMatchObject({ flags: ['overlapping'] });
      // The earlier one may have been billed by now: who keeps accounts of it hears of the doubt.
      const doubt = { bookingId: first.id, contradictedBy: second.id, signals: ['overlapping'] };
      expect(await world.service.told(VisitContradicted)).toContainEqual(expect.objectContaining(doubt));
      expect(await world.booking(first.id)).toMatchObject({ status: 'on_review' });
      expect(await shown(first)).toMatchObject({
        status: 'on_review',
        findings: [{ signal: 'overlapping', bookingId: second.id, measured: 20 }],
      });
      expect(await shown(second)).toMatchObject({
        checkedIn: { at: '2026-11-03T05:40:00.000Z', offline: true },
        findings: [{ signal: 'overlapping', bookingId: first.id, measured: 20 }],
      });
      const late = await step('check-out', first, { deviceTime: '2026-11-01T00:00:00Z' }).expect(422);
      expect(late.body).toMatchObject({ code: 'device_time_implausible' });
      await decide(first, 'reject');
      expect(await told(first)).toEqual([60, 'visit_rejected']);
      expect(await world.booking(first.id)).toMatchObject({ status: 'cancelled' });
      expect(await shown(second)).toMatchObject({ status: 'on_review' });
    });

    it('are decided on once more when a later one contradicts them, and what was decided before is kept', async () => {
      const [first, second] = await booked({}, {});
      world.clock.advance({ minutes: 40 });
      expect(await visited(first, 10)).toMatchObject({ flags: ['too_short'] });
      await decide(first, 'approve');
      const code = second.visitCode;
      await step('check-in', second, { code, deviceTime: '2026-11-03T05:45:00Z' }).expect(200);
      world.clock.advance({ minutes: 60 });
      expect((await step('check-out', second).expect(200)).body).toMatchObject({ flags: ['overlapping'] });
      expect(await shown(first)).toMatchObject({
        status: 'on_review',
        formerDecisions: [{ outcome: 'approved', reason: 'Asked the client.' }],
      });
      await decide(second, 'reject');
      await decide(first, 'approve');
      expect(await told(first)).toEqual([10, 10]);
      expect(await world.booking(first.id)).toMatchObject({ status: 'delivered', minutes: 10 });
    });

    it('are odd when nobody travels so fast', async () => {
      const [first, second] = await booked(HERE, null, null, AWAY);
      expect(await visited(first, 148)).toMatchObject({ flags: [] });
      world.clock.advance({ minutes: 4 });
      expect(await visited(second, 60)).toMatchObject({ flags: ['impossible_travel'] });
    });
  });

  describe('with evidence', () => {
    const add = (visit: Visit, content: Buffer) =>
      step('evidence', visit, {
        kind: 'photo',
        document: { name: '照片.png', contentType: 'image/png', contentBase64: content.toString('base64') },
      });

    it('keep it sealed with its digest, and are odd when it was shown before', async () => {
      const [first, second] = await booked({}, {});
      expect((await add(first, PNG).expect(409)).body).toMatchObject({ code: 'booking_confirmed' });
      await step('check-in', first, { code: first.visitCode }).expect(200);
      const { body } = await add(first, PNG).expect(201);
      expect(body).toMatchObject({ sha256: sha256Hex(PNG), bytes: PNG.length });
      expect((await add(first, PNG).expect(409)).body).toMatchObject({ code: 'evidence_exists' });
      world.clock.advance({ minutes: 60 });
      expect((await step('check-out', first).expect(200)).body).toMatchObject({ flags: [] });
      const { id } = body as { id: string };
      expect((await manager.get(`/v1/visits/${first.id}/evidence/${id}`).expect(200)).body).toEqual(PNG);
      await carer.get(`/v1/visits/${first.id}/evidence/${id}`).expect(403);
      await manager.get(`/v1/visits/${second.id}/evidence/${id}`).expect(404);
      await step('check-in', second, { code: second.visitCode }).expect(200);
      await add(second, PNG).expect(201);
      world.clock.advance({ minutes: 60 });
      expect((await step('check-out', second).expect(200)).body).toMatchObject({ flags: ['same_evidence'] });
      const { rows } = await world.service.db.query(
        `SELECT FROM visit_evidence WHERE position($1 in sealed) > 0`,
        [PNG],
      );
      expect(rows).toEqual([]);
    });

    it('refuse what is too large or no picture', async () => {
      const [visit] = await booked({});
      await step('check-in', visit, { code: visit.visitCode }).expect(200);
      expect((await add(visit, Buffer.concat([PNG, Buffer.alloc(700 * 1024)]))).body).toMatchObject({
        code: 'document_size',
      });
      expect((await add(visit, Buffer.from('<svg/>'))).body).toMatchObject({ code: 'document_type' });
      await add(visit, Buffer.concat([PNG, Buffer.alloc(2 * 1024 * 1024)])).expect(413);
    });
  });
});
