import {
  BookingConfirmed,
  event,
  FindingClosed,
  FindingOverdue,
  FindingRaised,
  type OfferingSnapshot,
  SiteInspectionSnapshot,
} from '@doorstep/contracts';
import { newId, sha256Hex } from '@doorstep/kernel';
import { type Actor, PeriodicRunner } from '@doorstep/platform';
import {
  anAuthority,
  anAuditor,
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
import { anOffering, someSites } from '../testing/scene.fixture';
import { INSPECTION_CALENDAR } from './inspection-calendar.service';

const NOW = '2026-12-05T02:00:00Z';
const clock = new FixedClock(NOW);
const PDF = Buffer.from('%PDF-1.7 picture');
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
const told = async (siteId: string) =>
  (await service.told(SiteInspectionSnapshot)).filter((each) => each.siteId === siteId);
const turn = () => service.running.app.get(PeriodicRunner).runNow(INSPECTION_CALENDAR);

const suspensions = async () => (await service.as(owner).get('/v1/site-suspensions').expect(200)).body.items;

const booked = ({ operatorId, siteId, offeringId }: OfferingSnapshot, day: string) =>
  event(BookingConfirmed, {
    bookingId: newId(),
    operatorId,
    contractId: newId(),
    siteId,
    offeringId,
    residentId: newId(),
    kind: 'meals',
    mode: 'session',
    regionCode: '310101002001',
    start: `${day}T03:30:00.000Z`,
    end: `${day}T04:30:00.000Z`,
    serviceDay: day,
    partySize: 1,
    version: 2,
    at: NOW,
  });

describe('a severe finding', () => {
  it('suspends the offering at once, names the bookings it touches, and lets it go on when it is over', async () => {
    const siteId = await site();
    const lunch = anOffering(String(owner.operatorId), siteId);
    const bookings = [
      booked(lunch, '2026-12-04'),
      booked(lunch, '2026-12-06'),
      booked({ ...lunch, offeringId: newId() }, '2026-12-07'),
    ];
    await service.deliver(lunch, ...bookings);
    const id = await plan(siteId, official, 'meals');
    const given = severe({ kind: undefined, offeringId: lunch.offeringId });
    const { body: done } = await carryOut(id, official, ['food_safety'], [given]).expect(200);
    expect(done).toMatchObject({ status: 'carried_out', scoreBp: 6500, inspectedBy: 'authority' });
    const [finding] = await findingsOf(id);
    expect(finding).toMatchObject({ concerns: 'offering', kind: 'meals', status: 'open', overdue: false });
    const block = {
      findingId: finding.id,
      concerns: 'offering',
      kind: 'meals',
      offeringId: lunch.offeringId,
    };
    expect(await told(siteId)).toMatchObject([
      {
        suspended: false,
        blockedKinds: [],
        blockedOfferingIds: [lunch.offeringId],
        blocks: [block],
        version: 1,
      },
    ]);
    expect((await service.told(FindingRaised)).filter(({ siteId: at }) => at === siteId)).toMatchObject([
      { severity: 'severe', concerns: 'offering' },
    ]);
    const path = `/v1/findings/${finding.id}`;
    const touched = await service.as(owner).get(`${path}/bookings`).expect(200);
    expect(touched.body.items.map((each: { bookingId: string }) => each.bookingId)).toEqual([
      bookings[1].bookingId,
    ]);
    expect(await suspensions()).toContainEqual({ siteId, blocks: [{ ...block, since: '2026-12-05' }] });
    const document = {
      name: '整改.pdf',
      contentType: 'application/pdf',
      contentBase64: PDF.toString('base64'),
    };
    const { body: mended } = await post(owner, `${path}/rectify`, {
      rectification: '已更换',
      document,
    }).expect(200);
    expect(mended).toMatchObject({
      status: 'rectified',
      evidence: [{ stage: 'rectified', sha256: sha256Hex(PDF) }],
    });
    const file = await service
      .as(official)
      .get(`${path}/evidence/${mended.evidence[0].id}`)
      .buffer(true)
      .expect(200);
    expect(Buffer.from(file.body)).toEqual(PDF);
    expect(await told(siteId)).toHaveLength(1);
    expect((await post(owner, `${path}/reinspections`, { passed: true }).expect(403)).body.code).toBe(
      'inspection_not_yours',
    );
    const { body: over } = await post(official, `${path}/reinspections`, { passed: true }).expect(201);
    expect(over).toMatchObject({ status: 'closed', reinspections: [{ on: '2026-12-05', passed: true }] });
    expect((await told(siteId)).at(-1)).toMatchObject({ blockedOfferingIds: [], blocks: [], version: 2 });
    const inspection = await service.as(owner).get(`/v1/inspections/${id}`).expect(200);
    expect(inspection.body).toMatchObject({ status: 'closed', closedOn: '2026-12-05' });
    const closed = (await service.told(FindingClosed)).filter(({ findingId }) => findingId === finding.id);
    expect(closed).toMatchObject([{ outcome: 'reinspected' }]);
  });
});

describe('two severe findings', () => {
  it('about the site and a kind each hold what they suspend until both are over, also at once', async () => {
    const siteId = await site();
    const id = await plan(siteId, official, 'meals');
    const two = [severe({ kind: undefined }), severe({ item: undefined })];
    const call = () => carryOut(id, official, ['food_safety'], two);
    const answers = (await Promise.all([call(), call()])).map(({ status }) => status).sort();
    expect(answers).toEqual([200, 409]);
    expect(await told(siteId)).toMatchObject([{ suspended: true, blockedKinds: ['meals'] }]);
    const findings = await findingsOf(id);
    const pass = ({ id: each }: { id: string }) =>
      post(official, `/v1/findings/${each}/reinspections`, { passed: true }).expect(201);
    await Promise.all(findings.map(pass));
    expect((await told(siteId)).map(({ version, blocks }) => [version, blocks.length])).toEqual([
      [1, 2],
      [2, 1],
      [3, 0],
    ]);
    const inspection = await service.as(official).get(`/v1/inspections/${id}`).expect(200);
    expect(inspection.body.status).toBe('closed');
  });
});

describe('a finding whose time is over', () => {
  it('is told once, and again after a new deadline has passed', async () => {
    const siteId = await site();
    const id = await plan(siteId, owner, 'meals');
    await carryOut(id, owner, ['menu'], [severe({ item: 'menu', severity: 'minor' })]).expect(200);
    const [finding] = await findingsOf(id);
    const overdue = async () =>
      (await service.told(FindingOverdue)).filter(({ findingId }) => findingId === finding.id).length;
    clock.set('2026-12-12T15:59:00Z');
    await turn();
    expect(await overdue()).toBe(0);
    clock.set('2026-12-12T16:00:00Z');
    await turn();
    await turn();
    expect(await overdue()).toBe(1);
    expect(
      (await service.as(owner).get(`/v1/findings?overdue=true&siteId=${siteId}`)).body.items,
    ).toHaveLength(1);
    const again = { passed: false, rectifyBy: '2026-12-20', note: '仍未公示' };
    await post(owner, `/v1/findings/${finding.id}/reinspections`, again).expect(201);
    clock.set('2026-12-21T02:00:00Z');
    await turn();
    expect(await overdue()).toBe(2);
    expect(await told(siteId)).toEqual([]);
  });
});

describe('inspections', () => {
  it('are planned and carried out by whoever may, and seen by nobody else', async () => {
    const siteId = await site();
    expect(
      (await post(rival, '/v1/inspections', { siteId, plannedOn: '2026-12-05' }).expect(422)).body.code,
    ).toBe('site_not_known');
    const elsewhere = aSiteManager(String(owner.operatorId), [await site()]);
    await post(elsewhere, '/v1/inspections', { siteId, plannedOn: '2026-12-05' }).expect(403);
    await post(anAuthority('33'), '/v1/inspections', { siteId, plannedOn: '2026-12-05' }).expect(422);
    await post(anAuditor(String(owner.operatorId)), '/v1/inspections', {
      siteId,
      plannedOn: '2026-12-05',
    }).expect(403);
    const id = await plan(siteId, official, 'meals');
    expect((await carryOut(id, owner, [], []).expect(403)).body.code).toBe('inspection_not_yours');
    await carryOut(id, rival, [], []).expect(404);
    await service.as(rival).get(`/v1/inspections/${id}`).expect(404);
    await service.as(elsewhere).get(`/v1/inspections/${id}`).expect(404);
    await service.as(anAuthority('33')).get(`/v1/inspections/${id}`).expect(404);
    const bad = await post(official, `/v1/inspections/${id}/carry-out`, {
      on: '2026-02-30',
      results: [{ item: 'X', outcome: 'maybe' }],
      findings: 'none',
    }).expect(400);
    const fields = bad.body.errors.map(({ field }: { field: string }) => field);
    expect(new Set(fields)).toEqual(new Set(['on', 'results[0].item', 'results[0].outcome', 'findings']));
    const foreign = [severe({ kind: undefined, offeringId: newId() })];
    expect((await carryOut(id, official, ['food_safety'], foreign).expect(422)).body.code).toBe(
      'offering_not_known',
    );
    await post(official, `/v1/inspections/${id}/cancel`, { reason: '改期' }).expect(200);
    expect((await carryOut(id, official, [], []).expect(409)).body.code).toBe('inspection_cancelled');
  });

  it('go by the checklist that an authority has set for its region and time', async () => {
    const list = {
      name: '黄浦助餐',
      kind: 'sports',
      regionCode: '310101',
      from: '2026-12-05',
      items: [{ code: 'floor', title: '地面防滑', weight: 10, severity: 'minor' }],
    };
    expect(
      (await post(official, '/v1/checklists', { ...list, regionCode: '3301' }).expect(403)).body.code,
    ).toBe('region_not_yours');
    const { body } = await post(official, '/v1/checklists', list).expect(201);
    expect((await post(official, '/v1/checklists', list).expect(409)).body.code).toBe('checklist_exists');
    await post(owner, '/v1/checklists', list).expect(403);
    const siteId = await site();
    const inspection = await post(official, '/v1/inspections', {
      siteId,
      kind: 'sports',
      plannedOn: '2026-12-05',
    }).expect(201);
    expect(inspection.body.checklistId).toBe(body.id);
    await post(official, `/v1/checklists/${body.id}/end`, { on: '2026-12-06' }).expect(200);
    const late = { siteId, kind: 'sports', plannedOn: '2026-12-06' };
    expect((await post(official, '/v1/inspections', late).expect(422)).body.code).toBe('checklist_missing');
  });
});
