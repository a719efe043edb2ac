import { tenantTables } from './tenant-tables';

const judge = (sql: string) =>
  tenantTables([{ path: 'apps/bookings/src/migrations/1-start.ts', text: `runner.query(\`\n${sql}\n\`)` }]);

describe('tenantTables', () => {
  it('wants a tenant on each table', () => {
    const [finding] = judge(
      'CREATE TABLE hold (id uuid PRIMARY KEY, until timestamptz CHECK (until > now()))',
    );
    expect(finding).toMatchObject({ line: 2, rule: 'tenant-column' });
    expect(finding?.what).toContain('hold');
  });

  it('wants row-level security where there is a tenant', () => {
    const [finding] = judge('CREATE TABLE hold (id uuid, operator_id uuid NOT NULL)');
    expect(finding).toMatchObject({ rule: 'tenant-security' });
  });

  it.each([
    "CREATE TABLE hold (operator_id uuid NOT NULL); ${tenantTable('hold', { regionColumn: 'region_code' })}",
    'CREATE TABLE hold (operator_id uuid); ALTER TABLE hold FORCE ROW LEVEL SECURITY;',
    "CREATE TABLE hold (operator_id uuid); ${['hold', 'visit'].map((table) => tenantTable(table)).join('')}",
    "CREATE TABLE hold (operator_id uuid); ${['hold', 'visit'].map(tenantTable).join('')}",
    '-- all tenants: regions are the same for everybody\nCREATE TABLE region (code text PRIMARY KEY)',
    'CREATE TABLE region (\n  -- all tenants: regions are the same for everybody\n  code text PRIMARY KEY)',
    'CREATE TABLE hold_2026 PARTITION OF hold FOR VALUES FROM (1) TO (2)',
  ])('is content with %s', (sql) => {
    expect(judge(sql)).toEqual([]);
  });

  it('does not take the exemption of one table for its neighbour', () => {
    const sql = '-- all tenants: shared\nCREATE TABLE region (code text);\nCREATE TABLE hold (id uuid);';
    expect(judge(sql).map(({ line }) => line)).toEqual([4]);
  });

  it('finds the security in a later migration of the same service only', () => {
    const table = {
      path: 'apps/billing/src/migrations/1.ts',
      text: 'CREATE TABLE charge (operator_id uuid)',
    };
    const security = (path: string) => ({ path, text: "tenantTable('charge')" });
    expect(tenantTables([table, security('apps/billing/src/migrations/2.ts')])).toEqual([]);
    expect(tenantTables([table, security('apps/bookings/src/migrations/2.ts')])).toHaveLength(1);
  });
});
