import { randomInt } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { PlainFailure } from './plain-failure';

/** Below the range that systems take for outgoing connections, which could occupy a port before its server does. */
const FIRST = 20_000;
const COUNT = 12_000;
const ATTEMPTS_MAX = 200;

/** Different TCP ports of loopback that nobody listens on now. */
export async function freePorts(count: number): Promise<number[]> {
  const found = new Set<number>();
  for (let attempt = 0; found.size < count && attempt < ATTEMPTS_MAX; attempt++) {
    const port = FIRST + randomInt(COUNT);
    if (await isFree(port)) found.add(port);
  }
  if (found.size < count) throw new Error(`found only ${found.size} of ${count} free ports`);
  return [...found];
}

export function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}

/** Refuses a port that somebody named and that another program holds. */
export async function demandFree(port: number, what: string, envName: string): Promise<void> {
  if (await isFree(port)) return;
  throw new PlainFailure(
    `Port ${port} for ${what} is taken by another program: stop that program, or name another port with ${envName}=…, ` +
      'or run everything in containers with `docker compose up`.',
  );
}

/**
 * Ports by name, kept in a file: each start takes those of the last one, so that bookmarks and other programs'
 * settings live on; else a wished one; else, as when somebody else has taken it meanwhile, a free one.
 */
export async function keptPorts<Name extends string>(
  file: string,
  names: readonly Name[],
  wished: Partial<Record<Name, number>> = {},
): Promise<Record<Name, number>> {
  const last = await readFile(file, 'utf8').then(
    (text) => JSON.parse(text) as Partial<Record<Name, number>>,
    (): Partial<Record<Name, number>> => ({}),
  );
  const fresh = await freePorts(names.length);
  const chosen = {} as Record<Name, number>;
  for (const [at, name] of names.entries()) {
    const candidates = [last[name], wished[name]].filter((port) => port !== undefined);
    chosen[name] = fresh[at] as number;
    for (const port of candidates.reverse()) if (await isFree(port)) chosen[name] = port;
  }
  await writeFile(file, JSON.stringify(chosen));
  return chosen;
}
