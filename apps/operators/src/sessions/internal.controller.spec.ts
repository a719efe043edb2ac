import { newId } from '@doorstep/kernel';
import { type Actor, SYSTEM_ACTOR } from '@doorstep/platform';
import { anOwner, FixedClock, startTestService, type TestService } from '@doorstep/testing';
import { AppModule } from '../app.module';
import { OperatorsConfig } from '../config';
import { migrations } from '../migrations';
import { Register } from '../testing/register.fixture';

const PASSWORD = 'correct horse battery staple';
const clock = new FixedClock('2026-11-02T01:00:00Z');
let service: TestService;
let register: Register;
let owner: Actor;

beforeAll(async () => {
  service = await startTestService('operators', AppModule, OperatorsConfig, migrations, { clock });
  register = new Register(service);
  owner = anOwner(await register.operator());
});
afterAll(() => service.stop());

const gateway = () => service.as(SYSTEM_ACTOR);
const logIn = (login: string, password: string) =>
  gateway().post('/internal/sessions').send({ login, password });
const refresh = (refreshToken: string) => gateway().post('/internal/sessions/refresh').send({ refreshToken });

async function openAccount(): Promise<{ id: string; login: string; oneTimePassword: string }> {
  const body = { login: `li.na.${newId().slice(-8)}`, name: '李娜', roles: ['finance'] };
  return (await service.as(owner).post('/v1/people').send(body).expect(201)).body;
}

/** An account whose one-time password has been replaced. */
async function accountWithPassword(): Promise<{ id: string; login: string }> {
  const { id, login, oneTimePassword } = await openAccount();
  const { body } = await logIn(login, oneTimePassword).expect(200);
  const change = { current: oneTimePassword, next: PASSWORD };
  await service.as(body.actor).post('/v1/people/me/password').send(change).expect(204);
  return { id, login };
}

describe('the internal door', () => {
  it.each([
    '/internal/sessions',
    '/internal/sessions/refresh',
    '/internal/api-keys/verify',
    '/internal/oidc/resolve',
  ])('%s is closed to everybody but the gateway', async (path) => {
    await service.anonymous.post(path).send({}).expect(401);
    await service.as(owner).post(path).send({}).expect(403);
    await gateway().post(path).send({}).expect(400);
  });
});

describe('logging in', () => {
  it('with a one-time password opens nothing but the change of the password', async () => {
    const { login, oneTimePassword } = await openAccount();
    const { body } = await logIn(login.toUpperCase(), oneTimePassword).expect(200);
    expect(body).toMatchObject({
      mustChangePassword: true,
      actor: { kind: 'person', operatorId: owner.operatorId, scopes: ['account:read', 'account:password'] },
    });
    const me = await service.as(body.actor).get('/v1/people/me').expect(200);
    expect(me.body).toMatchObject({ login, mustChangePassword: true });
    await service.as(body.actor).get('/v1/organisations').expect(403);
    const same = { current: oneTimePassword, next: oneTimePassword };
    const refused = await service.as(body.actor).post('/v1/people/me/password').send(same).expect(422);
    expect(refused.body.code).toBe('password_same');
  });

  it('with the own password opens what the roles do', async () => {
    const { id, login } = await accountWithPassword();
    const { body } = await logIn(login, PASSWORD).expect(200);
    expect(body.actor).toEqual({
      id,
      kind: 'person',
      organisationId: owner.organisationId,
      operatorId: owner.operatorId,
      regionPrefix: null,
      roles: ['finance'],
    });
    await service.as(body.actor).get('/v1/organisations').expect(200);
  });

  it('answers alike to an unknown login, a wrong password and a disabled account', async () => {
    const { id, login } = await accountWithPassword();
    const disabled = await accountWithPassword();
    await service.as(owner).post(`/v1/people/${disabled.id}/disable`).expect(200);
    const answers = [
      await logIn(`nobody-${id.slice(-6)}`, PASSWORD).expect(401),
      await logIn(login, 'wrong horse battery staple').expect(401),
      await logIn(disabled.login, PASSWORD).expect(401),
    ].map(({ body: { correlationId: _correlationId, ...problem } }) => problem);
    expect(answers[0].code).toBe('credentials_wrong');
    expect(answers[1]).toEqual(answers[0]);
    expect(answers[2]).toEqual(answers[0]);
  });

  it('is refused when the one-time password is two weeks old', async () => {
    const { login, oneTimePassword } = await openAccount();
    clock.advance({ days: 14 });
    await logIn(login, oneTimePassword).expect(401);
  });

  it('locks a login after five wrong passwords, known or not, also when they come at once', async () => {
    const { login } = await accountWithPassword();
    for (const guessed of [login, `nobody-${login}`]) {
      const guesses = await Promise.all(Array.from({ length: 12 }, () => logIn(guessed, 'wrong')));
      const statuses = guesses.map(({ status }) => status);
      expect(statuses.filter((status) => status === 401)).toHaveLength(5);
      expect(statuses.filter((status) => status === 429)).toHaveLength(7);
    }
    const locked = await logIn(login, PASSWORD).expect(429);
    expect(locked.body.code).toBe('login_locked');
    expect(Number(locked.headers['retry-after'])).toBeGreaterThan(0);
    clock.advance({ seconds: 60 });
    await logIn(login, PASSWORD).expect(200);
    await logIn(login, 'wrong').expect(401);
    await logIn(login, PASSWORD).expect(200);
  });

  it('is watched over where the own password is changed, too', async () => {
    const { id, login } = await accountWithPassword();
    const actor: Actor = { ...owner, id, roles: ['finance'] };
    for (let n = 0; n < 5; n++) {
      const guess = { current: `guess ${n}`, next: 'four other unrelated words' };
      const refused = await service.as(actor).post('/v1/people/me/password').send(guess).expect(422);
      expect(refused.body.code).toBe('password_wrong');
    }
    await logIn(login, PASSWORD).expect(429);
  });
});

describe('a log-in', () => {
  it('goes on with each refresh, under the roles of that moment', async () => {
    const { id, login } = await accountWithPassword();
    const first = await logIn(login, PASSWORD).expect(200);
    await service
      .as(owner)
      .patch(`/v1/people/${id}`)
      .send({ roles: ['auditor'] })
      .expect(200);
    const second = await refresh(first.body.refreshToken).expect(200);
    expect(second.body.actor.roles).toEqual(['auditor']);
    await refresh(second.body.refreshToken).expect(200);
  });

  it('ends for everybody when a used token comes back', async () => {
    const { login } = await accountWithPassword();
    const first = await logIn(login, PASSWORD).expect(200);
    const other = await logIn(login, PASSWORD).expect(200);
    const second = await refresh(first.body.refreshToken).expect(200);
    const reused = await refresh(first.body.refreshToken).expect(401);
    expect(reused.body.code).toBe('refresh_refused');
    await refresh(second.body.refreshToken).expect(401);
    await refresh(other.body.refreshToken).expect(200);
  });

  it('is refreshed by one of many calls at once, and then is over', async () => {
    const { login } = await accountWithPassword();
    const { body } = await logIn(login, PASSWORD).expect(200);
    const answers = await Promise.all(Array.from({ length: 6 }, () => refresh(body.refreshToken)));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    const won = answers.find(({ status }) => status === 200);
    await refresh(won?.body.refreshToken).expect(401);
  });

  it('ends with the account, with the password, with the log-out, and in time', async () => {
    const { id, login } = await accountWithPassword();
    const tokens = async () => (await logIn(login, PASSWORD).expect(200)).body.refreshToken as string;
    const loggedOut = await tokens();
    await gateway().delete('/internal/sessions').send({ refreshToken: loggedOut }).expect(204);
    await gateway().delete('/internal/sessions').send({ refreshToken: 'dsr_unknown' }).expect(204);
    await refresh(loggedOut).expect(401);

    const idle = await tokens();
    clock.advance({ days: 7 });
    await refresh(idle).expect(401);

    const disabled = await tokens();
    await service.as(owner).post(`/v1/people/${id}/disable`).expect(200);
    await refresh(disabled).expect(401);
    await service.as(owner).post(`/v1/people/${id}/enable`).expect(200);
    await refresh(disabled).expect(401);

    const reset = await tokens();
    const { body } = await service.as(owner).post(`/v1/people/${id}/one-time-password`).expect(200);
    await refresh(reset).expect(401);
    await logIn(login, PASSWORD).expect(401);
    await logIn(login, body.oneTimePassword).expect(200);
  });

  it('leaves no token in clear in the database', async () => {
    const { login } = await accountWithPassword();
    const { body } = await logIn(login, PASSWORD).set('idempotency-key', newId()).expect(200);
    const { rows } = await service.db.query<{ found: number }>(
      `SELECT (SELECT count(*) FROM refresh_token t WHERE t::text LIKE '%' || $1 || '%')
            + (SELECT count(*) FROM idempotency_key k WHERE k::text LIKE '%' || $1 || '%') AS found`,
      [body.refreshToken],
    );
    expect(rows[0].found).toBe(0);
  });
});

describe('an OIDC identity', () => {
  it('leads to its person, with a password or without', async () => {
    const { id } = await openAccount();
    const identity = { issuer: 'https://id.example.gov.cn', subject: newId() };
    await gateway().post('/internal/oidc/resolve').send(identity).expect(401);
    await service.as(owner).post(`/v1/people/${id}/identities`).send(identity).expect(201);
    const { body } = await gateway().post('/internal/oidc/resolve').send(identity).expect(200);
    expect(body.actor).toMatchObject({ id, roles: ['finance'] });
    expect(body.actor.scopes).toBeUndefined();
    await service.as(owner).post(`/v1/people/${id}/disable`).expect(200);
    await gateway().post('/internal/oidc/resolve').send(identity).expect(401);
  });
});
