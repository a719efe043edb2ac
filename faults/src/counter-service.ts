import { Controller, type INestApplicationContext, Inject, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { IsUUID } from 'class-validator';
import { BILLING_CHARGE, BOOKINGS_BOOKING, DomainEvent, EventType } from '@doorstep/contracts';
import {
  Database,
  DatabaseModule,
  type MessagingHooks,
  MessagingModule,
  type MessagingTuning,
  OnEvents,
  type Received,
  connectMessaging,
} from '@doorstep/platform';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * The smallest service whose every effect can be counted. Somebody tells that a counter was raised; the service notes
 * it and answers with an event of its own, which it notes again: so outbox, relay, inbox and outbox once more are all
 * in the chain. The tables have no unique keys on purpose: a second effect must show, not fail.
 */

@EventType({ type: 'faults.CounterRaised.v1', topic: BOOKINGS_BOOKING, key: 'counterId' })
export class CounterRaised extends DomainEvent {
  @IsUUID()
  counterId: string;
}

@EventType({ type: 'faults.CounterAnswered.v1', topic: BILLING_CHARGE, key: 'counterId' })
export class CounterAnswered extends DomainEvent {
  @IsUUID()
  counterId: string;
}

export class Counters1700000200001 implements MigrationInterface {
  name = 'Counters1700000200001';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE told   (counter_id uuid NOT NULL, version int NOT NULL, PRIMARY KEY (counter_id, version));
      CREATE TABLE effect (seq bigint GENERATED ALWAYS AS IDENTITY, counter_id uuid NOT NULL, version int NOT NULL);
      CREATE TABLE answer (seq bigint GENERATED ALWAYS AS IDENTITY, counter_id uuid NOT NULL, version int NOT NULL);
    `);
  }

  async down(): Promise<void> {}
}

/** Bad luck that a proof can order for chosen counters. */
export interface Mischief {
  /** Milliseconds that each call of the handler takes. */
  slowMs?: number;
  /** Called before the effect; may throw, or never come back. */
  before?: (batch: Received<CounterRaised>[]) => Promise<void> | void;
}

const MISCHIEF = Symbol('mischief');

@Controller()
class CountersConsumer {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(MISCHIEF) private readonly mischief: Mischief,
  ) {}

  @OnEvents(CounterRaised)
  async raised(batch: Received<CounterRaised>[]): Promise<void> {
    await this.mischief.before?.(batch);
    await this.database.write(async (tx) => {
      await tx.sql(`INSERT INTO effect (counter_id, version) SELECT * FROM unnest($1::uuid[], $2::int[])`, [
        batch.map(({ key }) => key),
        batch.map(({ version }) => version),
      ]);
      if (this.mischief.slowMs) await new Promise((resolve) => setTimeout(resolve, this.mischief.slowMs));
      for (const because of batch) {
        const { counterId, version, at } = because.data;
        tx.tell(Object.assign(new CounterAnswered(), { counterId, version, at }), { because });
      }
    });
  }

  @OnEvents(CounterAnswered)
  async answered(batch: Received<CounterAnswered>[]): Promise<void> {
    await this.database.write((tx) =>
      tx.sql(`INSERT INTO answer (counter_id, version) SELECT * FROM unnest($1::uuid[], $2::int[])`, [
        batch.map(({ key }) => key),
        batch.map(({ version }) => version),
      ]),
    );
  }
}

export interface CounterServiceOptions {
  databaseUrl: string;
  kafkaBrokers: string[];
  topicPrefix: string;
  hooks?: MessagingHooks;
  mischief?: Mischief;
}

/** Shorter than production's, for proofs that have a minute and not a day; the logic is the same. */
const TUNING: Partial<MessagingTuning> = {
  // The least that a broker allows: so long a killed member keeps its partitions.
  consumption: { sessionTimeoutMs: 6_000, heartbeatMs: 1_000 },
  // Small, so that a batch takes many transactions and a crash finds some of them done and some not.
  transactionItemsMax: 10,
  handlerMs: 2_000,
  parkedBackoff: { baseMs: 100, maxMs: 500 },
  parkedPollMs: 100,
  parkedAttemptsMax: 4,
  relayPollMs: { min: 20, max: 100 },
  relayBatchMax: 50,
};

export async function startCounterService(options: CounterServiceOptions): Promise<INestApplicationContext> {
  const service = { name: 'faults', config: options, hooks: options.hooks, tuning: TUNING, entities: [] };
  @Module({
    imports: [DatabaseModule.forService(service), MessagingModule.forService(service)],
    controllers: [CountersConsumer],
    providers: [{ provide: MISCHIEF, useValue: options.mischief ?? {} }],
  })
  class CounterModule {}

  const app = await NestFactory.create(CounterModule, new FastifyAdapter(), {
    logger: false,
    abortOnError: false,
  });
  connectMessaging(app);
  await app.init();
  await app.startAllMicroservices();
  return app;
}
