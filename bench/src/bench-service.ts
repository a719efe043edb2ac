import { randomBytes } from 'node:crypto';
import { Controller, Inject, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { IsInt, IsUUID } from 'class-validator';
import { Client } from 'pg';
import type { MigrationInterface, QueryRunner } from 'typeorm';
import { BILLING_CHARGE, BOOKINGS_BOOKING, DomainEvent, EventType } from '@doorstep/contracts';
import type { Stack } from '@doorstep/local-stack';
import {
  Broker,
  Database,
  DatabaseModule,
  Messaging,
  MessagingModule,
  OnEvents,
  type Received,
  connectMessaging,
  ensureDatabaseAndRoles,
  migrate,
} from '@doorstep/platform';

/** A service of the usual size of effect: one row written and one event told for each event that comes in. */

@EventType({ type: 'bench.Measured.v1', topic: BOOKINGS_BOOKING, key: 'thingId' })
export class Measured extends DomainEvent {
  @IsUUID()
  thingId: string;

  @IsInt()
  amountFen: number;
}

@EventType({ type: 'bench.Answered.v1', topic: BILLING_CHARGE, key: 'thingId' })
export class Answered extends DomainEvent {
  @IsUUID()
  thingId: string;
}

const EFFECT_SQL = `INSERT INTO effect (thing_id, version, amount_fen)
   SELECT * FROM unnest($1::uuid[], $2::int[], $3::bigint[])`;

@Controller()
class MeasuredConsumer {
  constructor(@Inject(Database) private readonly database: Database) {}

  @OnEvents(Measured)
  async measured(batch: Received<Measured>[]): Promise<void> {
    await this.database.write(async (tx) => {
      await tx.sql(EFFECT_SQL, [
        batch.map(({ key }) => key),
        batch.map(({ version }) => version),
        batch.map(({ data }) => data.amountFen),
      ]);
      for (const because of batch) {
        const { thingId, version, at } = because.data;
        tx.tell(Object.assign(new Answered(), { thingId, version, at }), { because });
      }
    });
  }
}

class Effects1700000300001 implements MigrationInterface {
  name = 'Effects1700000300001';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE effect (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, thing_id uuid NOT NULL,
        version int NOT NULL, amount_fen bigint NOT NULL)`);
  }

  async down(): Promise<void> {}
}

/** Own database and topics on the stack, for one measurement. */
export interface BenchSite {
  databaseUrl: string;
  kafkaBrokers: string[];
  topicPrefix: string;
  broker: Broker;
  /** A plain connection as the service's own role. */
  client: Client;
  /** Starts the service, relay and consumer. */
  startService(): Promise<{ messaging: Messaging; stop(): Promise<void> }>;
  close(): Promise<void>;
}

export async function openSite(stack: Stack): Promise<BenchSite> {
  const { adminUrl } = stack.postgres;
  const id = randomBytes(4).toString('hex');
  const name = `bench_${id}`;
  // Roles of this measurement's own, so that no service's password changes; they go with its database.
  const { ownerUrl, appUrl, appRole } = await ensureDatabaseAndRoles(adminUrl, name, {
    owner: randomBytes(12).toString('hex'),
    app: randomBytes(12).toString('hex'),
  });
  await migrate(ownerUrl, appRole, [Effects1700000300001]);
  const site = { databaseUrl: appUrl, kafkaBrokers: stack.kafkaBrokers.split(','), topicPrefix: `${name}.` };
  const client = new Client({ connectionString: appUrl });
  await client.connect();
  const broker = new Broker({ brokers: site.kafkaBrokers, clientId: 'bench', topicPrefix: site.topicPrefix });
  return {
    ...site,
    client,
    broker,
    startService: () => startService(site),
    close: async () => {
      await client.end();
      const admin = new Client({ connectionString: adminUrl });
      await admin.connect();
      await admin.query(`DROP DATABASE ${name} WITH (FORCE)`);
      await admin.query(`DROP ROLE ${name}_owner; DROP ROLE ${name}_app`);
      await admin.end();
    },
  };
}

async function startService(config: { databaseUrl: string; kafkaBrokers: string[]; topicPrefix: string }) {
  const options = { name: 'bench', config, entities: [] };
  @Module({
    imports: [DatabaseModule.forService(options), MessagingModule.forService(options)],
    controllers: [MeasuredConsumer],
  })
  class BenchModule {}

  const app = await NestFactory.create(BenchModule, new FastifyAdapter(), { logger: ['error'] });
  connectMessaging(app);
  await app.init();
  await app.startAllMicroservices();
  return { messaging: app.get(Messaging), stop: () => app.close() };
}
