import type { Actor } from '../context';

/** What row-level security sees of the actor: three settings, local to one transaction. */
export interface Scope {
  /** An operator's id, '*' for every tenant, '' for none. */
  operatorId: string;
  organisationId: string;
  /** Leading digits of a region code, '' for none. */
  regionPrefix: string;
}

/** Administrators and the system see every tenant; everybody else their own, their region or their organisation's. */
export function scopeOf(actor: Actor): Scope {
  const everything = actor.kind === 'system' || actor.roles.includes('administrator');
  return {
    operatorId: everything ? '*' : (actor.operatorId ?? ''),
    organisationId: actor.organisationId ?? '',
    regionPrefix: actor.regionPrefix ?? '',
  };
}

export function sameScope(a: Scope, b: Scope): boolean {
  return (
    a.operatorId === b.operatorId &&
    a.organisationId === b.organisationId &&
    a.regionPrefix === b.regionPrefix
  );
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const SAFE: Record<keyof Scope, (value: string) => boolean> = {
  operatorId: (value) => value === '' || value === '*' || UUID.test(value),
  organisationId: (value) => value === '' || UUID.test(value),
  regionPrefix: (value) => /^\d{0,12}$/.test(value),
};

/**
 * The statement that sets the scope. It travels in the same simple-protocol message as BEGIN, which takes no
 * parameters, so each value must have a form that cannot leave its quotes.
 */
export function scopeSql(scope: Scope): string {
  for (const name of Object.keys(SAFE) as (keyof Scope)[]) {
    if (!SAFE[name](scope[name])) throw new TypeError(`the actor's ${name} has an impossible form`);
  }
  return (
    `SELECT set_config('app.operator_id','${scope.operatorId}',true),` +
    `set_config('app.organisation_id','${scope.organisationId}',true),` +
    `set_config('app.region_prefix','${scope.regionPrefix}',true)`
  );
}

export interface TenantTableOptions {
  /** Column with the 12-digit region code: authorities may read the rows under their prefix. */
  regionColumn?: string;
  /** Column with an organisation's id (a funder, an authority): that organisation may read the row. */
  organisationColumn?: string;
}

/**
 * SQL for a migration: forced row-level security on a table with `operator_id`. A tenant reads and writes its own
 * rows, '*' (system, administrator) all of them; regions and organisations only read. Nothing set: no rows.
 *
 * The settings sit in sub-selects so that Postgres reads them once per statement, and an index on operator_id serves.
 */
export function tenantTable(table: string, options: TenantTableOptions = {}): string {
  const everything = `(SELECT current_setting('app.operator_id', true)) = '*'`;
  const owns = `(${everything} OR operator_id = ${settingAsId('app.operator_id')})`;
  const readers = [owns];
  if (options.regionColumn) {
    const prefix = `(SELECT current_setting('app.region_prefix', true))`;
    readers.push(`(${prefix} <> '' AND starts_with(${options.regionColumn}::text, ${prefix}))`);
  }
  if (options.organisationColumn) {
    readers.push(`${options.organisationColumn} = ${settingAsId('app.organisation_id')}`);
  }
  return `
    ALTER TABLE ${table} ENABLE ROW LEVEL SECURITY;
    ALTER TABLE ${table} FORCE ROW LEVEL SECURITY;
    CREATE POLICY tenant ON ${table} USING ${owns} WITH CHECK ${owns};
    ${readers.length > 1 ? `CREATE POLICY reader ON ${table} FOR SELECT USING (${readers.slice(1).join(' OR ')});` : ''}
  `;
}

/** The setting becomes an id once per statement; each row's id becoming text would cost more than a sum over it. */
function settingAsId(name: string): string {
  return `(SELECT NULLIF(NULLIF(current_setting('${name}', true), '*'), '')::uuid)`;
}

/**
 * SQL for a migration: policies that compare ids as text, as they were made once, compare ids from now on. It goes by what
 * Postgres says of them, so it reaches those that were written by hand as well; what they let through stays the same.
 */
export function policiesCompareIds(): string {
  const asText = String.raw`\(([a-z_.]+)\)::text = \( SELECT current_setting\('(app\.[a-z_]+)'::text, true\) AS current_setting\)`;
  const changed = (column: string) =>
    `regexp_replace(${column}, '${asText.replaceAll("'", "''")}', '\\1 = ${settingAsId('\\2').replaceAll("'", "''")}', 'g')`;
  return `
    DO $$ DECLARE policy record; BEGIN
      FOR policy IN
        SELECT tablename, policyname, ' USING (' || ${changed('qual')} || ')' AS seen,
               ' WITH CHECK (' || ${changed('with_check')} || ')' AS written
        FROM pg_policies
        WHERE schemaname = 'public' AND concat_ws(' ', qual, with_check) ~ '${asText.replaceAll("'", "''")}'
      LOOP
        EXECUTE concat(format('ALTER POLICY %I ON %I', policy.policyname, policy.tablename), policy.seen, policy.written);
      END LOOP;
    END $$;
  `;
}

/** SQL for a migration: the service may add and read rows, never change or remove them (ledgers, logs). */
export function appendOnlyTable(table: string): string {
  return `
    DO $$ BEGIN
      EXECUTE format('REVOKE UPDATE, DELETE, TRUNCATE ON ${table} FROM %I', current_setting('doorstep.app_role'));
    END $$;
  `;
}

/**
 * SQL for a migration: the table holds nothing but the newest of what a topic tells, so `npm run rebuild` may make it again
 * from there. Every handler of the service for that topic must be one of read models (`@OnEventsForReadModel`), or the
 * topic one of snapshots.
 *
 * With a key column, which holds the topic's keys, rows are refreshed where they stand: others may refer to them, and
 * whoever reads them meanwhile finds them. A table with that column and without `version` hangs on another one, whose
 * handler writes it. Without a key column the table is emptied first.
 */
export function readModelOf(table: string, topic: { name: string }, keyColumn?: string): string {
  const key = keyColumn ? `'${keyColumn}'` : 'null';
  return `
    INSERT INTO read_model (table_name, topic, key_column) VALUES ('${table}', '${topic.name}', ${key})
    ON CONFLICT (table_name) DO UPDATE SET topic = excluded.topic, key_column = excluded.key_column;`;
}
