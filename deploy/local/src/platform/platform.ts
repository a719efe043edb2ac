import { execFile } from 'node:child_process';
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { PlainFailure } from '../stack/plain-failure';
import { demandFree, keptPorts } from '../stack/ports';
import { type Stack, type StackOptions, startStack } from '../stack/stack';
import { FROM_SOURCE, WORKSPACE } from '../workspace';
import { leaveCommandsEnv } from './commands-env';
import {
  adminPasswordFile,
  databaseUrl,
  environmentOf,
  type Installation,
  migrationEnvironment,
} from './environment';
import { generateSecrets, keptSecrets, type Secrets } from './secrets';
import { ServiceProcess } from './service-process';
import { PROCESSES, type ProcessName, SERVICES, type ServiceName } from './services';

const run = promisify(execFile);
const MIGRATE_MS_MAX = 120_000;
const GATEWAY_PORT_WISHED = 8080;
/** What the operators service calls the first administrator. */
const ADMIN_LOGIN = 'admin';

export interface PlatformOptions extends Pick<StackOptions, 'ports' | 'external'> {
  /** Data, logs and secrets live here. */
  dataDir: string;
  /** For tests and one-off runs: nothing is kept, PostgreSQL does not wait for the disk. */
  ephemeral?: boolean;
  /** Run what `npm run build` has made instead of the sources. */
  built?: boolean;
  /** Last word on the environment of every process. */
  env?: Record<string, string>;
  /** Replaces the generated secrets, for instance the roles' passwords on a shared server. */
  secrets?: Secrets;
  /** A named port must be free. Else the port of the last start, 8080, or a free one. */
  gatewayPort?: number;
  /** Keeps this installation apart from others on the same PostgreSQL server and broker. */
  databaseSuffix?: string;
  topicPrefix?: string;
  say?: (line: string) => void;
  /** Hears warnings of the services and that one has ended by itself; default: `say`. */
  warn?: (line: string) => void;
}

export interface PlatformService {
  url: string;
  /** Undefined while it does not run. */
  readonly pid: number | undefined;
  /** As the superuser, who sees every tenant's rows; empty for the gateway, which has no database. */
  databaseUrl: string;
  logFile: string;
}

export interface Platform {
  gatewayUrl: string;
  adminLogin: string;
  /** From the file that the first start has left; undefined once that was removed. */
  adminPassword: string | undefined;
  stack: Stack;
  services: Record<ProcessName, PlatformService>;
  /** How long the start took, milliseconds since its beginning. */
  took: { stackMs: number; migratedMs: number; readyMs: number };
  /** Gateway and services first, then the stack; bounded; may be called twice. */
  stop(): Promise<void>;
  stopService(name: ProcessName): Promise<void>;
  startService(name: ProcessName): Promise<void>;
  /** SIGKILL, as a crash. */
  killService(name: ProcessName): Promise<void>;
}

/** The whole platform: the stack, migrated databases, five services and the gateway as child processes. */
export async function startPlatform(options: PlatformOptions): Promise<Platform> {
  const { dataDir, ephemeral = false, built = false, say = () => undefined, warn = say } = options;
  const began = Date.now();
  const since = (): number => Date.now() - began;
  if (built) await demandBuild();
  await mkdir(dataDir, { recursive: true });
  const secrets =
    options.secrets ??
    (ephemeral ? generateSecrets() : await keptSecrets(join(dataDir, '..', 'secrets.env')));
  const ports = await choosePorts(dataDir, ephemeral, options.gatewayPort);
  const logDir = ephemeral ? join(dataDir, 'logs') : join(dataDir, '..', 'logs');
  const own = {
    secrets,
    databaseSuffix: options.databaseSuffix ?? '',
    topicPrefix: options.topicPrefix ?? '',
  };
  let migratedMs = 0;
  const afterPostgres = async (adminUrl: string): Promise<void> => {
    await runMigrations(migrationEnvironment(adminUrl, own), built);
    migratedMs = since();
  };
  const stack = await startStack({ ...options, dataDir, logDir, ephemeral, afterPostgres, say });
  const stackMs = since();
  const installation: Installation = { ...own, stack, ports, dataDir, overrides: options.env ?? {} };
  if (!ephemeral) await leaveCommandsEnv(join(dataDir, '..', 'commands.env'), installation);
  const processes = Object.fromEntries(
    PROCESSES.map((name) => {
      const env = environmentOf(name, installation);
      return [name, new ServiceProcess({ name, port: ports[name], env, built, logDir, say: warn })];
    }),
  ) as Record<ProcessName, ServiceProcess>;
  const stop = async (): Promise<void> => {
    await Promise.all(Object.values(processes).map((each) => each.stop()));
    await stack.stop();
  };
  try {
    await Promise.all(Object.values(processes).map((each) => each.start()));
    return {
      gatewayUrl: processes.gateway.url,
      adminLogin: ADMIN_LOGIN,
      adminPassword: await readAdminPassword(dataDir),
      stack,
      services: describeServices(processes, installation),
      took: { stackMs, migratedMs, readyMs: since() },
      stop,
      stopService: (name) => processes[name].stop(),
      startService: (name) => processes[name].start(),
      killService: (name) => processes[name].kill(),
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

function describeServices(
  processes: Record<ProcessName, ServiceProcess>,
  { stack, databaseSuffix }: Installation,
): Record<ProcessName, PlatformService> {
  const describe = (name: ProcessName): PlatformService => ({
    url: processes[name].url,
    get pid() {
      return processes[name].pid;
    },
    databaseUrl: name === 'gateway' ? '' : databaseUrl(stack.postgres.adminUrl, `${name}${databaseSuffix}`),
    logFile: processes[name].logFile,
  });
  return Object.fromEntries(PROCESSES.map((name) => [name, describe(name)])) as Record<
    ProcessName,
    PlatformService
  >;
}

/** In a process of its own: five services' migrations and their libraries would stay in this one's memory. */
async function runMigrations(env: NodeJS.ProcessEnv, built: boolean): Promise<void> {
  const script = built
    ? [join(WORKSPACE, 'deploy/local/dist/migrate.js')]
    : [...FROM_SOURCE, join(WORKSPACE, 'deploy/local/src/migrate.ts')];
  try {
    await run(process.execPath, script, { cwd: WORKSPACE, env, timeout: MIGRATE_MS_MAX });
  } catch (error) {
    const { stderr, message } = error as { stderr?: string; message: string };
    throw new Error(`The databases could not be migrated: ${stderr?.trim() || message}`);
  }
}

async function choosePorts(
  dataDir: string,
  ephemeral: boolean,
  gatewayPort: number | undefined,
): Promise<Record<ProcessName, number>> {
  if (gatewayPort !== undefined) await demandFree(gatewayPort, 'the gateway', 'GATEWAY_PORT');
  const wished = ephemeral ? {} : { gateway: GATEWAY_PORT_WISHED };
  const kept = await keptPorts(join(dataDir, 'service-ports.json'), PROCESSES, wished);
  return gatewayPort === undefined ? kept : { ...kept, gateway: gatewayPort };
}

async function readAdminPassword(dataDir: string): Promise<string | undefined> {
  return readFile(adminPasswordFile(dataDir), 'utf8').then(
    (text) => text.trim(),
    () => undefined,
  );
}

async function demandBuild(): Promise<void> {
  const missing = [...SERVICES, 'gateway' as const].filter((name: ServiceName | 'gateway') => {
    try {
      require.resolve(join(WORKSPACE, 'apps', name, 'dist', 'main.js'));
      return false;
    } catch {
      return true;
    }
  });
  if (missing.length > 0)
    throw new PlainFailure(`Not built yet: ${missing.join(', ')}. Run npm run build first.`);
}
