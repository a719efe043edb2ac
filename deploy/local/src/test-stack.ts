import { randomBytes } from 'node:crypto';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { startStack, type Stack } from './stack/stack';
import { KEPT } from './workspace';

/** How tests reach the real parts; handed to Jest's workers as JSON in DOORSTEP_TEST_STACK. */
export interface TestStackAddress {
  /** The process that holds the stack. */
  pid: number;
  databaseAdminUrl: string;
  kafkaBrokers: string;
  redisUrl: string;
}

export const TEST_STACK_FILE = join(KEPT, 'test-stack.json');

/** The shared stack that `npm run stack:test` keeps up, when it is alive and answers. */
export async function liveTestStack(): Promise<TestStackAddress | undefined> {
  const text = await readFile(TEST_STACK_FILE, 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  const address = JSON.parse(text) as TestStackAddress;
  return isAlive(address.pid) && (await answers(address.databaseAdminUrl)) ? address : undefined;
}

/** A throw-away stack, or the parts that DATABASE_ADMIN_URL, KAFKA_BROKERS, REDIS_URL name. */
export async function startTestStack(
  say: (line: string) => void,
): Promise<{ stack: Stack; address: TestStackAddress }> {
  const env = process.env;
  const stack = await startStack({
    dataDir: join(tmpdir(), `doorstep-test-${process.pid}-${randomBytes(3).toString('hex')}`),
    ephemeral: true,
    external: {
      databaseAdminUrl: env.DATABASE_ADMIN_URL,
      kafkaBrokers: env.KAFKA_BROKERS,
      redisUrl: env.REDIS_URL,
    },
    say,
  });
  const address = {
    pid: process.pid,
    databaseAdminUrl: stack.postgres.adminUrl,
    kafkaBrokers: stack.kafkaBrokers,
    redisUrl: stack.redisUrl,
  };
  return { stack, address };
}

/** Written whole by rename: readers see either no file or a complete one. */
export async function announce(address: TestStackAddress): Promise<void> {
  await mkdir(KEPT, { recursive: true });
  const draft = `${TEST_STACK_FILE}.${process.pid}`;
  await writeFile(draft, `${JSON.stringify(address, null, 2)}\n`, { mode: 0o600 });
  await rename(draft, TEST_STACK_FILE);
}

export async function withdraw(): Promise<void> {
  await rm(TEST_STACK_FILE, { force: true });
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

async function answers(databaseAdminUrl: string): Promise<boolean> {
  const client = new Client({ connectionString: databaseAdminUrl, connectionTimeoutMillis: 2000 });
  try {
    await client.connect();
    await client.query('SELECT 1');
    return true;
  } catch {
    return false;
  } finally {
    await client.end().catch(() => undefined);
  }
}
