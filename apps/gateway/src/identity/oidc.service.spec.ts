import { anOwner } from '@doorstep/testing';
import { newId } from '@doorstep/kernel';
import fastify, { type FastifyInstance } from 'fastify';
import { exportJWK, generateKeyPair, type JWTPayload, SignJWT } from 'jose';
import { addressOf, gatewayEnv, type Harness, startGateway, startHarness } from '../gateway.harness';

describe('outside issuers', () => {
  let issuer: FastifyInstance;
  let issuerUrl: string;
  let harness: Harness;
  let keys: Awaited<ReturnType<typeof generateKeyPair>>;
  const owner = anOwner(newId());

  beforeAll(async () => {
    keys = await generateKeyPair('ES256');
    const jwk = { ...(await exportJWK(keys.publicKey)), kid: 'k1', alg: 'ES256', use: 'sig' };
    issuer = fastify();
    issuer.get('/.well-known/openid-configuration', () => ({
      issuer: issuerUrl,
      jwks_uri: `${issuerUrl}/keys`,
    }));
    issuer.get('/keys', () => ({ keys: [jwk] }));
    await issuer.listen({ port: 0, host: '127.0.0.1' });
    issuerUrl = addressOf(issuer);
    const trusted = [{ issuer: issuerUrl, audience: 'doorstep', algorithms: ['ES256'], loginClaim: 'email' }];
    harness = await startHarness({
      OIDC_ISSUERS: JSON.stringify(trusted),
      RATE_LIMIT_ADDRESS_PER_MINUTE: '1000',
    });
    harness.oidcLogins.set(`${issuerUrl} wang@example.com`, owner);
  });
  afterAll(async () => {
    await harness.stop();
    await issuer.close();
  });

  const sign = (claims: JWTPayload, key = keys.privateKey, alg = 'ES256'): Promise<string> =>
    new SignJWT({ email: 'wang@example.com', ...claims })
      .setProtectedHeader({ alg, kid: 'k1' })
      .setIssuer(claims.iss ?? issuerUrl)
      .setAudience(claims.aud ?? 'doorstep')
      .setIssuedAt()
      .setExpirationTime(claims.exp ?? '5m')
      .sign(key);
  const status = async (token: string): Promise<number> =>
    (await harness.http.get('/v1/sites').set('authorization', `Bearer ${token}`)).status;

  it('speak for the person whose login the claim names', async () => {
    harness.upstream.seen.length = 0;
    expect(await status(await sign({}))).toBe(200);
    expect(harness.upstream.seen[0].actor).toEqual(owner);
  });

  it('are refused for anything that is not pinned', async () => {
    const { privateKey } = await generateKeyPair('ES256');
    expect(await status(await sign({}, privateKey))).toBe(401);
    expect(await status(await sign({ aud: 'another' }))).toBe(401);
    expect(await status(await sign({ exp: 1000 }))).toBe(401);
    expect(await status(await sign({ iss: 'https://another.example' }))).toBe(401);
    expect(await status(await sign({ email: 'nobody@example.com' }))).toBe(401);
    expect(await status(await sign({ email: ['wang@example.com'] }))).toBe(401);
    const rs = await generateKeyPair('RS256');
    expect(await status(await sign({}, rs.privateKey, 'RS256'))).toBe(401);
  });

  it('are 503 while their keys cannot be read', async () => {
    const trusted = [{ issuer: 'http://127.0.0.1:9', audience: 'doorstep' }];
    const env = { ...gatewayEnv(harness.upstream.url), OIDC_ISSUERS: JSON.stringify(trusted) };
    const gateway = await startGateway(env);
    try {
      const token = await sign({ iss: 'http://127.0.0.1:9' });
      const answer = await fetch(`${gateway.url}/v1/sites`, {
        headers: { authorization: `Bearer ${token}` },
      });
      expect([answer.status, ((await answer.json()) as { code: string }).code]).toEqual([
        503,
        'issuer_unavailable',
      ]);
    } finally {
      await gateway.stop();
    }
  });
});
