import { StaffSnapshot } from '@doorstep/contracts';
import { newId } from '@doorstep/kernel';
import type { Actor } from '@doorstep/platform';
import {
  aFrontEnd,
  anAdministrator,
  anAuthority,
  anOwner,
  aSiteManager,
  startTestService,
  type TestService,
} from '@doorstep/testing';
import { AppModule } from '../app.module';
import { OperatorsConfig } from '../config';
import { migrations } from '../migrations';
import { Register } from '../testing/register.fixture';
import { aSite, someSites } from '../testing/scene.fixture';

let service: TestService;
let owner: Actor;
let rival: Actor;
let siteIds: string[];

beforeAll(async () => {
  service = await startTestService('operators', AppModule, OperatorsConfig, migrations);
  const register = new Register(service);
  owner = anOwner(await register.operator());
  rival = anOwner(await register.operator());
  siteIds = await someSites(service, String(owner.operatorId), 3);
});
afterAll(() => service.stop());

const body = (changes = {}) => ({
  name: '王芳',
  jobTitle: 'caregiver',
  skills: ['bedside_care'],
  siteIds: [siteIds[0]],
  ...changes,
});
const enter = (changes = {}, actor = owner) => service.as(actor).post('/v1/staff').send(body(changes));

describe('entering staff', () => {
  it('answers with the whole, and tells of it without a name', async () => {
    const key = newId();
    const first = await enter().set('idempotency-key', key).expect(201);
    expect((await enter().set('idempotency-key', key).expect(201)).body).toEqual(first.body);
    expect(first.body).toMatchObject({ ...body(), operatorId: owner.operatorId, active: true, version: 1 });
    const told = (await service.told(StaffSnapshot)).filter(({ staffId }) => staffId === first.body.id);
    expect(told).toHaveLength(1);
    expect(told[0]).toMatchObject({
      siteIds: [siteIds[0]],
      jobTitle: 'caregiver',
      skills: ['bedside_care'],
      active: true,
    });
    expect(JSON.stringify(told)).not.toContain('王芳');
  });

  it('waits for a site that was created a moment ago', async () => {
    const site = aSite(String(owner.operatorId));
    await Promise.all([enter({ siteIds: [site.siteId] }).expect(201), service.deliver(site)]);
  });

  it("refuses bad bodies, unknown sites and another tenant's", async () => {
    const bad = await enter({ name: '', skills: ['Care!'], siteIds: [] }).expect(400);
    const fields = bad.body.errors.map(({ field }: { field: string }) => field);
    expect(new Set(fields)).toEqual(new Set(['name', 'skills', 'siteIds']));
    expect((await enter({}, rival).expect(422)).body.code).toBe('site_not_known');
    expect((await enter({ personId: newId() }).expect(422)).body.code).toBe('person_not_known');
    await enter({}, aFrontEnd(String(owner.operatorId))).expect(403);
    await enter({}, anAdministrator()).expect(403);
  });

  it('links an account once', async () => {
    const account = {
      login: `wang.fang.${newId().slice(-8)}`,
      name: '王芳',
      roles: ['caregiver'],
      siteIds: [siteIds[0]],
    };
    const { body: person } = await service.as(owner).post('/v1/people').send(account).expect(201);
    await enter({ personId: person.id }).expect(201);
    expect((await enter({ personId: person.id }).expect(409)).body.code).toBe('account_taken');
    const { body: other } = await enter().expect(201);
    const { body: third } = await enter().expect(201);
    const link = (staffId: string, personId: string) =>
      service.as(owner).patch(`/v1/staff/${staffId}`).send({ personId });
    await link(other.id, person.id).expect(409);
    const next = { ...account, login: `li.na.${newId().slice(-8)}` };
    const { body: free } = await service.as(owner).post('/v1/people').send(next).expect(201);
    const answers = await Promise.all([link(other.id, free.id), link(third.id, free.id)]);
    expect(answers.map(({ body: answer }) => answer.code ?? 'linked').sort()).toEqual([
      'account_taken',
      'linked',
    ]);
  });
});

describe('staff', () => {
  it('are kept by a site manager within the own sites', async () => {
    const manager = aSiteManager(String(owner.operatorId), [siteIds[1]]);
    expect((await enter({}, manager).expect(403)).body.code).toBe('site_not_yours');
    const { body: own } = await enter({ siteIds: [siteIds[1]] }, manager).expect(201);
    await service.as(manager).patch(`/v1/staff/${own.id}`).send({ active: false }).expect(200);
    const { body: other } = await enter().expect(201);
    await service.as(manager).patch(`/v1/staff/${other.id}`).send({ active: false }).expect(403);
    await service.as(manager).get(`/v1/staff/${other.id}`).expect(404);
    const { body: listed } = await service.as(manager).get('/v1/staff').expect(200);
    const places = listed.items.map((each: { siteIds: string[] }) => each.siteIds);
    expect(places.length).toBeGreaterThan(0);
    for (const sites of places) expect(sites).toContain(siteIds[1]);
    const elsewhere = await service.as(manager).get(`/v1/staff?siteId=${siteIds[0]}`).expect(200);
    expect(elsewhere.body.items).toEqual([]);
  });

  it('are changed, each change told in order', async () => {
    const { body: entered } = await enter().expect(201);
    const path = `/v1/staff/${entered.id}`;
    await service
      .as(owner)
      .patch(path)
      .send({ skills: ['bathing'], siteIds: [siteIds[2]] })
      .expect(200);
    const { body: left } = await service.as(owner).patch(path).send({ active: false }).expect(200);
    expect(left).toMatchObject({ skills: ['bathing'], siteIds: [siteIds[2]], active: false, version: 3 });
    const told = (await service.told(StaffSnapshot)).filter(({ staffId }) => staffId === entered.id);
    expect(told.map(({ version, active }) => [version, active])).toEqual([
      [1, true],
      [2, true],
      [3, false],
    ]);
  });

  it("are nobody else's to see, but the authority of the region sees them without names", async () => {
    const { body: entered } = await enter({ siteIds: [siteIds[1]] }).expect(201);
    const path = `/v1/staff/${entered.id}`;
    await service.as(rival).get(path).expect(404);
    await service.as(rival).patch(path).send({ active: false }).expect(404);
    expect((await service.as(rival).get('/v1/staff').expect(200)).body.items).toEqual([]);
    await service.as(anAuthority('33')).get(path).expect(404);
    const { body: seen } = await service.as(anAuthority('310101')).get(path).expect(200);
    expect(seen.name).toBe('王*');
  });

  it('are listed by site, skill and presence, page by page', async () => {
    const tenant = anOwner(await new Register(service).operator());
    const [one, two] = await someSites(service, String(tenant.operatorId), 2);
    await enter({ siteIds: [one], skills: ['bathing'] }, tenant).expect(201);
    await enter({ siteIds: [one, two] }, tenant).expect(201);
    const { body: gone } = await enter({ siteIds: [two] }, tenant).expect(201);
    await service.as(tenant).patch(`/v1/staff/${gone.id}`).send({ active: false }).expect(200);
    const list = async (query: string) =>
      (await service.as(tenant).get(`/v1/staff?${query}`).expect(200)).body;
    expect((await list(`siteId=${one}`)).items).toHaveLength(2);
    expect((await list('skill=bathing')).items).toHaveLength(1);
    expect((await list('active=false')).items).toMatchObject([{ id: gone.id }]);
    const page = await list('limit=2');
    expect((await list(`limit=2&cursor=${page.nextCursor}`)).items).toHaveLength(1);
    await service.as(tenant).get('/v1/staff?active=maybe').expect(400);
  });
});
