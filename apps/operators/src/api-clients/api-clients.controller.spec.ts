import { newId } from '@doorstep/kernel';
import { type Actor, SYSTEM_ACTOR } from '@doorstep/platform';
import {
  anAdministrator,
  anAuditor,
  anOwner,
  FixedClock,
  startTestService,
  type TestService,
} from '@doorstep/testing';
import { AppModule } from '../app.module';
import { OperatorsConfig } from '../config';
import { migrations } from '../migrations';
import { Register } from '../testing/register.fixture';

const clock = new FixedClock('2026-11-02T01:20:00Z');
let service: TestService;
let register: Register;
let owner: Actor;
let rival: Actor;

beforeAll(async () => {
  service = await startTestService('operators', AppModule, OperatorsConfig, migrations, { clock });
  register = new Register(service);
  owner = anOwner(await register.operator());
  rival = anOwner(await register.operator());
});
afterAll(() => service.stop());

const verify = (key: string) => service.as(SYSTEM_ACTOR).post('/internal/api-keys/verify').send({ key });
const issue = async (changes = {}, actor = owner) =>
  (
    await service
      .as(actor)
      .post('/v1/api-clients')
      .send({ name: 'Mini-program', ...changes })
      .expect(201)
  ).body;

describe('an API key', () => {
  it('is shown once and opens the front-end of its operator', async () => {
    const idempotencyKey = newId();
    const call = () =>
      service
        .as(owner)
        .post('/v1/api-clients')
        .set('idempotency-key', idempotencyKey)
        .send({ name: 'Mini-program' });
    const { body, headers } = await call().expect(201);
    expect(headers['cache-control']).toBe('no-store');
    expect(body.key).toMatch(new RegExp(`^dsk_${body.id}_`));
    expect((await call().expect(201)).body).toEqual({ ...body, key: null });

    const verified = await verify(body.key).expect(200);
    expect(verified.body).toEqual({
      clientId: body.id,
      actor: {
        id: body.id,
        kind: 'client',
        organisationId: owner.organisationId,
        operatorId: owner.operatorId,
        regionPrefix: null,
        roles: ['front_end'],
      },
    });
    const me = await service.as(verified.body.actor).get('/v1/people/me').expect(200);
    expect(me.body).toMatchObject({ kind: 'client', name: 'Mini-program', login: null });
  });

  it('is stored as a hash alone', async () => {
    const { key, id } = await issue();
    const secret = key.split('_').slice(2).join('_');
    const { rows } = await service.db.query(`SELECT c::text AS text FROM api_client c WHERE id = $1`, [id]);
    expect(rows[0].text).not.toContain(secret);
  });

  it('carries its scopes, which are no more than a front-end may do', async () => {
    const { key } = await issue({ scopes: ['bookings:create', 'availability:*'] });
    const { body } = await verify(key).expect(200);
    expect(body.actor.scopes).toEqual(['bookings:create', 'availability:*']);
    const refused = await service
      .as(owner)
      .post('/v1/api-clients')
      .send({ name: 'x', scopes: ['bookings:create', 'people:create'] })
      .expect(422);
    expect(refused.body).toMatchObject({ code: 'scope_unknown', errors: [{ field: 'scopes[1]' }] });
  });

  it('remembers the hour of its last use, and no more than that', async () => {
    const { key, id } = await issue();
    await verify(key).expect(200);
    clock.advance({ minutes: 10 });
    await verify(key).expect(200);
    const { body } = await service.as(owner).get(`/v1/api-clients/${id}`).expect(200);
    expect(body.lastUsedAt).toBe('2026-11-02T01:00:00.000Z');
  });

  it('opens nothing when it is mistyped, unknown or revoked, with one and the same answer', async () => {
    const { key, id } = await issue();
    const revoked = await service.as(owner).delete(`/v1/api-clients/${id}`).expect(200);
    expect(revoked.body.revokedAt).not.toBeNull();
    await service.as(owner).delete(`/v1/api-clients/${id}`).expect(200);
    const unknown = key.replace(id, newId());
    const problems = [];
    for (const wrong of [key, unknown, `${key.slice(0, -1)}!`, 'x']) {
      const { correlationId: _correlationId, ...problem } = (await verify(wrong).expect(401)).body;
      problems.push(problem);
    }
    for (const problem of problems) expect(problem).toEqual(problems[0]);
  });
});

describe('API clients', () => {
  it("are an operator's own: another can neither see nor revoke them", async () => {
    const { id } = await issue();
    await service.as(rival).get(`/v1/api-clients/${id}`).expect(404);
    await service.as(rival).delete(`/v1/api-clients/${id}`).expect(404);
    const into = { name: 'x', organisationId: owner.organisationId };
    await service.as(rival).post('/v1/api-clients').send(into).expect(404);
    const listed = await service.as(rival).get('/v1/api-clients').expect(200);
    expect(listed.body.items).toEqual([]);
  });

  it('are issued for operators by an administrator, for nobody else', async () => {
    const administrator = anAdministrator();
    const { organisationId } = await issue({ organisationId: owner.organisationId }, administrator);
    expect(organisationId).toBe(owner.organisationId);
    const authorityId = await register.authority('310101');
    const call = (body: object) => service.as(administrator).post('/v1/api-clients').send(body);
    expect((await call({ name: 'x', organisationId: authorityId }).expect(422)).body.code).toBe(
      'not_an_operator',
    );
    expect((await call({ name: 'x' }).expect(422)).body.code).toBe('organisation_missing');
    await call({ name: '', organisationId: 'x' }).expect(400);
  });

  it('are seen by an auditor, who issues none', async () => {
    const auditor = anAuditor(String(owner.operatorId));
    const { body } = await service.as(auditor).get('/v1/api-clients?limit=1&revoked=false').expect(200);
    expect(body.items).toHaveLength(1);
    expect(body.items[0]).not.toHaveProperty('secretHash');
    await service.as(auditor).post('/v1/api-clients').send({ name: 'x' }).expect(403);
  });
});
