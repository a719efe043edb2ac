import type { ContractSnapshot } from '@doorstep/contracts';
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

/** A line of a service: without mode every one, without region everywhere, without days on all of them. */
export interface ContractLine {
  mode?: string;
  /** Leading digits of region codes. */
  region?: string;
  from?: Day;
  to?: Day;
}

/** What a contract lets run on which days, by kind; without revisions what it was told to on its day holds throughout. */
export function contractLines({
  services,
  revisions,
}: Pick<ContractSnapshot, 'services' | 'revisions'>): Record<string, ContractLine[]> {
  const lines: Record<string, ContractLine[]> = {};
  for (const { from, to, services: agreed } of revisions ?? [{ from: undefined, to: undefined, services }])
    for (const { kind, mode, regionCode } of agreed)
      (lines[kind] ??= []).push({
        ...(mode && { mode }),
        ...(regionCode && { region: regionCode }),
        ...(from && { from, to }),
      });
  return lines;
}
