import {
  BookingCancelled,
  BookingConfirmed,
  event,
  LicenceDue,
  SiteLicenceSnapshot,
} from '@doorstep/contracts';
import { newId, sha256Hex } from '@doorstep/kernel';
import { type Actor, PeriodicRunner } from '@doorstep/platform';
import {
  anAuditor,
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
import { anOffering, someSites } from '../testing/scene.fixture';
import { LICENCE_CALENDAR } from './standings.service';

const clock = new FixedClock('2026-12-05T02:00:00Z');
const PDF = Buffer.from('%PDF-1.7 scan of a licence');
let service: TestService;
let owner: Actor;
let rival: Actor;

beforeAll(async () => {
  service = await startTestService('operators', AppModule, OperatorsConfig, migrations, { clock });
  const register = new Register(service);
  owner = anOwner(await register.operator());
  rival = anOwner(await register.operator());
});
afterAll(() => service.stop());
beforeEach(() => clock.set('2026-12-05T02:00:00Z'));

const site = async () => (await someSites(service, String(owner.operatorId), 1))[0];
const body = (siteId: string, changes = {}) => ({
  siteId,
  type: 'food_business',
  number: 'JY23101010000001',
  issuer: '黄浦区市场监督管理局',
  validFrom: '2022-01-01',
  validTo: '2027-01-01',
  ...changes,
});
const enter = (siteId: string, changes = {}, actor = owner) =>
  service.as(actor).post('/v1/licences').send(body(siteId, changes));
const turn = () => service.running.app.get(PeriodicRunner).runNow(LICENCE_CALENDAR);
const toldOf = async (siteId: string) =>
  (await service.told(SiteLicenceSnapshot)).filter((told) => told.siteId === siteId);

describe('a licence', () => {
  it('is entered with its scan, once for a repeated call', async () => {
    const siteId = await site();
    const document = {
      name: '许可证.pdf',
      contentType: 'application/pdf',
      contentBase64: PDF.toString('base64'),
    };
    const key = newId();
    const call = () => enter(siteId, { document }).set('idempotency-key', key);
    const first = await call().expect(201);
    expect((await call().expect(201)).body).toEqual(first.body);
    expect(first.body).toMatchObject({
      siteId,
      state: 'valid',
      document: { name: '许可证.pdf', bytes: PDF.length, sha256: sha256Hex(PDF) },
    });
    const path = `/v1/licences/${first.body.id}`;
    expect((await service.as(owner).get(path).expect(200)).body).toEqual(first.body);
    const scan = await service.as(owner).get(`${path}/document`).buffer(true).expect(200);
    expect(Buffer.from(scan.body)).toEqual(PDF);
    expect(scan.headers['content-disposition']).toContain('attachment');
    await service.as(rival).get(path).expect(404);
    await service.as(rival).get(`${path}/document`).expect(404);
    await service.as(anAuthority('310101')).get(path).expect(200);
    await service.as(anAuthority('33')).get(path).expect(404);
  });

  it('is refused for sites of others, for foreign managers, and with bad bodies', async () => {
    const siteId = await site();
    expect((await enter(siteId, {}, rival).expect(422)).body.code).toBe('site_not_known');
    const manager = aSiteManager(String(owner.operatorId), [await site()]);
    expect((await enter(siteId, {}, manager).expect(403)).body.code).toBe('site_not_yours');
    await enter(siteId, {}, anAuditor(String(owner.operatorId))).expect(403);
    const bad = await enter(siteId, { type: 'Food!', validFrom: 'soon', document: { name: '' } }).expect(400);
    const fields = bad.body.errors.map(({ field }: { field: string }) => field);
    expect(new Set(fields)).toEqual(
      new Set(['type', 'validFrom', 'document.name', 'document.contentType', 'document.contentBase64']),
    );
    const html = {
      name: 'x.pdf',
      contentType: 'application/pdf',
      contentBase64: Buffer.from('<html>').toString('base64'),
    };
    expect((await enter(siteId, { document: html }).expect(422)).body.code).toBe('document_type');
  });

  it('is listed by site and by the time that is left, until another one replaces it', async () => {
    const siteId = await site();
    const { body: licence } = await enter(siteId).expect(201);
    await enter(siteId, { type: 'fire_acceptance', validTo: undefined }).expect(201);
    const due = async (days: number) =>
      (await service.as(owner).get(`/v1/licences?siteId=${siteId}&dueWithinDays=${days}`).expect(200)).body
        .items;
    expect(await due(26)).toEqual([]);
    expect(await due(27)).toMatchObject([{ id: licence.id }]);
    const renewal = { validFrom: '2026-12-20', validTo: '2032-01-01' };
    const renewed = await service
      .as(owner)
      .post(`/v1/licences/${licence.id}/renewals`)
      .send(renewal)
      .expect(201);
    expect(renewed.body).toMatchObject({ renews: licence.id, state: 'upcoming', number: licence.number });
    expect(await due(90)).toEqual([]);
    const all = await service.as(owner).get(`/v1/licences?siteId=${siteId}&limit=2`).expect(200);
    expect(all.body.items).toHaveLength(2);
    const rest = await service
      .as(owner)
      .get(`/v1/licences?siteId=${siteId}&cursor=${all.body.nextCursor}`)
      .expect(200);
    expect(rest.body.items).toHaveLength(1);
    const elsewhere = aSiteManager(String(owner.operatorId), [newId()]);
    expect((await service.as(elsewhere).get('/v1/licences').expect(200)).body.items).toEqual([]);
  });
});

describe('a lapsed licence', () => {
  it('stops new bookings on its day, tells of it once, and lets them go on with the next one', async () => {
    const siteId = await site();
    const { body: licence } = await enter(siteId).expect(201);
    expect(await toldOf(siteId)).toEqual([]);
    clock.set('2026-12-31T15:59:00Z');
    await turn();
    expect(await toldOf(siteId)).toEqual([]);
    clock.set('2026-12-31T16:00:00Z');
    await turn();
    await turn();
    expect(await toldOf(siteId)).toMatchObject([
      {
        version: 1,
        blockedKinds: ['meals'],
        blocks: [{ kind: 'meals', licenceType: 'food_business', reason: 'lapsed', since: '2027-01-01' }],
      },
    ]);
    const blocked = await service.as(owner).get('/v1/licences/blocked-sites').expect(200);
    expect(blocked.body.items).toContainEqual(expect.objectContaining({ siteId }));
    expect((await service.as(rival).get('/v1/licences/blocked-sites').expect(200)).body.items).toEqual([]);
    const renewal = { validFrom: '2027-01-01', validTo: '2032-01-01' };
    await service.as(owner).post(`/v1/licences/${licence.id}/renewals`).send(renewal).expect(201);
    expect((await toldOf(siteId)).map(({ version, blockedKinds }) => [version, blockedKinds])).toEqual([
      [1, ['meals']],
      [2, []],
    ]);
  });

  it('and a revoked one stop at once, and list the bookings already made', async () => {
    const siteId = await site();
    const { body: licence } = await enter(siteId).expect(201);
    const facts = {
      operatorId: String(owner.operatorId),
      contractId: newId(),
      siteId,
      offeringId: newId(),
      residentId: newId(),
      mode: 'session' as const,
      regionCode: '310101002001',
      partySize: 1,
      version: 2,
      at: '2026-12-01T00:00:00.000Z',
    };
    const booking = (bookingId: string, kind: string, day: string) => ({
      ...facts,
      bookingId,
      kind,
      start: `${day}T03:30:00.000Z`,
      end: `${day}T04:30:00.000Z`,
      serviceDay: day,
    });
    const [before, after, later, cancelled, other] = Array.from({ length: 5 }, newId);
    const elsewhere = { kind: 'sports', licenceType: 'food_business', regionCode: '33', from: '2026-12-05' };
    const rule = { ...elsewhere, enforcement: 'missing' };
    await service.as(anAuthority('33')).post('/v1/licence-requirements').send(rule).expect(201);
    await service.deliver(
      event(BookingConfirmed, booking(before, 'meals', '2026-12-09')),
      event(BookingConfirmed, booking(after, 'meals', '2026-12-10')),
      event(BookingConfirmed, booking(later, 'meals', '2026-12-12')),
      event(BookingConfirmed, booking(other, 'sports', '2026-12-10')),
      event(BookingCancelled, {
        ...booking(cancelled, 'meals', '2026-12-10'),
        version: 3,
        by: 'resident',
        reason: 'x',
      }),
      event(BookingConfirmed, booking(cancelled, 'meals', '2026-12-10')),
    );
    const revoke = { on: '2026-12-10', reason: '后厨停业整顿' };
    const { body } = await service
      .as(owner)
      .post(`/v1/licences/${licence.id}/revoke`)
      .send(revoke)
      .expect(200);
    expect(body).toMatchObject({ revokedOn: '2026-12-10', state: 'valid', version: 2 });
    expect(
      (await service.as(owner).post(`/v1/licences/${licence.id}/revoke`).send(revoke).expect(409)).body.code,
    ).toBe('licence_revoked');
    const touched = async () =>
      (await service.as(owner).get(`/v1/licences/${licence.id}/bookings`).expect(200)).body.items;
    const [first, second] = [after, later].map((bookingId) => ({
      bookingId,
      kind: 'meals',
      status: 'confirmed',
    }));
    expect(await touched()).toMatchObject([first, second]);
    // Another one covers the days from the 11th on.
    await enter(siteId, { number: 'JY2', validFrom: '2026-12-11', validTo: '2031-01-01' }).expect(201);
    expect(await touched()).toMatchObject([first]);
    await service.as(rival).get(`/v1/licences/${licence.id}/bookings`).expect(404);
    clock.set('2026-12-10T02:00:00Z');
    await turn();
    expect(await toldOf(siteId)).toMatchObject([{ blocks: [{ since: '2026-12-10' }] }]);
  });

  it('that one offering needs by its own word stops that offering alone', async () => {
    const siteId = await site();
    const yoga = anOffering(String(owner.operatorId), siteId, {
      kind: 'culture',
      licences: ['liability_insurance'],
    });
    await service.deliver(yoga);
    await turn();
    const { offeringId } = yoga;
    expect(await toldOf(siteId)).toMatchObject([
      { blockedKinds: [], blockedOfferingIds: [offeringId], blocks: [{ reason: 'missing', offeringId }] },
    ]);
    await enter(siteId, { type: 'liability_insurance' }).expect(201);
    expect((await toldOf(siteId)).at(-1)).toMatchObject({ blockedOfferingIds: [], blocks: [], version: 2 });
  });

  it('is judged once by two renewals at once', async () => {
    const siteId = await site();
    clock.set('2027-01-02T02:00:00Z');
    const { body: licence } = await enter(siteId).expect(201);
    expect(await toldOf(siteId)).toMatchObject([{ blockedKinds: ['meals'], version: 1 }]);
    const renewal = { validFrom: '2027-01-01', validTo: '2032-01-01' };
    const call = () => service.as(owner).post(`/v1/licences/${licence.id}/renewals`).send(renewal);
    const answers = await Promise.all([call(), call(), call()]);
    expect(answers.map(({ status }) => status)).toEqual([201, 201, 201]);
    expect((await toldOf(siteId)).map(({ version }) => version)).toEqual([1, 2]);
  });
});

describe('reminders', () => {
  it('go out 90, 30 and 7 days before and on the day, once each, never for what is renewed', async () => {
    const siteId = await site();
    clock.set('2025-06-01T02:00:00Z');
    const { body: licence } = await enter(siteId, { validTo: '2026-01-01' }).expect(201);
    for (const day of [
      '2025-10-02',
      '2025-10-03',
      '2025-10-04',
      '2025-12-02',
      '2025-12-26',
      '2025-12-27',
      '2026-01-01',
    ]) {
      clock.set(`${day}T02:00:00Z`);
      await turn();
      await turn();
    }
    const due = async () =>
      (await service.told(LicenceDue)).filter(({ licenceId }) => licenceId === licence.id);
    expect((await due()).map(({ reminder, daysLeft }) => [reminder, daysLeft])).toEqual([
      [90, 90],
      [30, 30],
      [7, 6],
      [0, 0],
    ]);
    const other = await enter(siteId, { type: 'fire_acceptance', validTo: '2026-06-01' }).expect(201);
    const renewal = { validFrom: '2026-02-01', validTo: '2030-01-01' };
    await service.as(owner).post(`/v1/licences/${other.body.id}/renewals`).send(renewal).expect(201);
    clock.set('2026-06-01T02:00:00Z');
    await turn();
    expect((await service.told(LicenceDue)).some(({ licenceId }) => licenceId === other.body.id)).toBe(false);
  });
});
