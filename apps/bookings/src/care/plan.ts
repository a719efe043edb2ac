import { type Day, transitions } from '@doorstep/kernel';

/*
 * From a care level to bookings: what a place grants to a level (services, minutes, times a week) is laid over what a site
 * offers, as weekly visits that neither overlap nor cluster. Pure; booking is left to series.
 */

export const PLAN_STATUSES = ['proposed', 'accepted', 'ended'] as const;
export type PlanStatus = (typeof PLAN_STATUSES)[number];

/** The life of a care plan; one that was accepted keeps its series until it is ended. */
export const planLife = transitions<PlanStatus, 'accept' | 'end'>('care_plan', ['proposed'], {
  proposed: { accept: 'accepted', end: 'ended' },
  accepted: { end: 'ended' },
  ended: {},
});

/** What a place grants to a care level. */
export interface Grant {
  /** A code, such as `bathing`. */
  service: string;
  /** What the carer has to know. */
  skill: string;
  minutes: number;
  timesPerWeek: number;
}

/** A time at which a site offers a visit, week by week, site-local. */
export interface WeeklySlot {
  offeringId: string;
  skills: readonly string[];
  /** ISO weekday, 1 = Monday. */
  weekday: number;
  /** HH:MM. */
  time: string;
  minutes: number;
}

export interface PlanLine extends Grant {
  offeringId: string;
  weekdays: number[];
  time: string;
  /** How long each visit lasts as it is offered: at least what is granted. */
  visitMinutes: number;
}

export interface Proposal {
  lines: PlanLine[];
  /** What is granted and can't be given here, and why. */
  missing: (Grant & { reason: 'not_offered' | 'no_time' })[];
}

const RULE_DAYS = ['MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU'];

/**
 * A line for each grant, the rarest time first served: longest visits come first, then the more frequent. Each takes the
 * offering with the shortest visits that are long enough, the time nearest to the preferred one at which enough weekdays
 * are free, and weekdays spread over the week.
 */
export function proposePlan(
  grants: readonly Grant[],
  slots: readonly WeeklySlot[],
  preferredTime: string,
): Proposal {
  const proposal: Proposal = { lines: [], missing: [] };
  const inOrder = [...grants].sort(
    (a, b) => b.minutes - a.minutes || b.timesPerWeek - a.timesPerWeek || a.service.localeCompare(b.service),
  );
  for (const grant of inOrder) {
    const fitting = slots.filter(
      ({ skills, minutes }) => skills.includes(grant.skill) && minutes >= grant.minutes,
    );
    const line = lineFor(grant, fitting, proposal.lines, preferredTime);
    if (line) proposal.lines.push(line);
    else proposal.missing.push({ ...grant, reason: fitting.length === 0 ? 'not_offered' : 'no_time' });
  }
  return proposal;
}

/** The line as a series: RRULE by the week, and how often in all. */
export function ruleOf({ weekdays }: Pick<PlanLine, 'weekdays'>, weeks: number): string {
  const days = weekdays.map((weekday) => RULE_DAYS[weekday - 1]).join(',');
  return `FREQ=WEEKLY;BYDAY=${days};COUNT=${weekdays.length * weeks}`;
}

/** The first local start from a day on: the first of the line's weekdays. */
export function firstStart({ weekdays, time }: Pick<PlanLine, 'weekdays' | 'time'>, from: Day): string {
  const midnight = Date.parse(`${from}T00:00:00Z`);
  const weekday = new Date(midnight).getUTCDay() || 7;
  const ahead = Math.min(...weekdays.map((day) => (day - weekday + 7) % 7));
  return `${new Date(midnight + ahead * 86_400_000).toISOString().slice(0, 10)}T${time}`;
}

function lineFor(
  grant: Grant,
  fitting: readonly WeeklySlot[],
  taken: readonly PlanLine[],
  preferredTime: string,
): PlanLine | undefined {
  const free = fitting.filter((slot) => !taken.some((line) => overlaps(line, slot)));
  const groups = new Map<string, WeeklySlot[]>();
  for (const slot of free) {
    const key = `${slot.offeringId} ${slot.time} ${slot.minutes}`;
    groups.set(key, [...(groups.get(key) ?? []), slot]);
  }
  const away = (time: string): number => Math.abs(minuteOf(time) - minuteOf(preferredTime));
  const [best] = [...groups.values()]
    .filter((group) => new Set(group.map(({ weekday }) => weekday)).size >= grant.timesPerWeek)
    .map((group) => ({ group, first: group[0] as WeeklySlot }))
    .sort(
      (a, b) =>
        a.first.minutes - b.first.minutes ||
        away(a.first.time) - away(b.first.time) ||
        a.first.time.localeCompare(b.first.time) ||
        a.first.offeringId.localeCompare(b.first.offeringId),
    );
  if (!best) return undefined;
  const { offeringId, time, minutes: visitMinutes } = best.first;
  const weekdays = [...new Set(best.group.map(({ weekday }) => weekday))].sort((a, b) => a - b);
  return { ...grant, offeringId, time, visitMinutes, weekdays: spread(weekdays, grant.timesPerWeek) };
}

/** `count` of the days, as far from each other as they go: 3 of 7 are Monday, Wednesday and Friday. */
export function spread(days: readonly number[], count: number): number[] {
  return Array.from({ length: count }, (_, n) => days[Math.floor((n * days.length) / count)] as number);
}

function overlaps(line: PlanLine, slot: WeeklySlot): boolean {
  if (!line.weekdays.includes(slot.weekday)) return false;
  const [start, other] = [minuteOf(slot.time), minuteOf(line.time)];
  return start < other + line.visitMinutes && other < start + slot.minutes;
}

function minuteOf(time: string): number {
  return Number(time.slice(0, 2)) * 60 + Number(time.slice(3));
}
