import { randomBytes } from 'node:crypto';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Child } from './child';
import { guardian } from './guardian';
import { fetchParts } from './jars';
import { findJava } from './java';
import { startKafka } from './kafka';
import { demandFree, keptPorts } from './ports';
import { startPostgres } from './postgres';
import { startRedis } from './redis';

export interface StackPorts {
  postgres: number;
  kafka: number;
  kafkaController: number;
  redis: number;
}

export interface StackOptions {
  /** Everything lives here; an ephemeral stack removes it when it stops. */
  dataDir: string;
  logDir?: string;
  /** For tests: PostgreSQL without fsync, Redis without snapshots, killed instead of stopped. */
  ephemeral?: boolean;
  /** Else the ports of the last start when they are free, else free ones. */
  ports?: Partial<StackPorts>;
  /** Parts that already run elsewhere are not started: DATABASE_ADMIN_URL, KAFKA_BROKERS, REDIS_URL. */
  external?: { databaseAdminUrl?: string; kafkaBrokers?: string; redisUrl?: string };
  /** Runs as soon as PostgreSQL answers, while Kafka still comes up; when it fails, the start does. */
  afterPostgres?: (adminUrl: string) => Promise<void>;
  /** Hears about progress, one plain sentence at a time. */
  say?: (line: string) => void;
}

export interface Stack {
  postgres: { adminUrl: string; pid?: number };
  kafkaBrokers: string;
  redisUrl: string;
  pids: { postgres?: number; kafka?: number; redis?: number };
  /** Ends what was started here; bounded; may be called twice. */
  stop(): Promise<void>;
  /** For the fault proofs: kills one part as a crash would, or starts it again with its data and port. */
  kill(part: StackPart): Promise<void>;
  start(part: StackPart): Promise<void>;
}

export type StackPart = 'postgres' | 'kafka' | 'redis';

/** Real PostgreSQL 18, Kafka 4.1.1 (KRaft) and Redis 7 on loopback, without Docker. */
export async function startStack(options: StackOptions): Promise<Stack> {
  const { dataDir, ephemeral = false, external = {}, say = () => undefined } = options;
  const logDir = options.logDir ?? join(dataDir, 'logs');
  await mkdir(dataDir, { recursive: true });
  const ports = await choosePorts(dataDir, options.ports ?? {});
  const password = await adminPassword(dataDir, external.databaseAdminUrl);
  const common = { dataDir, logDir, ephemeral };
  const needsJars = !external.kafkaBrokers || !external.redisUrl;
  const java = external.kafkaBrokers ? undefined : await findJava();
  const parts = needsJars ? await fetchParts(say) : undefined;

  const directories = new Set<string>();
  const temporary = (directory: string): void => {
    if (!directories.has(directory)) guardian.removeAtEnd(directory);
    directories.add(directory);
  };
  if (ephemeral) temporary(dataDir);
  const starters: Record<StackPart, () => Promise<Child>> = {
    postgres: async () => {
      const child = await startPostgres({ ...common, port: ports.postgres, password, say });
      if (ephemeral) temporary(child.directory);
      return child;
    },
    kafka: () =>
      startKafka({
        ...common,
        java: java as string,
        classPath: parts?.kafkaClassPath as string,
        port: ports.kafka,
        controllerPort: ports.kafkaController,
      }),
    redis: () => startRedis({ ...common, binary: parts?.redisServer as string, port: ports.redis }),
  };
  const running = new Map<StackPart, Child>();
  const start = async (part: StackPart): Promise<void> => {
    running.set(part, await starters[part]());
  };
  const stop = async (): Promise<void> => {
    await Promise.all([...running.values()].map((child) => child.stop()));
    running.clear();
    for (const directory of directories) await rm(directory, { recursive: true, force: true, maxRetries: 5 });
  };

  const adminUrl =
    external.databaseAdminUrl ?? `postgres://postgres:${password}@127.0.0.1:${ports.postgres}/postgres`;
  const wanted: StackPart[] = [];
  if (!external.databaseAdminUrl) wanted.push('postgres');
  if (!external.kafkaBrokers) wanted.push('kafka');
  if (!external.redisUrl) wanted.push('redis');
  const starts = new Map(wanted.map((part) => [part, start(part)]));
  const prepared = Promise.resolve(starts.get('postgres')).then(() => options.afterPostgres?.(adminUrl));
  const outcomes = await Promise.allSettled([...starts.values(), prepared]);
  const failed = outcomes.find((outcome) => outcome.status === 'rejected');
  if (failed) {
    await stop();
    throw failed.reason;
  }
  return {
    postgres: { adminUrl },
    kafkaBrokers: external.kafkaBrokers ?? `127.0.0.1:${ports.kafka}`,
    redisUrl: external.redisUrl ?? `redis://127.0.0.1:${ports.redis}`,
    get pids() {
      return Object.fromEntries([...running].map(([part, child]) => [part, child.pid]));
    },
    stop,
    start,
    kill: async (part) => running.get(part)?.stop('SIGKILL'),
  };
}

const PORT_NAMES: Record<keyof StackPorts, [what: string, envName: string]> = {
  postgres: ['PostgreSQL', 'POSTGRES_PORT'],
  kafka: ['Kafka', 'KAFKA_PORT'],
  kafkaController: ["Kafka's controller", 'KAFKA_CONTROLLER_PORT'],
  redis: ['Redis', 'REDIS_PORT'],
};

async function choosePorts(dataDir: string, named: Partial<StackPorts>): Promise<StackPorts> {
  const names = Object.keys(PORT_NAMES) as (keyof StackPorts)[];
  for (const name of names) {
    const port = named[name];
    if (port !== undefined) await demandFree(port, ...PORT_NAMES[name]);
  }
  return { ...(await keptPorts(join(dataDir, 'ports.json'), names)), ...named };
}

/** The superuser's password lives beside the data that it opens. */
async function adminPassword(dataDir: string, externalUrl: string | undefined): Promise<string> {
  if (externalUrl) return '';
  const file = join(dataDir, 'postgres-admin-password');
  const kept = await readFile(file, 'utf8').catch(() => undefined);
  if (kept) return kept.trim();
  const password = randomBytes(24).toString('base64url');
  await writeFile(file, `${password}\n`, { mode: 0o600 });
  return password;
}
