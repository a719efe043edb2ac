import {
  BookingConfirmed,
  type DayPart,
  event,
  type OfferingSnapshot,
  PlacementEnded,
  PlacementStarted,
} from '@doorstep/contracts';
import { newId } from '@doorstep/kernel';
import { Desk } from '../testing/desk.fixture';
import { anOffering } from '../testing/scene.fixture';

const NOW = '2026-12-05T02:00:00Z';
const desk = new Desk(NOW);

const toddlers = (home: string) =>
  anOffering(desk.operatorId, home, {
    code: 'T1',
    nameZh: '托小班',
    kind: 'childcare',
    mode: 'full_day',
    capacityModel: 'places',
    capacity: 15,
    ageMonthsMin: 12,
    ageMonthsMax: 24,
    schedule: [1, 2, 3, 4, 5].map((weekday) => ({ weekday, starts: '08:00', ends: '17:00' })),
  });

const sixOf = (group: OfferingSnapshot) =>
  event(BookingConfirmed, {
    bookingId: newId(),
    operatorId: desk.operatorId,
    contractId: newId(),
    siteId: group.siteId,
    offeringId: group.offeringId,
    residentId: newId(),
    kind: 'childcare',
    mode: 'full_day',
    regionCode: '310101002001',
    start: '2026-12-07T00:00:00.000Z',
    end: '2026-12-07T09:00:00.000Z',
    serviceDay: '2026-12-07',
    partySize: 6,
    version: 2,
    at: NOW,
  });

const RATIO = {
  ageClass: 'toddler',
  ageMonthsMin: 12,
  ageMonthsMax: 24,
  childrenPerStaff: 6,
  skill: 'childcare',
  regionCode: '310101',
  from: '2026-12-05',
};

/** Six toddlers from eight to five, one carer from eight to four, another from nine to five. */
async function aMonday() {
  const home = await desk.site();
  const group = toddlers(home);
  await desk.service.deliver(group, sixOf(group));
  const [wang, li] = [await desk.staff({ siteIds: [home] }), await desk.staff({ siteIds: [home] })];
  await desk.plan(wang, { siteId: home }).expect(201);
  await desk.plan(li, { siteId: home, starts: '09:00', ends: '17:00' }).expect(201);
  const ask = (more = '', actor = desk.owner) =>
    desk.service.as(actor).get(`/v1/staff-gaps?siteId=${home}&from=2026-12-07&to=2026-12-08${more}`);
  const gaps = async (more = '') => (await ask(more).expect(200)).body.gaps;
  return { home, wang, group, ask, gaps };
}

describe('staff on shift against children', () => {
  it('name the hours, the groups and how many are missing', async () => {
    const { group, ask, gaps } = await aMonday();
    const { offeringId } = group;
    const six = { children: 6, childrenPerStaff: 5, needed: 2 };
    expect(await gaps()).toMatchObject([
      {
        start: '2026-12-07T00:00:00.000Z',
        end: '2026-12-07T01:00:00.000Z',
        skill: 'childcare',
        needed: 2,
        onShift: 1,
        missing: 1,
        groups: [{ offeringId, name: '托小班', ageClass: 'toddler', ...six }],
      },
      { start: '2026-12-07T08:00:00.000Z', end: '2026-12-07T09:00:00.000Z' },
    ]);
    expect((await gaps('&basis=places'))[0]).toMatchObject({ needed: 3, onShift: 1, missing: 2 });
    await ask('', desk.rival).expect(404);
    const path = `/v1/staff-gaps?siteId=${group.siteId}&from=2026-12-07&to=2026-12-30`;
    await desk.service.as(desk.owner).get(path).expect(422);
  });

  it('count children with a place like those who are booked, by the half day, until the place ends', async () => {
    const { group, gaps } = await aMonday();
    const place = (part: DayPart, weekday = 1) => {
      const { operatorId, siteId, offeringId } = group;
      const placementId = newId();
      const what = { contractId: newId(), groupId: newId(), residentId: newId(), regionCode: '310101002001' };
      const how = { kind: 'childcare', mode: 'full_day' as const, ageClass: 'toddler' as const };
      const of = {
        operatorId,
        siteId,
        offeringId,
        placementId,
        ...what,
        ...how,
        from: '2026-12-01',
        at: NOW,
      };
      return {
        started: event(PlacementStarted, {
          ...of,
          to: '2028-01-01',
          pattern: [{ weekday, part }],
          version: 1,
        }),
        ended: event(PlacementEnded, { ...of, to: '2026-12-07', reason: 'moved', version: 2 }),
      };
    };
    const all = [...Array.from({ length: 5 }, () => place('morning')), place('day', 2)];
    await desk.service.deliver(...all.map(({ started }) => started));
    expect((await gaps())[0]).toMatchObject({ needed: 3, missing: 2, groups: [{ children: 11 }] });
    expect((await gaps()).at(-1)).toMatchObject({ needed: 2, groups: [{ children: 6 }] });
    await desk.service.deliver(...all.map(({ ended }) => ended));
    expect((await gaps())[0]).toMatchObject({ needed: 2, groups: [{ children: 6 }] });
  });

  it('count nobody whose certificate has run out, by the ratio of the region on the day', async () => {
    const { wang, gaps } = await aMonday();
    const span = { validFrom: '2025-01-01', validTo: '2026-01-01' };
    const health = { staffId: wang, type: 'health', number: '1', ...span };
    await desk.post(desk.owner, '/v1/certificates', health).expect(201);
    expect((await gaps())[0]).toMatchObject({ onShift: 0, missing: 2 });
    const set = (changes = {}) => desk.post(desk.official, '/v1/staff-ratios', { ...RATIO, ...changes });
    const { body: saved } = await set().expect(201);
    await set().expect(409);
    expect((await set({ ageMonthsMax: 12 }).expect(422)).body.code).toBe('ages_empty');
    expect((await gaps())[0]).toMatchObject({ needed: 1, onShift: 0, missing: 1 });
    await desk.post(desk.official, `/v1/staff-ratios/${saved.id}/end`, { on: '2026-12-06' }).expect(200);
    expect((await gaps())[0]).toMatchObject({ needed: 2 });
  });
});
