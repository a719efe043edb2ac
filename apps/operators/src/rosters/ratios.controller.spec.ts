import { BookingConfirmed, event, type OfferingSnapshot } from '@doorstep/contracts';
import { newId } from '@doorstep/kernel';
import { type Actor } from '@doorstep/platform';
import { anAuthority, anOwner, FixedClock, startTestService, type TestService } from '@doorstep/testing';
import { AppModule } from '../app.module';
import { OperatorsConfig } from '../config';
import { migrations } from '../migrations';
import { Register } from '../testing/register.fixture';
import { anOffering, someSites } from '../testing/scene.fixture';

/** A Saturday, ten in the morning in Shanghai. */
const NOW = '2026-12-05T02:00:00Z';
const clock = new FixedClock(NOW);
const official = anAuthority('310101');
let service: TestService;
let owner: Actor;
let rival: Actor;
let siteId: string;

beforeAll(async () => {
  service = await startTestService('operators', AppModule, OperatorsConfig, migrations, { clock });
  const register = new Register(service);
  owner = anOwner(await register.operator());
  rival = anOwner(await register.operator());
  [siteId] = await someSites(service, String(owner.operatorId), 1);
});
afterAll(() => service.stop());
beforeEach(() => clock.set(NOW));

const post = (actor: Actor, path: string, body: object = {}) => service.as(actor).post(path).send(body);
const staff = async (changes = {}) =>
  String(
    (
      await post(owner, '/v1/staff', {
        name: '王芳',
        jobTitle: 'caregiver',
        skills: ['bedside_care', 'childcare'],
        siteIds: [siteId],
        ...changes,
      }).expect(201)
    ).body.id,
  );
const pattern = (staffId: string, changes = {}) => ({
  staffId,
  siteId,
  purpose: 'site',
  weekdays: [1, 2, 3, 4, 5],
  starts: '08:00',
  ends: '16:00',
  from: '2026-12-07',
  ...changes,
});
const plan = (staffId: string, changes = {}, actor = owner) =>
  post(actor, '/v1/shift-patterns', pattern(staffId, changes));

const toddlers = (home: string) =>
  anOffering(String(owner.operatorId), home, {
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
    operatorId: String(owner.operatorId),
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

describe('staff on shift against children', () => {
  it('name the hours, the groups and how many are missing', async () => {
    const [home] = await someSites(service, String(owner.operatorId), 1);
    const [wang, li] = [await staff({ siteIds: [home] }), await staff({ siteIds: [home] })];
    const group = toddlers(home);
    const booking = sixOf(group);
    await service.deliver(group, booking);
    await plan(wang, { siteId: home }).expect(201);
    await plan(li, { siteId: home, starts: '09:00', ends: '17:00' }).expect(201);
    const gaps = async (query = '', actor = owner) =>
      (
        await service
          .as(actor)
          .get(`/v1/staff-gaps?siteId=${home}&from=2026-12-07&to=2026-12-08${query}`)
          .expect(200)
      ).body.gaps;
    const morning = {
      start: '2026-12-07T00:00:00.000Z',
      end: '2026-12-07T01:00:00.000Z',
      skill: 'childcare',
      needed: 2,
      onShift: 1,
      missing: 1,
      groups: [
        {
          offeringId: group.offeringId,
          name: '托小班',
          ageClass: 'toddler',
          children: 6,
          childrenPerStaff: 5,
          needed: 2,
        },
      ],
    };
    expect(await gaps()).toMatchObject([
      morning,
      { start: '2026-12-07T08:00:00.000Z', end: '2026-12-07T09:00:00.000Z' },
    ]);
    expect((await gaps('&basis=places'))[0]).toMatchObject({ needed: 3, onShift: 1, missing: 2 });
    const health = {
      staffId: wang,
      type: 'health',
      number: '1',
      validFrom: '2025-01-01',
      validTo: '2026-01-01',
    };
    await post(owner, '/v1/certificates', health).expect(201);
    expect((await gaps())[0]).toMatchObject({ onShift: 0, missing: 2 });
    const ratio = {
      ageClass: 'toddler',
      ageMonthsMin: 12,
      ageMonthsMax: 24,
      childrenPerStaff: 6,
      skill: 'childcare',
      regionCode: '310101',
      from: '2026-12-05',
    };
    const { body: saved } = await post(official, '/v1/staff-ratios', ratio).expect(201);
    await post(official, '/v1/staff-ratios', ratio).expect(409);
    expect(
      (await post(official, '/v1/staff-ratios', { ...ratio, ageMonthsMax: 12 }).expect(422)).body.code,
    ).toBe('ages_empty');
    expect((await gaps())[0]).toMatchObject({ needed: 1, onShift: 0, missing: 1 });
    await post(official, `/v1/staff-ratios/${saved.id}/end`, { on: '2026-12-06' }).expect(200);
    expect((await gaps())[0]).toMatchObject({ needed: 2 });
    await service.as(rival).get(`/v1/staff-gaps?siteId=${home}&from=2026-12-07&to=2026-12-08`).expect(404);
    await service.as(owner).get(`/v1/staff-gaps?siteId=${home}&from=2026-12-07&to=2026-12-30`).expect(422);
  });
});
