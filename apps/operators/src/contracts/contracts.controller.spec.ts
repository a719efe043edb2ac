import { ContractSiteSnapshot, ContractSnapshot } from '@doorstep/contracts';
import { newId } from '@doorstep/kernel';
import {
  anAdministrator,
  anAuditor,
  anAuthority,
  anOwner,
  FixedClock,
  startTestService,
  type TestService,
} from '@doorstep/testing';
import { AppModule } from '../app.module';
import { OperatorsConfig } from '../config';
import { migrations } from '../migrations';
import { aScene, Contracts, draftBody, type Scene, someSites } from '../testing/scene.fixture';

const clock = new FixedClock('2026-11-20T02:00:00Z');
let service: TestService;
let scene: Scene;
let contracts: Contracts;

beforeAll(async () => {
  service = await startTestService('operators', AppModule, OperatorsConfig, migrations, { clock });
  scene = await aScene(service);
  contracts = new Contracts(service, scene);
});
afterAll(() => service.stop());
beforeEach(() => clock.set('2026-11-20T02:00:00Z'));

const asOwner = () => service.as(scene.owner);
const asOfficial = () => service.as(scene.official);
const sign = (id: string, who: () => ReturnType<typeof asOwner>, body = {}) =>
  who().post(`/v1/contracts/${id}/signatures`).send(body);
const toldOf = async (id: string) =>
  (await service.told(ContractSnapshot)).filter(({ contractId }) => contractId === id);

describe('drafting a contract', () => {
  it('answers with the whole of it, also when repeated, and tells of it', async () => {
    const key = newId();
    const body = draftBody(scene);
    const first = await asOwner().post('/v1/contracts').set('idempotency-key', key).send(body).expect(201);
    expect(first.body).toMatchObject({
      ...body,
      status: 'draft',
      signatures: [],
      kpis: [],
      endsOn: null,
      revision: 1,
      version: 1,
    });
    const again = await asOwner().post('/v1/contracts').set('idempotency-key', key).send(body).expect(201);
    expect(again.body).toEqual(first.body);
    expect(await toldOf(first.body.id)).toMatchObject([
      { status: 'draft', from: body.from, to: body.to, services: body.services, version: 1 },
    ]);
  });

  it('is for either party and for administrators, not for others', async () => {
    await asOfficial()
      .post('/v1/contracts')
      .send(draftBody(scene, { authorityId: undefined }))
      .expect(201);
    await service.as(anAdministrator()).post('/v1/contracts').send(draftBody(scene)).expect(201);
    const rival = anOwner(await scene.register.operator());
    await service.as(rival).post('/v1/contracts').send(draftBody(scene)).expect(404);
    const stranger = anAuthority('33', { organisationId: await scene.register.authority('33') });
    const refused = await service.as(stranger).post('/v1/contracts').send(draftBody(scene)).expect(403);
    expect(refused.body.code).toBe('not_a_party');
  });

  it('refuses parties of the wrong kind and a number used twice', async () => {
    const administrator = service.as(anAdministrator());
    const swapped = { operatorId: scene.authorityId, authorityId: scene.operatorId };
    const wrong = await administrator.post('/v1/contracts').send(draftBody(scene, swapped)).expect(422);
    expect(wrong.body.code).toBe('wrong_party');
    const body = draftBody(scene);
    const answers = await Promise.all([1, 2, 3].map(() => asOwner().post('/v1/contracts').send(body)));
    expect(answers.map((answer) => answer.status).sort()).toEqual([201, 409, 409]);
    const hidden = { ...draftBody(await aScene(service)), authorityId: scene.authorityId };
    await administrator.post('/v1/contracts').send(hidden).expect(201);
    const path = `/v1/contracts/${await contracts.draft()}`;
    const { body: refused } = await asOwner().patch(path).send({ number: hidden.number }).expect(409);
    expect(refused.code).toBe('contract_exists');
  });

  it('names every field of a bad body', async () => {
    const bad = draftBody(scene, {
      from: '01.12.2026',
      form: 'loose',
      services: [{ kind: 'Meals!', priceCeilingFen: -1, mode: 'x' }],
      settlementCycle: 'weekly',
      colour: 'red',
    });
    const { body } = await asOwner().post('/v1/contracts').send(bad).expect(400);
    const fields = body.errors.map(({ field }: { field: string }) => field);
    expect(new Set(fields)).toEqual(
      new Set([
        'from',
        'form',
        'services[0].kind',
        'services[0].priceCeilingFen',
        'services[0].mode',
        'settlementCycle',
        'colour',
      ]),
    );
    const empty = await asOwner()
      .post('/v1/contracts')
      .send(draftBody(scene, { to: '2026-12-01' }))
      .expect(422);
    expect(empty.body.code).toBe('period_empty');
    await asOwner()
      .post('/v1/contracts')
      .send(draftBody(scene, { from: '2026-02-30' }))
      .expect(422);
  });
});

describe('a draft', () => {
  it('is changed with its sites, and loses its signature', async () => {
    const [siteId] = await someSites(service, scene.operatorId, 1);
    const id = await contracts.draft([siteId]);
    await sign(id, asOwner).expect(201);
    const changes = { to: '2028-12-01', title: '运营合同（二稿）' };
    const { body } = await asOwner().patch(`/v1/contracts/${id}`).send(changes).expect(200);
    expect(body).toMatchObject({ ...changes, signatures: [], status: 'draft' });
    const sites = await asOwner().get(`/v1/contracts/${id}/sites`).expect(200);
    expect(sites.body.items).toMatchObject([{ siteId, from: '2026-12-01', to: '2028-12-01' }]);
    const early = { from: '2026-12-01', to: '2026-12-02' };
    await asOwner().patch(`/v1/contracts/${id}`).send(early).expect(200);
    const gone = await asOwner().patch(`/v1/contracts/${id}`).send({ services: [] }).expect(400);
    expect(gone.body.code).toBe('validation_failed');
  });

  it('keeps days and kinds that its sites need', async () => {
    const [siteId] = await someSites(service, scene.operatorId, 1);
    const id = await contracts.draft();
    const sites = [{ siteId, from: '2027-01-01', to: '2028-01-01', kinds: ['sports'] }];
    await asOwner().post(`/v1/contracts/${id}/sites`).send({ sites }).expect(201);
    const change = (body: object) => asOwner().patch(`/v1/contracts/${id}`).send(body).expect(409);
    expect((await change({ from: '2027-01-02' })).body.code).toBe('sites_outside');
    expect((await change({ to: '2027-12-31' })).body.code).toBe('sites_outside');
    expect((await change({ services: [{ kind: 'meals' }] })).body.code).toBe('kinds_in_use');
  });
});

describe('signing', () => {
  it('takes both parties; what they signed is the same', async () => {
    const id = await contracts.draft();
    const first = await sign(id, asOwner).expect(201);
    expect(first.body).toMatchObject({ status: 'draft', signatures: [{ party: 'operator' }] });
    expect((await sign(id, asOwner).expect(409)).body.code).toBe('already_signed');
    const second = await sign(id, asOfficial, { version: first.body.version }).expect(201);
    expect(second.body.status).toBe('signed');
    const digests = second.body.signatures.map(({ digest }: { digest: string }) => digest);
    expect(digests[0]).toBe(digests[1]);
  });

  it('is refused when the contract has changed since it was read', async () => {
    const id = await contracts.draft();
    const refused = await sign(id, asOfficial, { version: 7 }).expect(409);
    expect(refused.body).toMatchObject({ code: 'contract_changed', details: { version: 1 } });
  });

  it('by both at once, many times, ends with one signature each', async () => {
    const id = await contracts.draft();
    const calls = [asOwner, asOfficial, asOwner, asOfficial, asOwner, asOfficial].map((who) => sign(id, who));
    const answers = await Promise.all(calls);
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(2);
    const { body } = await asOwner().get(`/v1/contracts/${id}`).expect(200);
    expect(body).toMatchObject({ status: 'signed', version: 3 });
    expect(body.signatures).toHaveLength(2);
  });

  it('is not for administrators, other roles or other tenants', async () => {
    const id = await contracts.draft();
    await sign(id, () => service.as(anAdministrator())).expect(403);
    await sign(id, () => service.as({ ...scene.owner, roles: ['finance'] })).expect(403);
    await sign(id, () => service.as({ ...scene.owner, kind: 'client', roles: ['owner'] })).expect(403);
    const rival = anOwner(await scene.register.operator());
    await sign(id, () => service.as(rival)).expect(404);
  });
});

describe('the life of a contract', () => {
  it('goes from signed to active to suspended and back, and tells of every step and every site', async () => {
    const siteIds = await someSites(service, scene.operatorId, 3);
    const id = await contracts.signed(siteIds);
    const early = await asOwner().post(`/v1/contracts/${id}/activate`).expect(409);
    expect(early.body.code).toBe('contract_not_begun');
    clock.set('2026-11-30T16:00:00Z');
    const active = await asOwner().post(`/v1/contracts/${id}/activate`).expect(200);
    expect(active.body.status).toBe('active');
    const again = await asOwner().post(`/v1/contracts/${id}/activate`).expect(200);
    expect(again.body.version).toBe(active.body.version);
    await asOwner().post(`/v1/contracts/${id}/suspend`).send({ reason: 'x' }).expect(403);
    const suspended = await asOfficial()
      .post(`/v1/contracts/${id}/suspend`)
      .send({ reason: '消防' })
      .expect(200);
    expect(suspended.body).toMatchObject({ status: 'suspended', statusReason: '消防' });
    await asOfficial().post(`/v1/contracts/${id}/resume`).expect(200);
    expect((await toldOf(id)).map(({ status }) => status).slice(-4)).toEqual([
      'signed',
      'active',
      'suspended',
      'active',
    ]);
    const told = (await service.told(ContractSiteSnapshot)).filter(({ contractId }) => contractId === id);
    for (const siteId of siteIds) {
      const standing = told.filter((site) => site.siteId === siteId);
      expect(standing.map(({ inForce, version }) => [inForce, version])).toEqual([
        [false, 1],
        [true, 2],
        [false, 3],
        [true, 4],
      ]);
    }
  });

  it('is activated once by many calls at once', async () => {
    const id = await contracts.signed(await someSites(service, scene.operatorId, 2));
    clock.set('2026-12-05T02:00:00Z');
    const calls = Array.from({ length: 6 }, () => asOwner().post(`/v1/contracts/${id}/activate`));
    const statuses = (await Promise.all(calls)).map(({ status }) => status);
    expect(statuses).toEqual([200, 200, 200, 200, 200, 200]);
    expect((await toldOf(id)).filter(({ status }) => status === 'active')).toHaveLength(1);
  });

  it('ends on a chosen day, and cuts its sites at once', async () => {
    clock.set('2026-12-05T02:00:00Z');
    const [siteId] = await someSites(service, scene.operatorId, 1);
    const id = await contracts.active([siteId]);
    const path = `/v1/contracts/${id}/terminate`;
    await asOwner().post(path).send({ reason: 'x', on: '2026-12-04' }).expect(422);
    const { body } = await asOwner().post(path).send({ reason: '到期移交', on: '2027-06-01' }).expect(200);
    expect(body).toMatchObject({ status: 'active', endsOn: '2027-06-01' });
    const sites = await asOwner().get(`/v1/contracts/${id}/sites`).expect(200);
    expect(sites.body.items).toMatchObject([{ to: '2027-06-01', inForce: true }]);
    const told = (await service.told(ContractSiteSnapshot)).filter(({ contractId }) => contractId === id);
    expect(told.at(-1)).toMatchObject({ to: '2027-06-01', inForce: true });
    expect((await toldOf(id)).at(-1)).toMatchObject({ status: 'active', to: '2027-06-01' });
  });

  it('leaves a line in the audit log at every step', async () => {
    clock.set('2026-12-05T02:00:00Z');
    const id = await contracts.active();
    await asOfficial().post(`/v1/contracts/${id}/terminate`).send({ reason: 'x' }).expect(200);
    const { rows } = await service.db.query<{ action: string }>(
      `SELECT action FROM audit_entry WHERE entity_id = $1 ORDER BY id`,
      [id],
    );
    expect(rows.map(({ action }) => action)).toEqual([
      'contracts:create',
      'contracts:sign',
      'contracts:sign',
      'contracts:activate',
      'contracts:terminate',
    ]);
  });
});

describe('who sees a contract', () => {
  it('its parties do, its auditor does, no other tenant and no other authority', async () => {
    const id = await contracts.draft();
    const path = `/v1/contracts/${id}`;
    const rival = anOwner(await scene.register.operator());
    const stranger = anAuthority('310101', { organisationId: await scene.register.authority('310101') });
    for (const actor of [scene.owner, scene.official, anAuditor(scene.operatorId), anAdministrator()]) {
      await service.as(actor).get(path).expect(200);
    }
    for (const actor of [rival, stranger]) {
      await service.as(actor).get(path).expect(404);
      await service.as(actor).get(`${path}/sites`).expect(404);
      await service.as(actor).post(`${path}/terminate`).send({ reason: 'x' }).expect(404);
      const listed = await service.as(actor).get('/v1/contracts').expect(200);
      expect(listed.body.items).toEqual([]);
    }
  });

  it('lists them by state, party, site and number, page by page', async () => {
    const other = await aScene(service);
    const own = new Contracts(service, other);
    const [siteId] = await someSites(service, other.operatorId, 1);
    const first = await own.signed([siteId]);
    await own.draft();
    await own.draft();
    const list = async (query: string) =>
      (await service.as(other.owner).get(`/v1/contracts?${query}`).expect(200)).body;
    expect((await list('status=signed')).items).toMatchObject([{ id: first }]);
    expect((await list(`siteId=${siteId}`)).items).toMatchObject([{ id: first }]);
    expect(
      (await list(`authorityId=${other.authorityId}&operatorId=${other.operatorId}`)).items,
    ).toHaveLength(3);
    expect((await list('number=none')).items).toEqual([]);
    const page = await list('limit=2');
    expect(page.items).toHaveLength(2);
    expect((await list(`limit=2&cursor=${page.nextCursor}`)).items).toHaveLength(1);
  });
});
