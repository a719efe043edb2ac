import { aFrontEnd } from '@doorstep/testing';
import { newId } from '@doorstep/kernel';
import { gatewayEnv, type Harness, startGateway, startHarness } from '../gateway.harness';

describe('rate limits', () => {
  let harness: Harness;

  beforeAll(async () => {
    harness = await startHarness({
      RATE_LIMIT_CLIENT_PER_MINUTE: '5',
      RATE_LIMIT_ADDRESS_PER_MINUTE: '4',
      RATE_LIMIT_LOGIN_PER_MINUTE: '3',
      TRUSTED_PROXIES: '127.0.0.1',
    });
  });
  afterAll(() => harness.stop());

  const from = (address: string) => ({ 'x-forwarded-for': address });

  it('tell what is left, then 429 with Retry-After, for each client apart', async () => {
    harness.keys.set('dsk_one', aFrontEnd(newId()));
    harness.keys.set('dsk_two', aFrontEnd(newId()));
    const ask = (key: string) => harness.http.get('/v1/sites').set('x-api-key', key);
    const first = await ask('dsk_one');
    expect(first.headers['ratelimit-policy']).toBe('"client";q=5;w=60');
    expect(first.headers.ratelimit).toMatch(/^"client";r=4;t=(60|59)$/);
    for (let i = 0; i < 4; i++) expect((await ask('dsk_one')).status).toBe(200);
    const over = await ask('dsk_one');
    expect([over.status, over.body.code]).toEqual([429, 'too_many_requests']);
    expect(Number(over.headers['retry-after'])).toBeGreaterThan(0);
    expect(over.headers.ratelimit).toMatch(/^"client";r=0;t=\d+$/);
    expect((await ask('dsk_two')).status).toBe(200);
  });

  it('count across gateways', async () => {
    harness.keys.set('dsk_spread', aFrontEnd(newId()));
    const env = {
      ...gatewayEnv(harness.upstream.url, harness.redisPrefix),
      RATE_LIMIT_CLIENT_PER_MINUTE: '5',
    };
    const second = await startGateway(env);
    try {
      const ask = async (url: string) =>
        (await fetch(`${url}/v1/sites`, { headers: { 'x-api-key': 'dsk_spread' } })).status;
      for (let i = 0; i < 3; i++) await ask(harness.gateway.url);
      for (let i = 0; i < 2; i++) await ask(second.url);
      expect([await ask(harness.gateway.url), await ask(second.url)]).toEqual([429, 429]);
    } finally {
      await second.stop();
    }
  });

  it('hold for an address without credentials, and for guessing them', async () => {
    for (let i = 0; i < 2; i++) await harness.http.get('/v1/sites').set(from('10.0.0.1'));
    for (let i = 0; i < 2; i++) {
      const guess = await harness.http
        .get('/v1/sites')
        .set(from('10.0.0.1'))
        .set('x-api-key', `dsk_guess${i}`);
      expect(guess.status).toBe(401);
    }
    const over = await harness.http.get('/v1/sites').set(from('10.0.0.1')).set('x-api-key', 'dsk_guess9');
    expect(over.status).toBe(429);
    expect((await harness.http.get('/v1/sites').set(from('10.0.0.2'))).status).toBe(200);
  });

  it('are stricter for logins: per address, and per login from everywhere', async () => {
    const logIn = (address: string, login: string) =>
      harness.http.post('/v1/auth/token').set(from(address)).send({ login, password: 'x' });
    for (let i = 0; i < 3; i++) expect((await logIn('10.1.0.1', `a${i}`)).status).toBe(401);
    expect((await logIn('10.1.0.1', 'a9')).status).toBe(429);
    for (let i = 0; i < 3; i++) expect((await logIn(`10.2.0.${i}`, 'target')).status).toBe(401);
    expect((await logIn('10.2.0.9', 'Target ')).status).toBe(429);
  });

  it('keep counting in memory while Redis is away', async () => {
    const env = {
      ...gatewayEnv(harness.upstream.url),
      REDIS_URL: 'redis://127.0.0.1:9',
      RATE_LIMIT_ADDRESS_PER_MINUTE: '2',
    };
    const alone = await startGateway(env);
    try {
      const statuses = [];
      for (let i = 0; i < 3; i++) statuses.push((await fetch(`${alone.url}/v1/sites`)).status);
      expect(statuses).toEqual([200, 200, 429]);
    } finally {
      await alone.stop();
    }
  });
});
