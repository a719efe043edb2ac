import { newId } from '@doorstep/kernel';
import { createTestDatabase, type TestDatabase } from '@doorstep/testing';
import { Client } from 'pg';
import { migrations } from '../migrations';

/*
 * The ledger's rules hold against anybody who can speak SQL as the service, and most of them against the tables' owner:
 * nothing here goes through the service's code.
 */
const operatorId = newId();
const contractId = newId();
let database: TestDatabase;
let app: Client;
let owner: Client;
let superuser: Client;
const accounts = [newId(), newId()];

beforeAll(async () => {
  database = await createTestDatabase('billing', migrations);
  [app, owner, superuser] = [database.appUrl, database.ownerUrl, database.superuserUrl].map(
    (connectionString) => new Client({ connectionString }),
  );
  await Promise.all([app.connect(), owner.connect(), superuser.connect()]);
  await app.query(`SELECT set_config('app.operator_id', '*', false)`);
  await owner.query(`SELECT set_config('app.operator_id', '*', false)`);
  await app.query(
    `INSERT INTO ledger_account (id, operator_id, contract_id, kind, class, channel)
     SELECT id, $2, $3, 'channel_clearing', 'asset', id::text FROM unnest($1::uuid[]) AS id`,
    [accounts, operatorId, contractId],
  );
});
afterAll(async () => {
  await Promise.all([app, owner, superuser].map((client) => client?.end()));
  await database?.drop();
});
afterEach(() => app.query('ROLLBACK'));

interface EntryOptions {
  id?: string;
  day?: string;
  key?: string;
}

async function addEntry({
  id = newId(),
  day = '2026-11-02',
  key = newId(),
}: EntryOptions = {}): Promise<string> {
  await app.query(
    `INSERT INTO ledger_entry (id, operator_id, contract_id, booked_on, reason, source_type, source_id, idempotency_key)
     VALUES ($1, $2, $3, $4, 'charge_captured', 'charge', $1, $5)`,
    [id, operatorId, contractId, day, key],
  );
  return id;
}

async function addLines(
  entryId: string,
  amounts: number[],
  { from = 1, day = '2026-11-02' } = {},
): Promise<void> {
  await app.query(
    `INSERT INTO ledger_line (entry_id, line, operator_id, account_id, booked_on, amount_fen)
     SELECT $1, $2 + place - 1, $3, ($4::uuid[])[1 + place % 2], $5, amount
     FROM unnest($6::bigint[]) WITH ORDINALITY AS t (amount, place)`,
    [entryId, from, operatorId, accounts, day, amounts],
  );
}

/** The name of the constraint that stopped the work. */
async function stoppedBy(work: () => Promise<unknown>): Promise<string | undefined> {
  try {
    await work();
    return undefined;
  } catch (error) {
    await app.query('ROLLBACK');
    return (error as { constraint?: string; message: string }).constraint ?? (error as Error).message;
  }
}

async function committed(work: () => Promise<unknown>): Promise<void> {
  await app.query('BEGIN');
  await work();
  await app.query('COMMIT');
}

describe('an entry', () => {
  it('with lines that sum to zero is taken', async () => {
    expect(
      await stoppedBy(() => committed(async () => addLines(await addEntry(), [100, -60, -40]))),
    ).toBeUndefined();
  });

  it.each([
    ['a fen too much', [100, -99]],
    ['one line alone', [100]],
    ['the same side twice', [50, 50]],
  ])('with %s is stopped at once', async (_name, amounts) => {
    expect(await stoppedBy(() => committed(async () => addLines(await addEntry(), amounts)))).toBe(
      'ledger_entry_balanced',
    );
  });

  it('without lines is stopped at commit', async () => {
    expect(await stoppedBy(() => committed(() => addEntry()))).toBe('ledger_entry_balanced');
  });

  it('with lines of zero is stopped', async () => {
    expect(await stoppedBy(() => committed(async () => addLines(await addEntry(), [0, 0])))).toMatch(
      /amount_fen_check/,
    );
  });

  it('balanced only over several statements is stopped, so that no statement leaves it open', async () => {
    const work = async () => {
      const id = await addEntry();
      await addLines(id, [100]);
      await addLines(id, [-100], { from: 2 });
    };
    expect(await stoppedBy(() => committed(work))).toBe('ledger_entry_balanced');
  });

  it('checked early by SET CONSTRAINTS can’t be unbalanced afterwards', async () => {
    const work = async () => {
      const id = await addEntry();
      await addLines(id, [100, -100]);
      await app.query('SET CONSTRAINTS ALL IMMEDIATE');
      await addLines(id, [7], { from: 3 });
    };
    expect(await stoppedBy(() => committed(work))).toBe('ledger_entry_balanced');
  });

  it('in two currencies is not balanced by their sum', async () => {
    const work = async () => {
      const id = await addEntry();
      await app.query(
        `INSERT INTO ledger_line (entry_id, line, operator_id, account_id, booked_on, amount_fen, currency)
         VALUES ($1, 1, $2, $3, '2026-11-02', 5, 'CNY'), ($1, 2, $2, $3, '2026-11-02', -5, 'USD')`,
        [id, operatorId, accounts[0]],
      );
    };
    expect(await stoppedBy(() => committed(work))).toBe('ledger_entry_balanced');
  });

  it('posted twice under one key is stopped', async () => {
    const once = (key: string) => committed(async () => addLines(await addEntry({ key }), [1, -1]));
    const key = newId();
    await once(key);
    expect(await stoppedBy(() => once(key))).toBe('ledger_entry_operator_id_idempotency_key_key');
  });

  it('takes no lines of another day, account owner or operator', async () => {
    expect(
      await stoppedBy(() =>
        committed(async () => addLines(await addEntry(), [1, -1], { day: '2026-11-03' })),
      ),
    ).toBe('ledger_line_with_its_entry');
    const foreign = newId();
    await app.query(
      `INSERT INTO ledger_account (id, operator_id, contract_id, kind, class) VALUES ($1, $2, $3, 'resident_advance', 'liability')`,
      [foreign, newId(), contractId],
    );
    const work = async () => {
      const id = await addEntry();
      await app.query(
        `INSERT INTO ledger_line (entry_id, line, operator_id, account_id, booked_on, amount_fen)
         VALUES ($1, 1, $2, $3, '2026-11-02', 5), ($1, 2, $2, $4, '2026-11-02', -5)`,
        [id, operatorId, accounts[0], foreign],
      );
    };
    expect(await stoppedBy(() => committed(work))).toBe('ledger_line_account_id_operator_id_fkey');
  });
});

describe('a posted entry', () => {
  let id: string;
  beforeAll(() =>
    committed(async () => {
      id = await addEntry();
      await addLines(id, [100, -100]);
    }),
  );

  it('takes no further lines, not even balanced ones', async () => {
    expect(await stoppedBy(() => committed(() => addLines(id, [5, -5], { from: 3 })))).toBe(
      'ledger_line_with_its_entry',
    );
  });

  it('can’t pretend to be made by a later transaction', async () => {
    const forged = async () => {
      await app.query(
        `INSERT INTO ledger_entry (id, operator_id, contract_id, booked_on, reason, source_type, source_id, idempotency_key, made_by)
         VALUES ($1, $2, $3, '2026-11-02', 'charge_captured', 'charge', $1, 'forged', '9999999'::xid8)`,
        [newId(), operatorId, contractId],
      );
    };
    expect(await stoppedBy(() => committed(forged))).toBe('ledger_entry_made_now');
  });

  const ATTACKS = ['entry', 'line', 'account'].flatMap((table) => [
    [`UPDATE ledger_${table} SET operator_id = operator_id`],
    [`DELETE FROM ledger_${table}`],
    [`TRUNCATE ledger_${table} CASCADE`],
  ]);

  it.each(ATTACKS)('withstands the service: %s', async (sql) => {
    expect(await stoppedBy(() => app.query(sql))).toMatch(/permission denied/);
  });

  it.each(ATTACKS)('withstands the owner of the tables: %s', async (sql) => {
    expect(await stoppedBy(() => owner.query(sql))).toBe('ledger_unchangeable');
  });

  it.each(ATTACKS)('withstands even a superuser without tricks: %s', async (sql) => {
    expect(await stoppedBy(() => superuser.query(sql))).toBe('ledger_unchangeable');
  });

  it('is not even seen by another tenant', async () => {
    await app.query(`BEGIN; SELECT set_config('app.operator_id', '${newId()}', true)`);
    const { rows } = await app.query('SELECT id FROM ledger_entry');
    expect(rows).toEqual([]);
  });

  it('can’t be made for another tenant', async () => {
    await app.query(`BEGIN; SELECT set_config('app.operator_id', '${newId()}', true)`);
    expect(await stoppedBy(() => addEntry())).toMatch(/row-level security/);
  });
});

describe('a closed month', () => {
  const close = (client: Client, month: string, status = 'closed') =>
    client.query(
      `INSERT INTO ledger_period (operator_id, contract_id, month, status, changed_at, changed_by)
       VALUES ($1, $2, $3, $4, now(), $1)`,
      [operatorId, contractId, month, status],
    );

  it('takes no entry, and the ledger names the next open day instead', async () => {
    await close(app, '2026-02-01', 'open');
    await close(app, '2026-03-01');
    await close(app, '2026-04-01');
    // January has no word of its own, and is closed with the later ones: it opens as any of them would.
    for (const day of ['2026-01-31', '2026-03-31'])
      expect(await stoppedBy(() => committed(async () => addLines(await addEntry({ day }), [1, -1])))).toBe(
        'ledger_period_open',
      );
    expect(await stoppedBy(() => close(app, '2026-01-01', 'open'))).toBe('ledger_period_reopening_approved');
    const { rows } = await app.query<{ day: string }>(
      `SELECT ledger_open_day($1, $2, day::date)::text AS day
       FROM unnest(ARRAY['1999-12-31', '2026-02-28', '2026-03-31', '2026-04-01', '2026-05-02']) AS day`,
      [operatorId, contractId],
    );
    const [first, ...others] = rows.map(({ day }) => day);
    expect(first).toBe('2026-02-01');
    expect(others).toEqual(['2026-02-28', '2026-05-01', '2026-05-01', '2026-05-02']);
  });

  it('does not close other contracts', async () => {
    const { rows } = await app.query<{ day: string }>(
      `SELECT ledger_open_day($1, $2, '2026-03-31')::text AS day`,
      [operatorId, newId()],
    );
    expect(rows[0].day).toBe('2026-03-31');
  });

  it('is waited for by an entry that comes while it is being closed', async () => {
    await owner.query('BEGIN');
    await owner.query(`SELECT pg_advisory_xact_lock(hashtextextended('ledger ' || $1 || ' ' || $2, 0))`, [
      contractId,
      '2026-07-01',
    ]);
    const entry = stoppedBy(() => committed(() => addEntry({ day: '2026-07-15' })));
    await close(owner, '2026-07-01');
    await owner.query('COMMIT');
    expect(await entry).toBe('ledger_period_open');
  });

  it('is not closed before those who were told that it is open have booked', async () => {
    const closable = async () => {
      const { rows } = await owner.query<{ free: boolean }>(
        `SELECT pg_try_advisory_xact_lock(hashtextextended('ledger ' || $1 || ' ' || $2, 0)) AS free`,
        [contractId, '2026-08-01'],
      );
      return rows[0].free;
    };
    await app.query('BEGIN');
    await app.query(`SELECT ledger_open_day($1, $2, '2026-08-15')`, [operatorId, contractId]);
    expect(await closable()).toBe(false);
    await app.query('COMMIT');
    expect(await closable()).toBe(true);
  });
});
