import { CertificateDue, StaffSnapshot } from '@doorstep/contracts';
import { type Actor, PeriodicRunner } from '@doorstep/platform';
import {
  anAdministrator,
  anAuthority,
  anOwner,
  aSiteManager,
  FixedClock,
  startTestService,
  type TestService,
} from '@doorstep/testing';
import { AppModule } from '../app.module';
import { OperatorsConfig } from '../config';
import { migrations } from '../migrations';
import { Register } from '../testing/register.fixture';
import { someSites } from '../testing/scene.fixture';
import { STAFF_CALENDAR } from './staff-calendar.service';

/** A Saturday, ten in the morning in Shanghai. */
const NOW = '2026-12-05T02:00:00Z';
const clock = new FixedClock(NOW);
const official = anAuthority('310101');
let service: TestService;
let owner: Actor;
let rival: Actor;
let siteId: string;
let otherSite: string;

beforeAll(async () => {
  service = await startTestService('operators', AppModule, OperatorsConfig, migrations, { clock });
  const register = new Register(service);
  owner = anOwner(await register.operator());
  rival = anOwner(await register.operator());
  [siteId, otherSite] = await someSites(service, String(owner.operatorId), 2);
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
const told = async (staffId: string) =>
  (await service.told(StaffSnapshot)).filter((each) => each.staffId === staffId);
const last = async (staffId: string) => (await told(staffId)).at(-1);
const turn = () => service.running.app.get(PeriodicRunner).runNow(STAFF_CALENDAR);

describe('a certificate', () => {
  const enter = (staffId: string, changes = {}, actor = owner) =>
    post(actor, '/v1/certificates', {
      staffId,
      type: 'care_worker',
      number: 'HL3101012026',
      validFrom: '2026-01-01',
      validTo: '2027-01-01',
      ...changes,
    });

  it('that runs out takes the skill away that needs it, until there is another', async () => {
    const staffId = await staff();
    await enter(staffId).expect(201);
    expect((await told(staffId)).map(({ version }) => version)).toEqual([1]);
    clock.set('2026-12-31T15:59:00Z');
    await turn();
    expect((await last(staffId))?.skills).toEqual(['bedside_care', 'childcare']);
    clock.set('2026-12-31T16:00:00Z');
    await turn();
    await turn();
    expect(await last(staffId)).toMatchObject({ skills: ['childcare'], version: 2 });
    const { body: next } = await enter(staffId, { validFrom: '2027-01-01', validTo: '2028-01-01' }).expect(
      201,
    );
    expect(await last(staffId)).toMatchObject({ skills: ['bedside_care', 'childcare'], version: 3 });
    await post(owner, `/v1/certificates/${next.id}/revoke`).expect(200);
    expect(await last(staffId)).toMatchObject({ skills: ['childcare'], version: 4 });
    await post(owner, `/v1/certificates/${next.id}/revoke`).expect(409);
    const { body } = await service.as(owner).get(`/v1/staff/${staffId}`).expect(200);
    expect(body).toMatchObject({ skills: ['bedside_care', 'childcare'], version: 4 });
  });

  it('is reminded of 90, 30 and 7 days before and on the day, once each, but not once it is replaced', async () => {
    clock.set('2026-01-05T02:00:00Z');
    const staffId = await staff();
    const { body: certificate } = await enter(staffId).expect(201);
    for (const day of ['2026-10-02', '2026-10-03', '2026-12-02', '2026-12-25', '2027-01-01']) {
      clock.set(`${day}T02:00:00Z`);
      await turn();
      await turn();
    }
    const due = (await service.told(CertificateDue)).filter((each) => each.certificateId === certificate.id);
    expect(due.map(({ reminder, daysLeft }) => [reminder, daysLeft])).toEqual([
      [90, 90],
      [30, 30],
      [7, 7],
      [0, 0],
    ]);
    const list = async () =>
      (await service.as(owner).get(`/v1/certificates?staffId=${staffId}&dueWithinDays=0`).expect(200)).body
        .items;
    expect(await list()).toHaveLength(1);
    await enter(staffId, { validFrom: '2027-01-01', validTo: undefined }).expect(201);
    expect(await list()).toEqual([]);
  });

  it('may be asked for by an authority for its region, also from who never had one', async () => {
    const [there] = await someSites(service, String(owner.operatorId), 1, { regionCode: '330102001001' });
    const staffId = await staff({ siteIds: [there], skills: ['bathing'] });
    const rule = {
      skill: 'bathing',
      certificateType: 'bath_aide',
      enforcement: 'missing',
      from: '2026-12-05',
    };
    await post(official, '/v1/skill-requirements', { ...rule, regionCode: '33' }).expect(403);
    const body = { ...rule, regionCode: '3301' };
    const { body: saved } = await post(anAuthority('33'), '/v1/skill-requirements', body).expect(201);
    await post(anAdministrator(), '/v1/skill-requirements', body).expect(409);
    await turn();
    expect((await last(staffId))?.skills).toEqual([]);
    await enter(staffId, { type: 'bath_aide' }).expect(201);
    expect((await last(staffId))?.skills).toEqual(['bathing']);
    await post(anAuthority('33'), `/v1/skill-requirements/${saved.id}/end`, { on: '2026-12-06' }).expect(200);
  });

  it('is the employer’s to enter and to read in full', async () => {
    const staffId = await staff();
    await enter(staffId, {}, rival).expect(404);
    await enter(staffId, {}, official).expect(403);
    await enter(staffId, {}, aSiteManager(String(owner.operatorId), [otherSite])).expect(404);
    expect((await enter(staffId, { validTo: '2026-01-01' }).expect(422)).body.code).toBe('period_empty');
    await enter(staffId, { validFrom: '2026-02-30' }).expect(400);
    await enter(staffId).expect(201);
    const numbers = async (actor: Actor) =>
      (await service.as(actor).get(`/v1/certificates?staffId=${staffId}`).expect(200)).body.items.map(
        ({ number }: { number: string }) => number,
      );
    expect(await numbers(owner)).toEqual(['HL3101012026']);
    expect(await numbers(official)).toEqual(['*2026']);
    expect(await numbers(anAuthority('33'))).toEqual([]);
    expect(await numbers(rival)).toEqual([]);
  });
});
