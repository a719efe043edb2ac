import { spawn } from 'node:child_process';
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { newId } from '@doorstep/kernel';
import type { Stack } from '@doorstep/local-stack';
import {
  type Actor,
  ensureDatabaseAndRoles,
  type Migration,
  migrate,
  signIdentity,
} from '@doorstep/platform';
import { Client } from 'pg';

const WORKSPACE = join(__dirname, '..', '..');

/** What measurements run on. */
export interface BenchStack extends Stack {
  /** Whether services are started as they are deployed, and not from their sources. */
  built: boolean;
}

export type ServiceName = 'facilities' | 'bookings' | 'billing' | 'operators';

/** A service's database of its own on the stack, for one measurement. */
export interface ServiceDatabase {
  ownerUrl: string;
  appUrl: string;
  close(): Promise<void>;
}

export async function openServiceDatabase(stack: Stack, service: ServiceName): Promise<ServiceDatabase> {
  const { adminUrl } = stack.postgres;
  const name = `bench_${service}_${randomBytes(4).toString('hex')}`;
  const passwords = { owner: randomBytes(12).toString('hex'), app: randomBytes(12).toString('hex') };
  const { ownerUrl, appUrl, appRole } = await ensureDatabaseAndRoles(adminUrl, name, passwords);
  const index = join(
    WORKSPACE,
    'apps',
    service,
    __filename.endsWith('.ts') ? 'src' : 'dist',
    'migrations',
    'index',
  );
  const { migrations } = createRequire(__filename)(index) as { migrations: Migration[] };
  await migrate(ownerUrl, appRole, migrations);
  return {
    ownerUrl,
    appUrl,
    close: async () => {
      const admin = new Client({ connectionString: adminUrl });
      await admin.connect();
      await admin.query(`DROP DATABASE ${name} WITH (FORCE)`);
      await admin.query(`DROP ROLE ${name}_owner; DROP ROLE ${name}_app`);
      await admin.end();
    },
  };
}

/** A service in a process of its own. */
export interface ServiceProcess {
  url: string;
  pid: number;
  /** Holds the process still while something is laid ready for it; for less than its sessions live. */
  held<T>(meanwhile: () => Promise<T>): Promise<T>;
  /** The identity header's value for an actor; good for a minute. */
  identity(actor: Actor): Promise<string>;
  stop(): Promise<void>;
}

/** As services are started on one machine; V8 would let each grow to gigabytes before it cleans up. */
const MEMORY = ['--max-old-space-size=192', '--max-semi-space-size=8'];
const FROM_SOURCE = ['-C', '@doorstep/source', '-r', '@swc-node/register'];

/** The service in a process of its own, as it is deployed. */
export async function startService(
  stack: BenchStack,
  service: ServiceName,
  databaseUrl: string,
  env: Record<string, string> = {},
): Promise<ServiceProcess> {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const pem = publicKey.export({ type: 'spki', format: 'pem' }) as string;
  const main = stack.built
    ? ['--enable-source-maps', join(WORKSPACE, 'apps', service, 'dist', 'main.js')]
    : [...FROM_SOURCE, join(WORKSPACE, 'apps', service, 'src', 'main.ts')];
  const child = spawn(process.execPath, [...MEMORY, ...main], {
    cwd: WORKSPACE,
    stdio: ['ignore', 'pipe', 'inherit'],
    env: {
      ...process.env,
      DATABASE_URL: databaseUrl,
      KAFKA_BROKERS: stack.kafkaBrokers,
      REDIS_URL: stack.redisUrl,
      TOPIC_PREFIX: `bench${randomBytes(4).toString('hex')}.`,
      IDENTITY_PUBLIC_KEY: Buffer.from(pem).toString('base64'),
      LOG_FORMAT: 'json',
      LOG_LEVEL: 'info',
      PORT: '0',
      ...env,
    },
  });
  // Whoever stops the bench in the middle doesn't come to `stop`.
  process.once('exit', () => child.kill('SIGKILL'));
  const url = await Promise.race([
    urlOf(child.stdout),
    once(child, 'exit').then(() => Promise.reject(new Error(`the ${service} service did not start`))),
  ]);
  child.stdout.resume();
  return {
    url,
    pid: child.pid as number,
    held: async (meanwhile) => {
      child.kill('SIGSTOP');
      try {
        return await meanwhile();
      } finally {
        child.kill('SIGCONT');
      }
    },
    identity: (actor) => signIdentity(actor, privateKey),
    stop: async () => {
      child.kill('SIGTERM');
      await once(child, 'exit');
    },
  };
}

async function urlOf(log: NodeJS.ReadableStream): Promise<string> {
  for await (const line of createInterface({ input: log })) {
    const url = /"url":"([^"]+)"/.exec(line)?.[1];
    if (url) return url;
  }
  throw new Error('the service said no address');
}

/** Whose requests a measurement sends. */
export function frontEndOf(operatorId: string): Actor {
  return {
    id: newId(),
    kind: 'client',
    organisationId: operatorId,
    operatorId,
    regionPrefix: null,
    roles: ['front_end'],
  };
}
