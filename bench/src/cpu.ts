import { readdir, readFile } from 'node:fs/promises';
import { type Platform, PROCESSES } from '@doorstep/local-stack';

/** Processor time that each part has used since it started, in milliseconds. */
export type CpuMs = Record<string, number>;

/** Linux counts processor time in hundredths of a second. */
const TICK_MS = 10;

/**
 * Every part of the platform, PostgreSQL by database, and this process, which plays the front-ends. Empty where /proc does
 * not exist.
 */
export async function cpuOf(platform: Platform): Promise<CpuMs> {
  const { pids } = platform.stack;
  const cpu: CpuMs = {};
  const add = async (name: string, pid: number | undefined): Promise<void> => {
    const ms = pid === undefined ? undefined : await cpuMsOf(pid);
    if (ms !== undefined) cpu[name] = (cpu[name] ?? 0) + ms;
  };
  for (const name of PROCESSES) await add(`node ${name}`, platform.services[name].pid);
  await add('kafka', pids.kafka);
  await add('redis', pids.redis);
  await add('front-ends', process.pid);
  for (const { pid, database } of await backendsOf(pids.postgres)) await add(`pg ${database}`, pid);
  return cpu;
}

/** Processor time between two looks, for each of so many pieces of work: the largest first. */
export function cpuPerPiece(before: CpuMs, after: CpuMs, pieces: number): CpuMs {
  const spent = Object.entries(after).map(
    ([name, ms]) => [name, (ms - (before[name] ?? 0)) / pieces] as const,
  );
  return Object.fromEntries(
    spent.sort(([, a], [, b]) => b - a).map(([name, ms]) => [name, Number(ms.toFixed(2))]),
  );
}

/** User and system time. The command in parentheses may hold blanks, so fields are counted behind it. */
async function cpuMsOf(pid: number): Promise<number | undefined> {
  try {
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return (Number(fields[11]) + Number(fields[12])) * TICK_MS;
  } catch {
    return undefined;
  }
}

/** PostgreSQL's processes call themselves `postgres: user database address state`; those of no database are its own. */
async function backendsOf(postmaster: number | undefined): Promise<{ pid: number; database: string }[]> {
  if (postmaster === undefined) return [];
  const backends = [{ pid: postmaster, database: 'itself' }];
  for (const entry of await readdir('/proc').catch(() => [])) {
    const stat = /^\d+$/.test(entry) ? await readFile(`/proc/${entry}/stat`, 'utf8').catch(() => '') : '';
    if (Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]) !== postmaster) continue;
    const title = await readFile(`/proc/${entry}/cmdline`, 'utf8').catch(() => '');
    const database = /^postgres: \w+_app (\w+) /.exec(title)?.[1];
    backends.push({ pid: Number(entry), database: database ?? 'itself' });
  }
  return backends;
}
