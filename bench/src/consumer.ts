import { newId } from '@doorstep/kernel';
import { BOOKINGS_BOOKING, TOPICS } from '@doorstep/contracts';
import type { Stack } from '@doorstep/local-stack';
import type { OutgoingMessage } from '@doorstep/platform';
import { type BenchSite, openSite } from './bench-service';
import { type Measurement, round, withFloor } from './measure';
import { measureFloor } from './pgbench';

const EVENTS = 20_000;
const KEYS = 1_000;
const CONNECTIONS = 4;
const PER_TRANSACTION = 128;

/** From the topic to the committed effect with its answer in the outbox, beside the same statements alone. */
export async function benchConsumer(stack: Stack): Promise<Measurement> {
  const site = await openSite(stack);
  try {
    await site.broker.ensureTopics(TOPICS);
    const { databaseUrl } = site;
    const plain = await measureFloor({ databaseUrl, script: FLOOR_SCRIPT, clients: CONNECTIONS, seconds: 3 });
    await site.client.query('DELETE FROM outbox');
    const value = await consume(site);
    const floor = round(plain.perSecond * PER_TRANSACTION, 0);
    return withFloor({
      name: 'event consumer',
      value,
      unit: 'events/s',
      floor,
      details: { floorBy: plain.by },
    });
  } finally {
    await site.close();
  }
}

async function consume(site: BenchSite): Promise<number> {
  const producer = await site.broker.producer();
  const keys = Array.from({ length: KEYS }, () => newId());
  for (let n = 0; n < EVENTS; n += 1_000) {
    await producer.produce(Array.from({ length: 1_000 }, (_, i) => message(keys[(n + i) % KEYS], n + i + 1)));
  }
  await producer.close();
  const service = await site.startService();
  try {
    for (;;) {
      const before = service.messaging.counters().consumed;
      if (before === 0) {
        await tick();
        continue;
      }
      const started = performance.now();
      while (service.messaging.counters().consumed < EVENTS) await tick();
      return round((EVENTS - before) / ((performance.now() - started) / 1000), 0);
    }
  } finally {
    await service.stop();
  }
}

function message(key: string, version: number): OutgoingMessage {
  return {
    topic: BOOKINGS_BOOKING.name,
    key,
    value: JSON.stringify({ thingId: key, version, amountFen: version, at: '2026-11-02T03:00:00Z' }),
    headers: { ce_id: newId(), ce_type: 'bench.Measured.v1', ce_correlationid: newId() },
  };
}

/** Inbox, effect, outbox, commit: as many connections and as large transactions as the consumer's lanes. */
const FLOOR_SCRIPT = `
BEGIN;
INSERT INTO inbox (event_id, topic) SELECT uuidv7(), 'bookings.booking.v1' FROM generate_series(1, ${PER_TRANSACTION})
  ON CONFLICT DO NOTHING RETURNING event_id;
INSERT INTO effect (thing_id, version, amount_fen)
  SELECT gen_random_uuid(), n, n FROM generate_series(1, ${PER_TRANSACTION}) AS n;
INSERT INTO outbox (event_id, aggregatetype, aggregateid, type, payload, source, version, occurred_at, correlation_id)
  SELECT uuidv7(), 'billing.charge.v1', gen_random_uuid()::text, 'bench.Answered.v1',
         json_build_object('thingId', gen_random_uuid(), 'version', n, 'at', '2026-11-02T03:00:00Z')::text,
         'bench', n, now(), uuidv7()::text
  FROM generate_series(1, ${PER_TRANSACTION}) AS n;
COMMIT;
`;

function tick(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 2));
}
