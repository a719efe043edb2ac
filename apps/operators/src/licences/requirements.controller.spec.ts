import { event, OfferingSnapshot, SiteLicenceSnapshot } from '@doorstep/contracts';
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
import { anOffering, aSite, someSites } from '../testing/scene.fixture';
import { LICENCE_CALENDAR } from './standings.service';

const clock = new FixedClock('2026-12-05T02:00:00Z');
let service: TestService;
let owner: Actor;

beforeAll(async () => {
  service = await startTestService('operators', AppModule, OperatorsConfig, migrations, { clock });
  owner = anOwner(await new Register(service).operator());
});
afterAll(() => service.stop());
beforeEach(() => clock.set('2026-12-05T02:00:00Z'));

const turn = () => service.running.app.get(PeriodicRunner).runNow(LICENCE_CALENDAR);
const toldOf = async (siteId: string) =>
  (await service.told(SiteLicenceSnapshot)).filter((told) => told.siteId === siteId);

describe('a requirement', () => {
  const require = (changes: object, actor: Actor = anAdministrator()) =>
    service
      .as(actor)
      .post('/v1/licence-requirements')
      .send({
        kind: 'culture',
        licenceType: 'fire_acceptance',
        from: '2026-12-05',
        enforcement: 'missing',
        ...changes,
      });

  it('that asks for what a site never had blocks it, also a site that comes later, until it ends', async () => {
    const early = aSite(String(owner.operatorId), { regionCode: '440305001001' });
    await service.deliver(early);
    const { body: rule } = await require({ regionCode: '440305' }).expect(201);
    const late = aSite(String(owner.operatorId), { regionCode: '440305001002' });
    await service.deliver(late);
    await turn();
    for (const { siteId } of [early, late]) {
      expect((await toldOf(siteId)).at(-1)).toMatchObject({
        blocks: [{ kind: 'culture', reason: 'missing' }],
      });
    }
    const paper = {
      siteId: early.siteId,
      type: 'fire_acceptance',
      number: '消验〔2026〕1号',
      validFrom: '2022-01-01',
    };
    await service.as(owner).post('/v1/licences').send(paper).expect(201);
    expect((await toldOf(early.siteId)).at(-1)?.blockedKinds).toEqual([]);
    const end = `/v1/licence-requirements/${rule.id}/end`;
    await service.as(anAdministrator()).post(end).send({ on: '2026-12-06' }).expect(200);
    clock.set('2026-12-06T02:00:00Z');
    await turn();
    expect((await toldOf(late.siteId)).at(-1)?.blockedKinds).toEqual([]);
  });

  it('is an authority’s to make in its own region alone, and made once', async () => {
    const official = anAuthority('4403');
    await require({ kind: 'sports', regionCode: '440306' }, official).expect(201);
    expect((await require({ kind: 'sports', regionCode: '440306' }).expect(409)).body.code).toBe(
      'requirement_exists',
    );
    expect((await require({ regionCode: '31' }, official).expect(403)).body.code).toBe('region_not_yours');
    await require({}, official).expect(403);
    await require({}, owner).expect(403);
    expect((await require({ from: '2026-12-04' }).expect(422)).body.code).toBe('day_past');
    await require({ kind: 'X', licenceType: '', regionCode: '3', from: 'x', enforcement: 'y' }).expect(400);
    const { body } = await service.as(owner).get('/v1/licence-requirements?kind=meals').expect(200);
    expect(body.items).toMatchObject([
      { licenceType: 'food_business', enforcement: 'lapsed', regionCode: null },
    ]);
  });
});

describe('licences that are due', () => {
  it('end soon, or have ended while an offering needs them; the portfolio counts those that the list names', async () => {
    const [siteId] = await someSites(service, String(owner.operatorId), 1);
    const enter = (changes: object) =>
      service
        .as(owner)
        .post('/v1/licences')
        .send({ siteId, type: 'food_business', number: '1', validFrom: '2022-01-01', ...changes });
    const { body: first } = await enter({ number: 'JY-1', validTo: '2024-01-01' }).expect(201);
    const { body: last } = await enter({ number: 'JY-2', validTo: '2025-01-01' }).expect(201);
    await enter({ type: 'clinic_licence', validTo: '2025-01-01' }).expect(201);
    const { body: soon } = await enter({ type: 'fire_acceptance', validTo: '2027-02-01' }).expect(201);
    const { body: gone } = await enter({ type: 'insurance', validTo: '2030-01-01' }).expect(201);
    const due = async () => {
      const [list, summary] = await Promise.all(
        [`licences?dueWithinDays=90`, `portfolio/summary?from=2026-12`].map((path) =>
          service.as(owner).get(`/v1/${path}&siteId=${siteId}`).expect(200),
        ),
      );
      const ids = list.body.items.map(({ id }: { id: string }) => id);
      expect(summary.body.attention.licencesDue).toBe(ids.length);
      return ids;
    };
    // Nobody books meals here.
    expect(await due()).toEqual([soon.id]);
    const lunch = anOffering(String(owner.operatorId), siteId);
    await service.deliver(lunch);
    expect(await due()).toEqual([last.id, soon.id]);
    const revoke = { on: '2027-01-10', reason: '未续保' };
    await service.as(owner).post(`/v1/licences/${gone.id}/revoke`).send(revoke).expect(200);
    expect(await due()).toEqual([last.id, soon.id, gone.id]);
    // Renewed after a gap: the former ones rest.
    const renewal = { validFrom: '2026-12-01', validTo: '2031-01-01' };
    const { body: renewed } = await service
      .as(owner)
      .post(`/v1/licences/${first.id}/renewals`)
      .send(renewal)
      .expect(201);
    expect(await due()).toEqual([soon.id, gone.id]);
    const taken = { on: '2026-12-05', reason: '吊销' };
    await service.as(owner).post(`/v1/licences/${renewed.id}/revoke`).send(taken).expect(200);
    expect(await due()).toEqual([soon.id, gone.id, renewed.id]);
    await service.deliver(event(OfferingSnapshot, { ...lunch, active: false, version: 2 }));
    expect(await due()).toEqual([soon.id, gone.id]);
  });
});
