import { runRebuild } from '@doorstep/platform';
import type { TestService } from '@doorstep/testing';
import { damage, rowsOf } from './read-models.scene';
import { type Fed, FED, startFed } from './fed-services';
import { streamFor } from './samples.scene';

jest.setTimeout(120_000);

/**
 * Every table that events fill is either a read model, which comes back to the row when it was damaged, or a record of the
 * service's own, which is never made again from events. Which is which stands in `fed-services.ts`; a new one has to be put there.
 */
describe.each(FED)('what $name keeps of events', (fed: Fed) => {
  let service: TestService;
  beforeAll(async () => {
    service = await startFed(fed);
    await service.deliver(...streamFor(service, fed.answers));
  });
  afterAll(() => service?.stop());

  it('is named as read model or as record', async () => {
    const { rows: tables } = await service.db.query<{ name: string }>(
      `SELECT relname AS name FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace
         AND relname NOT IN ('inbox', 'outbox', 'parked_event', 'dead_letter') ORDER BY 1`,
    );
    const written: string[] = [];
    for (const { name } of tables) {
      // A handler's rows are of the same transaction as the inbox row of their event.
      const { rowCount } = await service.db.query(
        `SELECT FROM ${name} WHERE xmin::text IN (SELECT xmin::text FROM inbox) LIMIT 1`,
      );
      if (rowCount) written.push(name);
    }
    const named = [...(await readModelsOf(service)), ...Object.keys({ ...fed.records, ...fed.refilled })];
    expect(written.filter((name) => !named.includes(name))).toEqual([]);
  });

  it('comes back to the row from the topics when its read models were damaged', async () => {
    const tables = [...(await readModelsOf(service)), ...Object.keys(fed.refilled ?? {})];
    const before = await rowsOf(service.db, tables);
    for (const table of tables) expect([table, before.get(table)?.length]).not.toEqual([table, 0]);
    await service.restart(async (env) => {
      await damage(service.db, tables);
      for (const table of tables)
        expect([table, (await rowsOf(service.db, [table])).get(table)]).not.toEqual([
          table,
          before.get(table),
        ]);
      let said = '';
      const args = ['--service', fed.name, '--database', env.DATABASE_URL];
      const code = await runRebuild(args, env, (text) => (said += text));
      expect([code, said]).toEqual([0, expect.stringContaining('from the beginning')]);
    });
    await service.eventually(async () => expect(await rowsOf(service.db, tables)).toEqual(before), {
      timeoutMs: 30_000,
    });
  });
});

async function readModelsOf({ db }: TestService): Promise<string[]> {
  const { rows } = await db.query<{ name: string }>(`SELECT table_name AS name FROM read_model ORDER BY 1`);
  return rows.map(({ name }) => name);
}
