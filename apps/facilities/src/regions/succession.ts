import { levelOf, type RegionCode } from '@doorstep/kernel';
import type { RowFault } from './region';
import type { Standing } from './regions.queries';

/** An old code and one that takes its place: renamed one to one, merged many to one, split one to many. */
export interface Succession {
  oldCode: RegionCode;
  newCode: RegionCode;
}

export type SuccessionKind = 'renamed' | 'merged' | 'split';

/** What is wrong with a list of successions of one edition. @param known how each code that exists stands */
export function successionFaults(
  rows: readonly Succession[],
  known: ReadonlyMap<RegionCode, Standing>,
  year: number,
): RowFault[] {
  const faults: RowFault[] = [];
  const old = new Set(rows.map(({ oldCode }) => oldCode));
  const seen = new Map<string, number>();
  rows.forEach(({ oldCode, newCode }, i) => {
    const fault = (field: string, reason: string, mend: string) =>
      void faults.push({ row: i + 1, field, reason, mend });
    const first = seen.get(`${oldCode} ${newCode}`);
    if (first !== undefined)
      fault('oldCode', `stands in row ${first} with the same newCode`, 'Leave one out.');
    seen.set(`${oldCode} ${newCode}`, first ?? i + 1);
    oldFaults(oldCode, known.get(oldCode), year, fault);
    const fresh = known.get(newCode);
    if (!fresh) fault('newCode', `${newCode} is no known region`, 'Import the new edition first.');
    else if (fresh.retiredYear !== null)
      fault('newCode', `${newCode} is retired itself`, 'Name the code that is current.');
    if (oldCode === newCode) fault('newCode', 'is the old code', 'Leave out what keeps its code.');
    else if (levelOf(oldCode) !== levelOf(newCode))
      fault('newCode', 'is of another level', 'Name a region of the same level.');
    else if (old.has(newCode))
      fault('newCode', 'is given up in another row', 'Name the code that it ends with.');
  });
  return faults;
}

function oldFaults(
  code: RegionCode,
  standing: Standing | undefined,
  year: number,
  fault: (field: string, reason: string, mend: string) => void,
): void {
  if (!standing) fault('oldCode', `${code} is no known region`, 'Import the old edition first.');
  else if (standing.year >= year)
    fault(
      'oldCode',
      `${code} is named by the edition of ${standing.year}`,
      'Give the year of a later edition.',
    );
}

/** The only successor of each old code; codes that are split are left out, for somebody has to decide. */
export function soleSuccessors(rows: readonly Succession[]): Map<RegionCode, RegionCode> {
  const successors = new Map<RegionCode, RegionCode[]>();
  for (const { oldCode, newCode } of rows)
    successors.set(oldCode, [...(successors.get(oldCode) ?? []), newCode]);
  return new Map(
    [...successors].filter(([, codes]) => codes.length === 1).map(([oldCode, [only]]) => [oldCode, only]),
  );
}

/** What a succession is among all of them. */
export function successionKind({ oldCode, newCode }: Succession, all: readonly Succession[]): SuccessionKind {
  if (all.filter((other) => other.oldCode === oldCode).length > 1) return 'split';
  return all.filter((other) => other.newCode === newCode).length > 1 ? 'merged' : 'renamed';
}
