import type { ContractService } from '@doorstep/contracts';
import type { Day } from '@doorstep/kernel';

/** The newest snapshot of each key: one statement can't write one row twice. */
export function newestOf<S extends { version: number }>(
  snapshots: readonly S[],
  keyOf: (snapshot: S) => string,
): S[] {
  const newest = new Map<string, S>();
  for (const snapshot of snapshots) {
    const known = newest.get(keyOf(snapshot));
    if (!known || known.version < snapshot.version) newest.set(keyOf(snapshot), snapshot);
  }
  return [...newest.values()];
}

/** Half-open, as Postgres writes ranges of days; a span that is empty or turned around covers no day. */
export function dateRange(from: Day, to: Day): string {
  return from < to ? `[${from},${to})` : 'empty';
}

/** How a contract's services are stored: 'meals' for a kind in every mode, 'childcare:timed' for one mode. */
export function serviceKeys(services: readonly ContractService[]): string[] {
  return services.map(({ kind, mode }) => (mode ? `${kind}:${mode}` : kind));
}
