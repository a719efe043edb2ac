/** One measured figure beside its floor: the same work done with nothing but SQL, in the same run. */
export interface Measurement {
  name: string;
  value: number;
  unit: string;
  /** What plain SQL reached; absent where there is no meaningful floor. */
  floor?: number;
  /** value ÷ floor; above 1 the platform is faster than its floor. */
  ratio?: number;
  /** Further figures of the same run: percentiles, memory. */
  details?: Record<string, number | string>;
}

export function withFloor(measurement: Omit<Measurement, 'ratio'> & { floor: number }): Measurement {
  return { ...measurement, ratio: round(measurement.value / measurement.floor, 3) };
}

/** Percentiles by the nearest-rank method, of milliseconds. */
export function percentiles(samplesMs: readonly number[]): {
  p50: number;
  p95: number;
  p99: number;
  max: number;
} {
  const sorted = [...samplesMs].sort((a, b) => a - b);
  const at = (p: number): number =>
    round(sorted[Math.max(0, Math.ceil((p / 100) * sorted.length) - 1)] ?? 0, 2);
  return { p50: at(50), p95: at(95), p99: at(99), max: round(sorted.at(-1) ?? 0, 2) };
}

export function round(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}

/** Resident memory of a process in MB, undefined where /proc does not exist. */
export async function residentMb(pid: number): Promise<number | undefined> {
  const { readFile } = await import('node:fs/promises');
  try {
    const kb = /VmRSS:\s+(\d+) kB/.exec(await readFile(`/proc/${pid}/status`, 'utf8'))?.[1];
    return kb ? Math.round(Number(kb) / 1024) : undefined;
  } catch {
    return undefined;
  }
}
