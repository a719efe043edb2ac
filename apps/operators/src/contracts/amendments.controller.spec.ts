import { ContractSiteSnapshot, ContractSnapshot } from '@doorstep/contracts';
import { newId } from '@doorstep/kernel';
import { PeriodicRunner } from '@doorstep/platform';
import { anAdministrator, anOwner, FixedClock, startTestService, type TestService } from '@doorstep/testing';
import { AppModule } from '../app.module';
import { OperatorsConfig } from '../config';
import { migrations } from '../migrations';
import { aScene, Contracts, type Scene, someSites } from '../testing/scene.fixture';
import { CONTRACT_CALENDAR } from './contract-calendar.service';

const clock = new FixedClock('2026-12-05T02:00:00Z');
let service: TestService;
let scene: Scene;
let contracts: Contracts;

beforeAll(async () => {
  service = await startTestService('operators', AppModule, OperatorsConfig, migrations, { clock });
  scene = await aScene(service);
  contracts = new Contracts(service, scene);
});
afterAll(() => service.stop());
beforeEach(() => clock.set('2026-12-05T02:00:00Z'));

const propose = (id: string, body: object, actor = scene.owner) =>
  service.as(actor).post(`/v1/contracts/${id}/amendments`).send(body);
const sign = (id: string, amendmentId: string, actor = scene.owner) =>
  service.as(actor).post(`/v1/contracts/${id}/amendments/${amendmentId}/signatures`).send({});
const agree = async (id: string, body: object) => {
  const { body: amendment } = await propose(id, body).expect(201);
  await sign(id, amendment.id, scene.official).expect(201);
  return (await sign(id, amendment.id).expect(201)).body;
};
const read = async (id: string, asOf?: string) =>
  (
    await service
      .as(scene.owner)
      .get(`/v1/contracts/${id}${asOf ? `?asOf=${asOf}` : ''}`)
      .expect(200)
  ).body;
const standing = async (id: string, asOf: string): Promise<string[]> =>
  (await service.as(scene.owner).get(`/v1/contracts/${id}/sites?asOf=${asOf}`).expect(200)).body.items
    .map(({ siteId }: { siteId: string }) => siteId)
    .sort();

describe('an amendment of the terms', () => {
  const dearer = [{ kind: 'meals', priceCeilingFen: 2800 }, { kind: 'sports' }];

  it('holds from its day on, and leaves the days before as they were', async () => {
    const id = await contracts.active();
    const agreed = await agree(id, {
      effectiveOn: '2027-06-01',
      terms: { services: dearer },
      note: '补充协议一',
    });
    expect(agreed).toMatchObject({ status: 'agreed', ordinal: 1, note: '补充协议一' });
    expect((await read(id, '2027-05-31')).services[0].priceCeilingFen).toBe(2500);
    expect(await read(id, '2027-06-01')).toMatchObject({
      services: dearer,
      revision: 2,
      settlementCycle: 'monthly',
    });
    expect((await read(id)).services[0].priceCeilingFen).toBe(2500);
    const [told] = (await service.told(ContractSnapshot))
      .filter(({ contractId }) => contractId === id)
      .slice(-1);
    expect(told.services[0].priceCeilingFen).toBe(2500);
    expect(told.revisions).toMatchObject([
      { revision: 1, from: '2026-12-01', to: '2027-06-01' },
      { revision: 2, from: '2027-06-01', to: '2029-12-01', services: dearer },
    ]);
  });

  it('is told again on its day', async () => {
    const id = await contracts.active();
    await agree(id, { effectiveOn: '2027-06-01', terms: { services: dearer } });
    const turn = () => service.running.app.get(PeriodicRunner).runNow(CONTRACT_CALENDAR);
    const before = (await read(id)).version;
    await turn();
    expect((await read(id)).version).toBe(before);
    clock.set('2027-05-31T16:00:00Z');
    await turn();
    await turn();
    const [told] = (await service.told(ContractSnapshot))
      .filter(({ contractId }) => contractId === id)
      .slice(-1);
    expect(told).toMatchObject({ version: before + 1, services: dearer });
  });

  it('of the same day replaces the one before it; an earlier day is refused', async () => {
    const id = await contracts.active();
    await agree(id, { effectiveOn: '2027-06-01', terms: { title: '第一' } });
    await agree(id, { effectiveOn: '2027-06-01', terms: { settlementCycle: 'quarterly' } });
    expect(await read(id, '2027-06-01')).toMatchObject({
      title: '第一',
      settlementCycle: 'quarterly',
      revision: 3,
    });
    const refused = await propose(id, { effectiveOn: '2027-05-31', terms: { title: '第三' } }).expect(422);
    expect(refused.body).toMatchObject({
      code: 'effective_day_out_of_range',
      details: { earliest: '2027-06-01' },
    });
  });
});

describe('an amendment of the sites', () => {
  it('adds some and ends others on the same day', async () => {
    const [former, next] = await someSites(service, scene.operatorId, 2);
    const id = await contracts.active([former]);
    const { body } = await service.as(scene.owner).get(`/v1/contracts/${id}/sites`).expect(200);
    await agree(id, {
      effectiveOn: '2027-06-01',
      addSites: [{ siteId: next }],
      endSites: [body.items[0].id],
    });
    expect(await standing(id, '2027-05-31')).toEqual([former]);
    expect(await standing(id, '2027-06-01')).toEqual([next]);
    const told = (await service.told(ContractSiteSnapshot)).filter(({ contractId }) => contractId === id);
    expect(told.filter(({ siteId }) => siteId === former).at(-1)).toMatchObject({
      to: '2027-06-01',
      inForce: true,
    });
    expect(told.filter(({ siteId }) => siteId === next).at(-1)).toMatchObject({
      from: '2027-06-01',
      inForce: true,
    });
  });

  it('lets the contract run on, and the sites that ran to its end with it', async () => {
    const [whole, part] = await someSites(service, scene.operatorId, 2);
    const id = await contracts.draft([whole]);
    const sites = [{ siteId: part, to: '2027-12-01' }];
    await service.as(scene.owner).post(`/v1/contracts/${id}/sites`).send({ sites }).expect(201);
    for (const actor of [scene.owner, scene.official]) {
      await service.as(actor).post(`/v1/contracts/${id}/signatures`).send({}).expect(201);
    }
    await service.as(scene.owner).post(`/v1/contracts/${id}/activate`).expect(200);
    await agree(id, { effectiveOn: '2027-06-01', to: '2031-12-01' });
    expect(await read(id, '2031-11-30')).toMatchObject({ to: '2031-12-01', revision: 1 });
    expect(await standing(id, '2031-11-30')).toEqual([whole]);
  });

  it('is tried out when it is proposed, and again when it is agreed on', async () => {
    const [siteId] = await someSites(service, scene.operatorId, 1);
    const holder = await contracts.active();
    const id = await contracts.active();
    const add = { effectiveOn: '2027-06-01', addSites: [{ siteId }] };
    const { body: amendment } = await propose(id, add).expect(201);
    expect(await standing(id, '2027-06-01')).toEqual([]);
    await service
      .as(scene.official)
      .post(`/v1/contracts/${holder}/sites`)
      .send({ sites: [{ siteId }] })
      .expect(201);
    expect((await propose(id, add).expect(409)).body.code).toBe('site_held');
    await sign(id, amendment.id).expect(201);
    expect((await sign(id, amendment.id, scene.official).expect(409)).body.code).toBe('site_held');
    const { body } = await service
      .as(scene.owner)
      .get(`/v1/contracts/${id}/amendments/${amendment.id}`)
      .expect(200);
    expect(body).toMatchObject({ status: 'proposed', signatures: [{ party: 'operator' }] });
  });
});

describe('an amendment', () => {
  it('is agreed on once, however many sign at once', async () => {
    const id = await contracts.active();
    const { body: amendment } = await propose(id, {
      effectiveOn: '2027-06-01',
      terms: { title: '新' },
    }).expect(201);
    const signers = [scene.owner, scene.official, scene.owner, scene.official];
    const answers = await Promise.all(signers.map((actor) => sign(id, amendment.id, actor)));
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 201, 409, 409]);
    expect((await read(id, '2027-06-01')).revision).toBe(2);
  });

  it('is the same again when the call is repeated', async () => {
    const id = await contracts.active();
    const key = newId();
    const call = () =>
      propose(id, { effectiveOn: '2027-06-01', terms: { title: '新' } }).set('idempotency-key', key);
    expect((await call().expect(201)).body).toEqual((await call().expect(201)).body);
    const { body } = await service.as(scene.official).get(`/v1/contracts/${id}/amendments`).expect(200);
    expect(body.items).toHaveLength(1);
  });

  it('is withdrawn by either party until it is agreed on', async () => {
    const id = await contracts.active();
    const { body: amendment } = await propose(id, {
      effectiveOn: '2027-06-01',
      terms: { title: '新' },
    }).expect(201);
    const path = `/v1/contracts/${id}/amendments/${amendment.id}/withdraw`;
    await service.as(scene.official).post(path).expect(200);
    expect((await sign(id, amendment.id).expect(409)).body.code).toBe('amendment_withdrawn');
  });

  it('is refused for drafts, for strangers, and with bad bodies', async () => {
    const draft = await contracts.draft();
    const body = { effectiveOn: '2027-06-01', terms: { title: '新' } };
    expect((await propose(draft, body).expect(409)).body.code).toBe('contract_draft');
    const id = await contracts.active();
    const rival = anOwner(await scene.register.operator());
    await propose(id, body, rival).expect(404);
    await service.as(rival).get(`/v1/contracts/${id}/amendments`).expect(404);
    expect((await propose(id, { effectiveOn: '2027-06-01' }).expect(422)).body.code).toBe('nothing_changes');
    const faults = { effectiveOn: 'soon', terms: { services: [], title: null }, colour: 1 };
    const bad = await propose(id, faults).expect(400);
    const fields = bad.body.errors.map(({ field }: { field: string }) => field);
    expect(new Set(fields)).toEqual(new Set(['effectiveOn', 'terms.services', 'terms.title', 'colour']));
    const unknown = { effectiveOn: '2027-06-01', addSites: [{ siteId: newId() }] };
    expect((await propose(id, unknown).expect(422)).body.errors[0].field).toBe('addSites[0].siteId');
  });
});

describe('a handover', () => {
  const handOver = (id: string, body: object, actor = scene.official) =>
    service.as(actor).post(`/v1/contracts/${id}/handovers`).send(body);

  it('moves sites on a day, telling what goes on from what', async () => {
    const [moving, staying] = await someSites(service, scene.operatorId, 2);
    const former = await contracts.active([moving, staying]);
    const next = await contracts.active([], { to: '2031-12-01' });
    const body = { toContractId: next, on: '2027-06-01', siteIds: [moving] };
    const { body: moved } = await handOver(former, body).expect(201);
    expect(moved.items).toMatchObject([
      { siteId: moving, from: '2027-06-01', to: '2031-12-01', inForce: true },
    ]);
    expect(await standing(former, '2027-05-31')).toEqual([moving, staying].sort());
    expect(await standing(former, '2027-06-01')).toEqual([staying]);
    expect(await standing(next, '2027-06-01')).toEqual([moving]);
    const told = (await service.told(ContractSiteSnapshot)).filter(({ siteId }) => siteId === moving);
    const ended = told.find(({ contractId, to }) => contractId === former && to === '2027-06-01');
    expect(told.find(({ contractId }) => contractId === next)).toMatchObject({
      continues: ended?.contractSiteId,
    });
  });

  it('moves every site when none is named, and two in opposite directions at once do not block each other', async () => {
    const [a, b] = await someSites(service, scene.operatorId, 2);
    const one = await contracts.active([a]);
    const two = await contracts.active([b]);
    const answers = await Promise.all([
      handOver(one, { toContractId: two, on: '2027-06-01', siteIds: [a] }),
      handOver(two, { toContractId: one, on: '2027-06-01', siteIds: [b] }),
    ]);
    expect(answers.map(({ status }) => status)).toEqual([201, 201]);
    await handOver(one, { toContractId: two, on: '2027-07-01' }).expect(201);
    expect(await standing(two, '2027-07-01')).toEqual([a, b].sort());
  });

  it('that is taken back before its day tells that the standing between never was', async () => {
    const [siteId] = await someSites(service, scene.operatorId, 1);
    const former = await contracts.active([siteId]);
    const next = await contracts.active();
    await handOver(former, { toContractId: next, on: '2027-06-01' }).expect(201);
    await handOver(next, { toContractId: former, on: '2027-06-01' }).expect(201);
    expect(await standing(former, '2027-06-01')).toEqual([siteId]);
    expect(await standing(next, '2027-06-01')).toEqual([]);
    const told = (await service.told(ContractSiteSnapshot)).filter(({ contractId }) => contractId === next);
    expect(told.at(-1)).toMatchObject({ from: '2027-06-01', to: '2027-06-01', inForce: false });
  });

  it('is for the authority of both contracts and for administrators', async () => {
    const [a, b] = await someSites(service, scene.operatorId, 2);
    const former = await contracts.active([a, b]);
    const next = await contracts.active();
    const body = { toContractId: next, on: '2027-06-01', siteIds: [a] };
    expect((await handOver(former, body, scene.owner).expect(403)).body.code).toBe('authority_needed');
    await handOver(former, body, anAdministrator()).expect(201);
    const stranger = await aScene(service);
    await handOver(former, { ...body, siteIds: [b] }, stranger.official).expect(404);
    await handOver(former, { toContractId: 'x', on: 'soon' }).expect(400);
    const again = await handOver(former, body).expect(422);
    expect(again.body.code).toBe('site_not_under_contract');
  });
});
