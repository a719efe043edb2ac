import { newId } from '@doorstep/kernel';
import { BOOKINGS_BOOKING } from '@doorstep/contracts';
import { SYSTEM_ACTOR, runInContext } from '../context';
import { listDeadLetters, replayDeadLetters } from './dead-letters';
import {
  CounterNoted,
  type SpecService,
  eventually,
  message,
  raised,
  startSpecService,
  versionsOf,
} from './messaging.harness';

/** Beside everything else on two cores, what takes a moment may take many. */
jest.setTimeout(120_000);

let service: SpecService;
beforeAll(async () => {
  service = await startSpecService();
});
afterAll(() => service.stop());
afterEach(() => {
  service.behaviour.onHandle = () => undefined;
});

const parkedRows = () => service.sql('SELECT id FROM parked_event');
const counter = (name: keyof ReturnType<SpecService['messaging']['counters']>) =>
  service.messaging.counters()[name] as number;
const ones = (count: number): number[] => Array.from({ length: count }, (_, n) => n + 1);

describe('from write to effect', () => {
  it('every told event has its effect, in the order of its key', async () => {
    const keys = ones(5).map(() => newId());
    for (const version of ones(20)) {
      await service.database.writeAs(SYSTEM_ACTOR, (tx) => {
        for (const key of keys) tx.tell(raised(key, version));
        return Promise.resolve();
      });
    }
    for (const key of keys)
      await eventually(async () => expect(await versionsOf(service, key)).toEqual(ones(20)));
    expect(await service.sql('SELECT id FROM outbox')).toEqual([]);
  });

  it('an answer carries correlation and names its cause', async () => {
    const key = newId();
    service.behaviour.onHandle = (batch, tx) => {
      for (const because of batch) {
        const noted = Object.assign(new CounterNoted(), {
          counterId: because.key,
          version: 1,
          at: '2026-11-02T03:00:00Z',
        });
        tx.tell(noted, { because });
      }
    };
    const seen: Record<string, string>[] = [];
    const watching = service.broker.consume(`watch-${newId()}`, ['operators.staff.v1'], (batches) => {
      seen.push(...batches.flatMap(({ messages }) => messages.map(({ headers }) => headers)));
      return Promise.resolve();
    });
    await runInContext({ actor: SYSTEM_ACTOR, correlationId: 'order 66', traceparent: '00-1-2-01' }, () =>
      service.database.write((tx) => Promise.resolve(tx.tell(raised(key, 1)))),
    );
    const answer = await eventually(() => {
      const found = seen.find(({ ce_subject }) => ce_subject === key);
      if (!found) throw new Error('no answer yet');
      return found;
    });
    const [{ event_id: cause }] = await service.sql<{ event_id: string }>(
      'SELECT event_id FROM effect WHERE counter_id = $1',
      [key],
    );
    expect(answer).toMatchObject({
      ce_correlationid: 'order 66',
      ce_causationid: cause,
      traceparent: '00-1-2-01',
    });
    await watching.stop(1_000);
  });

  it('many events of many keys come in few transactions', async () => {
    const keys = ones(200).map(() => newId());
    const before = service.behaviour.batches.length;
    await service.post(...ones(5).flatMap((version) => keys.map((key) => message(key, version))));
    for (const key of keys)
      await eventually(async () => expect(await versionsOf(service, key)).toEqual(ones(5)), 20_000);
    expect(service.behaviour.batches.length - before).toBeLessThan(60);
  });

  it('a handler that asks for it has transactions of its own, so it takes no locks behind those of another', async () => {
    const keys = ones(60).map(() => newId());
    const typesOf = new Map<string, Set<string>>();
    service.behaviour.onHandle = async (batch, tx) => {
      const [{ id }] = await tx.sql<{ id: string }>('SELECT pg_current_xact_id()::text AS id');
      typesOf.set(id, new Set([...(typesOf.get(id) ?? []), ...batch.map(({ type }) => type)]));
    };
    const closed = (key: string) =>
      message(key, 2, { headers: { ...message(key, 2).headers, ce_type: 'spec.CounterClosed.v1' } });
    await service.post(...keys.flatMap((key) => [message(key, 1), closed(key)]));
    for (const key of keys)
      await eventually(async () => expect(await versionsOf(service, key)).toEqual([1, 2]), 20_000);
    expect([...typesOf.values()].filter(({ size }) => size > 1)).toEqual([]);
    expect(typesOf.size).toBeLessThan(60);
  });
});

describe('duplicates', () => {
  it('of one delivery or of many have one effect', async () => {
    const key = newId();
    const [one, two] = [message(key, 1), message(key, 2)];
    const before = counter('duplicatesIgnored');
    await service.post(one, one, two);
    await service.post(one, two, message(key, 3));
    await eventually(async () => expect(await versionsOf(service, key)).toEqual([1, 2, 3]));
    expect(counter('duplicatesIgnored') - before).toBe(3);
  });
});

describe('an event that cannot be handled', () => {
  it('stops its own key only; the key goes on in order when the cause is gone', async () => {
    const [bad, good] = [newId(), newId()];
    let isBroken = true;
    service.behaviour.onHandle = (batch) => {
      if (isBroken && batch.some(({ key, version }) => key === bad && version === 2))
        throw new Error('not yet');
    };
    // Both keys in one partition's batch would be best; whatever the partitions, the outcome must be the same.
    await service.post(...ones(4).flatMap((version) => [message(bad, version), message(good, version)]));
    await eventually(async () => expect(await versionsOf(service, good)).toEqual([1, 2, 3, 4]));
    await eventually(async () => expect(await parkedRows()).toHaveLength(3));
    expect(await versionsOf(service, bad)).toEqual([1]);

    await service.post(message(bad, 5));
    isBroken = false;
    await eventually(async () => expect(await versionsOf(service, bad)).toEqual([1, 2, 3, 4, 5]));
    expect(await parkedRows()).toEqual([]);
  });

  it('becomes a dead letter in the end, lets its key go on, and can be replayed', async () => {
    const key = newId();
    let isBroken = true;
    service.behaviour.onHandle = (batch) => {
      if (isBroken && batch.some((event) => event.key === key && event.version === 1)) {
        throw new Error('mobile 13812345678 is unknown');
      }
    };
    await service.post(message(key, 1), message(key, 2));
    await eventually(async () => expect(await versionsOf(service, key)).toEqual([2]));
    const [letter] = await service.database.readAs(SYSTEM_ACTOR, (tx) => listDeadLetters(tx.sql, 1));
    expect(letter).toMatchObject({
      key,
      type: 'spec.CounterRaised.v1',
      attempts: 3,
      cause: 'Error: mobile *********** is unknown',
    });

    isBroken = false;
    expect(await service.database.writeAs(SYSTEM_ACTOR, (tx) => replayDeadLetters(tx.sql, [letter.id]))).toBe(
      1,
    );
    await eventually(async () => expect(await versionsOf(service, key)).toEqual([2, 1]));
    expect(await service.sql('SELECT id FROM dead_letter WHERE key = $1', [key])).toEqual([]);
  });

  it('because it hangs is cut, and holds nobody up for long', async () => {
    const [hanging, good] = [newId(), newId()];
    service.behaviour.onHandle = (batch) => {
      if (batch.some(({ key }) => key === hanging)) return new Promise<void>(() => undefined);
    };
    await service.post(message(hanging, 1), message(good, 1));
    await eventually(async () => expect(await versionsOf(service, good)).toEqual([1]));
    service.behaviour.onHandle = () => undefined;
    await eventually(async () => expect(await versionsOf(service, hanging)).toEqual([1]));
    expect(service.database.pool.totalCount).toBeLessThanOrEqual(10);
  });
});

describe('a message that cannot be read', () => {
  it.each([
    [
      'broken JSON',
      (key: string) => message(key, 2, { value: '{"counterId":' }),
      'the data is not a JSON object',
    ],
    ['a broken contract', (key: string) => message(key, 2, { value: '{}' }), 'the data breaks its contract'],
    [
      'no id',
      (key: string) => message(key, 2, { headers: { ce_type: 'spec.CounterRaised.v1' } }),
      'header ce_id',
    ],
  ])('with %s is a dead letter at once', async (_what, broken, cause) => {
    const key = newId();
    await service.post(message(key, 1), broken(key), message(key, 3));
    await eventually(async () => expect(await versionsOf(service, key)).toEqual([1, 3]));
    const [letter] = await service.sql<{ cause: string }>('SELECT cause FROM dead_letter WHERE key = $1', [
      key,
    ]);
    expect(letter.cause).toContain(cause);
  });

  it('of a type without handler is ignored and counted', async () => {
    const key = newId();
    const before = counter('unknownIgnored');
    await service.post(
      message(key, 1, { headers: { ce_id: newId(), ce_type: 'somebody.Else.v9' } }),
      message(key, 2),
    );
    await eventually(async () => expect(await versionsOf(service, key)).toEqual([2]));
    expect(counter('unknownIgnored') - before).toBe(1);
  });
});

describe('figures', () => {
  it('count what happened, and show what waits', async () => {
    const gauges = await service.messaging.gauges();
    expect(gauges).toMatchObject({ outboxRows: 0, outboxAgeSeconds: 0, parkedRows: 0 });
    expect(counter('consumed')).toBeGreaterThan(0);
    expect(counter('published')).toBeGreaterThan(0);
    const lag = Object.keys(service.messaging.counters().lag);
    expect(lag.some((name) => name.startsWith(`${BOOKINGS_BOOKING.name}/`))).toBe(true);
    await eventually(async () => expect(await service.broker.lag('spec', [BOOKINGS_BOOKING.name])).toBe(0));
  });
});
