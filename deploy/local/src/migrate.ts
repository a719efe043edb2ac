import { createRequire } from 'node:module';
import { join } from 'node:path';
import { ensureDatabaseAndRoles, migrate, type Migration } from '@doorstep/platform';
import { PlainFailure, runCommand } from './stack/plain-failure';
import { passwordName } from './platform/secrets';
import { SERVICES, type ServiceName } from './platform/services';
import { WORKSPACE } from './workspace';

/**
 * Creates each service's database and roles, and brings its tables up to date. Settings from the environment:
 * DATABASE_ADMIN_URL, per service <SERVICE>_OWNER_PASSWORD and <SERVICE>_APP_PASSWORD, and optionally
 * DATABASE_SUFFIX for a second set of databases on the same server. Run by `npm start` and by the compose file's
 * one-shot job; safe to repeat.
 */
void runCommand(async () => {
  const names = ['DATABASE_ADMIN_URL', ...SERVICES.flatMap(passwordNames)];
  const missing = names.filter((name) => !process.env[name]);
  if (missing.length > 0) {
    throw new PlainFailure(`Migrating needs these settings in the environment: ${missing.join(', ')}.`);
  }
  await Promise.all(SERVICES.map(bringUpToDate));
});

async function bringUpToDate(service: ServiceName): Promise<void> {
  const env = process.env as Record<string, string>;
  const [owner, app] = passwordNames(service).map((name) => env[name] as string) as [string, string];
  const database = `${service}${env.DATABASE_SUFFIX ?? ''}`;
  const { ownerUrl, appRole } = await ensureDatabaseAndRoles(
    env.DATABASE_ADMIN_URL as string,
    service,
    { owner, app },
    database,
  );
  const ran = await migrate(ownerUrl, appRole, migrationsOf(service));
  process.stdout.write(
    `${database}: ${ran.length === 0 ? 'up to date' : `${ran.length} migration(s) run`}\n`,
  );
}

/** By path, not by import: tools stand above the services, and the services' specs stand above the stack. */
function migrationsOf(service: ServiceName): Migration[] {
  const folder = __filename.endsWith('.ts') ? 'src' : 'dist';
  const index = join(WORKSPACE, 'apps', service, folder, 'migrations', 'index');
  return (createRequire(__filename)(index) as { migrations: Migration[] }).migrations;
}

function passwordNames(service: ServiceName): string[] {
  return [passwordName(service, 'owner'), passwordName(service, 'app')];
}
