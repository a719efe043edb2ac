import { createHash } from 'node:crypto';
import { newId } from '@doorstep/kernel';
import { BOOKINGS_BOOKING } from '@doorstep/contracts';
import { Broker, type OutgoingMessage } from '@doorstep/platform';
import { eventually as soon, testStack } from '@doorstep/testing';
import { type Mischief, startCounterService } from './counter-service';
import { Scene } from './scene';

jest.setTimeout(90_000);

/** The service runs in this process here: nothing is killed, but what comes in is bad. */
let scene: Scene;
let broker: Broker;
const mischief: Mischief = {};
let stop: () => Promise<void>;

beforeAll(async () => {
  scene = await Scene.open(testStack());
  const { databaseUrl, topicPrefix } = scene;
  const kafkaBrokers = scene.kafkaBrokers.split(',');
  broker = new Broker({ brokers: kafkaBrokers, clientId: 'faults', topicPrefix });
  const app = await startCounterService({ databaseUrl, kafkaBrokers, topicPrefix, mischief });
  stop = () => app.close();
});
afterAll(async () => {
  await stop();
  await scene.close();
});
afterEach(() => {
  mischief.before = undefined;
});

function raised(counterId: string, version: number): OutgoingMessage {
  return {
    topic: BOOKINGS_BOOKING.name,
    key: counterId,
    value: JSON.stringify({ counterId, version, at: '2026-11-02T03:00:00Z' }),
    headers: { ce_id: newId(), ce_type: 'faults.CounterRaised.v1' },
  };
}

async function post(messages: OutgoingMessage[]): Promise<void> {
  const producer = await broker.producer();
  await producer.produce(messages);
  await producer.close();
}

/** Much goes wrong here in turn before it is right; each wrong turn waits its time. */
function eventually<T>(attempt: () => Promise<T>): Promise<T> {
  return soon(attempt, { timeoutMs: 40_000 });
}

const upTo = (last: number): number[] => Array.from({ length: last }, (_, n) => n + 1);

describe('duplicate and reordered delivery', () => {
  it('any stretch of the topic may come again, whole or in pieces: one effect each, in the first order', async () => {
    const counters = upTo(10).map(() => newId());
    const original = upTo(20).flatMap((version) => counters.map((counterId) => raised(counterId, version)));
    const stream: OutgoingMessage[] = [];
    // What a relay does that was cut after any acknowledgement: it goes back a stretch and sends that again.
    for (let next = 0, n = 0; next < original.length; n++) {
      const back = (n * 37) % 60;
      const from = Math.max(0, next - back);
      stream.push(...original.slice(from, next + 25));
      next += 25;
    }
    await post(stream);
    await post([...original].reverse());
    expect(stream.length).toBeGreaterThan(original.length);
    for (const counterId of counters) {
      await eventually(async () => expect(await scene.proof.versions('answer', counterId)).toEqual(upTo(20)));
      expect(await scene.proof.versions('effect', counterId)).toEqual(upTo(20));
    }
  });
});

describe('a poison message', () => {
  it('stops nobody else’s key, and its own only until it is given up', async () => {
    const [poisoned, ...others] = upTo(20).map(() => newId());
    mischief.before = (batch) => {
      if (batch.some(({ key, version }) => key === poisoned && version === 3)) throw new Error('poison');
    };
    await post(
      upTo(5).flatMap((version) => [poisoned, ...others].map((counterId) => raised(counterId, version))),
    );
    for (const counterId of others) {
      await eventually(async () => expect(await scene.proof.versions('effect', counterId)).toEqual(upTo(5)));
    }
    await eventually(async () =>
      expect(await scene.proof.versions('effect', poisoned)).toEqual([1, 2, 4, 5]),
    );
    expect(await scene.proof.count('parked_event')).toBe(0);
  });

  it('of broken bytes is put aside, whatever they are', async () => {
    const counterId = newId();
    const letters = await scene.proof.count('dead_letter');
    const broken = upTo(30).map((n) => ({
      ...raised(counterId, 1),
      value: createHash('sha256').update(String(n)).digest(),
    }));
    await post([raised(counterId, 1), ...broken, raised(counterId, 2)]);
    await eventually(async () => expect(await scene.proof.versions('effect', counterId)).toEqual([1, 2]));
    expect((await scene.proof.count('dead_letter')) - letters).toBe(30);
  });
});

describe('a handler that hangs', () => {
  it('is cut with its transaction; others go on, and it gets another chance', async () => {
    const [hanging, other] = [newId(), newId()];
    let hangs = 0;
    mischief.before = (batch) => {
      if (!batch.some(({ key }) => key === hanging) || hangs >= 2) return;
      hangs++;
      return new Promise<void>(() => undefined);
    };
    await post([raised(hanging, 1), raised(other, 1), raised(hanging, 2), raised(other, 2)]);
    await eventually(async () => expect(await scene.proof.versions('effect', other)).toEqual([1, 2]));
    await eventually(async () => expect(await scene.proof.versions('effect', hanging)).toEqual([1, 2]));
    expect(hangs).toBe(2);
  });
});
