import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { chown, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { startChild, tailOf, type Child } from './child';
import { retryUntil } from './eventually';
import { dataDirectoryFor, preparePostgres, type PostgresHome } from './postgres-binaries';

export interface PostgresOptions {
  dataDir: string;
  logDir: string;
  port: number;
  password: string;
  ephemeral: boolean;
  say: (line: string) => void;
}

export interface RunningPostgres extends Child {
  /** Where the data really is: elsewhere than asked when the postgres user may not go there. */
  directory: string;
}

/** For two cores and a few gigabytes that Kafka and six Node processes share. */
const SETTINGS = {
  max_connections: '300',
  shared_buffers: '256MB',
  effective_cache_size: '1GB',
  work_mem: '8MB',
  maintenance_work_mem: '128MB',
  max_wal_size: '1GB',
  random_page_cost: '1.1',
  max_parallel_workers_per_gather: '1',
  // Short statements: compiling them costs more than it saves.
  jit: 'off',
  TimeZone: 'UTC',
  log_timezone: 'UTC',
  unix_socket_directories: '',
  listen_addresses: '127.0.0.1',
} as const;

/** Only for tests, whose data nobody misses after a power cut. `npm start` keeps every one of these on. */
const EPHEMERAL_SETTINGS = { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' } as const;

export async function startPostgres(options: PostgresOptions): Promise<RunningPostgres> {
  const { home, runAs } = await preparePostgres(options.say);
  const directory = await dataDirectoryFor(join(options.dataDir, 'postgres'), runAs, options.say);
  if (!existsSync(join(directory, 'PG_VERSION'))) await initialise(home, runAs, directory, options);
  const logFile = join(options.logDir, 'postgres.log');
  const settings = {
    ...SETTINGS,
    ...(options.ephemeral ? EPHEMERAL_SETTINGS : {}),
    port: String(options.port),
  };
  const child = await startChild({
    name: 'PostgreSQL',
    command: join(home, 'bin', 'postgres'),
    args: [
      '-D',
      directory,
      ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
    ],
    env: plainEnvironment(),
    cwd: '/',
    ...runAs,
    logFile,
    // SIGINT is PostgreSQL's fast shutdown: sessions are ended, everything is written. SIGQUIT writes nothing.
    stopSignal: 'SIGINT',
    stopMsMax: 15_000,
  });
  const adminUrl = `postgres://postgres:${options.password}@127.0.0.1:${options.port}/postgres`;
  await retryUntil(() => probe(adminUrl, child, logFile), { timeoutMs: 60_000, pauseMs: 50 });
  return { ...child, directory };
}

async function initialise(
  home: string,
  runAs: PostgresHome['runAs'],
  directory: string,
  options: PostgresOptions,
): Promise<void> {
  const secret = await mkdtemp(join(tmpdir(), 'doorstep-'));
  const passwordFile = join(secret, randomBytes(6).toString('hex'));
  await writeFile(passwordFile, `${options.password}\n`, { mode: 0o600 });
  if (runAs)
    await Promise.all([chown(secret, runAs.uid, runAs.gid), chown(passwordFile, runAs.uid, runAs.gid)]);
  const args = [
    `--pgdata=${directory}`,
    '--username=postgres',
    `--pwfile=${passwordFile}`,
    '--auth=scram-sha-256',
    '--encoding=UTF8',
    // The built-in locale sorts the same on every machine and needs none of the system's.
    '--locale=C',
    '--locale-provider=builtin',
    '--builtin-locale=C.UTF-8',
    ...(options.ephemeral ? ['--no-sync'] : []),
  ];
  try {
    await runToEnd(join(home, 'bin', 'initdb'), args, runAs);
  } catch (error) {
    await rm(join(directory), { recursive: true, force: true });
    throw error;
  } finally {
    await rm(secret, { recursive: true, force: true });
  }
}

function runToEnd(command: string, args: string[], runAs: PostgresHome['runAs']): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      ...runAs,
      cwd: '/',
      env: plainEnvironment(),
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let complaint = '';
    child.stderr.on('data', (chunk: Buffer) => (complaint += chunk.toString()));
    child.once('error', reject);
    child.once('close', (code) => {
      if (code === 0) resolve();
      else reject(new Error(`initdb failed with ${String(code)}: ${complaint.trim()}`));
    });
  });
}

/** No PG* names of the caller's may steer this server, and its messages are in English for the logs. */
function plainEnvironment(): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(
    ([name]) => !name.startsWith('PG') && !name.startsWith('LC_'),
  );
  return { ...Object.fromEntries(kept), LC_ALL: 'C' };
}

async function probe(adminUrl: string, child: Child, logFile: string): Promise<void> {
  if (!child.alive()) throw new Error(`PostgreSQL ended at once:\n${tailOf(logFile)}`);
  const client = new Client({ connectionString: adminUrl, connectionTimeoutMillis: 2000 });
  try {
    await client.connect();
    await client.query('SELECT 1');
  } finally {
    await client.end().catch(() => undefined);
  }
}
