import { randomUUID } from 'node:crypto';
import type { DataSource } from 'typeorm';
import { type Actor, type Context, SYSTEM_ACTOR, runInContext } from '../context';
import { OPERATOR, type SpecDatabase, createSpecDatabase } from '../messaging/messaging.harness';
import { dataSourceOf } from './data-source';
import { Database } from './database';

let spec: SpecDatabase;
let source: DataSource;
let database: Database;

beforeAll(async () => {
  spec = await createSpecDatabase();
  source = await dataSourceOf(spec.appUrl, 'spec', [], { poolMax: 4 }).initialize();
  database = new Database(source, 'spec');
});
afterAll(async () => {
  await source.destroy();
  await spec.drop();
});
beforeEach(() => database.writeAs(SYSTEM_ACTOR, (tx) => tx.sql('DELETE FROM note')));

function owner(): Actor {
  return {
    id: randomUUID(),
    kind: 'person',
    organisationId: OPERATOR,
    operatorId: OPERATOR,
    regionPrefix: null,
    roles: ['owner'],
  };
}
const countNotes = async (): Promise<number> => {
  const rows = await database.readAs(SYSTEM_ACTOR, (tx) => tx.sql('SELECT 1 FROM note'));
  return rows.length;
};

describe('an Idempotency-Key', () => {
  const me = owner();
  const request = (change: Partial<Context> = {}): Context => ({
    actor: me,
    correlationId: 'c',
    idempotencyKey: `key ' ${randomUUID()}`,
    requestHash: 'hash',
    ...change,
  });
  let runs = 0;
  const create = (context: Context) =>
    runInContext({ ...context }, () =>
      database.write(async (tx) => {
        runs++;
        await tx.sql(`INSERT INTO note (operator_id, region_code, text) VALUES ($1, '31', 'a')`, [OPERATOR]);
        return { n: runs, at: new Date('2026-11-02T03:00:00Z') };
      }),
    );
  beforeEach(() => (runs = 0));

  it('does the work once and answers the same, instants included', async () => {
    const context = request();
    const first = await create(context);
    expect(await create(context)).toEqual(first);
    expect(runs).toBe(1);
    expect(await countNotes()).toBe(1);
  });

  it('twins at the same moment: one works, both get its answer', async () => {
    const context = request();
    const answers = await Promise.all([create(context), create(context), create(context)]);
    expect(new Set(answers.map(({ n }) => n))).toEqual(new Set([1]));
    expect(await countNotes()).toBe(1);
  });

  it('with another body is refused', async () => {
    const context = request();
    await create(context);
    await expect(create({ ...context, requestHash: 'other' })).rejects.toMatchObject({
      kind: 'conflict',
      code: 'idempotency_key_reused',
    });
  });

  it('of somebody else is another key', async () => {
    const context = request();
    await create(context);
    await create({ ...context, actor: owner() });
    expect(runs).toBe(2);
  });

  it('is free again when the work failed', async () => {
    const context = request();
    const failing = runInContext({ ...context }, () =>
      database.write(() => Promise.reject(new Error('full'))),
    );
    await expect(failing).rejects.toThrow('full');
    await create(context);
    expect(runs).toBe(1);
  });

  it('covers the first write of the request alone', async () => {
    const context = request();
    const both = () =>
      runInContext({ ...context }, async () => {
        await database.write(() => Promise.resolve(1));
        return database.write(() => Promise.resolve(++runs));
      });
    expect(await both()).toBe(1);
    expect(await both()).toBe(2);
  });
});
