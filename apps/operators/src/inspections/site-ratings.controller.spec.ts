import { SiteRatingSnapshot } from '@doorstep/contracts';
import { anAdministrator, anAuthority } from '@doorstep/testing';
import { Desk } from '../testing/desk.fixture';
import { MealsInspections } from '../testing/meals-inspection.fixture';
import { INSPECTION_CALENDAR } from './inspection-calendar.service';

const desk = new Desk('2026-12-05T02:00:00Z');
const inspections = new MealsInspections(desk);

const stars = async (siteId: string) =>
  (await desk.service.told(SiteRatingSnapshot))
    .filter((each) => each.siteId === siteId)
    .map((each) => each.stars);

describe("a site's stars", () => {
  it('follow the scores, fall with a severe finding, may be set, and are known as of any day', async () => {
    const siteId = await desk.site();
    const id = await inspections.plan(siteId, desk.official);
    await inspections.carryOut(id, desk.official, [], []).expect(200);
    expect(await stars(siteId)).toEqual([5]);
    desk.clock.set('2026-12-10T02:00:00Z');
    const second = await inspections.plan(siteId, desk.official);
    await inspections
      .carryOut(second, desk.official, ['food_safety'], [inspections.severe({ rectifyBy: '2026-12-30' })])
      .expect(200);
    expect(await stars(siteId)).toEqual([5, 1]);
    desk.clock.set('2026-12-11T02:00:00Z');
    const [finding] = await inspections.findingsOf(second);
    await desk.post(desk.official, `/v1/findings/${finding.id}/withdraw`, { reason: '误判' }).expect(200);
    expect(await stars(siteId)).toEqual([5, 1, 3]);
    const own = await inspections.plan(siteId, desk.owner);
    await inspections.carryOut(own, desk.owner, [], []).expect(200);
    expect(await stars(siteId)).toEqual([5, 1, 3]);

    desk.clock.set('2026-12-20T02:00:00Z');
    await desk.post(desk.official, '/v1/site-ratings', { siteId, stars: 4, reason: '年度评定' }).expect(201);
    await desk.post(desk.owner, '/v1/site-ratings', { siteId, stars: 5, reason: 'x' }).expect(403);
    await desk.post(anAuthority('33'), '/v1/site-ratings', { siteId, stars: 1, reason: 'x' }).expect(422);
    const third = await inspections.plan(siteId, desk.official);
    await inspections
      .carryOut(third, desk.official, ['food_safety'], [inspections.severe({ rectifyBy: '2027-01-30' })])
      .expect(200);
    expect(await stars(siteId)).toEqual([5, 1, 3, 4]);
    desk.clock.set('2026-12-25T02:00:00Z');
    await desk.post(desk.official, '/v1/site-ratings/release', { siteId }).expect(204);
    await desk.post(desk.official, '/v1/site-ratings/release', { siteId }).expect(409);
    expect(await stars(siteId)).toEqual([5, 1, 3, 4, 1]);
    const asOf = async (day: string) =>
      (await desk.service.as(desk.rival).get(`/v1/site-ratings?siteId=${siteId}&asOf=${day}`).expect(200))
        .body.items.length +
      (
        await desk.service.as(desk.owner).get(`/v1/site-ratings?siteId=${siteId}&asOf=${day}`).expect(200)
      ).body.items
        .map((each: { stars: number }) => each.stars)
        .join();
    const days = ['2026-12-04', '2026-12-05', '2026-12-10', '2026-12-11', '2026-12-24', '2026-12-25'];
    expect(await Promise.all(days.map(asOf))).toEqual(['0', '05', '01', '03', '04', '01']);
    const last = (await desk.service.told(SiteRatingSnapshot))
      .filter((each) => each.siteId === siteId)
      .at(-1);
    expect(last?.ratings.map(({ stars: each, from, to, basis }) => [each, from, to, basis])).toEqual([
      [5, '2026-12-05', '2026-12-10', 'rule'],
      [1, '2026-12-10', '2026-12-11', 'rule'],
      [3, '2026-12-11', '2026-12-20', 'rule'],
      [4, '2026-12-20', '2026-12-25', 'set'],
      [1, '2026-12-25', undefined, 'rule'],
    ]);
  });

  it('are told whole, however long ago: charges of those days may be rated again', async () => {
    const siteId = await desk.site();
    for (const [day, stars] of [
      ['2026-12-05', 3],
      ['2030-06-01', 4],
      ['2033-01-01', 5],
    ] as const) {
      desk.clock.set(`${day}T02:00:00Z`);
      await desk.post(desk.official, '/v1/site-ratings', { siteId, stars, reason: '评定' }).expect(201);
    }
    const last = (await desk.service.told(SiteRatingSnapshot))
      .filter((each) => each.siteId === siteId)
      .at(-1);
    expect(last?.ratings.map(({ stars: each, from, to }) => [each, from, to])).toEqual([
      [3, '2026-12-05', '2030-06-01'],
      [4, '2030-06-01', '2033-01-01'],
      [5, '2033-01-01', undefined],
    ]);
  });

  it('change when an inspection drops out of the window, and when the rule of the region does', async () => {
    const [siteId] = await desk.sites(1, '320101002001');
    const there = anAuthority('3201');
    const id = await inspections.plan(siteId, there);
    await inspections
      .carryOut(id, there, ['menu'], [inspections.severe({ item: 'menu', severity: 'minor' })])
      .expect(200);
    expect(await stars(siteId)).toEqual([4]);
    const rule = {
      regionCode: '3201',
      from: '2026-12-10',
      windowMonths: 1,
      counts: 'all',
      inspectionsMin: 1,
      twoStarsBp: 9100,
      threeStarsBp: 9200,
      fourStarsBp: 9300,
      fiveStarsBp: 9400,
      severeStarsMax: 5,
    };
    const falling = { ...rule, fiveStarsBp: 1 };
    expect((await desk.post(there, '/v1/rating-rules', falling).expect(422)).body.code).toBe(
      'thresholds_not_rising',
    );
    const { body } = await desk.post(there, '/v1/rating-rules', rule).expect(201);
    await desk.post(anAdministrator(), '/v1/rating-rules', rule).expect(409);
    desk.clock.set('2026-12-10T02:00:00Z');
    await desk.turn(INSPECTION_CALENDAR);
    expect(await stars(siteId)).toEqual([4, 1]);
    desk.clock.set('2027-01-05T02:00:00Z');
    await desk.turn(INSPECTION_CALENDAR);
    expect(await stars(siteId)).toEqual([4, 1, undefined]);
    await desk.post(there, `/v1/rating-rules/${body.id}/end`, { on: '2027-01-06' }).expect(200);
    desk.clock.set('2027-01-06T02:00:00Z');
    await desk.turn(INSPECTION_CALENDAR);
    expect(await stars(siteId)).toEqual([4, 1, undefined, 4]);
  });
});
