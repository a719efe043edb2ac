import { event, PlacementOffered, PlacementOfferEnded, SiteLicenceSnapshot } from '@doorstep/contracts';
import { PeriodicRunner } from '@doorstep/platform';
import { answered, MORNINGS, type Nursery, startNursery } from '../groups/childcare.fixture';
import type { ApplicationDto } from './applications.dto';

describe('waiting for a place in childcare', () => {
  let nursery: Nursery;

  beforeAll(async () => {
    nursery = await startNursery();
  });
  beforeEach(async () => {
    // Each story has the queue for itself.
    await nursery.world.service.db.query(
      `UPDATE care_application SET status = 'withdrawn', ended_at = now() WHERE status = 'waiting'`,
    );
    const { body } = await nursery.owner.get('/v1/childcare-applications?status=offered').expect(200);
    for (const { id } of (body as { items: ApplicationDto[] }).items)
      await nursery.answer('withdraw', id).expect(200);
  });
  afterEach(() => nursery.world.clock.set('2026-11-02T01:00:00Z'));
  afterAll(async () => {
    await nursery.assertConsistent();
    await nursery.world.service.stop();
  });

  const run = (name: string) => nursery.world.service.running.app.get(PeriodicRunner).runNow(name);
  const statuses = async (applications: ApplicationDto[]) => {
    const now = await Promise.all(applications.map(({ id }) => nursery.application(id)));
    return now.map(({ status }) => status);
  };

  it('is in the order of priority, then of applying, passing over whom the place doesn’t fit', async () => {
    const group = await nursery.group({ places: 2 });
    const first = await nursery.apply(await nursery.child());
    const infant = await nursery.apply(await nursery.child('2026-05-01'));
    const second = await nursery.apply(await nursery.child());
    const urgent = await nursery.apply(await nursery.child(), { priority: 5 }, nursery.owner);
    expect((await nursery.application(urgent.id)).position).toBe(1);
    expect((await nursery.application(first.id)).position).toBe(2);
    await nursery.owner.patch(`/v1/childcare-applications/${infant.id}`).send({ priority: 9 }).expect(200);
    expect((await nursery.offer(group.id)).map(({ applicationId }) => applicationId)).toEqual([
      urgent.id,
      first.id,
    ]);
    expect(await statuses([urgent, first, infant, second])).toEqual([
      'offered',
      'offered',
      'waiting',
      'waiting',
    ]);
    const told = (await nursery.world.service.told(PlacementOffered)).filter(
      ({ applicationId }) => applicationId === urgent.id,
    );
    expect(told).toMatchObject([{ acceptBy: '2026-11-05T01:00:00.000Z', groupId: group.id }]);
  });

  it('keeps its turn when the place could not be taken up for want of a licence, and others are offered nothing', async () => {
    const { world, offering } = nursery;
    const licence = (version: number, blockedKinds: string[]) =>
      event(SiteLicenceSnapshot, {
        ...{ operatorId: world.operatorId, siteId: offering.siteId, blockedKinds, blocks: [], version },
        at: '2026-11-02T00:00:00Z',
      });
    const group = await nursery.group({ places: 1 });
    const queue = [await nursery.apply(await nursery.child()), await nursery.apply(await nursery.child())];
    await nursery.offer(group.id, { offers: 1 });
    await world.service.deliver(licence(1, ['childcare']));
    expect((await nursery.answer('accept', queue[0].id).expect(409)).body).toMatchObject({
      code: 'licence_lapsed',
    });
    world.clock.advance({ days: 3 });
    await run('expire-placement-offers');
    expect(await statuses(queue)).toEqual(['waiting', 'waiting']);
    expect((await nursery.application(queue[0].id)).position).toBe(1);
    await world.service.deliver(licence(2, []));
    const freeFrom = '2026-11-05';
    expect((await nursery.offer(group.id, { freeFrom })).map(({ applicationId }) => applicationId)).toEqual([
      queue[0].id,
    ]);
    await nursery.answer('accept', queue[0].id).expect(200);
  });

  it('passes an offer on in the same moment when it is declined, and when it is not answered in time', async () => {
    const group = await nursery.group({ places: 1 });
    const queue = [];
    for (let n = 0; n < 4; n++) queue.push(await nursery.apply(await nursery.child()));
    const [first, second, third, fourth] = queue as [
      ApplicationDto,
      ApplicationDto,
      ApplicationDto,
      ApplicationDto,
    ];
    await nursery.offer(group.id);
    await nursery.answer('decline', first.id).expect(200);
    expect(await statuses(queue)).toEqual(['declined', 'offered', 'waiting', 'waiting']);
    nursery.world.clock.advance({ days: 3 });
    expect((await nursery.answer('accept', second.id).expect(409)).body).toMatchObject({
      code: 'offer_expired',
    });
    // Over on read, whether or not anybody has written it down.
    expect(await statuses(queue)).toEqual(['declined', 'expired', 'waiting', 'waiting']);
    for (const verb of ['decline', 'withdraw'] as const)
      expect((await nursery.answer(verb, second.id).expect(409)).body).toMatchObject({
        code: 'application_expired',
      });
    const passerBy = await nursery.child();
    expect((await nursery.takeDays(group.id, passerBy, ['2026-11-09']).expect(409)).body).toMatchObject({
      code: 'full',
    });
    await run('expire-placement-offers');
    expect(await statuses(queue)).toEqual(['declined', 'expired', 'offered', 'waiting']);
    const ends = (await nursery.world.service.told(PlacementOfferEnded)).filter(
      ({ groupId }) => groupId === group.id,
    );
    expect(ends.map(({ applicationId, outcome }) => [applicationId, outcome])).toEqual(
      expect.arrayContaining([
        [first.id, 'declined'],
        [second.id, 'expired'],
      ]),
    );
    await nursery.answer('accept', third.id).expect(200);
    expect((await nursery.answer('accept', third.id).expect(409)).body).toMatchObject({
      code: 'application_accepted',
    });
    expect((await nursery.answer('decline', fourth.id).expect(409)).body).toMatchObject({
      code: 'application_waiting',
    });
    await nursery.answer('withdraw', fourth.id).expect(200);
    expect(await statuses(queue)).toEqual(['declined', 'expired', 'accepted', 'withdrawn']);
  });

  it('begins on the day of the yes when the family thought it over, and only the operator gives priority', async () => {
    const group = await nursery.group();
    const { id } = await nursery.apply(await nursery.child(), { priority: 4 }, nursery.owner);
    await nursery.frontEnd.patch(`/v1/childcare-applications/${id}`).send({ priority: 0 }).expect(403);
    const [offered] = await nursery.offer(group.id);
    expect(offered?.from).toBe('2026-11-02');
    nursery.world.clock.set('2026-11-04T01:00:00Z');
    expect((await nursery.answer('accept', id).expect(200)).body).toMatchObject({ from: '2026-11-04' });
    const days = await nursery.days(group.id, '2026-11-02', '2026-11-05');
    expect(days.map(({ expectedMorning }) => expectedMorning)).toEqual([0, 0, 1]);
  });

  it('offers each place once, and to nobody twice, when everybody asks and answers at the same time', async () => {
    const group = await nursery.group({ places: 5, staff: 1 });
    for (const child of await nursery.children(16)) await nursery.apply(child);
    const guests = await nursery.children(16);
    const asked = await Promise.all([
      ...Array.from({ length: 8 }, () => answered(() => nursery.offerRaw(group.id, { offers: 2 }))),
      ...guests.map((guest) => answered(() => nursery.takeDays(group.id, guest, ['2026-11-03'], 'morning'))),
    ]);
    expect(asked.filter(({ status }) => ![201, 409].includes(status))).toEqual([]);
    const open = async () => {
      const { body } = await nursery.owner.get('/v1/childcare-applications?status=offered').expect(200);
      return (body as { items: ApplicationDto[] }).items;
    };
    for (let offered = await open(); offered.length > 0; offered = await open()) {
      const answers = offered.flatMap(({ id }, n) => [
        answered(() => nursery.answer(n % 3 === 0 ? 'accept' : 'decline', id)),
        answered(() => nursery.answer('decline', id)),
      ]);
      const statuses = (await Promise.all(answers)).map(({ status }) => status);
      expect(statuses.filter((status) => ![200, 409].includes(status))).toEqual([]);
    }
    const { rows } = await nursery.world.service.db.query(
      `SELECT application_id FROM placement WHERE group_id = $1 AND application_id IS NOT NULL
       GROUP BY application_id HAVING count(*) > 1`,
      [group.id],
    );
    expect(rows).toEqual([]);
    const days = await nursery.days(group.id, '2026-11-02', '2026-11-07');
    expect(
      days.filter(({ expectedMorning, claimedMorning }) => Math.max(expectedMorning, claimedMorning) > 5),
    ).toEqual([]);
    await nursery.assertConsistent();
  });

  it('lets an offer end that stood over the close of a month', async () => {
    const group = await nursery.group({ places: 1 });
    const { id } = await nursery.apply(await nursery.child());
    await nursery.offer(group.id, { answerHours: 720 });
    nursery.world.clock.set('2026-12-01T01:00:00Z');
    await nursery.owner.post(`/v1/care-groups/${group.id}/months/2026-11/close`).expect(200);
    nursery.world.clock.set('2026-12-03T01:00:00Z');
    await run('expire-placement-offers');
    expect((await nursery.application(id)).status).toBe('expired');
    expect((await nursery.days(group.id, '2026-12-03', '2026-12-04'))[0]?.free).toBe(1);
  });

  it('fills the halves of days with half-day care', async () => {
    const group = await nursery.group({ places: 1 });
    const half = { mode: 'half_day', pattern: MORNINGS };
    const afternoons = MORNINGS.map(({ weekday }) => ({ weekday, part: 'afternoon' }));
    await nursery.placed(group.id, await nursery.child(), half);
    const whole = await nursery.apply(await nursery.child());
    const other = await nursery.apply(await nursery.child(), { ...half, pattern: afternoons });
    expect((await nursery.offer(group.id)).map(({ applicationId }) => applicationId)).toEqual([other.id]);
    expect(await statuses([whole, other])).toEqual(['waiting', 'offered']);
  });

  it('comes to whom the place fits behind however many it does not, and is no longer than can be looked at', async () => {
    const group = await nursery.group({ places: 1 });
    const half = { mode: 'half_day', pattern: MORNINGS };
    const afternoons = MORNINGS.map(({ weekday }) => ({ weekday, part: 'afternoon' }));
    await nursery.placed(group.id, await nursery.child(), half);
    const whole = await nursery.apply(await nursery.child());
    await nursery.crowdBehind(whole.id, 120);
    const other = await nursery.apply(await nursery.child(), { ...half, pattern: afternoons });
    const [offered] = await nursery.offer(group.id, { offers: 1 });
    expect(offered?.applicationId).toBe(other.id);
    await nursery.crowdBehind(whole.id, 379);
    const late = await nursery.applyRaw(await nursery.child()).expect(409);
    expect(late.body).toMatchObject({ code: 'queue_full', details: { longest: 500 } });
    await nursery.answer('withdraw', whole.id).expect(200);
    await nursery.apply(await nursery.child());
  });

  it('begins as wished and no earlier, and lapses after its due day', async () => {
    const group = await nursery.group();
    const later = await nursery.apply(await nursery.child(), { wishedStart: '2027-01-04' });
    const soon = await nursery.apply(await nursery.child(), { dueOn: '2026-11-05' });
    await nursery.frontEnd
      .patch(`/v1/childcare-applications/${soon.id}`)
      .send({ dueOn: '2026-11-06' })
      .expect(200);
    nursery.world.clock.set('2026-11-06T16:00:00Z');
    expect(await statuses([later, soon])).toEqual(['waiting', 'lapsed']);
    expect((await nursery.offer(group.id, { freeFrom: '2026-11-09' })).map(({ from }) => from)).toEqual([
      '2027-01-04',
    ]);
    await run('lapse-care-applications');
    expect((await nursery.answer('withdraw', soon.id).expect(409)).body).toMatchObject({
      code: 'application_lapsed',
    });
  });
});
