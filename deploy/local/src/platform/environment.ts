import { join } from 'node:path';
import type { Stack } from '../stack/stack';
import { passwordName, type Secrets } from './secrets';
import { type ProcessName, SERVICES, type ServiceName, urlNameOf } from './services';

export interface Installation {
  stack: Pick<Stack, 'postgres' | 'kafkaBrokers' | 'redisUrl'>;
  secrets: Secrets;
  ports: Record<ProcessName, number>;
  dataDir: string;
  databaseSuffix: string;
  topicPrefix: string;
  /** Last word on everything. */
  overrides: Record<string, string>;
}

export interface Login {
  user: string;
  password: string;
}

/** A service's database under some login. */
export function databaseUrl(adminUrl: string, database: string, login?: Login): string {
  const url = new URL(adminUrl);
  url.pathname = `/${database}`;
  if (login) Object.assign(url, { username: login.user, password: login.password });
  return url.href;
}

/** What one process gets to know: its own database and the secrets that it needs, no other's. */
export function environmentOf(name: ProcessName, installation: Installation): NodeJS.ProcessEnv {
  const { stack, ports, overrides } = installation;
  return {
    ...inherited(),
    NODE_ENV: 'production',
    HOST: '127.0.0.1',
    PORT: String(ports[name]),
    REDIS_URL: stack.redisUrl,
    LOG_FORMAT: 'json',
    ...(name === 'gateway' ? gatewayOnly(installation) : serviceOnly(name, installation)),
    ...overrides,
  };
}

function serviceOnly(name: ServiceName, installation: Installation): Record<string, string> {
  const { stack, secrets, dataDir, databaseSuffix, topicPrefix } = installation;
  const login = { user: `${name}_app`, password: secrets[passwordName(name, 'app')] as string };
  const particular: Partial<Record<ServiceName, Record<string, string>>> = {
    operators: { ADMIN_PASSWORD_FILE: adminPasswordFile(dataDir) },
    bookings: { MASTER_KEY: secrets.MASTER_KEY as string, CONTACT_KEY: secrets.CONTACT_KEY as string },
    billing: { STORAGE_DIR: join(dataDir, 'settlement-files') },
    notifications: {
      CONTACT_KEY: secrets.CONTACT_KEY as string,
      NOTIFICATIONS_DIR: join(dataDir, 'notifications'),
    },
  };
  return {
    DATABASE_URL: databaseUrl(stack.postgres.adminUrl, `${name}${databaseSuffix}`, login),
    KAFKA_BROKERS: stack.kafkaBrokers,
    TOPIC_PREFIX: topicPrefix,
    IDENTITY_PUBLIC_KEY: secrets.IDENTITY_PUBLIC_KEY as string,
    ...particular[name],
  };
}

function gatewayOnly({ secrets, ports }: Installation): Record<string, string> {
  return {
    IDENTITY_PRIVATE_KEY: secrets.IDENTITY_PRIVATE_KEY as string,
    ACCESS_TOKEN_PRIVATE_KEY: secrets.ACCESS_TOKEN_PRIVATE_KEY as string,
    ...Object.fromEntries(SERVICES.map((name) => [urlNameOf(name), `http://127.0.0.1:${ports[name]}`])),
  };
}

export const adminPasswordFile = (dataDir: string): string => join(dataDir, 'admin-password');

/** What migrations run with. */
export function migrationEnvironment(
  databaseAdminUrl: string,
  { secrets, databaseSuffix }: Pick<Installation, 'secrets' | 'databaseSuffix'>,
): NodeJS.ProcessEnv {
  const passwords = SERVICES.flatMap((service) =>
    (['owner', 'app'] as const).map((role) => passwordName(service, role)),
  );
  return {
    ...inherited(),
    DATABASE_ADMIN_URL: databaseAdminUrl,
    DATABASE_SUFFIX: databaseSuffix,
    ...Object.fromEntries(passwords.map((name) => [name, secrets[name]])),
  };
}

/** The caller's environment without what would steer the children by accident: a test runner's and npm's names. */
function inherited(): NodeJS.ProcessEnv {
  const steering = /^(JEST_|npm_|NODE_ENV$|NODE_OPTIONS$|PORT$|HOST$|DATABASE_|DOORSTEP_TEST_|PG)/;
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !steering.test(name)));
}
