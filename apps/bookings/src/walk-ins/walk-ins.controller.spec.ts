import { newId } from '@doorstep/kernel';
import { aCaregiver } from '@doorstep/testing';
import type { BookingDto } from '../bookings/bookings.dto';
import { daily } from '../testing/neighbours.fixture';
import { startWorld, type World } from '../testing/world.fixture';

describe('who has not booked', () => {
  let world: World;
  let room: Awaited<ReturnType<World['open']>>;
  let sessionId: string;

  beforeAll(async () => {
    world = await startWorld({ PERIODIC: 'false' });
    room = await world.open({
      kind: 'culture',
      capacity: 3,
      schedule: daily('09:00', '20:00'),
      cutoffMinutes: 60,
    });
    sessionId = (await world.session(room.offeringId)).sessionId;
  });
  afterAll(async () => {
    await world.assertConsistent();
    await world.service.stop();
  });

  const join = (residentId: string, more: object = {}) =>
    world.service
      .as(aCaregiver(world.operatorId, [room.siteId]))
      .post(`/v1/sessions/${sessionId}/walk-ins`)
      .set('prefer', 'wait=0')
      .send({ residentId, ...more });

  it('joins while the session goes on, as far as there are places, and is attended and charged', async () => {
    world.clock.set('2026-11-03T08:00:00Z');
    const resident = await world.resident();
    expect((await world.book(room, sessionId, resident).expect(422)).body).toMatchObject({
      code: 'session_past',
    });
    const { body } = await join(resident, { partySize: 2 }).expect(202);
    await world.service.deliver(world.authorised(body as BookingDto));
    const attend = world.owner.post(`/v1/bookings/${(body as BookingDto).id}/attendance`);
    expect((await attend.send({ outcome: 'attended', minutes: 40 }).expect(200)).body).toMatchObject({
      status: 'delivered',
      minutes: 40,
    });
    const crowd = await world.crowd(8);
    const answers = await Promise.all(crowd.map((one) => join(one)));
    expect(answers.filter(({ status }) => status === 202)).toHaveLength(1);
  });

  it('comes too late once it is over, and needs somebody at the door', async () => {
    world.clock.set('2026-11-03T12:00:00Z');
    expect((await join(await world.resident()).expect(422)).body).toMatchObject({ code: 'session_past' });
    await world.frontEnd.post(`/v1/sessions/${sessionId}/walk-ins`).send({}).expect(403);
    const elsewhere = world.service.as(aCaregiver(world.operatorId, [newId()]));
    const body = { residentId: await world.resident() };
    await elsewhere.post(`/v1/sessions/${sessionId}/walk-ins`).send(body).expect(404);
  });
});
