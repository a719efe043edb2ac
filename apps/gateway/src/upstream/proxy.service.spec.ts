import { setImmediate as nextTurn } from 'node:timers/promises';
import { connect } from 'node:net';
import { aFrontEnd } from '@doorstep/testing';
import { newId } from '@doorstep/kernel';
import { SYSTEM_ACTOR, signIdentity } from '@doorstep/platform';
import { gatewayEnv, type Harness, IDENTITY, startGateway, startHarness } from '../gateway.harness';

const KEY = 'dsk_front_end';

describe('passing requests on', () => {
  let harness: Harness;
  const frontEnd = aFrontEnd(newId());

  const SENT_MAX = 256 * 1024 * 1024;

  /**
   * A body of unknown size, read as from a disk: others get their turn between two pieces. In one process with the gateway, a body
   * that is always ready leaves it none, and whoever isn't heard sends for ever.
   */
  function endless(pieceBytes: number): { body: ReadableStream; sent: () => number } {
    let sent = 0;
    const body = new ReadableStream({
      async pull(controller) {
        await nextTurn();
        if (sent > SENT_MAX) return controller.error(new Error('nobody breaks it off'));
        sent += pieceBytes;
        controller.enqueue(new Uint8Array(pieceBytes));
      },
    });
    return { body, sent: () => sent };
  }

  beforeAll(async () => {
    harness = await startHarness({ UPLOAD_BYTES_MAX: String(8 * 1024 * 1024) });
    harness.keys.set(KEY, frontEnd);
  });
  afterAll(() => harness.stop());
  beforeEach(() => {
    harness.upstream.seen.length = 0;
    harness.upstream.answer = (seen, reply) => reply.send({ path: seen.path });
  });

  it('goes to the service of the first segment, with query, body and identity', async () => {
    const answer = await harness.http
      .post('/v1/bookings?x=1&y=%E4%B8%AD')
      .set('x-api-key', KEY)
      .set('prefer', 'wait=2')
      .set('hold-token', 'a-token')
      .send({ offeringId: 'a', note: '助餐' });
    expect(answer.status).toBe(200);
    const [seen] = harness.upstream.seen;
    expect(seen.path).toBe('/v1/bookings?x=1&y=%E4%B8%AD');
    expect(JSON.parse(seen.body.toString('utf8'))).toEqual({ offeringId: 'a', note: '助餐' });
    expect(seen.headers.prefer).toBe('wait=2');
    expect(seen.headers['hold-token']).toBe('a-token');
    expect(seen.actor).toEqual(frontEnd);
    expect(seen.headers['x-request-id']).toBe(answer.headers['x-request-id']);
  });

  it('keeps the correlation id that came along, and refuses one that could break a log', async () => {
    const kept = await harness.http
      .get('/v1/sites')
      .set('x-api-key', KEY)
      .set('x-request-id', 'story-12345678');
    expect(kept.headers['x-request-id']).toBe('story-12345678');
    const replaced = await harness.http.get('/v1/sites').set('x-api-key', KEY).set('x-request-id', 'a b"c');
    expect(replaced.headers['x-request-id']).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('drops credentials, cookies and anything that could pose as an identity', async () => {
    const forged = await signIdentity(SYSTEM_ACTOR, IDENTITY.privateKey);
    await harness.http
      .get('/v1/sites')
      .set('x-api-key', KEY)
      .set('cookie', 'a=b')
      .set('x-doorstep-identity', forged)
      .set('X-Forwarded-For', '8.8.8.8')
      .set('x-anything', '1');
    const { headers, actor } = harness.upstream.seen[0];
    expect(actor).toEqual(frontEnd);
    expect(headers['x-forwarded-for']).toBe('127.0.0.1');
    for (const name of ['x-api-key', 'authorization', 'cookie', 'x-anything'])
      expect(headers[name]).toBeUndefined();
  });

  it('without credentials passes on without identity: the service decides', async () => {
    await harness.http.get('/v1/sites').set('x-doorstep-identity', 'forged');
    expect(harness.upstream.seen[0].headers['x-doorstep-identity']).toBeUndefined();
  });

  it('passes status, headers and bodies of any type back', async () => {
    harness.upstream.answer = (_seen, reply) =>
      reply
        .status(202)
        .headers({ location: '/v1/bookings/1', etag: '"7"', 'content-type': 'text/csv', 'set-cookie': 'a=b' })
        .send('a,b\r\n1,2\r\n');
    const answer = await harness.http.get('/v1/charges').set('x-api-key', KEY);
    expect(answer.status).toBe(202);
    expect(answer.headers).toMatchObject({
      location: '/v1/bookings/1',
      etag: '"7"',
      'content-type': 'text/csv',
    });
    expect(answer.headers['set-cookie']).toBeUndefined();
    expect(answer.text).toBe('a,b\r\n1,2\r\n');
  });

  it('answers 404 for paths that nobody serves, and never reaches internal ones', async () => {
    for (const path of ['/v1/nothing', '/v1', '/internal/sessions', '/v1/internal/sessions', '/v2/sites']) {
      const answer = await harness.http.get(path).set('x-api-key', KEY);
      expect([path, answer.status, answer.body.code]).toEqual([path, 404, 'route_not_found']);
      expect(answer.headers['content-type']).toContain('application/problem+json');
    }
    expect(harness.upstream.seen).toEqual([]);
  });

  it.each([
    '/v1/sites/../../internal/sessions',
    '/v1/sites/%2e%2e/%2e%2e/internal/sessions',
    '//internal/sessions',
    '/v1/%2e%2e/internal/sessions',
  ])('does not walk out of /v1 by %s', async (path) => {
    const status = await rawStatus(harness.gateway.url, path);
    expect([400, 404]).toContain(status);
    expect(harness.upstream.seen).toEqual([]);
  });

  it('refuses a body over the limit, declared or not', async () => {
    const declared = await harness.http
      .post('/v1/bookings')
      .set('x-api-key', KEY)
      .set('content-type', 'application/json')
      .send(`"${'x'.repeat(4 * 1024 * 1024)}"`);
    expect([declared.status, declared.body.code]).toEqual([413, 'body_too_large']);
    const streamed = await fetch(`${harness.gateway.url}/v1/bookings`, {
      method: 'POST',
      headers: { 'x-api-key': KEY, 'content-type': 'application/json' },
      body: endless(256 * 1024).body,
      duplex: 'half',
    } as RequestInit);
    expect(streamed.status).toBe(413);
    expect(harness.upstream.seen).toEqual([]);
  });

  it('streams uploads beyond the ordinary limit, up to their own', async () => {
    const file = Buffer.alloc(6 * 1024 * 1024, 'a,b\n');
    const answer = await harness.http
      .post('/v1/settlement-files?channel=wechat')
      .set('x-api-key', KEY)
      .set('content-type', 'text/csv')
      .send(file.toString());
    expect(answer.status).toBe(200);
    expect(harness.upstream.seen[0].body.equals(file)).toBe(true);
    const large = await harness.http
      .post('/v1/settlement-files')
      .set('x-api-key', KEY)
      .set('content-type', 'text/csv')
      .send('x'.repeat(9 * 1024 * 1024));
    expect([large.status, large.body.code]).toEqual([413, 'body_too_large']);
    expect(harness.upstream.seen).toHaveLength(1);
  });

  it('breaks off an upload of unknown size at its limit, and no service sees it whole', async () => {
    const upload = endless(64 * 1024);
    const answer = await fetch(`${harness.gateway.url}/v1/settlement-files`, {
      method: 'POST',
      headers: { 'x-api-key': KEY, 'content-type': 'text/csv' },
      body: upload.body,
      duplex: 'half',
    } as RequestInit);
    expect([answer.status, ((await answer.json()) as { code: string }).code]).toEqual([
      413,
      'body_too_large',
    ]);
    expect(upload.sent()).toBeGreaterThan(8 * 1024 * 1024);
    expect(harness.upstream.seen).toEqual([]);
  });

  it('sends security headers with every answer', async () => {
    const answer = await harness.http.get('/v1/sites');
    expect(answer.headers).toMatchObject({
      'x-content-type-options': 'nosniff',
      'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
      'strict-transport-security': expect.stringContaining('max-age'),
    });
  });
});

describe('when a service is away or slow', () => {
  it('answers 503 with Retry-After, and 504 when it hangs', async () => {
    const harness = await startHarness({ UPSTREAM_SECONDS_MAX: '1' });
    const away = await startGateway({
      ...gatewayEnv(harness.upstream.url),
      BILLING_URL: 'http://127.0.0.1:9',
    });
    try {
      harness.keys.set(KEY, aFrontEnd(newId()));
      harness.upstream.answer = () => new Promise(() => undefined);
      const slow = await harness.http.get('/v1/sites').set('x-api-key', KEY);
      expect([slow.status, slow.body.code]).toEqual([504, 'service_timeout']);
      const answer = await fetch(`${away.url}/v1/charges`, { headers: { 'x-api-key': KEY } });
      expect(answer.status).toBe(503);
      expect(answer.headers.get('retry-after')).toBe('2');
      expect(await answer.json()).toMatchObject({
        code: 'service_unavailable',
        details: { service: 'billing' },
      });
      const ready = (await (await fetch(`${away.url}/health/ready`)).json()) as Record<string, unknown>;
      expect(ready).toMatchObject({ status: 'degraded' });
    } finally {
      await away.stop();
      harness.upstream.server.server.closeAllConnections();
      await harness.stop();
    }
  });
});

/** The status of a path exactly as written: HTTP clients tidy dots away. */
function rawStatus(url: string, path: string): Promise<number> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), hostname, () => {
      socket.write(`GET ${path} HTTP/1.1\r\nHost: x\r\nx-api-key: ${KEY}\r\nConnection: close\r\n\r\n`);
    });
    let text = '';
    socket.on('data', (chunk) => (text += chunk.toString()));
    socket.on('end', () => resolve(Number(text.split(' ')[1])));
    socket.on('error', reject);
  });
}
