import type { SiteStatus } from '@doorstep/contracts';
import { type Day, isDay } from '@doorstep/kernel';
import type { Fault } from '../faults';
import { FIRST_STATUSES, type FirstStatus, type SiteCommand, siteLife } from './site';

/** Columns of a file that hold the days on which a site reached a stage, in the order of its life. */
export const STAGE_COLUMNS = {
  approvedOn: 'approve',
  buildingOn: 'build',
  acceptedOn: 'accept',
  handedOverOn: 'hand_over',
  openedOn: 'open',
  suspendedOn: 'suspend',
  closedOn: 'close',
} as const satisfies Record<string, SiteCommand>;
export type StageColumn = keyof typeof STAGE_COLUMNS;
export const STAGES = Object.keys(STAGE_COLUMNS) as StageColumn[];

export type StageDays = Partial<Record<StageColumn, Day>>;

/** What is recorded of a site's life, in the order in which it was; how it was entered is no part of it. */
export interface Life {
  status: SiteStatus;
  milestones: { command: string; day: Day }[];
}

export interface Step {
  command: SiteCommand;
  day: Day;
  /** Afterwards. */
  status: SiteStatus;
}

export interface Course {
  /** How a new site is entered. */
  first: FirstStatus;
  /** Where it stands after its steps. */
  status: SiteStatus;
  steps: Step[];
  faults: Fault[];
}

/**
 * The milestones that a file adds to what is recorded of a site: those whose day stands in it and that are not recorded yet.
 *
 * @param said the status that the file names: it must be what the milestones lead to
 */
export function courseOf(
  life: Life | undefined,
  days: StageDays,
  said: SiteStatus | undefined,
  today: Day,
): Course {
  const given = STAGES.filter((column) => days[column] !== undefined);
  const first = firstOf(given, said);
  const course: Course = { first, status: life?.status ?? first, steps: [], faults: [] };
  const recorded = life?.milestones ?? [];
  let last = recorded
    .map(({ day }) => day)
    .sort()
    .at(-1);
  for (const column of given) {
    const [command, day] = [STAGE_COLUMNS[column], days[column] as Day];
    const fault = (reason: string, mend: string) => course.faults.push({ field: column, reason, mend });
    const former = recorded.filter((one) => one.command === command);
    if (former.some((one) => one.day === day)) continue;
    if (!isDay(day) || day > today) {
      fault(`is no day up to today (${today})`, 'Give the day on which it happened as YYYY-MM-DD.');
    } else if (former.length > 0 && !(command === 'suspend' && course.status === 'operating')) {
      fault(`was recorded for ${former.at(-1)?.day}`, 'Milestones are not rewritten: give that day.');
    } else if (last !== undefined && day < last) {
      fault(`lies before the last milestone (${last})`, 'Give the days in the order of the life of a site.');
    } else {
      const next = nextOf(course.status, command);
      if (next) course.steps.push({ command, day, status: (course.status = next) });
      else fault(`does not follow on ${course.status}`, followingOn(course.status));
      last = day;
    }
  }
  if (said !== undefined && said !== course.status && course.faults.length === 0) {
    const reason = `is ${said}, but the milestones lead to ${course.status}`;
    const mend = 'Give the days of the milestones, or leave status out.';
    course.faults.push({ field: 'status', reason, mend });
  }
  return course;
}

/** A site whose stages are told began as planned; else it is there already. */
function firstOf(given: readonly StageColumn[], said: SiteStatus | undefined): FirstStatus {
  const built = given.some((column) => column !== 'suspendedOn' && column !== 'closedOn');
  if (built) return 'planned';
  return FIRST_STATUSES.find((status) => status === said) ?? 'operating';
}

function nextOf(status: SiteStatus, command: SiteCommand): SiteStatus | undefined {
  return siteLife.table[status][command];
}

function followingOn(status: SiteStatus): string {
  const columns = STAGES.filter((column) => siteLife.allows(status, STAGE_COLUMNS[column]));
  return columns.length > 0 ? `Give ${columns.join(' or ')} first.` : 'Nothing follows on it by a file.';
}
