import { Logger } from '@nestjs/common';
import type { DataSource } from 'typeorm';
import { newId } from '@doorstep/kernel';
import { BOOKINGS_BOOKING } from '@doorstep/contracts';
import { SYSTEM_ACTOR } from '../context';
import { Database, dataSourceOf } from '../database';
import type { BatchProducer, Broker, OutgoingMessage } from './broker';
import { NO_HOOKS } from './hooks';
import { type SpecDatabase, SPEC_TUNING, createSpecDatabase, eventually, raised } from './messaging.harness';
import { OutboxRelay } from './relay';
import { MessagingStats } from './stats';
import { Topics } from './topics';

/** The outbox is real; the broker's end is an array here, so that a failing one can be ordered. */
let spec: SpecDatabase;
let source: DataSource;
let database: Database;
beforeAll(async () => {
  Logger.overrideLogger(false);
  spec = await createSpecDatabase();
  source = await dataSourceOf(spec.appUrl, 'spec', []).initialize();
  database = new Database(source, 'spec');
});
afterAll(async () => {
  await source.destroy();
  await spec.drop();
});

class Sink {
  readonly batches: OutgoingMessage[][] = [];
  producers = 0;
  onProduce: (batch: readonly OutgoingMessage[]) => Promise<void> | void = () => undefined;

  producer(): Promise<BatchProducer> {
    this.producers++;
    return Promise.resolve({
      produce: async (batch) => {
        await this.onProduce(batch);
        this.batches.push([...batch]);
      },
      close: () => Promise.resolve(),
    });
  }

  get versions(): number[] {
    return this.batches.flat().map(({ headers }) => Number(headers['ce_aggregateversion']));
  }
}

function relayTo(
  sink: Sink,
  shard?: { index: number; of: number },
  relayPollMs = { min: 10, max: 50 },
): OutboxRelay {
  const topics = new Topics({ ensureTopics: () => Promise.resolve() }, [BOOKINGS_BOOKING]);
  const tuning = { ...SPEC_TUNING, relayPollMs, relayBatchMax: 20 };
  const options = { databaseUrl: spec.appUrl, name: 'spec', shard };
  const broker = sink as unknown as Broker;
  return new OutboxRelay(broker, topics, options, tuning, new MessagingStats(), NO_HOOKS, new Logger());
}

async function tell(key: string, from: number, to: number): Promise<void> {
  await database.writeAs(SYSTEM_ACTOR, (tx) => {
    for (let version = from; version <= to; version++) tx.tell(raised(key, version));
    return Promise.resolve();
  });
}
const upTo = (last: number): number[] => Array.from({ length: last }, (_, n) => n + 1);
const waiting = async (): Promise<number> =>
  (await database.readAs(SYSTEM_ACTOR, (tx) => tx.sql('SELECT 1 FROM outbox'))).length;

describe('the relay', () => {
  it('sends in the order of telling, and empties the outbox', async () => {
    const sink = new Sink();
    const relay = relayTo(sink);
    relay.start();
    await tell(newId(), 1, 50);
    await eventually(() => expect(sink.versions).toEqual(upTo(50)));
    await eventually(async () => expect(await waiting()).toBe(0));
    await relay.stop();
  });

  it('sends at once when it is nudged, without waiting for its poll', async () => {
    const sink = new Sink();
    const relay = relayTo(sink, undefined, { min: 600_000, max: 600_000 });
    relay.start();
    await eventually(() => expect(relay.isLeading).toBe(true));
    for (const version of upTo(3)) {
      await tell(newId(), version, version);
      relay.nudge();
      await eventually(() => expect(sink.versions).toEqual(upTo(version)));
    }
    await relay.stop();
  });

  it('sends again after a failure, with a new producer, nothing skipped', async () => {
    const sink = new Sink();
    let failures = 2;
    sink.onProduce = () => {
      if (sink.batches.length === 1 && failures-- > 0) throw new Error('no broker');
    };
    const relay = relayTo(sink);
    await tell(newId(), 1, 50);
    relay.start();
    await eventually(() => expect(sink.versions).toEqual(expect.arrayContaining(upTo(50))));
    expect(sink.producers).toBe(3);
    // The first batch was acknowledged and perhaps not yet removed: it may come twice, but never out of order.
    const firstSeen = [...new Set(sink.versions)];
    expect(firstSeen).toEqual(upTo(50));
    await relay.stop();
    expect(await waiting()).toBe(0);
  });

  it('one of two leads, and the other takes over when it ends', async () => {
    const [sinkA, sinkB] = [new Sink(), new Sink()];
    const [a, b] = [relayTo(sinkA), relayTo(sinkB)];
    a.start();
    await eventually(() => expect(a.isLeading).toBe(true));
    b.start();
    await tell(newId(), 1, 5);
    await eventually(() => expect(sinkA.versions).toEqual(upTo(5)));
    expect(b.isLeading).toBe(false);
    await a.stop();
    await tell(newId(), 1, 5);
    await eventually(() => expect(sinkB.versions).toEqual(upTo(5)));
    await b.stop();
  });

  it('a lost connection costs the lead for a moment, and no event', async () => {
    const sink = new Sink();
    const relay = relayTo(sink);
    relay.start();
    await eventually(() => expect(relay.isLeading).toBe(true));
    await database.readAs(SYSTEM_ACTOR, (tx) =>
      tx.sql(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity
              WHERE application_name = 'doorstep spec relay' AND datname = current_database()`),
    );
    await tell(newId(), 1, 5);
    await eventually(() => expect(sink.versions).toEqual(upTo(5)));
    await relay.stop();
  });

  it('shards share the keys: each key has one sender', async () => {
    const sinks = [new Sink(), new Sink()];
    const relays = sinks.map((sink, index) => relayTo(sink, { index, of: 2 }));
    relays.forEach((relay) => relay.start());
    const keys = upTo(20).map(() => newId());
    for (const key of keys) await tell(key, 1, 3);
    await eventually(() => expect(sinks.flatMap(({ versions }) => versions)).toHaveLength(60));
    const keysOf = (sink: Sink): Set<string> => new Set(sink.batches.flat().map(({ key }) => key));
    expect(keysOf(sinks[0]).size + keysOf(sinks[1]).size).toBe(20);
    expect(Math.min(keysOf(sinks[0]).size, keysOf(sinks[1]).size)).toBeGreaterThan(0);
    await Promise.all(relays.map((relay) => relay.stop()));
  });

  it('sends large events in several requests', async () => {
    const sink = new Sink();
    await database.writeAs(SYSTEM_ACTOR, (tx) => {
      for (const version of upTo(10)) {
        tx.tell(Object.assign(raised(newId(), version), { filler: 'x'.repeat(200_000) }));
      }
      return Promise.resolve();
    });
    const relay = relayTo(sink);
    relay.start();
    await eventually(() => expect(sink.versions).toEqual(upTo(10)));
    expect(sink.batches.map(({ length }) => length)).toEqual([3, 3, 3, 1]);
    await relay.stop();
  });

  it('an event too large for the broker is refused where it is told', async () => {
    const telling = database.writeAs(SYSTEM_ACTOR, (tx) =>
      Promise.resolve(tx.tell(Object.assign(raised(newId(), 1), { filler: 'x'.repeat(300_000) }))),
    );
    await expect(telling).rejects.toThrow('spec.CounterRaised.v1 is at most 262144 bytes');
  });
});
