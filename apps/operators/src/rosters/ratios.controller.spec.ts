import {
  AbsenceRecorded,
  AbsenceReplaced,
  AttendanceRecorded,
  BookingConfirmed,
  CareDayGivenBack,
  CareDayReserved,
  type DayPart,
  type DomainEvent,
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

  it('count the very hours of children whose days are taken one by one, and nobody who is told to be away', async () => {
    const { group, gaps } = await aMonday();
    const { operatorId, siteId, offeringId } = group;
    const what = { contractId: newId(), groupId: newId(), residentId: newId(), regionCode: '310101002001' };
    const how = { kind: 'childcare', mode: 'timed' as const, ageClass: 'toddler' as const };
    const facts: DomainEvent[] = [];
    const told = async (...some: DomainEvent[]) => {
      facts.push(...some);
      await desk.service.deliver(...some);
    };
    const child = (more: Partial<PlacementStarted>) => {
      const own = { ...{ operatorId, siteId, offeringId, ...what, ...how, placementId: newId() }, at: NOW };
      const of = { ...own, from: '2026-12-01', to: '2028-01-01' };
      const hours = { opensAt: '08:00', noonAt: '11:00', closesAt: '17:00' };
      return { of, started: event(PlacementStarted, { ...of, hours, pattern: [], version: 1, ...more }) };
    };
    const at = async (clock: string): Promise<number> => {
      const instant = new Date(`2026-12-07T${clock}:00+08:00`).toISOString();
      type Shown = { start: string; end: string; groups: { children: number }[] };
      const found = ((await gaps('&basis=booked')) as Shown[]).find(
        ({ start, end }) => start <= instant && instant < end,
      );
      return (found?.groups[0]?.children ?? 0) - 6;
    };
    const counts = async () => [await at('08:30'), await at('10:30'), await at('11:30'), await at('16:30')];
    // Many at once, so that there is always a gap in which the children are seen.
    const day = '2026-12-07';
    const week = [1, 2, 3, 4, 5].map((weekday) => ({ weekday, part: 'afternoon' as const }));
    const many = Array.from({ length: 20 }, () => child({ pattern: [{ weekday: 1, part: 'day' }] }));
    await told(...many.map(({ started }) => started));
    expect(await counts()).toEqual([20, 20, 20, 20]);
    const [timed, guest, half] = [
      child({}),
      child({ mode: 'temporary', days: [{ day, fromAt: '08:00', toAt: '11:00' }] }),
      child({ mode: 'half_day', pattern: week }),
    ];
    await told(timed.started, guest.started, half.started);
    expect(await counts()).toEqual([21, 21, 21, 21]);
    const reserved = { day, fromAt: '10:00', toAt: '12:00' };
    await told(event(CareDayReserved, { ...timed.of, reserved, version: 2 }));
    expect(await counts()).toEqual([21, 22, 22, 21]);
    const away = [{ day, kind: 'sick' as const, noticeHours: 2 }];
    const absent = ({ of }: typeof half, version: number) =>
      event(AbsenceRecorded, { ...of, absenceId: newId(), days: away, version });
    await told(absent(timed, 3), absent(guest, 2), absent(half, 2));
    expect(await counts()).toEqual([20, 20, 20, 20]);
    await told(
      event(AbsenceReplaced, { ...timed.of, days: [day], version: 4 }),
      event(CareDayReserved, { ...timed.of, reserved: { day, fromAt: '11:00', toAt: '17:00' }, version: 5 }),
      event(AbsenceReplaced, { ...half.of, days: [day], version: 3 }),
    );
    expect(await counts()).toEqual([20, 20, 22, 22]);
    await told(event(CareDayGivenBack, { ...timed.of, day, version: 6 }));
    expect(await counts()).toEqual([20, 20, 21, 21]);
    // What happened goes before what was told.
    const came = { day, outcome: 'attended' as const, revision: 1, minutes: 300, latePickupMinutes: 0 };
    const refused = { ...came, outcome: 'refused' as const, minutes: 0, corrected: false };
    await told(event(AttendanceRecorded, { ...half.of, ...refused, version: 4 }));
    expect(await counts()).toEqual([20, 20, 20, 20]);
    await told(event(AttendanceRecorded, { ...half.of, ...came, revision: 2, corrected: true, version: 5 }));
    expect(await counts()).toEqual([20, 20, 21, 21]);
    // Told again the other way round, nothing else comes of it.
    for (const fact of facts.reverse()) await desk.service.deliver(fact);
    expect(await counts()).toEqual([20, 20, 21, 21]);
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
