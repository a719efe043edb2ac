import type { DynamicModule } from '@nestjs/common';
import type { DomainEvent, EventClass } from '@doorstep/contracts';
import { DomainEvent as DomainEventClass } from '@doorstep/contracts';
import {
  type Actor,
  Clock,
  IDENTITY_HEADER,
  loadConfig,
  type Migration,
  type RunningService,
  type ServiceConfig,
  startService,
} from '@doorstep/platform';
import { Pool } from 'pg';
import request, { type Test } from 'supertest';
import { eventually, type EventuallyOptions } from './eventually';
import type { FixedClock } from './fixed-clock';
import { signTestIdentity, TEST_IDENTITY_PUBLIC_KEY } from './identity';
import { testStack, uniqueName } from './stack-address';
import { type Letter, type Posted, TestBroker } from './test-broker';
import { createTestDatabase } from './test-database';

export interface TestServiceOptions {
  /** Settings beyond those that the harness gives. */
  env?: Record<string, string>;
  /** Stands in for the service's clock from its start. */
  clock?: FixedClock;
}

type Verb = 'get' | 'post' | 'put' | 'patch' | 'delete';
/** supertest, already bound to the service and signed as one actor. */
export type Caller = Record<Verb, (path: string) => Test>;

export interface TestService {
  url: string;
  running: RunningService;
  /** Superuser's pool on the service's database, which sees every tenant's rows. */
  db: Pool;
  topicPrefix: string;
  as(actor: Actor): Caller;
  /** Without any identity. */
  anonymous: Caller;
  /** Posts events to their topics and waits until the service has consumed them; throws when it gave up on one. */
  deliver(...events: (DomainEvent | Letter)[]): Promise<Posted[]>;
  /** Everything of this class that the service has told so far, read from the broker. */
  told<E extends DomainEvent>(type: EventClass<E>): Promise<E[]>;
  eventually<T>(attempt: () => T | Promise<T>, options?: EventuallyOptions): Promise<T>;
  /** Stops the service, does something while it is down, and starts it on the same database, topics and clock. */
  restart(meanwhile?: (env: Record<string, string>) => Promise<void>): Promise<void>;
  stop(): Promise<void>;
}

const DELIVER_MS_MAX = 15_000;

/** Starts a real service in this process: own database, own topics, identities signed with the test's key. */
export async function startTestService<C extends ServiceConfig>(
  name: string,
  AppModule: { with(config: C): DynamicModule },
  Config: new () => C,
  migrations: readonly Migration[],
  options: TestServiceOptions = {},
): Promise<TestService> {
  const stack = testStack();
  const database = await createTestDatabase(name, migrations);
  const topicPrefix = `${uniqueName()}.`;
  const env = {
    DATABASE_URL: database.appUrl,
    DATABASE_POOL_MAX: '5',
    KAFKA_BROKERS: stack.kafkaBrokers,
    REDIS_URL: stack.redisUrl,
    TOPIC_PREFIX: topicPrefix,
    // Enough for keys to part ways; each spec file has topics of its own, and partitions are what they cost.
    TOPIC_PARTITIONS: '2',
    EVENTS_GATHER_MS: '1',
    IDENTITY_PUBLIC_KEY: TEST_IDENTITY_PUBLIC_KEY,
    LOG_LEVEL: process.env.TEST_LOG_LEVEL ?? 'fatal',
    LOG_FORMAT: 'text',
    ...options.env,
  };
  const config = loadConfig(Config, env);
  const broker = new TestBroker(topicPrefix);
  const db = new Pool({ connectionString: database.superuserUrl, max: 3 });
  // A pool has ended before its connections have: dropping the database may cut the last of them.
  db.on('error', () => undefined);
  const close = async (): Promise<void> => {
    await db.end();
    await broker.close();
    await database.drop();
  };
  try {
    const start = async (): Promise<RunningService> => {
      const running = await startService({ name, config, module: AppModule.with(config) });
      const { clock } = options;
      if (clock) Object.assign(running.app.get(Clock), { now: () => clock.now() });
      return running;
    };
    return serviceOf({ name, running: await start(), start, env, db, topicPrefix, broker, close });
  } catch (error) {
    await close();
    throw error;
  }
}

interface Parts {
  name: string;
  running: RunningService;
  start(): Promise<RunningService>;
  env: Record<string, string>;
  close(): Promise<void>;
  db: Pool;
  topicPrefix: string;
  broker: TestBroker;
}

function serviceOf(parts: Parts): TestService {
  const { name, db, topicPrefix, broker } = parts;
  const url = (): string => parts.running.url;
  return {
    get url() {
      return url();
    },
    get running() {
      return parts.running;
    },
    db,
    topicPrefix,
    as: (actor) => callerOf(url, (id) => ({ [IDENTITY_HEADER]: signTestIdentity(actor, id) })),
    anonymous: callerOf(url, () => ({})),
    deliver: async (...events) => {
      const letters = events.map((each) => (each instanceof DomainEventClass ? { event: each } : each));
      const posted = await broker.post(letters);
      await broker.consumed(`${topicPrefix}${name}`, posted, DELIVER_MS_MAX);
      await assertNotGivenUp(db, posted);
      return posted;
    },
    told: async (type) => {
      await eventually(() => assertOutboxEmpty(db));
      return broker.read(type);
    },
    eventually,
    restart: async (meanwhile) => {
      await parts.running.stop();
      await meanwhile?.(parts.env);
      parts.running = await parts.start();
    },
    stop: async () => {
      await parts.running.stop();
      await parts.close();
    },
  };
}

function callerOf(url: () => string, headers: (requestId: string) => Record<string, string>): Caller {
  const call = (verb: Verb) => (path: string) =>
    request(url())
      [verb](path)
      .set(headers(`test-${uniqueName()}`));
  return {
    get: call('get'),
    post: call('post'),
    put: call('put'),
    patch: call('patch'),
    delete: call('delete'),
  };
}

async function assertOutboxEmpty(db: Pool): Promise<void> {
  const { rows } = await db.query<{ waiting: number }>('SELECT count(*)::int AS waiting FROM outbox');
  const waiting = rows[0]?.waiting ?? 0;
  if (waiting > 0) throw new Error(`${waiting} told event(s) still wait in the outbox for the broker`);
}

async function assertNotGivenUp(db: Pool, posted: Posted[]): Promise<void> {
  const ids = posted.map(({ id }) => id);
  const { rows } = await db.query<{ cause: string; type: string }>(
    `SELECT coalesce(cause, 'parked behind an earlier event of its key') AS cause, headers->>'ce_type' AS type
     FROM (SELECT headers, cause FROM parked_event UNION ALL SELECT headers, cause FROM dead_letter) AS failed
     WHERE headers->>'ce_id' = ANY ($1)`,
    [ids],
  );
  if (rows[0]) throw new Error(`the service did not accept ${rows[0].type}: ${rows[0].cause}`);
}
