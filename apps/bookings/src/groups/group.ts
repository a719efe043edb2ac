import { type Day, DomainError } from '@doorstep/kernel';
import { type AgeClass, limitsOf, type Standard, standardOn } from '../standards/standard';

/** The one kind of service whose places are in groups by age. */
export const CHILDCARE = 'childcare';

/** Refuses a group larger than its class may be on the day; the database bounds it on every day. */
export function assertSize(
  standards: readonly Standard[],
  ageClass: AgeClass,
  places: number,
  from: Day,
): void {
  const { groupMax } = limitsOf(standardOn(standards, from), ageClass);
  if (places <= groupMax) return;
  throw new DomainError(
    'invalid',
    'group_too_large',
    `A group of this class has ${groupMax} places at most.`,
    {
      field: 'places',
      mend: 'Open another group.',
      groupMax,
    },
  );
}

export function assertHours(opensAt: string, noonAt: string, closesAt: string): void {
  if (opensAt < noonAt && noonAt < closesAt) return;
  throw new DomainError('invalid', 'hours_invalid', 'A group opens before noonAt and closes after it.', {
    field: 'noonAt',
    mend: 'Give opensAt, noonAt and closesAt in this order.',
  });
}

export interface DayCounts {
  places: number;
  /** In billionths of a member of staff. */
  staffLoadMax: number;
  expectedMorning: number;
  expectedAfternoon: number;
  loadMorning: number;
  loadAfternoon: number;
}

const STAFF_LOAD = 1_000_000_000;

/** Members of staff that the children need who are to come, the half of the day with more of them. */
export function staffNeeded({ loadMorning, loadAfternoon }: DayCounts): number {
  return Math.ceil((Math.max(loadMorning, loadAfternoon) - 100) / STAFF_LOAD);
}

/** Children who could come besides, by places alone; the staff ratio decides by the age of each. */
export function placesFree({ places, expectedMorning, expectedAfternoon }: DayCounts): number {
  return Math.max(0, places - Math.max(expectedMorning, expectedAfternoon));
}
