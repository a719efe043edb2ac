import { readdir, readFile } from 'node:fs/promises';
import { type Platform, PROCESSES, type Stack } from '@doorstep/local-stack';
import { round } from './measure';

/** Processor time that each process has used since it started, by its id. */
export type CpuTimes = Map<number, { part: string; ms: number }>;

/** Linux counts processor time in hundredths of a second. */
const TICK_MS = 10;

/** Every part of the platform, as `cpuOf` tells it. */
export function cpuOfPlatform({ stack, services }: Platform): Promise<CpuTimes> {
  return cpuOf(stack, Object.fromEntries(PROCESSES.map((name) => [name, services[name].pid])));
}

/**
 * These services, PostgreSQL by database, and this process, which plays the front-ends. Empty where /proc does not exist.
 */
export async function cpuOf(
  stack: Pick<Stack, 'pids'>,
  services: Record<string, number | undefined>,
): Promise<CpuTimes> {
  const { kafka, redis, postgres } = stack.pids;
  const parts: { part: string; pid: number | undefined }[] = [
    ...Object.entries(services).map(([name, pid]) => ({ part: `node ${name}`, pid })),
    { part: 'kafka', pid: kafka },
    { part: 'redis', pid: redis },
    { part: 'front-ends', pid: process.pid },
    ...(await backendsOf(postgres)),
  ];
  const times: CpuTimes = new Map();
  for (const { part, pid } of parts) {
    const ms = pid === undefined ? undefined : await cpuMsOf(pid);
    if (pid !== undefined && ms !== undefined) times.set(pid, { part, ms });
  }
  return times;
}

/** Milliseconds between two looks for each of so many pieces of work, by part, the largest first. */
export function cpuPerPiece(before: CpuTimes, after: CpuTimes, pieces: number): Record<string, number> {
  const spent = new Map<string, number>();
  for (const [pid, { part, ms }] of after)
    spent.set(part, (spent.get(part) ?? 0) + ms - (before.get(pid)?.ms ?? 0));
  const largestFirst = [...spent].sort(([, a], [, b]) => b - a);
  return Object.fromEntries(largestFirst.map(([part, ms]) => [part, round(ms / pieces, 3)]));
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
async function backendsOf(postmaster: number | undefined): Promise<{ pid: number; part: string }[]> {
  if (postmaster === undefined) return [];
  const backends = [{ pid: postmaster, part: 'pg itself' }];
  for (const entry of await readdir('/proc').catch(() => [])) {
    const stat = /^\d+$/.test(entry) ? await readFile(`/proc/${entry}/stat`, 'utf8').catch(() => '') : '';
    if (Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]) !== postmaster) continue;
    const title = await readFile(`/proc/${entry}/cmdline`, 'utf8').catch(() => '');
    // One that is made for a measurement is called after its service as well.
    const database = /^postgres: \w+_app (?:bench_)?(\w+?)(?:_[0-9a-f]{8})? /.exec(title)?.[1];
    backends.push({ pid: Number(entry), part: `pg ${database ?? 'itself'}` });
  }
  return backends;
}
