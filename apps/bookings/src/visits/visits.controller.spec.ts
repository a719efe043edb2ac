import { ServiceDelivered } from '@doorstep/contracts';
import { aCaregiver, aSiteManager, anAdministrator, anAuthority } from '@doorstep/testing';
import type { BookingDto } from '../bookings/bookings.dto';
import { daily } from '../testing/neighbours.fixture';
import { startWorld, type World } from '../testing/world.fixture';

describe('visits', () => {
  let world: World;
  let care: Awaited<ReturnType<World['open']>>;
  let carer: World['owner'];

  beforeAll(async () => {
    world = await startWorld({ PERIODIC: 'false' });
    care = await world.open({
      kind: 'elderly_care',
      mode: 'visit',
      delivery: 'home',
      capacityModel: 'caregiver',
      capacity: 20,
      schedule: daily('13:00', '14:00'),
    });
    await world.service.deliver(...Array.from({ length: 20 }, () => world.staff(care.siteId)));
    carer = world.service.as(aCaregiver(world.operatorId, [care.siteId]));
  });
  afterAll(async () => {
    await world.assertConsistent();
    await world.service.stop();
  });
  beforeEach(() => world.clock.set('2026-11-02T01:00:00Z'));

  const standing = async (): Promise<Required<BookingDto>> => {
    const { sessionId } = await world.session(care.offeringId);
    const booking = await world.confirmed(care, sessionId, await world.resident());
    world.clock.set('2026-11-03T05:00:00Z');
    return booking as Required<BookingDto>;
  };
  const step = (verb: 'check-in' | 'check-out', id: string, code?: string) =>
    carer.post(`/v1/bookings/${id}/${verb}`).send({ code });
  const wrong = (code: string): string => String((Number(code) + 1) % 1_000_000).padStart(6, '0');

  it('show their code to the client’s side, never to the carer, and only while they stand', async () => {
    const { sessionId } = await world.session(care.offeringId);
    const { body: held } = await world.book(care, sessionId, await world.resident()).expect(202);
    expect((held as BookingDto).visitCode).toBeUndefined();
    await world.service.deliver(world.authorised(held as BookingDto));
    const { id, visitCode } = await world.booking((held as BookingDto).id);
    expect(visitCode).toMatch(/^\d{6}$/);
    expect(((await world.owner.get(`/v1/bookings/${id}`)).body as BookingDto).visitCode).toBe(visitCode);
    expect(
      ((await carer.get(`/v1/bookings/${id}`).expect(200)).body as BookingDto).visitCode,
    ).toBeUndefined();
    await world.frontEnd.post(`/v1/bookings/${id}/cancel`).send({ reason: 'changed_plans' }).expect(200);
    expect((await world.booking(id)).visitCode).toBeUndefined();
  });

  it('are checked in and out with the code, and delivered with the minutes between', async () => {
    const { id, visitCode, caregiverId } = await standing();
    expect((await step('check-in', id, visitCode).expect(200)).body).toMatchObject({
      status: 'checked_in',
      flags: [],
    });
    world.clock.advance({ minutes: 52, seconds: 59 });
    expect((await step('check-out', id, visitCode).expect(200)).body).toMatchObject({
      status: 'delivered',
      minutes: 52,
      flags: [],
    });
    const told = (await world.service.told(ServiceDelivered)).filter(({ bookingId }) => bookingId === id);
    expect(told).toEqual([expect.objectContaining({ minutes: 52, evidence: 'visit', caregiverId })]);
    expect((await step('check-out', id).expect(409)).body).toMatchObject({ code: 'booking_delivered' });
  });

  it('count wrong codes though the request fails, and take none after five', async () => {
    const { id, visitCode } = await standing();
    const left: unknown[] = [];
    for (let n = 0; n < 5; n++) {
      const { body } = await step('check-in', id, wrong(visitCode)).expect(422);
      left.push((body as { details: { triesLeft: number } }).details.triesLeft);
    }
    expect(left).toEqual([4, 3, 2, 1, 0]);
    expect((await step('check-in', id, visitCode).expect(429)).body).toMatchObject({
      code: 'visit_code_locked',
    });
    world.clock.advance({ minutes: 15 });
    await step('check-in', id, visitCode).expect(200);
  });

  it('count no wrong code twice that was sent twice with one key', async () => {
    const { id, visitCode } = await standing();
    const attempt = () => step('check-in', id, wrong(visitCode)).set('idempotency-key', `try-${id}`);
    await attempt().expect(422);
    expect((await attempt().expect(422)).body).toMatchObject({ details: { triesLeft: 4 } });
  });

  it('can only be checked out when they were checked in, and are not attended otherwise', async () => {
    const { id, visitCode } = await standing();
    expect((await step('check-out', id, visitCode).expect(409)).body).toMatchObject({
      code: 'visit_not_checked_in',
    });
    const attended = await world.owner
      .post(`/v1/bookings/${id}/attendance`)
      .send({ outcome: 'attended' })
      .expect(409);
    expect(attended.body).toMatchObject({ code: 'visit_not_verified' });
    await world.owner.post(`/v1/bookings/${id}/attendance`).send({ outcome: 'no_show' }).expect(200);
  });

  it('of other sites are not there for a carer', async () => {
    const { id, visitCode } = await standing();
    const stranger = world.service.as(aCaregiver(world.operatorId, [world.contractId]));
    await stranger.post(`/v1/bookings/${id}/check-in`).send({ code: visitCode }).expect(404);
    await step('check-in', id, '12345').expect(400);
    expect((await step('check-in', id).expect(422)).body).toMatchObject({ code: 'proof_missing' });
  });

  it('are not decided on by who took part in them', async () => {
    const { id, visitCode } = await standing();
    const manager = world.service.as(aSiteManager(world.operatorId, [care.siteId]));
    await manager.post(`/v1/bookings/${id}/check-in`).send({ code: visitCode }).expect(200);
    await step('check-out', id).expect(200);
    const answer = await manager
      .post(`/v1/visits/${id}/decision`)
      .send({ outcome: 'approve', reason: 'It was me.' })
      .expect(403);
    expect(answer.body).toMatchObject({ code: 'four_eyes' });
  });

  it('are judged by the rule of their place and day, which an authority sets', async () => {
    const figures = {
      fenceMetres: 100,
      farMetres: 300,
      minutesMin: 5,
      sharePercentMin: 0,
      planKmPerHour: 10,
    };
    const limits = { kmPerHourMax: 80, offlineHoursMax: 2, qrSeconds: 60 };
    const rule = { ...figures, ...limits, regionCode: '310101', from: '2026-11-03' };
    const set = (prefix: string, body: object) =>
      world.service.as(anAuthority(prefix)).post('/v1/visit-rules').send(body);
    await set('3102', rule).expect(403);
    await set('310101', { ...rule, from: '2026-11-01' }).expect(422);
    await set('310101', { ...rule, farMetres: 50 }).expect(422);
    await world.owner.post('/v1/visit-rules').send(rule).expect(403);
    await set('310101', rule).expect(201);
    await world.service.as(anAdministrator()).post('/v1/visit-rules').send(rule).expect(409);
    const { id, visitCode } = await standing();
    await step('check-in', id, visitCode).expect(200);
    world.clock.advance({ minutes: 5 });
    expect((await step('check-out', id).expect(200)).body).toMatchObject({ status: 'delivered', flags: [] });
  });
});
