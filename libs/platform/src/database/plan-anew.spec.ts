import { Logger } from '@nestjs/common';
import type { DataSource } from 'typeorm';
import { SYSTEM_ACTOR } from '../context';
import { createSpecDatabase, type SpecDatabase } from '../messaging/messaging.harness';
import { dataSourceOf } from './data-source';
import { Database } from './database';
import { planAnew } from './plan-anew';
import type { Tx } from './transaction';

let spec: SpecDatabase;
let source: DataSource;
let database: Database;

beforeAll(async () => {
  Logger.overrideLogger(false);
  spec = await createSpecDatabase();
  // One connection, whose plans and temporary tables all of this is about.
  source = await dataSourceOf(spec.appUrl, 'spec', [], { poolMax: 1 }).initialize();
  database = new Database(source, 'spec');
});
afterAll(async () => {
  await source.destroy();
  await spec.drop();
});

const write = <T>(work: (tx: Tx) => Promise<T>): Promise<T> => database.writeAs(SYSTEM_ACTOR, work);
const addStreets = (tx: Tx, from: number, to: number) =>
  tx.sql(`INSERT INTO street SELECT generate_series($1::int, $2::int)`, [from, to]);
const addHouses = (tx: Tx, streets: number, step: number) =>
  tx.sql(`INSERT INTO house SELECT n * $2 FROM generate_series(1, $1::int) AS n`, [streets, step]);
/** How often all streets were gone through, as far as nobody has collected it yet. */
const scans = async (tx: Tx): Promise<number> =>
  (
    await tx.sql<{ n: number }>(
      `SELECT seq_scan::int AS n FROM pg_stat_xact_user_tables WHERE relname = 'street'`,
    )
  )[0].n;

it('plans for foreign keys go by the size of now, once they are made anew', async () => {
  await write((tx) =>
    tx.sql(`CREATE TEMP TABLE street (id int PRIMARY KEY);
            CREATE TEMP TABLE house (street_id int NOT NULL REFERENCES street)`),
  );
  await write((tx) => addStreets(tx, 1, 5));
  await write((tx) => tx.sql('ANALYZE street'));
  for (let n = 0; n < 8; n++) await write((tx) => addHouses(tx, 5, 1));
  await write((tx) => addStreets(tx, 6, 20_000));
  const inserted = (anew: boolean) =>
    write(async (tx) => {
      if (anew) await planAnew(tx);
      const before = await scans(tx);
      await addHouses(tx, 50, 400);
      return (await scans(tx)) - before;
    });
  expect(await inserted(false)).toBe(50);
  expect(await inserted(true)).toBe(0);
  expect(await inserted(false)).toBe(0);
});
