import { newId } from '@doorstep/kernel';
import type { Actor } from '@doorstep/platform';
import {
  aFinanceOfficer,
  anAdministrator,
  anAuditor,
  anAuthority,
  anOwner,
  startTestService,
  type TestService,
} from '@doorstep/testing';
import { AppModule } from '../app.module';
import { OperatorsConfig } from '../config';
import { migrations } from '../migrations';
import { aCreditCode, Register } from '../testing/register.fixture';

let service: TestService;
let register: Register;
let owner: Actor;

beforeAll(async () => {
  service = await startTestService('operators', AppModule, OperatorsConfig, migrations);
  register = new Register(service);
  owner = anOwner(await register.operator());
});
afterAll(() => service.stop());

const body = (changes = {}) => ({
  purpose: 'settlement',
  holder: '邻里之家社区服务连锁有限公司',
  bank: '工商银行黄浦支行',
  bankCode: '102290000121',
  number: '6222 0210 0112 2334',
  ...changes,
});
const enter = (actor: Actor, organisationId: string | null, changes = {}) =>
  service.as(actor).post(`/v1/organisations/${organisationId}/bank-accounts`).send(body(changes));
const list = (actor: Actor, organisationId: string | null) =>
  service.as(actor).get(`/v1/organisations/${organisationId}/bank-accounts`);

describe('bank accounts', () => {
  it('are entered, one in use for each purpose, and closed', async () => {
    const tenant = anOwner(await register.operator());
    const id = tenant.organisationId;
    const first = await enter(tenant, id).expect(201);
    expect(first.body).toMatchObject({ number: '6222021001122334', closedAt: null });
    const answers = await Promise.all([1, 2].map(() => enter(tenant, id, { purpose: 'deposit' })));
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 409]);
    expect((await enter(tenant, id).expect(409)).body.code).toBe('bank_account_open');
    const path = `/v1/organisations/${id}/bank-accounts/${first.body.id}/close`;
    await service.as(tenant).post(path).expect(200);
    await service.as(tenant).post(path).expect(200);
    await enter(tenant, id, { number: '6222021001129999' }).expect(201);
    const { body: listed } = await list(tenant, id).expect(200);
    expect(listed.items.map(({ closedAt }: { closedAt: string | null }) => closedAt !== null)).toEqual([
      false,
      false,
      true,
    ]);
  });

  it('show their whole number to owner and finance, four digits to an auditor', async () => {
    await enter(owner, owner.organisationId).expect(201);
    const numberFor = async (actor: Actor) =>
      (await list(actor, owner.organisationId).expect(200)).body.items[0].number;
    const operatorId = String(owner.operatorId);
    expect(await numberFor(aFinanceOfficer(operatorId))).toBe('6222021001122334');
    expect(await numberFor(anAdministrator())).toBe('6222021001122334');
    expect(await numberFor(anAuditor(operatorId))).toBe('************2334');
  });

  it("are nobody else's", async () => {
    const rival = anOwner(await register.operator());
    await list(rival, owner.organisationId).expect(404);
    await enter(rival, owner.organisationId).expect(404);
    const authorityId = await register.authority('310101');
    const official = anAuthority('310101', { organisationId: authorityId });
    await list(official, owner.organisationId).expect(404);
    await enter(official, authorityId).expect(201);
    await list(owner, authorityId).expect(404);
    await enter(aFinanceOfficer(String(owner.operatorId)), owner.organisationId).expect(403);
  });

  it('name every field of a bad body', async () => {
    const bad = await enter(owner, owner.organisationId, { purpose: 'x', bankCode: '1', holder: '' }).expect(
      400,
    );
    const fields = bad.body.errors.map(({ field }: { field: string }) => field);
    expect(new Set(fields)).toEqual(new Set(['purpose', 'bankCode', 'holder']));
    const number = await enter(owner, owner.organisationId, { purpose: 'subsidy', number: '12' }).expect(422);
    expect(number.body.errors[0].field).toBe('number');
    await service
      .as(owner)
      .post(`/v1/organisations/${owner.organisationId}/bank-accounts/${newId()}/close`)
      .expect(404);
  });
});

describe('a branch', () => {
  const aBranch = (parentId: string | null) => ({
    kind: 'operator',
    operation: 'chain',
    name: '邻里之家杭州分公司',
    creditCode: aCreditCode(),
    parentId,
  });

  it('is registered by the owner of its head office, and lives in its tenant', async () => {
    const { body: branch } = await service
      .as(owner)
      .post('/v1/organisations')
      .send(aBranch(owner.organisationId))
      .expect(201);
    expect(branch.parentId).toBe(owner.organisationId);
    const account = {
      organisationId: branch.id,
      login: `fen.${branch.id.slice(-8)}`,
      name: '周',
      roles: ['owner'],
    };
    const { body: person } = await service.as(owner).post('/v1/people').send(account).expect(201);
    const branchOwner = anOwner(String(owner.operatorId), { id: person.id, organisationId: branch.id });
    await service.as(branchOwner).get(`/v1/organisations/${owner.organisationId}`).expect(200);
    const intoHead = { ...account, organisationId: owner.organisationId, login: `x${account.login}` };
    await service.as(branchOwner).post('/v1/people').send(intoHead).expect(404);
    const { body: listed } = await service
      .as(owner)
      .get(`/v1/organisations?parentId=${owner.organisationId}`)
      .expect(200);
    expect(listed.items).toMatchObject([{ id: branch.id }]);
    expect(
      (await service.as(branchOwner).post('/v1/organisations').send(aBranch(branch.id)).expect(422)).body
        .code,
    ).toBe('not_a_head_office');
  });

  it("is no other operator's to make", async () => {
    const rival = anOwner(await register.operator());
    await service.as(rival).post('/v1/organisations').send(aBranch(owner.organisationId)).expect(404);
    const { body } = await service.as(owner).post('/v1/organisations').send(aBranch(null)).expect(403);
    expect(body.code).toBe('not_your_branch');
  });
});
