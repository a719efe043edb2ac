import { SiteRatingSnapshot } from '@doorstep/contracts';
import { type Actor, PeriodicRunner } from '@doorstep/platform';
import {
  anAdministrator,
  anAuthority,
  anOwner,
  FixedClock,
  startTestService,
  type TestService,
} from '@doorstep/testing';
import { AppModule } from '../app.module';
import { OperatorsConfig } from '../config';
import { migrations } from '../migrations';
import { Register } from '../testing/register.fixture';
import { someSites } from '../testing/scene.fixture';
import { INSPECTION_CALENDAR } from './inspection-calendar.service';

const NOW = '2026-12-05T02:00:00Z';
const clock = new FixedClock(NOW);
let service: TestService;
let owner: Actor;
let rival: Actor;
const official = anAuthority('310101');

beforeAll(async () => {
  service = await startTestService('operators', AppModule, OperatorsConfig, migrations, { clock });
  const register = new Register(service);
  owner = anOwner(await register.operator());
  rival = anOwner(await register.operator());
});
afterAll(() => service.stop());
beforeEach(() => clock.set(NOW));

const site = async () => (await someSites(service, String(owner.operatorId), 1))[0];
const post = (actor: Actor, path: string, body: object = {}) => service.as(actor).post(path).send(body);
const plan = async (siteId: string, actor = official, kind?: string) =>
  String(
    (await post(actor, '/v1/inspections', { siteId, kind, plannedOn: '2026-12-05' }).expect(201)).body.id,
  );
const MEALS = ['food_safety', 'samples', 'sterilising', 'purchases', 'menu'];
const judged = (...failed: string[]) =>
  MEALS.map((item) => ({ item, outcome: failed.includes(item) ? 'fail' : 'pass' }));
const severe = (changes = {}) => ({
  item: 'food_safety',
  severity: 'severe',
  kind: 'meals',
  description: '冷藏柜超温',
  rectifyBy: '2026-12-12',
  ...changes,
});
const carryOut = (id: string, actor: Actor, failed: string[], findings: object[]) =>
  post(actor, `/v1/inspections/${id}/carry-out`, { results: judged(...failed), findings });
const findingsOf = async (inspectionId: string) =>
  (await service.as(owner).get(`/v1/findings?inspectionId=${inspectionId}`).expect(200)).body.items;
const stars = async (siteId: string) =>
  (await service.told(SiteRatingSnapshot)).filter((each) => each.siteId === siteId).map((each) => each.stars);
const turn = () => service.running.app.get(PeriodicRunner).runNow(INSPECTION_CALENDAR);

describe("a site's stars", () => {
  it('follow the scores, fall with a severe finding, may be set, and are known as of any day', async () => {
    const siteId = await site();
    const id = await plan(siteId, official, 'meals');
    await carryOut(id, official, [], []).expect(200);
    expect(await stars(siteId)).toEqual([5]);
    clock.set('2026-12-10T02:00:00Z');
    const second = await plan(siteId, official, 'meals');
    await carryOut(second, official, ['food_safety'], [severe({ rectifyBy: '2026-12-30' })]).expect(200);
    expect(await stars(siteId)).toEqual([5, 1]);
    clock.set('2026-12-11T02:00:00Z');
    const [finding] = await findingsOf(second);
    await post(official, `/v1/findings/${finding.id}/withdraw`, { reason: '误判' }).expect(200);
    expect(await stars(siteId)).toEqual([5, 1, 3]);
    const own = await plan(siteId, owner, 'meals');
    await carryOut(own, owner, [], []).expect(200);
    expect(await stars(siteId)).toEqual([5, 1, 3]);

    clock.set('2026-12-20T02:00:00Z');
    await post(official, '/v1/site-ratings', { siteId, stars: 4, reason: '年度评定' }).expect(201);
    await post(owner, '/v1/site-ratings', { siteId, stars: 5, reason: 'x' }).expect(403);
    await post(anAuthority('33'), '/v1/site-ratings', { siteId, stars: 1, reason: 'x' }).expect(422);
    const third = await plan(siteId, official, 'meals');
    await carryOut(third, official, ['food_safety'], [severe({ rectifyBy: '2027-01-30' })]).expect(200);
    expect(await stars(siteId)).toEqual([5, 1, 3, 4]);
    clock.set('2026-12-25T02:00:00Z');
    await post(official, '/v1/site-ratings/release', { siteId }).expect(204);
    await post(official, '/v1/site-ratings/release', { siteId }).expect(409);
    expect(await stars(siteId)).toEqual([5, 1, 3, 4, 1]);
    const asOf = async (day: string) =>
      (await service.as(rival).get(`/v1/site-ratings?siteId=${siteId}&asOf=${day}`).expect(200)).body.items
        .length +
      (await service.as(owner).get(`/v1/site-ratings?siteId=${siteId}&asOf=${day}`).expect(200)).body.items
        .map((each: { stars: number }) => each.stars)
        .join();
    const days = ['2026-12-04', '2026-12-05', '2026-12-10', '2026-12-11', '2026-12-24', '2026-12-25'];
    expect(await Promise.all(days.map(asOf))).toEqual(['0', '05', '01', '03', '04', '01']);
    const last = (await service.told(SiteRatingSnapshot)).filter((each) => each.siteId === siteId).at(-1);
    expect(last?.ratings.map(({ stars: each, from, to, basis }) => [each, from, to, basis])).toEqual([
      [5, '2026-12-05', '2026-12-10', 'rule'],
      [1, '2026-12-10', '2026-12-11', 'rule'],
      [3, '2026-12-11', '2026-12-20', 'rule'],
      [4, '2026-12-20', '2026-12-25', 'set'],
      [1, '2026-12-25', undefined, 'rule'],
    ]);
  });

  it('change when an inspection drops out of the window, and when the rule of the region does', async () => {
    const [siteId] = await someSites(service, String(owner.operatorId), 1, { regionCode: '320101002001' });
    const there = anAuthority('3201');
    const id = await plan(siteId, there, 'meals');
    await carryOut(id, there, ['menu'], [severe({ item: 'menu', severity: 'minor' })]).expect(200);
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
    expect((await post(there, '/v1/rating-rules', falling).expect(422)).body.code).toBe(
      'thresholds_not_rising',
    );
    const { body } = await post(there, '/v1/rating-rules', rule).expect(201);
    await post(anAdministrator(), '/v1/rating-rules', rule).expect(409);
    clock.set('2026-12-10T02:00:00Z');
    await turn();
    expect(await stars(siteId)).toEqual([4, 1]);
    clock.set('2027-01-05T02:00:00Z');
    await turn();
    expect(await stars(siteId)).toEqual([4, 1, undefined]);
    await post(there, `/v1/rating-rules/${body.id}/end`, { on: '2027-01-06' }).expect(200);
    clock.set('2027-01-06T02:00:00Z');
    await turn();
    expect(await stars(siteId)).toEqual([4, 1, undefined, 4]);
  });
});
