import type { PlannedWeekday } from '@doorstep/contracts';
import { type Day, newId } from '@doorstep/kernel';
import { anAuthority, aSiteManager } from '@doorstep/testing';
import fc from 'fast-check';
import { DateTime } from 'luxon';
import { hoursOf } from '../rosters/care-hours';
import { Desk } from '../testing/desk.fixture';
import { MealsInspections } from '../testing/meals-inspection.fixture';
import { ToldPlace, WHOLE_WEEK } from '../testing/place.fixture';
import { anOffering } from '../testing/scene.fixture';
import type { TouchedPlacementDto } from './touched-placement.dto';

const desk = new Desk('2026-12-05T02:00:00Z');
const MONDAY_MORNING: PlannedWeekday[] = [{ weekday: 1, part: 'morning' }];

async function aNursery() {
  const siteId = await desk.site();
  const group = anOffering(desk.operatorId, siteId, { kind: 'childcare', mode: 'full_day' });
  await desk.service.deliver(group);
  return { siteId, group };
}

const enter = async (siteId: string, changes: object = {}): Promise<string> => {
  const paper = { siteId, type: 'childcare_filing', number: 'A1', validFrom: '2022-01-01', ...changes };
  return String((await desk.post(desk.owner, '/v1/licences', paper).expect(201)).body.id);
};
const touched = async (path: string, query = ''): Promise<TouchedPlacementDto[]> =>
  (await desk.service.as(desk.owner).get(`/v1/${path}/placements${query}`).expect(200)).body.items;
const days = async (path: string) =>
  (await touched(path)).map(({ placementId, touchedFrom }) => [placementId, touchedFrom]);
const deliver = (...places: ToldPlace[]) => desk.service.deliver(...places.flatMap(({ facts }) => facts));

/** Children of every sort, some of whom are gone by 2026-12-10 or come to another site. */
async function aFullNursery() {
  const { siteId, group } = await aNursery();
  const other = anOffering(desk.operatorId, await desk.site(), { kind: 'childcare' });
  const timed = new ToldPlace(group, { mode: 'timed' });
  const absent = new ToldPlace(group, { pattern: WHOLE_WEEK });
  const [past, guest] = [['2026-12-09'], ['2026-12-09', '2026-12-15']].map((on) => {
    const days = on.map((day) => ({ day, fromAt: '08:00', toAt: '12:00' }));
    return new ToldPlace(group, { mode: 'temporary', from: on[0], to: '2026-12-16', days });
  });
  const places = {
    wholeWeek: new ToldPlace(group, { pattern: WHOLE_WEEK }),
    monday: new ToldPlace(group, { mode: 'half_day', pattern: MONDAY_MORNING }),
    away: absent.away('2026-12-10', '2026-12-11').comesAfterAll('2026-12-11'),
    left: new ToldPlace(group, { pattern: WHOLE_WEEK }).ends('2026-12-10'),
    later: new ToldPlace(group, { pattern: WHOLE_WEEK, from: '2026-12-16' }),
    timed: timed.reserves('2026-12-09').reserves('2026-12-11').reserves('2026-12-12').givesBack('2026-12-12'),
    past,
    guest,
    elsewhere: new ToldPlace(other, { pattern: WHOLE_WEEK }),
  };
  await deliver(...Object.values(places));
  return { siteId, group, ...places };
}

describe('children’s places that a revoked licence touches', () => {
  it('are those with days on which no licence holds: by weekdays, by reservation, less what is told otherwise', async () => {
    const { siteId, wholeWeek, monday, away, later, timed, guest } = await aFullNursery();
    const licence = await enter(siteId, { validTo: '2028-01-01' });
    const path = `licences/${licence}`;
    expect(await touched(path)).toEqual([]);
    const revoke = { on: '2026-12-10', reason: '停业整顿' };
    await desk.post(desk.owner, `/v1/${path}/revoke`, revoke).expect(200);
    const all = await touched(path);
    expect(await days(path)).toEqual(
      [
        [wholeWeek, '2026-12-10'],
        [timed, '2026-12-10'],
        [away, '2026-12-11'],
        [monday, '2026-12-14'],
        [guest, '2026-12-15'],
        [later, '2026-12-16'],
      ]
        .map(([of, day]) => [(of as ToldPlace).placementId, day])
        .sort((a, b) => (`${a[1]} ${a[0]}` < `${b[1]} ${b[0]}` ? -1 : 1)),
    );
    const of = ({ placementId }: ToldPlace) => all.find((each) => each.placementId === placementId);
    expect(of(monday)).toMatchObject({
      ...{ kind: 'childcare', mode: 'half_day', weekdays: MONDAY_MORNING },
      ...{ from: '2026-09-01', to: '2028-01-01', reservedDays: [], reservedCount: 0 },
    });
    const reserved = { day: '2026-12-11', fromAt: '09:00', toAt: '11:00' };
    expect(of(timed)).toMatchObject({ mode: 'timed', reservedDays: [reserved], reservedCount: 1 });
    expect(of(guest)).toMatchObject({ reservedDays: [{ day: '2026-12-15' }], reservedCount: 1 });
    const pages = [];
    for (let cursor: string | null = ''; cursor !== null;) {
      const query: string = `?limit=2${cursor && `&cursor=${cursor}`}`;
      const { body } = await desk.service.as(desk.owner).get(`/v1/${path}/placements${query}`).expect(200);
      pages.push(...body.items);
      cursor = body.nextCursor as string | null;
    }
    expect(pages).toEqual(all);
    // Another paper holds from the 11th on: that one day is left.
    await enter(siteId, { number: 'A2', validFrom: '2026-12-11' });
    expect(await days(path)).toEqual(
      [wholeWeek, timed]
        .map(({ placementId }) => placementId)
        .sort()
        .map((id) => [id, '2026-12-10']),
    );
    expect(await touched(path)).toMatchObject([{}, {}].map(() => ({ reservedCount: 0 })));
    // What has passed is nobody's to mend.
    desk.clock.set('2026-12-11T02:00:00Z');
    expect(await touched(path)).toEqual([]);
    for (const stranger of [desk.rival, anAuthority('33'), aSiteManager(desk.operatorId, [newId()])])
      await desk.service.as(stranger).get(`/v1/${path}/placements`).expect(404);
    await desk.service.as(desk.official).get(`/v1/${path}/placements`).expect(200);
  });

  it('are the same as by the hours of each single day, through holidays and make-up workdays', async () => {
    desk.clock.set('2026-09-20T02:00:00Z');
    const spans = ['2026-09-18', '2026-09-30', '2026-10-05', '2026-10-12'];
    const someDay = fc.integer({ min: 0, max: 40 }).map((n) => plus('2026-09-15', n));
    const weekdays = fc.oneof(
      fc.constant(WHOLE_WEEK),
      fc
        .subarray([1, 2, 3, 4, 5, 6, 7], { minLength: 1 })
        .map((days) => days.map((weekday) => ({ weekday, part: 'afternoon' as const }))),
    );
    const terms = fc.record({ pattern: weekdays, from: someDay, away: fc.array(someDay), weeks: fc.nat(6) });
    const scene = fc.record({
      lapse: fc.constantFrom(...spans),
      places: fc.array(terms, { minLength: 4, maxLength: 8 }),
    });
    await fc.assert(
      fc.asyncProperty(scene, async ({ lapse, places }) => {
        const { siteId, group } = await aNursery();
        const path = `licences/${await enter(siteId, { validTo: lapse })}`;
        const made = places.map(({ pattern, from, away, weeks }) => {
          const to = plus(from, 7 * weeks + 1);
          const told = new ToldPlace(group, { pattern, from, to });
          return { pattern, from, to, away, told: away.length > 0 ? told.away(...away) : told };
        });
        await deliver(...made.map(({ told }) => told));
        const begin = lapse < '2026-09-20' ? '2026-09-20' : lapse;
        const expected = made.flatMap(({ pattern, from, to, away, told }) => {
          for (let day = from < begin ? begin : from; day < to; day = plus(day, 1))
            if (comes(pattern, day) && !away.includes(day)) return [`${told.placementId} ${day}`];
          return [];
        });
        expect((await days(path)).map((each) => each.join(' ')).sort()).toEqual(expected.sort());
      }),
      { numRuns: 6 },
    );
  });
});

describe('children’s places that a severe finding touches', () => {
  it('are those still to come of the whole site, or of the one offering', async () => {
    const inspections = new MealsInspections(desk);
    const { siteId, group } = await aNursery();
    const second = anOffering(desk.operatorId, siteId, { kind: 'childcare', code: 'T2' });
    await desk.service.deliver(second);
    const here = new ToldPlace(group, { pattern: WHOLE_WEEK });
    const there = new ToldPlace(second, { mode: 'half_day', pattern: MONDAY_MORNING });
    await deliver(here, there);
    const id = await inspections.plan(siteId, desk.official);
    const about = [{ kind: undefined }, { kind: undefined, offeringId: second.offeringId, item: undefined }];
    const findings = about.map((changes) => inspections.severe(changes));
    await inspections.carryOut(id, desk.official, ['food_safety'], findings).expect(200);
    const found = (await inspections.findingsOf(id)) as { id: string; concerns: string }[];
    const path = (what: string) => `findings/${found.find(({ concerns }) => concerns === what)?.id}`;
    // Monday at ten: who comes in the morning is there already, who comes all day too.
    desk.clock.set('2026-12-07T02:00:00Z');
    expect(await days(path('site'))).toEqual([
      [here.placementId, '2026-12-08'],
      [there.placementId, '2026-12-14'],
    ]);
    expect(await days(path('offering'))).toEqual([[there.placementId, '2026-12-14']]);
    await desk.service
      .as(desk.rival)
      .get(`/v1/${path('site')}/placements`)
      .expect(404);
  });
});

const plus = (day: Day, n: number): Day =>
  DateTime.fromISO(day, { zone: 'utc' }).plus({ days: n }).toFormat('yyyy-MM-dd');

/** By the hours that staff are counted against. */
function comes(pattern: PlannedWeekday[], day: Day): boolean {
  const hours = { opensAt: '08:00', noonAt: '12:00', closesAt: '17:00', fromAt: null, toAt: null };
  return hoursOf({ pattern, ...hours }, day, 'Asia/Shanghai', []).length > 0;
}
