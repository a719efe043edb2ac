import { ContractSiteSnapshot } from '@doorstep/contracts';
import { newId } from '@doorstep/kernel';
import type { Actor } from '@doorstep/platform';
import {
  anAdministrator,
  anOwner,
  aSiteManager,
  FixedClock,
  startTestService,
  type TestService,
} from '@doorstep/testing';
import { AppModule } from '../app.module';
import { OperatorsConfig } from '../config';
import { migrations } from '../migrations';
import { aScene, aSite, Contracts, type Scene, someSites } from '../testing/scene.fixture';

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

const bring = (id: string, sites: object[], actor = scene.owner) =>
  service.as(actor).post(`/v1/contracts/${id}/sites`).send({ sites });

describe('bringing sites under a contract', () => {
  it('takes a thousand at once, tells of each, and the same again for a repeated call', async () => {
    const siteIds = await someSites(service, scene.operatorId, 1000);
    const id = await contracts.draft();
    const sites = siteIds.map((siteId) => ({ siteId, kinds: ['meals'] }));
    const key = newId();
    const first = await bring(id, sites).set('idempotency-key', key).expect(201);
    const again = await bring(id, sites).set('idempotency-key', key).expect(201);
    expect(again.body).toEqual(first.body);
    expect(first.body.items.map(({ siteId }: { siteId: string }) => siteId)).toEqual(siteIds);
    const told = (await service.told(ContractSiteSnapshot)).filter(({ contractId }) => contractId === id);
    expect(told).toHaveLength(1000);
    const listed = await service.as(scene.owner).get(`/v1/contracts/${id}/sites?limit=200`).expect(200);
    expect(listed.body.items).toHaveLength(200);
    expect(listed.body.items[0]).toMatchObject({ siteCode: expect.stringMatching(/^HP-/), inForce: false });
  });

  it('waits for the news of a site that was created a moment ago', async () => {
    const id = await contracts.draft();
    const site = aSite(scene.operatorId);
    const call = bring(id, [{ siteId: site.siteId }]).expect(201);
    const [answer] = await Promise.all([call, service.deliver(site)]);
    expect(answer.body.items).toHaveLength(1);
  });

  it('takes all or none: unknown sites and those of others look alike', async () => {
    const [known] = await someSites(service, scene.operatorId, 1);
    const [theirs] = await someSites(service, await scene.register.operator(), 1);
    const id = await contracts.draft();
    const { body } = await bring(id, [{ siteId: known }, { siteId: theirs }, { siteId: newId() }]).expect(
      422,
    );
    expect(body.code).toBe('site_not_known');
    expect(body.errors.map(({ field }: { field: string }) => field)).toEqual([
      'sites[1].siteId',
      'sites[2].siteId',
    ]);
    const listed = await service.as(scene.owner).get(`/v1/contracts/${id}/sites`).expect(200);
    expect(listed.body.items).toEqual([]);
  });

  it('names every entry that cannot stand', async () => {
    const [a, b] = await someSites(service, scene.operatorId, 2);
    const id = await contracts.draft([a]);
    const faulty = [
      { siteId: b, to: '2031-01-01' },
      { siteId: b, from: '2027-01-01', kinds: ['bowling'] },
    ];
    const { body } = await bring(id, faulty).expect(422);
    expect(body.code).toBe('sites_refused');
    expect(body.errors.map(({ field }: { field: string }) => field)).toEqual([
      'sites[0].to',
      'sites[1].kinds',
      'sites[1].siteId',
    ]);
    const twice = await bring(id, [{ siteId: b }, { siteId: a, from: '2027-01-01' }]).expect(409);
    expect(twice.body).toMatchObject({ code: 'site_listed', errors: [{ field: 'sites[1].siteId' }] });
  });

  it('names every field of a bad body, and refuses more than a thousand', async () => {
    const id = await contracts.draft();
    const { body } = await bring(id, [{ siteId: 'x', from: 'soon', seats: 1 }]).expect(400);
    const fields = body.errors.map(({ field }: { field: string }) => field);
    expect(new Set(fields)).toEqual(new Set(['sites[0].siteId', 'sites[0].from', 'sites[0].seats']));
    await bring(id, []).expect(400);
    await bring(
      id,
      Array.from({ length: 1001 }, () => ({ siteId: newId() })),
    ).expect(400);
  });

  it('of a draft drops the signature that was there', async () => {
    const [siteId] = await someSites(service, scene.operatorId, 1);
    const id = await contracts.draft();
    await service.as(scene.owner).post(`/v1/contracts/${id}/signatures`).send({}).expect(201);
    await bring(id, [{ siteId }]).expect(201);
    const { body } = await service.as(scene.owner).get(`/v1/contracts/${id}`).expect(200);
    expect(body.signatures).toEqual([]);
  });

  it('of a signed contract is for the authority and administrators; the operator proposes an amendment', async () => {
    const siteIds = await someSites(service, scene.operatorId, 3);
    const id = await contracts.active();
    const refused = await bring(id, [{ siteId: siteIds[0] }]).expect(409);
    expect(refused.body.code).toBe('amendment_needed');
    const { body } = await bring(id, [{ siteId: siteIds[1] }], scene.official).expect(201);
    expect(body.items).toMatchObject([{ siteId: siteIds[1], inForce: true }]);
    await bring(id, [{ siteId: siteIds[2] }], anAdministrator()).expect(201);
  });

  it('is over when the contract has ended, and closed to strangers', async () => {
    const [siteId] = await someSites(service, scene.operatorId, 1);
    const id = await contracts.active();
    await service.as(scene.official).post(`/v1/contracts/${id}/terminate`).send({ reason: 'x' }).expect(200);
    expect((await bring(id, [{ siteId }], scene.official).expect(409)).body.code).toBe('contract_terminated');
    await bring(id, [{ siteId }], anOwner(await scene.register.operator())).expect(404);
  });
});

describe('a site', () => {
  it('stands under one contract in force at a time, also when two are put into force at once', async () => {
    const [shared] = await someSites(service, scene.operatorId, 1);
    const ids = [await contracts.signed([shared]), await contracts.signed([shared])];
    const answers = await Promise.all(
      ids.map((id) => service.as(scene.owner).post(`/v1/contracts/${id}/activate`)),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409]);
    const refused = answers.find(({ status }) => status === 409);
    expect(refused?.body).toMatchObject({ code: 'site_held', details: { siteIds: [shared] } });
  });

  it('that another contract holds is named when a contract would run on over it', async () => {
    const [siteId] = await someSites(service, scene.operatorId, 1);
    const id = await contracts.active([siteId]);
    const other = await aScene(service);
    const number = `PD-${newId().slice(-10)}`;
    const draft = { ...{ from: '2026-12-01', to: '2035-12-01', number }, authorityId: other.authorityId };
    const next = await contracts.draft([], draft);
    await bring(next, [{ siteId, from: '2029-12-01' }]).expect(201);
    for (const actor of [scene.owner, other.official])
      await service.as(actor).post(`/v1/contracts/${next}/signatures`).send({}).expect(201);
    const path = `/v1/contracts/${id}/amendments`;
    const propose = (actor: Actor) =>
      service.as(actor).post(path).send({ effectiveOn: '2027-01-01', to: '2031-12-01' });
    const { body: amendment } = await propose(scene.owner).expect(201);
    await service.as(scene.owner).post(`${path}/${amendment.id}/signatures`).send({}).expect(201);
    await service.as(scene.owner).post(`/v1/contracts/${next}/activate`).expect(200);
    const days = 'from 2029-12-01 to 2035-12-01';
    const refused = { code: 'site_held', details: { siteIds: [siteId] } };
    const ofOperator = await propose(scene.owner).expect(409);
    expect(ofOperator.body).toMatchObject({ ...refused, errors: [{ field: 'to' }] });
    expect(ofOperator.body.errors[0].reason).toMatch(new RegExp(`^HP-.*\\(${number}\\) ${days}`));
    // The other authority's contract is none of this one's business.
    const signed = await service.as(scene.official).post(`${path}/${amendment.id}/signatures`).send({});
    expect(signed.body).toMatchObject({ ...refused, errors: [{ field: 'to' }] });
    expect(JSON.stringify(signed.body)).not.toContain(number);
  });

  it('can be brought under another contract once its standing has ended', async () => {
    const [siteId] = await someSites(service, scene.operatorId, 1);
    const former = await contracts.active([siteId]);
    const next = await contracts.active();
    expect((await bring(next, [{ siteId }], scene.official).expect(409)).body).toMatchObject({
      code: 'site_held',
      errors: [{ field: 'sites[0].siteId' }],
    });
    const end = { on: '2027-06-01', reason: '移交' };
    await service.as(scene.owner).post(`/v1/contracts/${former}/terminate`).send(end).expect(200);
    await bring(next, [{ siteId, from: '2027-05-31' }], scene.official).expect(409);
    await bring(next, [{ siteId, from: '2027-06-01' }], scene.official).expect(201);
    const days = async (asOf: string) => {
      const lists = [former, next].map((id) =>
        service.as(scene.owner).get(`/v1/contracts/${id}/sites?asOf=${asOf}&siteId=${siteId}`),
      );
      return (await Promise.all(lists)).map(({ body }) => body.items.length);
    };
    expect(await days('2027-05-31')).toEqual([1, 0]);
    expect(await days('2027-06-01')).toEqual([0, 1]);
  });

  it('is seen by its own manager, the others are not', async () => {
    const [own, other] = await someSites(service, scene.operatorId, 2);
    const id = await contracts.draft([own, other]);
    const manager = aSiteManager(scene.operatorId, [own]);
    const { body } = await service.as(manager).get(`/v1/contracts/${id}/sites`).expect(200);
    expect(body.items).toMatchObject([{ siteId: own }]);
  });

  it('is taken off a draft, and told to have gone', async () => {
    const [siteId] = await someSites(service, scene.operatorId, 1);
    const id = await contracts.draft();
    const { body } = await bring(id, [{ siteId }]).expect(201);
    const path = `/v1/contracts/${id}/sites/${body.items[0].id}`;
    await service.as(scene.owner).delete(path).expect(204);
    await service.as(scene.owner).delete(path).expect(404);
    await bring(id, [{ siteId }]).expect(201);
    const told = (await service.told(ContractSiteSnapshot)).filter((site) => site.siteId === siteId);
    expect(told.map(({ inForce, version }) => [inForce, version])).toEqual([
      [false, 1],
      [false, 2],
      [false, 1],
    ]);
  });
});
