import { ageMonths, type Day, DomainError } from '@doorstep/kernel';
import { addDays } from '../sessions/calendar';

export const AGE_CLASSES = ['infant', 'toddler', 'older', 'mixed'] as const;
export type AgeClass = (typeof AGE_CLASSES)[number];

/** A class of children by age: most in a group, most for one member of staff. */
export interface ClassLimits {
  ageClass: AgeClass;
  ageMonthsMin: number;
  /** Exclusive. */
  ageMonthsMax: number;
  groupMax: number;
  /** Null for a mixed group: each child counts by the class of its own age. */
  childrenPerStaff: number | null;
}

/** What a country or a city asks of childcare from a day on. */
export interface Standard {
  /** Leading digits of the region; '': the whole country. */
  regionPrefix: string;
  validFrom: Day;
  /** Exclusive; null: no end is known. */
  validTo: Day | null;
  /** The age at which a child has no place any more. */
  leavesAtMonths: number;
  warnDays: number;
  /** Tenths of a degree Celsius. */
  feverFromTenths: number;
  refusedSymptoms: string[];
  noticeHours: number;
  graceMinutes: number;
  classes: ClassLimits[];
}

/** The standard of the nearest region on a day. @param standards those that enclose the place, any order */
export function standardOn(standards: readonly Standard[], day: Day): Standard {
  const [nearest] = standards
    .filter(({ validFrom, validTo }) => validFrom <= day && (validTo === null || day < validTo))
    .sort((a, b) => b.regionPrefix.length - a.regionPrefix.length);
  if (nearest) return nearest;
  throw new DomainError('invalid', 'no_standard', `No childcare standard holds on ${day}.`, {
    mend: 'Choose a later day.',
  });
}

export function limitsOf(standard: Standard, ageClass: AgeClass): ClassLimits {
  const limits = standard.classes.find((each) => each.ageClass === ageClass);
  if (limits) return limits;
  throw new DomainError('invalid', 'no_such_class', `The standard knows no class ${ageClass}.`, {
    mend: 'Choose a class of GET /v1/childcare-standards.',
  });
}

export type Outgrows = 'outgrows_group' | 'outgrows_service';

/** Whether a child may be in a group of the class on a day, and if not, which way it is out. */
export function fitsOn(
  standards: readonly Standard[],
  ageClass: AgeClass,
  birthDate: Day,
  day: Day,
): 'fits' | 'too_young' | Outgrows {
  const standard = standardOn(standards, day);
  const { ageMonthsMin, ageMonthsMax } = limitsOf(standard, ageClass);
  const months = ageMonths(birthDate, day);
  if (months >= standard.leavesAtMonths) return 'outgrows_service';
  if (months >= ageMonthsMax) return 'outgrows_group';
  return months < ageMonthsMin ? 'too_young' : 'fits';
}

/** Nobody stays in a group for longer than this: seven years. */
const DAYS_MAX = 7 * 366;

/**
 * The first day from `from` on, on which the child may not be in the group. It must fit on `from`.
 */
export function outgrownOn(
  standards: readonly Standard[],
  ageClass: AgeClass,
  birthDate: Day,
  from: Day,
): { day: Day; because: Outgrows } {
  let day = from;
  for (let n = 0; n < DAYS_MAX; n++) {
    const verdict = fitsOn(standards, ageClass, birthDate, day);
    if (verdict === 'too_young') throw tooYoung(day);
    if (verdict !== 'fits') return { day, because: verdict };
    day = addDays(day, 1);
  }
  throw new Error('assertion failed: a child outgrows every group');
}

/** Which child this group is for, as a refusal when it isn't for this one. */
export function assertFits(
  standards: readonly Standard[],
  ageClass: AgeClass,
  birthDate: Day,
  day: Day,
): void {
  const verdict = fitsOn(standards, ageClass, birthDate, day);
  if (verdict === 'too_young') throw tooYoung(day);
  if (verdict === 'fits') return;
  throw new DomainError('invalid', 'not_eligible_age', `The child is too old for the group on ${day}.`, {
    mend:
      verdict === 'outgrows_group'
        ? 'Choose the group of its age.'
        : 'Childcare under three ends at that age.',
    because: verdict,
    day,
  });
}

function tooYoung(day: Day): DomainError {
  return new DomainError('invalid', 'not_eligible_age', `The child is too young for the group on ${day}.`, {
    mend: 'Choose the group of its age, or a later day.',
    because: 'too_young',
    day,
  });
}

/** What is wrong with a standard's figures; undefined: nothing. */
export function standardFault(
  classes: readonly ClassLimits[],
): { field: string; reason: string } | undefined {
  for (const [n, one] of classes.entries()) {
    const at = `classes[${n}]`;
    if (one.ageMonthsMin >= one.ageMonthsMax) return { field: `${at}.ageMonthsMax`, reason: 'leaves nobody' };
    if ((one.ageClass === 'mixed') !== (one.childrenPerStaff === null))
      return { field: `${at}.childrenPerStaff`, reason: 'is for every class but the mixed one' };
    const twin = classes.findIndex((other) => other.ageClass === one.ageClass);
    if (twin !== n) return { field: `${at}.ageClass`, reason: 'stands there twice' };
  }
  const byAge = classes.filter(({ ageClass }) => ageClass !== 'mixed');
  const overlap = byAge.some((a) =>
    byAge.some((b) => a !== b && a.ageMonthsMin < b.ageMonthsMax && b.ageMonthsMin < a.ageMonthsMax),
  );
  if (overlap) return { field: 'classes', reason: 'overlap in age' };
  const missing = AGE_CLASSES.find((one) => !classes.some(({ ageClass }) => ageClass === one));
  return missing && { field: 'classes', reason: `lack ${missing}` };
}
