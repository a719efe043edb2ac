import { aFrontEnd } from '@doorstep/testing';
import { newId } from '@doorstep/kernel';
import { Redis, Revocations } from '@doorstep/platform';
import { gatewayEnv, type Harness, startGateway, startHarness } from '../gateway.harness';

describe('API keys', () => {
  let harness: Harness;
  let asked = 0;

  beforeAll(async () => {
    harness = await startHarness();
  });
  afterAll(() => harness.stop());

  /** A key that counts how often operators was asked about it. */
  function issue(key: string) {
    const actor = aFrontEnd(newId());
    const known = harness.keys;
    const get = known.get.bind(known);
    asked = 0;
    known.set(key, actor);
    known.get = (one: string) => {
      if (one === key) asked += 1;
      return get(one);
    };
    return actor;
  }

  it('are taken from x-api-key and as a bearer token', async () => {
    const actor = issue('dsk_both');
    for (const header of [{ 'x-api-key': 'dsk_both' }, { authorization: 'Bearer dsk_both' }]) {
      harness.upstream.seen.length = 0;
      expect((await harness.http.get('/v1/sites').set(header)).status).toBe(200);
      expect(harness.upstream.seen[0].actor).toEqual(actor);
    }
  });

  it('are refused when unknown, malformed or doubled', async () => {
    for (const key of ['dsk_unknown', 'nonsense', 'dsk_', 'dsk_a b']) {
      const answer = await harness.http.get('/v1/sites').set('x-api-key', key);
      expect([key, answer.status, answer.body.code]).toEqual([key, 401, 'credential_not_valid']);
    }
    const both = await harness.http
      .get('/v1/sites')
      .set({ 'x-api-key': 'dsk_both', authorization: 'Bearer dsk_both' });
    expect([both.status, both.body.code]).toEqual([400, 'credentials_unclear']);
  });

  it('are verified once for a burst, and remembered', async () => {
    issue('dsk_burst');
    await Promise.all(
      Array.from({ length: 20 }, () => harness.http.get('/v1/sites').set('x-api-key', 'dsk_burst')),
    );
    await harness.http.get('/v1/sites').set('x-api-key', 'dsk_burst');
    expect(asked).toBe(1);
  });

  it('are shared between gateways, sealed', async () => {
    issue('dsk_shared');
    await harness.http.get('/v1/sites').set('x-api-key', 'dsk_shared');
    const second = await startGateway(gatewayEnv(harness.upstream.url, harness.redisPrefix));
    try {
      expect((await fetch(`${second.url}/v1/sites`, { headers: { 'x-api-key': 'dsk_shared' } })).status).toBe(
        200,
      );
      expect(asked).toBe(1);
      const { client } = harness.gateway.app.get(Redis);
      for await (const names of client.scanIterator({ MATCH: `${harness.redisPrefix}api-key:*` })) {
        for (const name of names) {
          expect(await client.get(name)).not.toContain('front_end');
          await client.set(name, 'forged');
        }
      }
      expect(await harness.gateway.app.get(Revocations).isRevoked(newId())).toBe(false);
    } finally {
      await second.stop();
    }
  });

  it('stop working at every gateway as soon as they are revoked', async () => {
    const actor = issue('dsk_revoked');
    const second = await startGateway(gatewayEnv(harness.upstream.url, harness.redisPrefix));
    const status = async (url: string) =>
      (await fetch(`${url}/v1/sites`, { headers: { 'x-api-key': 'dsk_revoked' } })).status;
    try {
      expect([await status(harness.gateway.url), await status(second.url)]).toEqual([200, 200]);
      harness.keys.delete('dsk_revoked');
      await harness.gateway.app.get(Revocations).revoke(actor.id);
      await new Promise((resolve) => setTimeout(resolve, 100));
      expect([await status(harness.gateway.url), await status(second.url)]).toEqual([401, 401]);
    } finally {
      await second.stop();
    }
  });

  it('work without Redis', async () => {
    const alone = await startGateway({
      ...gatewayEnv(harness.upstream.url),
      REDIS_URL: 'redis://127.0.0.1:9',
    });
    issue('dsk_alone');
    try {
      const answer = await fetch(`${alone.url}/v1/bookings`, {
        method: 'POST',
        headers: { 'x-api-key': 'dsk_alone', 'idempotency-key': 'k', 'content-type': 'application/json' },
        body: '{}',
      });
      expect(answer.status).toBe(200);
      expect(answer.headers.get('ratelimit')).toContain('"client";r=');
    } finally {
      await alone.stop();
    }
  });
});
