import type { FindingSeverity } from '@doorstep/contracts';
import { type Day, DomainError, type RegionCode } from '@doorstep/kernel';
import { nearestFirst } from '../shared/regional-rule';

/** What is looked at, how much it counts, and how grave it is when it fails. */
export interface ChecklistItem {
  code: string;
  title: string;
  weight: number;
  severity: FindingSeverity;
}

/** What inspections of a place look at on some days: a kind of service, or the site as a whole. */
export interface Checklist {
  id: string;
  name: string;
  /** Null: everywhere. */
  regionCode: RegionCode | null;
  /** Null: the site as a whole. */
  kind: string | null;
  from: Day;
  to: Day | null;
  items: ChecklistItem[];
}

export const OUTCOMES = ['pass', 'fail', 'not_applicable'] as const;
export type Outcome = (typeof OUTCOMES)[number];

export interface ItemResult {
  item: string;
  outcome: Outcome;
}

export function checkedItems(items: readonly ChecklistItem[]): ChecklistItem[] {
  const codes = items.map(({ code }) => code);
  const twice = codes.find((code, index) => codes.indexOf(code) !== index);
  if (twice === undefined) return items.map((item) => ({ ...item, title: item.title.trim() }));
  throw new DomainError('invalid', 'item_twice', `${twice} is listed twice.`, {
    field: `items[${codes.lastIndexOf(twice)}].code`,
    mend: 'Give each item a code of its own.',
  });
}

/** The checklist of the nearest region that has one for the kind on the day. */
export function checklistFor(
  checklists: readonly Checklist[],
  place: { regionCode: RegionCode; kind: string | null; day: Day },
): Checklist {
  const ofKind = checklists.filter(({ kind }) => kind === place.kind);
  const [nearest] = nearestFirst(ofKind, place.regionCode, place.day);
  if (nearest) return nearest;
  throw new DomainError(
    'invalid',
    'checklist_missing',
    `There is no checklist for ${place.kind ?? 'whole sites'} there on ${place.day}.`,
    { field: 'kind', mend: 'Let the authority of the region set one with POST /v1/checklists.' },
  );
}

/** Each item judged exactly once; nothing judged that isn't on the list. */
export function checkedResults(list: Pick<Checklist, 'items'>, results: readonly ItemResult[]): ItemResult[] {
  const known = new Set(list.items.map(({ code }) => code));
  const judged = new Map<string, ItemResult>();
  results.forEach(({ item, outcome }, index) => {
    if (!known.has(item) || judged.has(item)) {
      const what = known.has(item) ? 'is judged twice' : 'is not on the checklist';
      throw new DomainError('invalid', 'result_unexpected', `${item} ${what}.`, {
        field: `results[${index}].item`,
        mend: 'Judge each item of the checklist once.',
      });
    }
    judged.set(item, { item, outcome });
  });
  const missing = list.items.find(({ code }) => !judged.has(code));
  if (!missing) return list.items.map(({ code }) => judged.get(code) as ItemResult);
  throw new DomainError('invalid', 'result_missing', `${missing.code} is not judged.`, {
    field: 'results',
    mend: 'Judge each item of the checklist; not_applicable where it does not apply.',
  });
}

/** Basis points of the weight that passed; null when nothing applied. Rounded down: a full score is earned. */
export function scoreOf(list: Pick<Checklist, 'items'>, results: readonly ItemResult[]): number | null {
  const outcomes = new Map(results.map(({ item, outcome }) => [item, outcome]));
  const sum = (counts: (outcome: Outcome | undefined) => boolean): number =>
    list.items.reduce((total, { code, weight }) => total + (counts(outcomes.get(code)) ? weight : 0), 0);
  const applied = sum((outcome) => outcome === 'pass' || outcome === 'fail');
  return applied === 0 ? null : Math.floor((sum((outcome) => outcome === 'pass') * 10_000) / applied);
}

/** From the least to the gravest. */
const GRAVITY: readonly FindingSeverity[] = ['minor', 'major', 'severe'];

/** Whether a severity is at least as grave as another. */
export function asGraveAs(severity: FindingSeverity, other: FindingSeverity): boolean {
  return GRAVITY.indexOf(severity) >= GRAVITY.indexOf(other);
}
