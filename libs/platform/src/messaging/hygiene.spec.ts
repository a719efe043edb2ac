import type { DataSource } from 'typeorm';
import { SYSTEM_ACTOR } from '../context';
import { Database, dataSourceOf } from '../database';
import { Hygiene, IDEMPOTENCY_KEPT_MS, INBOX_KEPT_MS } from './hygiene';
import { type SpecDatabase, createSpecDatabase } from './messaging.harness';

let spec: SpecDatabase;
let source: DataSource;
let database: Database;
beforeAll(async () => {
  spec = await createSpecDatabase();
  source = await dataSourceOf(spec.appUrl, 'spec', []).initialize();
  database = new Database(source, 'spec');
});
afterAll(async () => {
  await source.destroy();
  await spec.drop();
});

const DAY_MS = 86_400_000;
const count = async (table: string): Promise<number> => {
  const [row] = await database.readAs(SYSTEM_ACTOR, (tx) =>
    tx.sql<{ count: number }>(`SELECT count(*) FROM ${table}`),
  );
  return row.count;
};

describe('hygiene', () => {
  it('outlives what the broker could deliver again', () => {
    expect(INBOX_KEPT_MS).toBe(31 * DAY_MS);
  });

  it('takes what is older than its time, however much, and leaves the rest', async () => {
    await database.writeAs(SYSTEM_ACTOR, async (tx) => {
      await tx.sql(
        `INSERT INTO inbox (event_id, topic, received_at)
         SELECT uuidv7(), 't', now() - make_interval(secs => $1) - make_interval(secs => 60)
         FROM generate_series(1, 12000)`,
        [INBOX_KEPT_MS / 1000],
      );
      await tx.sql(`INSERT INTO inbox (event_id, topic) SELECT uuidv7(), 't' FROM generate_series(1, 10)`);
      await tx.sql(
        `INSERT INTO idempotency_key (principal, key, request_hash, result, created_at)
         SELECT 'p', n::text, 'h', '1', now() - make_interval(secs => $1) * (n % 2) - make_interval(secs => 60)
         FROM generate_series(1, 10) AS n`,
        [IDEMPOTENCY_KEPT_MS / 1000],
      );
    });
    expect(await new Hygiene(database).round()).toBe(12_005);
    expect(await count('inbox')).toBe(10);
    expect(await count('idempotency_key')).toBe(5);
  });
});
