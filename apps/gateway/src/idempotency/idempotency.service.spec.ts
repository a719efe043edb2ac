import { aFrontEnd } from '@doorstep/testing';
import { newId } from '@doorstep/kernel';
import { Redis } from '@doorstep/platform';
import type { FastifyReply } from 'fastify';
import { type Harness, type Seen, startHarness } from '../gateway.harness';

describe('Idempotency-Key', () => {
  let harness: Harness;
  let done = 0;

  beforeAll(async () => {
    harness = await startHarness();
    harness.keys.set('dsk_a', aFrontEnd(newId()));
    harness.keys.set('dsk_b', aFrontEnd(newId()));
  });
  afterAll(() => harness.stop());
  beforeEach(() => {
    done = 0;
    harness.upstream.seen.length = 0;
    answerWith(201);
  });

  function answerWith(status: number, headers: Record<string, string> = {}, ms = 0): void {
    harness.upstream.answer = async (_seen: Seen, reply: FastifyReply) => {
      done += 1;
      const mine = done;
      if (ms > 0) await new Promise((resolve) => setTimeout(resolve, ms));
      return reply
        .status(status)
        .headers({ 'content-type': 'application/json', ...headers })
        .send(`{"n":${mine}}`);
    };
  }

  const post = (key: string, body: object = { seats: 1 }, apiKey = 'dsk_a') =>
    harness.http.post('/v1/bookings').set({ 'x-api-key': apiKey, 'idempotency-key': key }).send(body);

  it('same key, same body: the same answer, done once', async () => {
    answerWith(201, { location: '/v1/bookings/1', etag: '"1"' });
    const key = newId();
    const first = await post(key);
    const again = await post(key);
    expect(first.headers['idempotency-replayed']).toBeUndefined();
    expect(again.headers).toMatchObject({
      'idempotency-replayed': 'true',
      location: '/v1/bookings/1',
      etag: '"1"',
    });
    expect([again.status, again.body, again.headers['content-type']]).toEqual([
      201,
      first.body,
      first.headers['content-type'],
    ]);
    expect(done).toBe(1);
  });

  it('takes the same body for the same, however it is written', async () => {
    const key = newId();
    await post(key, { a: 1, b: { c: 2, d: 3 } });
    const again = await harness.http
      .post('/v1/bookings')
      .set({ 'x-api-key': 'dsk_a', 'idempotency-key': key, 'content-type': 'application/json' })
      .send('{ "b": {"d":3, "c":2},\n"a":1 }');
    expect(again.headers['idempotency-replayed']).toBe('true');
  });

  it('same key, other body or path: 409', async () => {
    const key = newId();
    await post(key);
    const other = await post(key, { seats: 2 });
    expect([other.status, other.body.code]).toEqual([409, 'idempotency_key_reused']);
    const elsewhere = await harness.http
      .post('/v1/payments')
      .set({ 'x-api-key': 'dsk_a', 'idempotency-key': key })
      .send({ seats: 1 });
    expect(elsewhere.body.code).toBe('idempotency_key_reused');
    expect(done).toBe(1);
  });

  it('is everybody’s own', async () => {
    const key = newId();
    await post(key);
    expect((await post(key, { seats: 2 }, 'dsk_b')).status).toBe(201);
    expect(done).toBe(2);
  });

  it('a burst of the same request is done once, and all get its answer', async () => {
    answerWith(201, {}, 150);
    const key = newId();
    const answers = await Promise.all(Array.from({ length: 10 }, () => post(key)));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([201]));
    expect(new Set(answers.map(({ body }) => body.n))).toEqual(new Set([1]));
    expect(done).toBe(1);
  });

  it('a repeat of one that takes long waits a while, then 409 with Retry-After', async () => {
    answerWith(201, {}, 4000);
    const key = newId();
    const first = post(key).then((answer) => answer.status);
    await new Promise((resolve) => setTimeout(resolve, 100));
    const early = await post(key);
    expect([early.status, early.body.code, early.headers['retry-after']]).toEqual([
      409,
      'idempotency_in_progress',
      '1',
    ]);
    expect(await first).toBe(201);
    expect((await post(key)).headers['idempotency-replayed']).toBe('true');
  }, 15_000);

  it.each([200, 202, 404, 409, 422])('keeps a final %i', async (status) => {
    answerWith(status);
    const key = newId();
    await post(key);
    const again = await post(key);
    expect([again.status, again.headers['idempotency-replayed'], done]).toEqual([status, 'true', 1]);
  });

  it.each([401, 403, 429, 500, 503])('does not keep a passing %i', async (status) => {
    answerWith(status);
    const key = newId();
    await post(key);
    answerWith(201);
    expect((await post(key)).status).toBe(201);
  });

  it('leaves nothing readable in Redis', async () => {
    harness.upstream.answer = (_seen, reply) => reply.status(201).send({ key: 'dsk_shown_once' });
    await post(newId());
    const { client } = harness.gateway.app.get(Redis);
    let kept = 0;
    for await (const names of client.scanIterator({ MATCH: `${harness.redisPrefix}idempotency:*` })) {
      for (const name of names) {
        kept += 1;
        expect(await client.get(name)).not.toMatch(/shown_once|seats|Buffer/);
      }
    }
    expect(kept).toBeGreaterThan(0);
  });

  it('is not used for reads, and logins are never kept', async () => {
    const key = newId();
    for (let i = 0; i < 2; i++) {
      const answer = await harness.http
        .get('/v1/sites')
        .set({ 'x-api-key': 'dsk_a', 'idempotency-key': key });
      expect(answer.headers['idempotency-replayed']).toBeUndefined();
    }
    harness.logins.set('li', { password: 'p', actor: aFrontEnd(newId(), { kind: 'person' }) });
    const logIn = () =>
      harness.http.post('/v1/auth/token').set('idempotency-key', key).send({ login: 'li', password: 'p' });
    expect((await logIn()).body.refreshToken).not.toBe((await logIn()).body.refreshToken);
  });
});
