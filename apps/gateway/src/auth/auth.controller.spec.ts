import { anAdministrator, anOwner, eventually } from '@doorstep/testing';
import { newId } from '@doorstep/kernel';
import { Revocations } from '@doorstep/platform';
import { decodeJwt, SignJWT } from 'jose';
import { ACCESS, type Harness, IDENTITY, startHarness } from '../gateway.harness';

describe('local accounts', () => {
  let harness: Harness;
  const owner = anOwner(newId(), { siteIds: [newId()] });

  beforeAll(async () => {
    harness = await startHarness({
      RATE_LIMIT_LOGIN_PER_MINUTE: '1000',
      RATE_LIMIT_ADDRESS_PER_MINUTE: '1000',
    });
    harness.logins.set('wang.fang', { password: 'a good password', actor: owner });
  });
  afterAll(() => harness.stop());

  const logIn = () =>
    harness.http.post('/v1/auth/token').send({ login: 'wang.fang', password: 'a good password' });
  const asked = (token: string) => harness.http.get('/v1/sites').set('authorization', `Bearer ${token}`);

  it('gives a short access token that the services see as the person', async () => {
    const { status, body, headers } = await logIn();
    expect(status).toBe(200);
    expect(body).toMatchObject({
      tokenType: 'Bearer',
      expiresInSeconds: 600,
      refreshToken: expect.any(String),
    });
    expect(headers['cache-control']).toBe('no-store');
    const claims = decodeJwt(body.accessToken);
    expect(Number(claims.exp) - Number(claims.iat)).toBe(600);
    harness.upstream.seen.length = 0;
    expect((await asked(body.accessToken)).status).toBe(200);
    expect(harness.upstream.seen[0].actor).toEqual(owner);
  });

  it('refuses wrong credentials as operators says, and malformed ones itself', async () => {
    const wrong = await harness.http.post('/v1/auth/token').send({ login: 'wang.fang', password: 'nope' });
    expect([wrong.status, wrong.body.code]).toEqual([401, 'login_refused']);
    const malformed = await harness.http.post('/v1/auth/token').send({ login: 7, admin: true });
    expect(malformed.status).toBe(400);
    expect(malformed.body.errors.map(({ field }: { field: string }) => field)).toEqual(
      expect.arrayContaining(['login', 'password', 'admin']),
    );
  });

  it('turns a refresh token into the next pair, once', async () => {
    const { body } = await logIn();
    const next = await harness.http.post('/v1/auth/refresh').send({ refreshToken: body.refreshToken });
    expect(next.status).toBe(200);
    expect(next.body.refreshToken).not.toBe(body.refreshToken);
    const again = await harness.http.post('/v1/auth/refresh').send({ refreshToken: body.refreshToken });
    expect(again.status).toBe(401);
  });

  it('ends a session', async () => {
    const { body } = await logIn();
    expect(
      (await harness.http.post('/v1/auth/logout').send({ refreshToken: body.refreshToken })).status,
    ).toBe(204);
    const after = await harness.http.post('/v1/auth/refresh').send({ refreshToken: body.refreshToken });
    expect(after.status).toBe(401);
  });

  const forged: [string, () => Promise<string>][] = [
    ['signed with another key', () => token(IDENTITY.privateKey)],
    ['for another audience', () => token(ACCESS.privateKey, { audience: 'doorstep-services' })],
    ['from another issuer', () => token(ACCESS.privateKey, { issuer: 'doorstep-gateway' })],
    ['that has run out', () => token(ACCESS.privateKey, { expires: '-1s' })],
    ['without a signature', async () => unsigned()],
    ['that poses as the system', () => token(ACCESS.privateKey, { kind: 'system' })],
    ['signed with the public key as a secret', () => confused()],
    ['that is no token', async () => 'nonsense'],
  ];

  it.each(forged)('refuses a token %s', async (_what, make) => {
    const answer = await asked(await make());
    expect([answer.status, answer.body.code]).toEqual([401, 'credential_not_valid']);
    expect(answer.headers['www-authenticate']).toBe('Bearer');
  });

  it.each(['Basic d2FuZzpmYW5n', 'Bearer', 'Bearer a b', `Bearer ${'x'.repeat(9000)}`])(
    'refuses Authorization %.20s',
    async (authorization) => {
      expect((await harness.http.get('/v1/sites').set('authorization', authorization)).status).toBe(401);
    },
  );

  it('forgets a person at once when their account is closed', async () => {
    const person = anAdministrator();
    harness.logins.set('leaving', { password: 'p', actor: person });
    const { body } = await harness.http.post('/v1/auth/token').send({ login: 'leaving', password: 'p' });
    expect((await asked(body.accessToken)).status).toBe(200);
    await harness.gateway.app.get(Revocations).revoke(person.id);
    await eventually(async () => expect((await asked(body.accessToken)).status).toBe(401));
  });

  interface TokenOptions {
    audience?: string;
    issuer?: string;
    expires?: string;
    kind?: string;
  }

  function token(key: Parameters<SignJWT['sign']>[0], options: TokenOptions = {}): Promise<string> {
    return new SignJWT({ kind: options.kind ?? 'person', roles: ['administrator'] })
      .setProtectedHeader({ alg: 'EdDSA' })
      .setSubject(newId())
      .setIssuer(options.issuer ?? 'doorstep')
      .setAudience(options.audience ?? 'doorstep-api')
      .setIssuedAt()
      .setExpirationTime(options.expires ?? '5m')
      .sign(key);
  }

  function unsigned(): string {
    const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
    const claims = {
      iss: 'doorstep',
      aud: 'doorstep-api',
      sub: newId(),
      roles: ['administrator'],
      exp: 9999999999,
    };
    return `${part({ alg: 'none' })}.${part(claims)}.`;
  }

  function confused(): Promise<string> {
    const secret = ACCESS.publicKey.export({ type: 'spki', format: 'pem' });
    return new SignJWT({ roles: ['administrator'] })
      .setProtectedHeader({ alg: 'HS256' })
      .setIssuer('doorstep')
      .setAudience('doorstep-api')
      .setSubject(newId())
      .setExpirationTime('5m')
      .sign(Buffer.from(secret));
  }
});
