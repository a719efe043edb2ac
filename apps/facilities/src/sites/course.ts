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
  resumedOn: 'resume',
  closedOn: 'close',
} as const satisfies Record<string, SiteCommand>;
export type StageColumn = keyof typeof STAGE_COLUMNS;
export const STAGES = Object.keys(STAGE_COLUMNS) as StageColumn[];

/** A site is suspended and resumed time and again; what else happens to it has one day. */
const PAUSES: readonly StageColumn[] = ['suspendedOn', 'resumedOn'];

export type StageDays = Partial<Record<StageColumn, Day[]>>;

/** Days as people write them in one cell: `2026-05-01; 2026-10-01`. */
export function parseDays(text: string): Day[] {
  return text
    .split(';')
    .map((day) => day.trim())
    .filter((day) => day !== '');
}

/** The same text from what is recorded. */
export function formatDays(milestones: readonly Milestone[], column: StageColumn): string | null {
  const days = milestones.filter(({ command }) => command === STAGE_COLUMNS[column]).map(({ day }) => day);
  return days.length > 0 ? days.join('; ') : null;
}

/** What is recorded of a site's life, in the order in which it was; how it was entered is no part of it. */
export interface Life {
  status: SiteStatus;
  milestones: Milestone[];
}

export interface Milestone {
  command: string;
  day: Day;
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
  const first = firstOf(days, said);
  const course: Course = { first, status: life?.status ?? first, steps: [], faults: [] };
  const recorded = life?.milestones ?? [];
  let last = recorded
    .map(({ day }) => day)
    .sort()
    .at(-1);
  const known = ({ column, day }: Told) =>
    recorded.some((one) => one.command === STAGE_COLUMNS[column] && one.day === day);
  const left = toldIn(days).filter((one) => !known(one));
  while (left.length > 0) {
    const { column, day } = nextOf(left, course.status);
    const command = STAGE_COLUMNS[column];
    const fault = (reason: string, mend: string) => course.faults.push({ field: column, reason, mend });
    const former = recorded.filter((one) => one.command === command);
    const again = PAUSES.includes(column) && siteLife.allows(course.status, command);
    if (!isDay(day) || day > today) {
      fault(`is no day up to today (${today})`, 'Give the day on which it happened as YYYY-MM-DD.');
    } else if (former.length > 0 && !again) {
      fault(`was recorded for ${former.at(-1)?.day}`, 'Milestones are not rewritten: give that day.');
    } else if (last !== undefined && day < last) {
      fault(`lies before the last milestone (${last})`, 'Give the days in the order of the life of a site.');
    } else {
      const next = siteLife.table[course.status][command] as SiteStatus | undefined;
      if (next) course.steps.push({ command, day, status: (course.status = next) });
      else fault(`does not follow on ${course.status}`, followingOn(course.status, life === undefined));
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

interface Told {
  column: StageColumn;
  day: Day;
}

/** What a row tells, in the order of a site's life. */
function toldIn(days: StageDays): Told[] {
  const of = (columns: readonly StageColumn[]) =>
    columns.flatMap((column) => (days[column] ?? []).map((day) => ({ column, day })));
  const pauses = of(PAUSES).sort((a, b) => (a.day < b.day ? -1 : a.day > b.day ? 1 : 0));
  const upTo = STAGES.indexOf(PAUSES[0]);
  return [...of(STAGES.slice(0, upTo)), ...pauses, ...of(STAGES.slice(upTo + PAUSES.length))];
}

/** Takes out the next; of those that happened on one day, the one that may come first. */
function nextOf(left: Told[], status: SiteStatus): Told {
  const at = left.findIndex(
    ({ column, day }) => day === left[0].day && siteLife.allows(status, STAGE_COLUMNS[column]),
  );
  return left.splice(Math.max(at, 0), 1)[0];
}

/** A site whose stages are told began as planned; else it is there already. */
function firstOf(days: StageDays, said: SiteStatus | undefined): FirstStatus {
  const upTo = STAGES.indexOf(PAUSES[0]);
  const built = STAGES.slice(0, upTo).some((column) => (days[column] ?? []).length > 0);
  if (built) return 'planned';
  return FIRST_STATUSES.find((status) => status === said) ?? 'operating';
}

function followingOn(status: SiteStatus, isNew: boolean): string {
  const columns = STAGES.filter((column) => siteLife.allows(status, STAGE_COLUMNS[column]));
  if (columns.length === 0) return 'Nothing follows on it by a file.';
  const whole = isNew
    ? ' For a site that runs already leave the days out, or give them all from the first.'
    : '';
  return `Give ${columns.join(' or ')} first.${whole}`;
}
