/** Settings of row-level security as Postgres reads them once per statement; see libs/platform/src/database/tenancy.ts. */
const OPERATOR = `(SELECT current_setting('app.operator_id', true))`;
const ORGANISATION = `(SELECT current_setting('app.organisation_id', true))`;
const REGION_PREFIX = `(SELECT current_setting('app.region_prefix', true))`;

/**
 * Programmes belong to their funder, not to a tenant. The funder writes; an authority reads those of its region, an
 * operator those of every region in which it has a site. An operator's own programme (a concession) is its own affair.
 */
export function programmeTable(): string {
  const funder = `(${OPERATOR} = '*' OR funder_id::text = ${ORGANISATION})`;
  return `
    ALTER TABLE programme ENABLE ROW LEVEL SECURITY;
    ALTER TABLE programme FORCE ROW LEVEL SECURITY;
    CREATE POLICY funder ON programme USING ${funder} WITH CHECK ${funder};
    CREATE POLICY reader ON programme FOR SELECT USING (
      payer = 'funder' AND (
        (${REGION_PREFIX} <> '' AND
          (starts_with(region_prefix, ${REGION_PREFIX}) OR starts_with(${REGION_PREFIX}, region_prefix)))
        OR EXISTS (
          SELECT FROM operator_region AS mine
          WHERE mine.operator_id = NULLIF(NULLIF(${OPERATOR}, '*'), '')::uuid AND mine.prefix = region_prefix)));
  `;
}

/** What hangs on a programme is seen with it, and written by its funder. */
export function partOfProgramme(table: string): string {
  const seen = `(EXISTS (SELECT FROM programme WHERE programme.id = ${table}.programme_id))`;
  const written = `(EXISTS (SELECT FROM programme WHERE programme.id = ${table}.programme_id
    AND (${OPERATOR} = '*' OR programme.funder_id::text = ${ORGANISATION})))`;
  return `
    ALTER TABLE ${table} ENABLE ROW LEVEL SECURITY;
    ALTER TABLE ${table} FORCE ROW LEVEL SECURITY;
    CREATE POLICY reader ON ${table} FOR SELECT USING ${seen};
    CREATE POLICY funder ON ${table} USING ${written} WITH CHECK ${written};
  `;
}

/** The service may add and change rows, never remove them: others refer to them, and money hangs on them. */
export function undeletableTable(table: string): string {
  return `
    DO $$ BEGIN
      EXECUTE format('REVOKE DELETE, TRUNCATE ON ${table} FROM %I', current_setting('doorstep.app_role'));
    END $$;
  `;
}
