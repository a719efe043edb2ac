import { createHash } from 'node:crypto';
import { testRolePassword } from '@doorstep/local-stack';
import { ensureDatabaseAndRoles, migrate, platformMigrations, type Migration } from '@doorstep/platform';
import { Client, escapeIdentifier } from 'pg';
import { testStack, uniqueName } from './stack-address';

export interface TestDatabase {
  name: string;
  /** As the service's own non-owner role: row-level security binds it. */
  appUrl: string;
  ownerUrl: string;
  /** As the superuser, who sees every tenant's rows: for assertions. */
  superuserUrl: string;
  drop(): Promise<void>;
}

/** A fresh, fully migrated database of a service, copied from a template in well under a second. */
export async function createTestDatabase(
  service: string,
  migrations: readonly Migration[],
): Promise<TestDatabase> {
  const { databaseAdminUrl } = testStack();
  const name = `${uniqueName()}_${service}`;
  const passwords = {
    owner: testRolePassword(databaseAdminUrl, `${service}_owner`),
    app: testRolePassword(databaseAdminUrl, `${service}_app`),
  };
  await asSuperuser(databaseAdminUrl, async (admin) => {
    const template = await ensureTemplate(admin, service, migrations, passwords);
    await admin.query(
      `CREATE DATABASE ${escapeIdentifier(name)} TEMPLATE ${template} OWNER ${escapeIdentifier(`${service}_owner`)}`,
    );
    // Rights on the database itself do not come with a template.
    await admin.query(`REVOKE ALL ON DATABASE ${escapeIdentifier(name)} FROM PUBLIC`);
    await admin.query(
      `GRANT CONNECT, TEMPORARY ON DATABASE ${escapeIdentifier(name)} TO ${escapeIdentifier(`${service}_app`)}`,
    );
  });
  const urlAs = (user: string, password: string): string => {
    const url = new URL(databaseAdminUrl);
    return Object.assign(url, { username: user, password, pathname: `/${name}` }).href;
  };
  const superuser = new URL(databaseAdminUrl);
  return {
    name,
    appUrl: urlAs(`${service}_app`, passwords.app),
    ownerUrl: urlAs(`${service}_owner`, passwords.owner),
    superuserUrl: urlAs(superuser.username, superuser.password),
    drop: () =>
      asSuperuser(databaseAdminUrl, async (admin) => {
        await admin.query(`DROP DATABASE IF EXISTS ${escapeIdentifier(name)} WITH (FORCE)`);
      }),
  };
}

/**
 * One template per service and state of its migrations. Whoever comes first makes it under a draft name, so a
 * template is complete from its first moment; nobody may connect to it, which copying demands.
 */
async function ensureTemplate(
  admin: Client,
  service: string,
  migrations: readonly Migration[],
  passwords: { owner: string; app: string },
): Promise<string> {
  const template = `template_${service}_${await fingerprint(migrations)}`;
  await admin.query(`SELECT pg_advisory_lock(hashtext('doorstep templates'))`);
  try {
    const { rowCount } = await admin.query(`SELECT FROM pg_database WHERE datname = $1`, [template]);
    if (rowCount) return template;
    const draft = `draft_${service}`;
    await admin.query(`DROP DATABASE IF EXISTS ${draft} WITH (FORCE)`);
    const { databaseAdminUrl } = testStack();
    const { ownerUrl, appRole } = await ensureDatabaseAndRoles(databaseAdminUrl, service, passwords, draft);
    await migrate(ownerUrl, appRole, migrations);
    await admin.query(`ALTER DATABASE ${draft} ALLOW_CONNECTIONS false`);
    await admin.query(`ALTER DATABASE ${draft} RENAME TO ${template}`);
    return template;
  } finally {
    await admin.query(`SELECT pg_advisory_unlock(hashtext('doorstep templates'))`);
  }
}

/** Changes whenever the SQL that makes the database does, helpers such as `tenantTable` included. */
async function fingerprint(migrations: readonly Migration[]): Promise<string> {
  const hash = createHash('sha256').update(String(ensureDatabaseAndRoles)).update(String(migrate));
  for (const Migration of [...platformMigrations, ...migrations]) {
    const migration = new Migration();
    hash.update(Migration.name).update(String(migration.up));
    const recorder = { query: (sql: string) => Promise.resolve(hash.update(sql) && []) };
    // A migration that needs real answers to go on is known by its text alone.
    await migration.up(recorder as never).catch(() => undefined);
  }
  return hash.digest('hex').slice(0, 12);
}

export async function asSuperuser<T>(url: string, work: (admin: Client) => Promise<T>): Promise<T> {
  const admin = new Client({ connectionString: url });
  await admin.connect();
  try {
    return await work(admin);
  } finally {
    await admin.end();
  }
}
