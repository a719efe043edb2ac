import { Client, escapeIdentifier, escapeLiteral } from 'pg';
import { DataSource, type MigrationInterface } from 'typeorm';
import './pg-types';
import { platformMigrations } from './platform-migrations';

export type Migration = new () => MigrationInterface;

/** Any number: one migration run at a time per database. */
const MIGRATION_LOCK = 7_203_914;

/**
 * Brings a service's database up to date: the platform's tables, then the service's. Runs as the owner; what the
 * migrations make is granted to `appRole`, and a migration may take rights away again (`appendOnlyTable`).
 *
 * @returns names of the migrations that ran now
 */
export async function migrate(
  ownerUrl: string,
  appRole: string,
  migrations: readonly Migration[],
): Promise<string[]> {
  const guard = new Client({ connectionString: ownerUrl });
  await guard.connect();
  try {
    await guard.query(`SELECT pg_advisory_lock(${MIGRATION_LOCK})`);
    await guard.query(grantsSql(appRole));
    return await runPending(ownerUrl, appRole, [...platformMigrations, ...migrations]);
  } finally {
    await guard.end();
  }
}

async function runPending(url: string, appRole: string, migrations: Migration[]): Promise<string[]> {
  const source = new DataSource({
    type: 'postgres',
    url,
    migrations,
    migrationsTableName: 'migration',
    installExtensions: false,
    // Row-level security is forced on the owner too: what a migration changes in rows, it changes for every tenant.
    extra: { options: `-c doorstep.app_role=${appRole} -c app.operator_id=*` },
  });
  await source.initialize();
  try {
    const ran = await source.runMigrations({ transaction: 'each' });
    return ran.map((migration) => migration.name);
  } finally {
    await source.destroy();
  }
}

function grantsSql(appRole: string): string {
  const role = escapeIdentifier(appRole);
  return `
    GRANT USAGE ON SCHEMA public TO ${role};
    ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO ${role};
    ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT USAGE, SELECT ON SEQUENCES TO ${role};
    ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT EXECUTE ON FUNCTIONS TO ${role};
  `;
}

export interface ServiceUrls {
  /** For migrations alone. */
  ownerUrl: string;
  /** For the service: owns nothing, so row-level security and revoked rights bind it. */
  appUrl: string;
  appRole: string;
}

/** What needs a superuser's hand; the rest of an extension's objects belong to the service. */
const EXTENSIONS = ['btree_gist', 'pg_trgm', 'cube', 'earthdistance'];

/**
 * For the local stack and tests, as a superuser: the service's two roles and its own database, which no other service's
 * role may connect to. Safe to repeat; the passwords are set anew each time.
 *
 * @param database other than the service's name for test databases
 */
export async function ensureDatabaseAndRoles(
  adminUrl: string,
  service: string,
  passwords: { owner: string; app: string },
  database: string = service,
): Promise<ServiceUrls> {
  const roles = { owner: `${service}_owner`, app: `${service}_app` };
  await withClient(adminUrl, async (admin) => {
    // Two at once that set the same role's password: Postgres refuses the second instead of letting it wait.
    await admin.query(`SET lock_timeout = '30s'; SELECT pg_advisory_lock(hashtext('doorstep roles'))`);
    for (const kind of ['owner', 'app'] as const) await ensureRole(admin, roles[kind], passwords[kind]);
    const { rowCount } = await admin.query(`SELECT FROM pg_database WHERE datname = $1`, [database]);
    if (rowCount === 0) {
      await admin.query(
        `CREATE DATABASE ${escapeIdentifier(database)} OWNER ${escapeIdentifier(roles.owner)}`,
      );
    }
    await admin.query(`REVOKE ALL ON DATABASE ${escapeIdentifier(database)} FROM PUBLIC`);
    await admin.query(
      `GRANT CONNECT, TEMPORARY ON DATABASE ${escapeIdentifier(database)} TO ${escapeIdentifier(roles.app)}`,
    );
  });
  await withClient(withDatabase(adminUrl, database), async (admin) => {
    for (const extension of EXTENSIONS) await admin.query(`CREATE EXTENSION IF NOT EXISTS ${extension}`);
    await admin.query(`REVOKE CREATE ON SCHEMA public FROM PUBLIC`);
    await admin.query(`GRANT ALL ON SCHEMA public TO ${escapeIdentifier(roles.owner)}`);
  });
  return {
    ownerUrl: urlAs(adminUrl, database, roles.owner, passwords.owner),
    appUrl: urlAs(adminUrl, database, roles.app, passwords.app),
    appRole: roles.app,
  };
}

async function ensureRole(admin: Client, role: string, password: string): Promise<void> {
  const name = escapeIdentifier(role);
  const { rowCount } = await admin.query(`SELECT FROM pg_roles WHERE rolname = $1`, [role]);
  if (rowCount === 0) await admin.query(`CREATE ROLE ${name}`);
  await admin.query(
    `ALTER ROLE ${name} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS PASSWORD ${escapeLiteral(password)}`,
  );
}

async function withClient<T>(url: string, work: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

function withDatabase(url: string, database: string): string {
  const changed = new URL(url);
  changed.pathname = `/${database}`;
  return changed.href;
}

function urlAs(url: string, database: string, user: string, password: string): string {
  const changed = new URL(withDatabase(url, database));
  changed.username = user;
  changed.password = encodeURIComponent(password);
  return changed.href;
}
