import type { Client } from 'pg';
import type { Stack } from '@doorstep/local-stack';
import { TOPICS } from '@doorstep/contracts';
import { type BenchSite, openSite } from './bench-service';
import { type Measurement, round, withFloor } from './measure';

const EVENTS = 20_000;
const BATCH = 500;

/** From outbox to the broker's acknowledgement, beside reading and removing the same rows with nowhere to go. */
export async function benchRelay(stack: Stack): Promise<Measurement> {
  const site = await openSite(stack);
  try {
    await site.broker.ensureTopics(TOPICS);
    const floor = await drainPlainly(site.client);
    const value = await drainByRelay(site);
    return withFloor({
      name: 'outbox relay',
      value,
      unit: 'events/s',
      floor,
      details: { floorBy: 'plain pg loop' },
    });
  } finally {
    await site.close();
  }
}

/** The outbox in the shape that services leave it: a few hundred bytes of JSON, a thousand keys. */
async function fill(client: Client): Promise<void> {
  await client.query(
    `INSERT INTO outbox (event_id, aggregatetype, aggregateid, type, payload, source, version, occurred_at, correlation_id)
     SELECT uuidv7(), 'billing.charge.v1', md5((n % 1000)::text)::uuid::text, 'bench.Answered.v1',
            json_build_object('thingId', md5((n % 1000)::text)::uuid, 'version', n, 'at', '2026-11-02T03:00:00Z',
                              'filler', repeat('x', 200))::text,
            'bench', n, now(), uuidv7()::text
     FROM generate_series(1, $1) AS n`,
    [EVENTS],
  );
  await client.query('VACUUM ANALYZE outbox').catch(() => undefined);
}

async function drainPlainly(client: Client): Promise<number> {
  await fill(client);
  const started = performance.now();
  for (;;) {
    const { rows } = await client.query<{ id: number }>(`SELECT * FROM outbox ORDER BY id LIMIT ${BATCH}`);
    if (rows.length === 0) return rate(EVENTS, started);
    await client.query('DELETE FROM outbox WHERE id = ANY ($1::bigint[])', [rows.map(({ id }) => id)]);
  }
}

async function drainByRelay(site: BenchSite): Promise<number> {
  await fill(site.client);
  const service = await site.startService();
  try {
    const { started, before } = await firstPublished(service.messaging);
    while (service.messaging.counters().published < EVENTS) await tick();
    return rate(EVENTS - before, started);
  } finally {
    await service.stop();
  }
}

/** Starting the service is not part of it: the clock runs from the first acknowledged batch. */
async function firstPublished(messaging: { counters(): { published: number } }) {
  for (;;) {
    const before = messaging.counters().published;
    if (before > 0) return { before, started: performance.now() };
    await tick();
  }
}

function rate(count: number, startedMs: number): number {
  return round(count / ((performance.now() - startedMs) / 1000), 0);
}

function tick(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 2));
}
