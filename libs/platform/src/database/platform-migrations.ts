import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Tables of the platform that every service's database has. They carry no tenant's rows for people to see, so they have
 * no row-level security: only the relay, the consumer and the sweepers touch them.
 */
class Messaging1700000000001 implements MigrationInterface {
  name = 'Messaging1700000000001';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      -- Told, not yet at the broker. The names fit Debezium's outbox event router
      -- (table.field.event.id=event_id; the last six columns as headers), which can replace the relay.
      CREATE TABLE outbox (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        event_id uuid NOT NULL,
        aggregatetype text NOT NULL,
        aggregateid text NOT NULL,
        type text NOT NULL,
        payload text NOT NULL,
        source text NOT NULL,
        operator_id uuid,
        version bigint NOT NULL,
        occurred_at timestamptz NOT NULL,
        correlation_id text NOT NULL,
        causation_id text,
        traceparent text,
        created_at timestamptz NOT NULL DEFAULT now()
      ) WITH (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000);

      -- Events whose effect is in this database. One row per event: the second insert finds the first.
      CREATE TABLE inbox (
        event_id uuid PRIMARY KEY,
        topic text NOT NULL,
        received_at timestamptz NOT NULL DEFAULT now()
      );
      CREATE INDEX inbox_received_at ON inbox (received_at);

      -- Events that wait for an earlier failed one of the same key, and that one itself at the head.
      CREATE TABLE parked_event (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        topic text NOT NULL,
        partition int NOT NULL,
        message_offset bigint NOT NULL,
        key text NOT NULL,
        headers jsonb NOT NULL,
        payload bytea,
        attempts int NOT NULL DEFAULT 0,
        cause text,
        parked_at timestamptz NOT NULL DEFAULT now(),
        next_attempt_at timestamptz NOT NULL DEFAULT now()
      );
      CREATE INDEX parked_event_key ON parked_event (topic, key, id);

      -- Given up: kept until somebody replays or discards them.
      CREATE TABLE dead_letter (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        topic text NOT NULL,
        partition int NOT NULL,
        message_offset bigint NOT NULL,
        key text NOT NULL,
        type text,
        headers jsonb NOT NULL,
        payload bytea,
        attempts int NOT NULL,
        cause text NOT NULL,
        died_at timestamptz NOT NULL DEFAULT now(),
        UNIQUE (topic, partition, message_offset)
      );

      CREATE TABLE idempotency_key (
        principal text NOT NULL,
        key text NOT NULL,
        request_hash text NOT NULL,
        result jsonb NOT NULL,
        created_at timestamptz NOT NULL DEFAULT now(),
        PRIMARY KEY (principal, key)
      );
      CREATE INDEX idempotency_key_created_at ON idempotency_key (created_at);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP TABLE outbox, inbox, parked_event, dead_letter, idempotency_key`);
  }
}

/** Which tables hold nothing but what was read from a topic: what may be emptied and read again. */
class ReadModels1700000000002 implements MigrationInterface {
  name = 'ReadModels1700000000002';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`CREATE TABLE read_model (table_name text PRIMARY KEY, topic text NOT NULL)`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP TABLE read_model`);
  }
}

/** By which column a topic's keys are known in a table: what is refreshed where it stands, and not emptied. */
class ReadModelKeys1700000000003 implements MigrationInterface {
  name = 'ReadModelKeys1700000000003';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE read_model ADD COLUMN key_column text`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE read_model DROP COLUMN key_column`);
  }
}

export const platformMigrations: (new () => MigrationInterface)[] = [
  Messaging1700000000001,
  ReadModels1700000000002,
  ReadModelKeys1700000000003,
];
