import { randomUUID } from 'node:crypto';
import { Logger } from '@nestjs/common';
import type { DataSource, MigrationInterface, QueryRunner } from 'typeorm';
import { type Actor, SYSTEM_ACTOR, runAs } from '../context';
import { OPERATOR, type SpecDatabase, createSpecDatabase, raised } from '../messaging/messaging.harness';
import { dataSourceOf } from './data-source';
import { Database } from './database';
import { migrate } from './migrate';
import { policiesCompareIds } from './tenancy';

const OTHER = '018f0000-0000-7000-8000-0000000000bb';
const FUNDER = '018f0000-0000-7000-8000-0000000000ff';
const INSERT_NOTE = `INSERT INTO note (operator_id, region_code, text) VALUES ($1, '31', 'a')`;

function actor(change: Partial<Actor>): Actor {
  return {
    id: randomUUID(),
    kind: 'person',
    organisationId: null,
    operatorId: null,
    regionPrefix: null,
    roles: [],
    ...change,
  };
}
const owner = (operatorId: string): Actor =>
  actor({ operatorId, organisationId: operatorId, roles: ['owner'] });

let spec: SpecDatabase;
let source: DataSource;
let database: Database;

beforeAll(async () => {
  Logger.overrideLogger(false);
  spec = await createSpecDatabase();
  source = await dataSourceOf(spec.appUrl, 'spec', [], { poolMax: 4, lockMs: 20_000 }).initialize();
  database = new Database(source, 'spec');
});
afterAll(async () => {
  await source.destroy();
  await spec.drop();
});
beforeEach(() => database.writeAs(SYSTEM_ACTOR, (tx) => tx.sql('DELETE FROM note; DELETE FROM outbox')));

const addNote = (as: Actor, operatorId: string, text: string, regionCode = '310101001001') =>
  database.writeAs(as, async (tx) => {
    const [row] = await tx.sql<{ id: string }>(
      `INSERT INTO note (operator_id, region_code, text) VALUES ($1, $2, $3) RETURNING id`,
      [operatorId, regionCode, text],
    );
    return row.id;
  });
const notesSeenBy = async (as: Actor): Promise<string[]> => {
  const rows = await database.readAs(as, (tx) =>
    tx.sql<{ text: string }>('SELECT text FROM note ORDER BY text'),
  );
  return rows.map(({ text }) => text);
};

class Louder1800000000001 implements MigrationInterface {
  name = 'Louder1800000000001';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('UPDATE note SET text = upper(text)');
  }

  async down(): Promise<void> {}
}

describe('a migration of a database in use', () => {
  it('reaches the rows of every tenant', async () => {
    await addNote(owner(OPERATOR), OPERATOR, 'ours');
    await addNote(owner(OTHER), OTHER, 'theirs');
    await migrate(spec.ownerUrl, spec.appRole, [Louder1800000000001]);
    expect(await notesSeenBy(SYSTEM_ACTOR)).toEqual(['OURS', 'THEIRS']);
  });
});

class PoliciesById1800000000002 implements MigrationInterface {
  name = 'PoliciesById1800000000002';

  /** From what they were once. */
  async up(runner: QueryRunner): Promise<void> {
    const setting = (name: string) => `(SELECT current_setting('app.${name}', true))`;
    const own = `(${setting('operator_id')} = '*' OR operator_id::text = ${setting('operator_id')})`;
    await runner.query(`
      ALTER POLICY tenant ON note USING ${own} WITH CHECK ${own};
      ALTER POLICY reader ON note USING (
        (${setting('region_prefix')} <> '' AND starts_with(region_code::text, ${setting('region_prefix')}))
        OR EXISTS (SELECT FROM (VALUES (1)) AS one WHERE note.funder_id::text = ${setting('organisation_id')}))`);
    await runner.query(policiesCompareIds());
  }

  async down(): Promise<void> {}
}

describe('policies that compare ids as text', () => {
  it('compare ids after a migration, by hand or not; what they let through is told by what follows', async () => {
    await migrate(spec.ownerUrl, spec.appRole, [PoliciesById1800000000002]);
    const rows = await database.readAs(SYSTEM_ACTOR, (tx) =>
      tx.sql<{ text: string }>(`SELECT concat_ws(' ', qual, with_check) AS text FROM pg_policies ORDER BY 1`),
    );
    expect(rows).toHaveLength(2);
    for (const { text } of rows) {
      expect(text).toMatch(/[a-z_.]+_id = \( SELECT \(NULLIF\(NULLIF\(current_setting/);
      expect(text).not.toMatch(/_id\)::text/);
    }
  });
});

describe('tenancy', () => {
  beforeEach(async () => {
    await addNote(owner(OPERATOR), OPERATOR, 'ours', '310101001001');
    await addNote(owner(OTHER), OTHER, 'theirs', '320501001001');
  });

  it('an operator sees its own rows, the system and administrators all of them', async () => {
    expect(await notesSeenBy(owner(OPERATOR))).toEqual(['ours']);
    expect(await notesSeenBy(SYSTEM_ACTOR)).toEqual(['ours', 'theirs']);
    expect(await notesSeenBy(actor({ roles: ['administrator'] }))).toEqual(['ours', 'theirs']);
  });

  it('an authority reads its region, and writes nothing', async () => {
    const authority = actor({ regionPrefix: '3205', roles: ['authority'] });
    expect(await notesSeenBy(authority)).toEqual(['theirs']);
    const changed = await database.writeAs(authority, (tx) =>
      tx.sql(`UPDATE note SET text = 'x' RETURNING id`),
    );
    expect(changed).toEqual([]);
  });

  it('an organisation named in the row reads it', async () => {
    await database.writeAs(SYSTEM_ACTOR, (tx) =>
      tx.sql(`UPDATE note SET funder_id = $1 WHERE text = 'ours'`, [FUNDER]),
    );
    expect(await notesSeenBy(actor({ organisationId: FUNDER, roles: ['funder'] }))).toEqual(['ours']);
  });

  it('somebody without tenant, region or organisation sees nothing', async () => {
    expect(await notesSeenBy(actor({ roles: ['finance'] }))).toEqual([]);
  });

  it('a row for another tenant is refused', async () => {
    await expect(addNote(owner(OPERATOR), OTHER, 'smuggled')).rejects.toThrow('row-level security');
  });

  it('a connection gives nothing of the scope to its next user', async () => {
    await database.readAs(SYSTEM_ACTOR, (tx) => tx.sql('SELECT 1'));
    const { rows } = await database.pool.query('SELECT count(*) FROM note');
    expect(rows[0].count).toBe(0);
  });
});

describe('a write', () => {
  it('commits rows and events together', async () => {
    await database.writeAs(owner(OPERATOR), async (tx) => {
      await tx.sql(INSERT_NOTE, [OPERATOR]);
      tx.tell(raised(OTHER, 1));
      tx.tell(raised(OTHER, 2));
    });
    const rows = await database.readAs(SYSTEM_ACTOR, (tx) =>
      tx.sql('SELECT aggregatetype, aggregateid, type, version, source, operator_id FROM outbox ORDER BY id'),
    );
    const told = { aggregatetype: 'bookings.booking.v1', aggregateid: OTHER, type: 'spec.CounterRaised.v1' };
    expect(rows).toEqual([
      { ...told, version: 1, source: 'spec', operator_id: OPERATOR },
      { ...told, version: 2, source: 'spec', operator_id: OPERATOR },
    ]);
  });

  it('that throws leaves neither', async () => {
    const failing = database.writeAs(owner(OPERATOR), async (tx) => {
      await tx.sql(`INSERT INTO note (operator_id, region_code) VALUES ($1, '31')`, [OPERATOR]);
      tx.tell(raised(OTHER, 1));
      throw new Error('changed my mind');
    });
    await expect(failing).rejects.toThrow('changed my mind');
    expect(await notesSeenBy(SYSTEM_ACTOR)).toEqual([]);
    const told = await database.readAs(SYSTEM_ACTOR, (tx) => tx.sql('SELECT 1 FROM outbox'));
    expect(told).toEqual([]);
  });

  it('that tells an event against its contract is refused whole', async () => {
    const failing = database.writeAs(owner(OPERATOR), async (tx) => {
      await tx.sql(INSERT_NOTE, [OPERATOR]);
      tx.tell(raised('not a uuid', 1));
    });
    await expect(failing).rejects.toThrow('counterId must be a UUID');
    expect(await notesSeenBy(SYSTEM_ACTOR)).toEqual([]);
  });

  it('whose failed statement was swallowed does not pretend to have committed', async () => {
    const failing = database.writeAs(SYSTEM_ACTOR, (tx) => tx.sql('SELECT 1/0').catch(() => undefined));
    await expect(failing).rejects.toThrow('rolled back');
  });

  it('fails by what was wrong first, however deep in the work that was asked for', async () => {
    const failing = database.writeAs(SYSTEM_ACTOR, (tx) =>
      Promise.all([Promise.all([tx.sql('SELECT 1/0')]), tx.sql('SELECT 1')]),
    );
    await expect(failing).rejects.toThrow('division by zero');
  });

  it('inside a write joins it, and sees and shares its fate', async () => {
    await runAs(owner(OPERATOR), () =>
      database.write(async (outer) => {
        await outer.sql(INSERT_NOTE, [OPERATOR]);
        await database.read(async (inner) => expect(await inner.sql('SELECT 1 FROM note')).toHaveLength(1));
        await database.writeAs(owner(OTHER), async (inner) =>
          expect(await inner.sql('SELECT 1 FROM note')).toHaveLength(0),
        );
        expect(await outer.sql('SELECT 1 FROM note')).toHaveLength(1);
      }),
    );
  });

  it('runs hooks after the commit, and survives one that fails', async () => {
    const seen: string[] = [];
    await database.writeAs(SYSTEM_ACTOR, async (tx) => {
      tx.afterCommit(() => Promise.reject(new Error('ignored')));
      tx.afterCommit(() => void seen.push('after'));
      seen.push('work');
    });
    expect(seen).toEqual(['work', 'after']);
  });

  it('runs again after a deadlock, as often as bounded', async () => {
    const a = await addNote(owner(OPERATOR), OPERATOR, 'a');
    const b = await addNote(owner(OPERATOR), OPERATOR, 'b');
    let runs = 0;
    const touch = (first: string, second: string) =>
      database.writeAs(owner(OPERATOR), async (tx) => {
        runs++;
        await tx.sql(`UPDATE note SET text = text || '!' WHERE id = $1`, [first]);
        await new Promise((resolve) => setTimeout(resolve, 100));
        await tx.sql(`UPDATE note SET text = text || '!' WHERE id = $1`, [second]);
      });
    await Promise.all([touch(a, b), touch(b, a)]);
    expect(await notesSeenBy(SYSTEM_ACTOR)).toEqual(['a!!', 'b!!']);
    expect(runs).toBe(3);
  });

  it('refuses use of its transaction after the end', async () => {
    const tx = await database.writeAs(SYSTEM_ACTOR, (leaked) => Promise.resolve(leaked));
    await expect(tx.sql('SELECT 1')).rejects.toThrow('this transaction has ended');
  });

  it('gives TypeORM the same transaction', async () => {
    const failing = database.writeAs(owner(OPERATOR), async (tx) => {
      await tx.manager.query(INSERT_NOTE, [OPERATOR]);
      expect(await tx.sql('SELECT 1 FROM note')).toHaveLength(1);
      throw new Error('undo');
    });
    await expect(failing).rejects.toThrow('undo');
    expect(await notesSeenBy(SYSTEM_ACTOR)).toEqual([]);
  });

  it('loads by COPY, in the same transaction as what comes before and after', async () => {
    const lines = ['a', 'b', 'c'].map((text) => `${OPERATOR},310101001001,${text}\n`);
    const copy = 'COPY note (operator_id, region_code, text) FROM STDIN (FORMAT csv)';
    await database.writeAs(SYSTEM_ACTOR, async (tx) => {
      await tx.sql('CREATE TEMP TABLE loaded (LIKE note INCLUDING DEFAULTS) ON COMMIT DROP');
      await tx.copyIn(copy.replace('note', 'loaded'), lines);
      await tx.sql('INSERT INTO note SELECT * FROM loaded');
    });
    expect(await notesSeenBy(owner(OPERATOR))).toEqual(['a', 'b', 'c']);
    const broken = database.writeAs(SYSTEM_ACTOR, async (tx) => {
      await tx.sql('CREATE TEMP TABLE loaded (LIKE note INCLUDING DEFAULTS) ON COMMIT DROP');
      await tx.copyIn(copy.replace('note', 'loaded'), ['no uuid,31,x\n']);
    });
    await expect(broken).rejects.toThrow('invalid input syntax for type uuid');
    expect(await notesSeenBy(owner(OPERATOR))).toHaveLength(3);
  });

  it('holds no connection back: far more writes than connections get through', async () => {
    const writes = Array.from({ length: 50 }, (_, n) =>
      addNote(owner(OPERATOR), n % 5 ? OPERATOR : OTHER, 'x').catch(() => 'refused'),
    );
    const outcomes = await Promise.all(writes);
    expect(outcomes.filter((outcome) => outcome === 'refused')).toHaveLength(10);
    expect(database.pool.totalCount).toBeLessThanOrEqual(4);
  });
});

describe('values', () => {
  it('bigint is a number, date a string, timestamptz a Date', async () => {
    const [row] = await database.readAs(SYSTEM_ACTOR, (tx) =>
      tx.sql(
        `SELECT 12345678901::bigint AS fen, '2026-11-02'::date AS day, '2026-11-02T03:00:00Z'::timestamptz AS at`,
      ),
    );
    expect(row).toEqual({ fen: 12345678901, day: '2026-11-02', at: new Date('2026-11-02T03:00:00Z') });
  });

  it('a read refuses to write', async () => {
    await expect(database.readAs(SYSTEM_ACTOR, (tx) => tx.sql('DELETE FROM note'))).rejects.toThrow(
      'read-only',
    );
  });
});
