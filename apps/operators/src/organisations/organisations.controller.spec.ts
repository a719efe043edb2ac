import { OrganisationSnapshot } from '@doorstep/contracts';
import { newId } from '@doorstep/kernel';
import {
  aFrontEnd,
  aFunder,
  anAdministrator,
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
const administrator = anAdministrator();

beforeAll(async () => {
  service = await startTestService('operators', AppModule, OperatorsConfig, migrations);
  register = new Register(service);
});
afterAll(() => service.stop());

const anOperator = () => ({
  kind: 'operator',
  operation: 'custody',
  name: '安康托管',
  creditCode: aCreditCode(),
});
const post = (body: object) => service.as(administrator).post('/v1/organisations').send(body);

describe('registering an organisation', () => {
  it('answers with the whole of it, also when repeated, and tells of it once', async () => {
    const key = newId();
    const body = anOperator();
    const first = await post(body).set('idempotency-key', key).expect(201);
    expect(first.body).toMatchObject({
      ...body,
      regionCode: null,
      creditCodeOverrideReason: null,
      version: 1,
    });
    const again = await post(body).set('idempotency-key', key).expect(201);
    expect(again.body).toEqual(first.body);
    const other = await post({ ...body, name: 'other' })
      .set('idempotency-key', key)
      .expect(409);
    expect(other.body.code).toBe('idempotency_key_reused');
    const told = (await service.told(OrganisationSnapshot)).filter(
      ({ organisationId }) => organisationId === first.body.id,
    );
    expect(told).toMatchObject([
      { operatorId: first.body.id, kind: 'operator', name: body.name, version: 1 },
    ]);
  });

  it('takes each credit code once, also of many calls at once', async () => {
    const body = anOperator();
    const answers = await Promise.all([1, 2, 3].map(() => post(body)));
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 409, 409]);
    expect(answers.find(({ status }) => status === 409)?.body.code).toBe('organisation_exists');
    const ids = await Promise.all([1, 2, 3].map(() => register.funder()));
    const code = aCreditCode();
    const corrected = await Promise.all(
      ids.map((id) => service.as(administrator).patch(`/v1/organisations/${id}`).send({ creditCode: code })),
    );
    const said = corrected.map(({ body: answer }) => answer.code ?? answer.creditCode).sort();
    expect(said).toEqual([code, 'organisation_exists', 'organisation_exists']);
  });

  it('takes a code that fails its check with a reason alone', async () => {
    const body = { ...anOperator(), creditCode: '91350200MA2YJ1XR9H' };
    expect((await post(body).expect(422)).body).toMatchObject({
      code: 'credit_code_check_failed',
      errors: [{ field: 'creditCode' }],
    });
    const reason = 'Licence of 2015 seen in the original';
    const taken = await post({ ...body, creditCodeOverrideReason: reason }).expect(201);
    expect(taken.body.creditCodeOverrideReason).toBe(reason);
  });

  it('names every field of a bad body', async () => {
    const { body } = await post({
      kind: 'king',
      operation: 'x',
      name: 1,
      regionCode: 'north',
      seats: 3,
    }).expect(400);
    const fields = body.errors.map(({ field }: { field: string }) => field);
    expect(new Set(fields)).toEqual(
      new Set(['kind', 'operation', 'name', 'creditCode', 'regionCode', 'seats']),
    );
  });

  it('is for administrators', async () => {
    for (const actor of [anOwner(newId()), anAuthority('31'), aFrontEnd(newId())]) {
      await service.as(actor).post('/v1/organisations').send(anOperator()).expect(403);
    }
  });
});

describe('organisations', () => {
  let operatorId: string;
  let rivalId: string;
  let authorityId: string;
  let funderId: string;
  beforeAll(async () => {
    [operatorId, rivalId] = [await register.operator(), await register.operator()];
    [authorityId, funderId] = [await register.authority('310101'), await register.funder()];
  });

  const seenBy = async (actor: Parameters<TestService['as']>[0]): Promise<boolean[]> => {
    const found = [];
    for (const id of [operatorId, rivalId, authorityId, funderId]) {
      found.push((await service.as(actor).get(`/v1/organisations/${id}`)).status === 200);
    }
    return found;
  };

  it('are seen: public bodies by all, an operator by itself and by public bodies', async () => {
    expect(await seenBy(anOwner(operatorId))).toEqual([true, false, true, true]);
    expect(await seenBy(aFrontEnd(rivalId))).toEqual([false, true, true, true]);
    expect(await seenBy(anAuthority('310101', { organisationId: authorityId }))).toEqual([
      true,
      true,
      true,
      true,
    ]);
    expect(await seenBy(aFunder(funderId))).toEqual([true, true, true, true]);
    expect(await seenBy(administrator)).toEqual([true, true, true, true]);
  });

  it('are listed by kind, name and code, without another operator among them', async () => {
    const { body } = await service.as(anOwner(operatorId)).get('/v1/organisations?kind=operator').expect(200);
    expect(body).toMatchObject({ items: [{ id: operatorId }], nextCursor: null });
    const named = { ...anOperator(), name: '百分号100%_商行' };
    await post(named).expect(201);
    const byName = await service
      .as(administrator)
      .get('/v1/organisations')
      .query({ name: '0%_商' })
      .expect(200);
    expect(byName.body.items).toMatchObject([{ name: named.name }]);
    const byCode = await service
      .as(administrator)
      .get('/v1/organisations')
      .query({ creditCode: named.creditCode });
    expect(byCode.body.items).toHaveLength(1);
    await service.as(administrator).get('/v1/organisations?limit=0').expect(400);
  });

  it('change their own name, not their code, and nobody else', async () => {
    const owner = anOwner(operatorId);
    const path = `/v1/organisations/${operatorId}`;
    const { body } = await service.as(owner).patch(path).send({ name: '邻里之家集团' }).expect(200);
    expect(body).toMatchObject({ name: '邻里之家集团', version: 2 });
    const code = await service.as(owner).patch(path).send({ creditCode: aCreditCode() }).expect(403);
    expect(code.body.code).toBe('field_not_yours');
    await service.as(owner).patch(`/v1/organisations/${authorityId}`).send({ name: 'x' }).expect(403);
    await service.as(owner).patch(`/v1/organisations/${rivalId}`).send({ name: 'x' }).expect(404);
    await service.as(administrator).patch(path).send({ creditCode: aCreditCode() }).expect(200);
    const told = (await service.told(OrganisationSnapshot)).filter(
      (each) => each.organisationId === operatorId,
    );
    expect(told.map(({ version, name }) => [version, name])).toEqual([
      [1, '邻里之家连锁'],
      [2, '邻里之家集团'],
      [3, '邻里之家集团'],
    ]);
  });

  it('with a malformed or unknown id are refused plainly', async () => {
    expect((await service.as(administrator).get('/v1/organisations/x').expect(400)).body.code).toBe(
      'id_malformed',
    );
    await service.as(administrator).get(`/v1/organisations/${newId()}`).expect(404);
  });
});
