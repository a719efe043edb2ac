import { PlacementOffered, PlacementOfferEnded } from '@doorstep/contracts';
import { PeriodicRunner } from '@doorstep/platform';
import { MORNINGS, type Nursery, startNursery } from '../groups/childcare.fixture';
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
