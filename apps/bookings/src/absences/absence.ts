import { type Day, DomainError } from '@doorstep/kernel';

export const ABSENCE_KINDS = ['sick', 'planned', 'unplanned', 'closure', 'force_majeure'] as const;
export type AbsenceKind = (typeof ABSENCE_KINDS)[number];
/** What a family tells; the other two are the site's. */
export const FAMILY_ABSENCES = ['sick', 'planned', 'unplanned'] as const;
export const SITE_ABSENCES = ['closure', 'force_majeure'] as const;

const HOUR_MS = 3_600_000;

/** Whole hours between the word of an absence and the beginning of the day; 0: none, or told afterwards. */
export function noticeHoursOf(toldAt: Date, dayBegins: Date): number {
  return Math.max(0, Math.floor((dayBegins.getTime() - toldAt.getTime()) / HOUR_MS));
}

/** What an absence counts as on one day: a planned one that was told too late is unplanned. */
export function kindOn(told: AbsenceKind, noticeHours: number, noticeHoursMin: number): AbsenceKind {
  return told === 'planned' && noticeHours < noticeHoursMin ? 'unplanned' : told;
}

/** Whether the reserved hours or days go back to the contingent: when told in time, and when it isn't the family's doing. */
export function givesBack(kind: AbsenceKind): boolean {
  return kind === 'planned' || kind === 'closure' || kind === 'force_majeure';
}

const DAYS_MAX = 92;
const BACK_DAYS_MAX = 31;

/** Absences are told for a stretch of days that begins a month ago at the earliest. */
export function checkAbsenceSpan(from: Day, to: Day, today: Day): void {
  const days = (Date.parse(to) - Date.parse(from)) / 86_400_000;
  const back = (Date.parse(today) - Date.parse(from)) / 86_400_000;
  if (days > 0 && days <= DAYS_MAX && back <= BACK_DAYS_MAX) return;
  throw new DomainError('invalid', 'period_out_of_bounds', 'The days are none, too many, or too long ago.', {
    field: 'to',
    mend: `Give the first day that the child is back, ${DAYS_MAX} days after from at most; from at most ${BACK_DAYS_MAX} days ago.`,
  });
}
