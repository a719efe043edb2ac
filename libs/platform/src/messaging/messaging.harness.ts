import { createHash, randomUUID } from 'node:crypto';
import { Controller, type INestApplication, Inject, Module } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { IsInt, IsUUID } from 'class-validator';
import { Client, Pool } from 'pg';
import type { MigrationInterface, QueryRunner } from 'typeorm';
import { BOOKINGS_BOOKING, DomainEvent, EventType, OPERATORS_STAFF } from '@doorstep/contracts';
import { newId } from '@doorstep/kernel';
import { Database, DatabaseModule, type Tx, ensureDatabaseAndRoles, migrate, tenantTable } from '../database';
import { pause } from '../database/backoff';
import { Broker, type OutgoingMessage } from './broker';
import type { MessagingHooks } from './hooks';
import { Messaging } from './messaging';
import { MessagingModule, connectMessaging } from './messaging.module';
import { OnEvents, OnEventsAlone } from './on-events';
import type { Received } from './received';
import { MESSAGING_TUNING_DEFAULTS, type MessagingTuning } from './tuning';

/** A small service for specs of the messaging: counters that are raised, and every effect noted in a table. */

@EventType({ type: 'spec.CounterRaised.v1', topic: BOOKINGS_BOOKING, key: 'counterId' })
export class CounterRaised extends DomainEvent {
  @IsUUID()
  counterId: string;

  @IsInt()
  by: number;
}

@EventType({ type: 'spec.CounterClosed.v1', topic: BOOKINGS_BOOKING, key: 'counterId' })
export class CounterClosed extends DomainEvent {
  @IsUUID()
  counterId: string;
}

/** On a compacted topic. */
@EventType({ type: 'spec.CounterSnapshot.v1', topic: OPERATORS_STAFF, key: 'counterId' })
export class CounterSnapshot extends DomainEvent {
  @IsUUID()
  counterId: string;
}

/** Of another topic, told by the handler: the answer to what came in. */
@EventType({ type: 'spec.CounterNoted.v1', topic: OPERATORS_STAFF, key: 'counterId' })
export class CounterNoted extends DomainEvent {
  @IsUUID()
  counterId: string;
}

class Effects1700000100001 implements MigrationInterface {
  name = 'Effects1700000100001';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE effect (
        seq bigint GENERATED ALWAYS AS IDENTITY, counter_id uuid NOT NULL, event_id uuid NOT NULL, version int NOT NULL);
      CREATE TABLE note (id uuid PRIMARY KEY DEFAULT uuidv7(), operator_id uuid NOT NULL, region_code text NOT NULL,
        funder_id uuid, day date, amount_fen bigint, text text);
      ${tenantTable('note', { regionColumn: 'region_code', organisationColumn: 'funder_id' })}
    `);
  }

  async down(): Promise<void> {}
}

type Counted = CounterRaised | CounterClosed | CounterSnapshot;

/** What a spec makes the handler do, beside noting the effect. */
export type OnHandle = (batch: Received<Counted>[], tx: Tx) => Promise<void> | void;

export class Behaviour {
  onHandle: OnHandle = () => undefined;
  readonly batches: number[] = [];
}

@Controller()
class CountersConsumer {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(Behaviour) private readonly behaviour: Behaviour,
  ) {}

  @OnEventsAlone(CounterClosed)
  close(batch: Received<CounterClosed>[]): Promise<void> {
    return this.note(batch);
  }

  @OnEvents(CounterRaised, CounterSnapshot)
  async note(batch: Received<Counted>[]): Promise<void> {
    this.behaviour.batches.push(batch.length);
    await this.database.write(async (tx) => {
      await tx.sql(
        `INSERT INTO effect (counter_id, event_id, version)
         SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::int[])`,
        [batch.map(({ key }) => key), batch.map(({ id }) => id), batch.map(({ version }) => version)],
      );
      await this.behaviour.onHandle(batch, tx);
    });
  }
}

export interface Address {
  databaseAdminUrl: string;
  kafkaBrokers: string;
}

export function specStack(): Address {
  return JSON.parse(process.env['DOORSTEP_TEST_STACK'] ?? '{}') as Address;
}

export interface SpecDatabase {
  appUrl: string;
  ownerUrl: string;
  appRole: string;
  superuserUrl: string;
  drop(): Promise<void>;
}

export async function createSpecDatabase(): Promise<SpecDatabase> {
  const admin = specStack().databaseAdminUrl;
  const name = `t${Date.now().toString(36)}${randomUUID().slice(0, 6)}_spec`;
  // The roles are shared by every run on this server, so all must come to the same passwords.
  const password = (role: string): string =>
    createHash('sha256').update(`${admin} ${role}`).digest('base64url');
  const passwords = { owner: password('spec_owner'), app: password('spec_app') };
  const urls = await ensureDatabaseAndRoles(admin, 'spec', passwords, name);
  await migrate(urls.ownerUrl, urls.appRole, [Effects1700000100001]);
  const superuserUrl = Object.assign(new URL(admin), { pathname: `/${name}` }).href;
  const drop = async (): Promise<void> => {
    const client = new Client({ connectionString: admin });
    await client.connect();
    await client.query(`DROP DATABASE IF EXISTS "${name}" WITH (FORCE)`);
    await client.end();
  };
  const { appUrl, ownerUrl, appRole } = urls;
  return { appUrl, ownerUrl, appRole, superuserUrl, drop };
}

export interface SpecService {
  app: INestApplication;
  database: Database;
  messaging: Messaging;
  broker: Broker;
  behaviour: Behaviour;
  /** As the superuser: every row. */
  sql<T>(text: string, params?: unknown[]): Promise<T[]>;
  /** Puts messages straight on the topic, as they are. */
  post(...messages: OutgoingMessage[]): Promise<void>;
  stop(): Promise<void>;
}

export interface SpecServiceOptions {
  tuning?: Partial<MessagingTuning>;
  hooks?: MessagingHooks;
  database?: SpecDatabase;
  topicPrefix?: string;
  kafkaBrokers?: string;
}

/** Quick in everything, so that specs needn't wait. */
export const SPEC_TUNING: MessagingTuning = {
  ...MESSAGING_TUNING_DEFAULTS,
  gatherMs: 2,
  handlerMs: 1_000,
  inPlaceBackoff: { baseMs: 5, maxMs: 20 },
  parkedBackoff: { baseMs: 50, maxMs: 200 },
  parkedPollMs: 50,
  parkedAttemptsMax: 3,
  drainMs: 3_000,
};

export async function startSpecService(options: SpecServiceOptions = {}): Promise<SpecService> {
  const database = options.database ?? (await createSpecDatabase());
  const topicPrefix = options.topicPrefix ?? `t${Date.now().toString(36)}${randomUUID().slice(0, 6)}.`;
  const config = {
    databaseUrl: database.appUrl,
    kafkaBrokers: (options.kafkaBrokers ?? specStack().kafkaBrokers).split(','),
    topicPrefix,
  };
  @Module({
    imports: [
      DatabaseModule.forService({ name: 'spec', config, entities: [] }),
      MessagingModule.forService({
        name: 'spec',
        config,
        tuning: { ...SPEC_TUNING, ...options.tuning },
        hooks: options.hooks,
      }),
    ],
    controllers: [CountersConsumer],
    providers: [Behaviour],
  })
  class SpecModule {}

  const module = await Test.createTestingModule({ imports: [SpecModule] }).compile();
  const app = module.createNestApplication(new FastifyAdapter(), { logger: false });
  connectMessaging(app);
  await app.init();
  await app.startAllMicroservices();
  const pool = new Pool({ connectionString: database.superuserUrl, max: 2 });
  // A pool has ended before its connections have: dropping the database may cut the last of them.
  pool.on('error', () => undefined);
  const broker = app.get(Broker);
  return {
    app,
    database: app.get(Database),
    messaging: app.get(Messaging),
    broker,
    behaviour: app.get(Behaviour),
    sql: async <T>(text: string, params?: unknown[]) => (await pool.query(text, params)).rows as T[],
    post: async (...messages) => {
      const producer = await broker.producer();
      await producer.produce(messages);
      await producer.close();
    },
    stop: async () => {
      await app.close();
      await pool.end();
      if (!options.database) await database.drop();
    },
  };
}

export const OPERATOR = '018f0000-0000-7000-8000-0000000000aa';

export function raised(counterId: string, version: number): CounterRaised {
  return Object.assign(new CounterRaised(), {
    operatorId: OPERATOR,
    counterId,
    version,
    by: 1,
    at: new Date().toISOString(),
  });
}

/** A CounterRaised as it lies on the topic. */
export function message(
  counterId: string,
  version: number,
  change: Partial<OutgoingMessage> = {},
): OutgoingMessage {
  return {
    topic: BOOKINGS_BOOKING.name,
    key: counterId,
    value: JSON.stringify(raised(counterId, version)),
    headers: {
      ce_id: newId(),
      ce_type: 'spec.CounterRaised.v1',
      ce_correlationid: 'spec',
      ce_time: '2026-11-02T03:00:00Z',
    },
    ...change,
  };
}

/** Versions of a counter's effects in the order in which they happened. */
export async function versionsOf(service: SpecService, counterId: string): Promise<number[]> {
  const rows = await service.sql<{ version: number }>(
    `SELECT version FROM effect WHERE counter_id = $1 ORDER BY seq`,
    [counterId],
  );
  return rows.map(({ version }) => version);
}

/** Repeats an expectation until it holds. */
export async function eventually<T>(attempt: () => Promise<T> | T, timeoutMs = 30_000): Promise<T> {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      if (Date.now() > deadline) throw error;
      await pause(20);
    }
  }
}
