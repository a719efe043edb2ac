import { newId } from '@doorstep/kernel';
import type { Actor } from '@doorstep/platform';
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

let service: TestService;
let register: Register;
let owner: Actor;
let rival: Actor;
const administrator = anAdministrator();

beforeAll(async () => {
  service = await startTestService('operators', AppModule, OperatorsConfig, migrations, {
    clock: new FixedClock('2026-11-02T01:00:00Z'),
  });
  register = new Register(service);
  owner = anOwner(await register.operator());
  rival = anOwner(await register.operator());
});
afterAll(() => service.stop());

const colleague = (changes = {}) => ({
  login: `li.na.${newId().slice(-8)}`,
  name: '李娜',
  roles: ['finance'],
  ...changes,
});

describe('opening an account', () => {
  it('answers with a one-time password, and with none when the call is repeated', async () => {
    const key = newId();
    const body = colleague();
    const first = await service
      .as(owner)
      .post('/v1/people')
      .set('idempotency-key', key)
      .send(body)
      .expect(201);
    expect(first.headers['cache-control']).toBe('no-store');
    expect(first.body).toMatchObject({
      organisationId: owner.organisationId,
      login: body.login,
      roles: ['finance'],
      siteIds: [],
      status: 'active',
      mustChangePassword: true,
      oneTimePassword: expect.stringMatching(/^(\w{5}-){3}\w{5}$/),
    });
    const again = await service
      .as(owner)
      .post('/v1/people')
      .set('idempotency-key', key)
      .send(body)
      .expect(201);
    expect(again.body).toEqual({ ...first.body, oneTimePassword: null });
  });

  it('keeps no password in clear anywhere', async () => {
    const { body } = await service
      .as(owner)
      .post('/v1/people')
      .set('idempotency-key', newId())
      .send(colleague())
      .expect(201);
    const { rows } = await service.db.query<{ found: number }>(
      `SELECT (SELECT count(*) FROM person p WHERE p::text LIKE '%' || $1 || '%')
            + (SELECT count(*) FROM idempotency_key k WHERE k::text LIKE '%' || $1 || '%')
            + (SELECT count(*) FROM audit_entry a WHERE a::text LIKE '%' || $1 || '%') AS found`,
      [body.oneTimePassword],
    );
    expect(rows[0].found).toBe(0);
  });

  it('refuses a login that another tenant has, in any case of letters', async () => {
    const body = colleague();
    await service.as(rival).post('/v1/people').send(body).expect(201);
    const refused = await service
      .as(owner)
      .post('/v1/people')
      .send({ ...body, login: body.login.toUpperCase() })
      .expect(409);
    expect(refused.body).toMatchObject({ code: 'login_taken', errors: [{ field: 'login' }] });
  });

  it('lets two calls at once open one account', async () => {
    const body = colleague();
    const answers = await Promise.all(
      [1, 2, 3, 4].map(() => service.as(owner).post('/v1/people').send(body)),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 409, 409, 409]);
  });

  it('names every field of a bad body', async () => {
    const bad = { login: 'x', name: '', roles: ['king'], siteIds: ['nowhere'], salary: 1 };
    const { body } = await service.as(owner).post('/v1/people').send(bad).expect(400);
    expect(body.code).toBe('validation_failed');
    const fields = body.errors.map(({ field }: { field: string }) => field);
    expect(new Set(fields)).toEqual(new Set(['login', 'name', 'roles', 'siteIds', 'salary']));
  });

  it('refuses a site that is not known, after a short wait', async () => {
    const body = colleague({ roles: ['site_manager'], siteIds: [newId()] });
    const refused = await service.as(owner).post('/v1/people').send(body).expect(422);
    expect(refused.body).toMatchObject({ code: 'site_not_known', errors: [{ field: 'siteIds[0]' }] });
  });
});

describe('escalation', () => {
  it.each([
    ['an administrator', 'administrator', 403],
    ['an official', 'authority', 403],
    ['a funder', 'funder', 403],
  ])('an owner can not make %s', async (_what, role, status) => {
    const refused = await service
      .as(owner)
      .post('/v1/people')
      .send(colleague({ roles: [role] }))
      .expect(status);
    expect(refused.body.code).toBe('role_not_grantable');
  });

  it("an owner can't reach another operator's organisation, which looks absent", async () => {
    const body = colleague({ organisationId: rival.organisationId });
    const refused = await service.as(owner).post('/v1/people').send(body).expect(404);
    expect(refused.body.code).toBe('organisation_not_found');
  });

  it("an owner can't reach an authority, and an official no operator", async () => {
    const authorityId = await register.authority('310101');
    const intoAuthority = colleague({ organisationId: authorityId, roles: ['authority'] });
    await service.as(owner).post('/v1/people').send(intoAuthority).expect(404);
    const official = anAuthority('310101', { organisationId: authorityId });
    const intoOperator = colleague({ organisationId: owner.organisationId, roles: ['owner'] });
    await service.as(official).post('/v1/people').send(intoOperator).expect(404);
    await service
      .as(official)
      .post('/v1/people')
      .send(colleague({ roles: ['authority'] }))
      .expect(201);
  });

  it.each(['portfolio_manager', 'site_manager', 'caregiver', 'finance', 'auditor'] as const)(
    'a %s opens no accounts at all',
    async (role) => {
      const actor = { ...owner, id: newId(), roles: [role] };
      await service.as(actor).post('/v1/people').send(colleague()).expect(403);
    },
  );

  it('nobody without an identity reaches accounts', async () => {
    await service.anonymous.get('/v1/people').expect(401);
  });

  it("another tenant's account can be neither seen nor changed", async () => {
    const opened = await service.as(owner).post('/v1/people').send(colleague()).expect(201);
    const path = `/v1/people/${opened.body.id}`;
    await service.as(rival).get(path).expect(404);
    await service
      .as(rival)
      .patch(path)
      .send({ roles: ['owner'] })
      .expect(404);
    await service.as(rival).post(`${path}/disable`).expect(404);
    await service.as(rival).post(`${path}/one-time-password`).expect(404);
    const listed = await service.as(rival).get('/v1/people?limit=200').expect(200);
    expect(listed.body.items.map(({ id }: { id: string }) => id)).not.toContain(opened.body.id);
  });

  it('an administrator makes administrators, who belong to nobody', async () => {
    const { body } = await service
      .as(administrator)
      .post('/v1/people')
      .send(colleague({ roles: ['administrator'] }))
      .expect(201);
    expect(body.organisationId).toBeNull();
  });
});

describe('an account', () => {
  it('is changed, closed and reopened, each with a line in the audit log', async () => {
    const { body: opened } = await service.as(owner).post('/v1/people').send(colleague()).expect(201);
    const path = `/v1/people/${opened.id}`;
    const changed = await service
      .as(owner)
      .patch(path)
      .send({ roles: ['auditor'], name: '李娜（审计）' })
      .expect(200);
    expect(changed.body).toMatchObject({ roles: ['auditor'], version: 2 });
    await service.as(owner).post(`${path}/disable`).expect(200);
    await service.as(owner).post(`${path}/disable`).expect(200);
    const reopened = await service.as(owner).post(`${path}/enable`).expect(200);
    expect(reopened.body).toMatchObject({ status: 'active', version: 4 });
    const { rows } = await service.db.query(
      `SELECT action, actor_id FROM audit_entry WHERE entity_id = $1 ORDER BY id`,
      [opened.id],
    );
    expect(rows).toEqual(
      ['people:create', 'people:update', 'people:disable', 'people:enable'].map((action) => ({
        action,
        actor_id: owner.id,
      })),
    );
  });

  it('is listed page by page, by role and state', async () => {
    const tenant = anOwner(await register.operator());
    for (const roles of [['finance'], ['auditor'], ['finance']]) {
      await service.as(tenant).post('/v1/people').send(colleague({ roles })).expect(201);
    }
    const first = await service.as(tenant).get('/v1/people?limit=2').expect(200);
    expect(first.body.items).toHaveLength(2);
    const rest = await service
      .as(tenant)
      .get(`/v1/people?limit=2&cursor=${first.body.nextCursor}`)
      .expect(200);
    expect(rest.body).toMatchObject({ items: [{ roles: ['finance'] }], nextCursor: null });
    const auditors = await service.as(tenant).get('/v1/people?role=auditor&status=active').expect(200);
    expect(auditors.body.items).toHaveLength(1);
    await service.as(tenant).get('/v1/people?cursor=nonsense').expect(400);
  });
});

describe('OIDC identities', () => {
  it('are linked once, and unlinked', async () => {
    const { body: person } = await service.as(owner).post('/v1/people').send(colleague()).expect(201);
    const { body: other } = await service.as(owner).post('/v1/people').send(colleague()).expect(201);
    const identity = { issuer: 'https://id.example.gov.cn', subject: newId() };
    await service.as(owner).post(`/v1/people/${person.id}/identities`).send(identity).expect(201);
    const taken = await service
      .as(owner)
      .post(`/v1/people/${other.id}/identities`)
      .send(identity)
      .expect(409);
    expect(taken.body.code).toBe('identity_linked');
    await service.as(rival).post(`/v1/people/${person.id}/identities`).send(identity).expect(404);
    const listed = await service.as(owner).get(`/v1/people/${person.id}/identities`).expect(200);
    expect(listed.body.items).toMatchObject([identity]);
    const path = `/v1/people/${person.id}/identities?issuer=${encodeURIComponent(identity.issuer)}`;
    await service.as(owner).delete(path).expect(204);
    await service.as(owner).delete(path).expect(404);
  });
});
