import { DomainError } from '@doorstep/kernel';
import { DateTime } from 'luxon';
import { RRuleTemporal } from 'rrule-temporal';

/** A recurrence as RFC 5545 writes it, with wall-clock times of one zone. */
export interface Recurrence {
  /** First start, `YYYY-MM-DDTHH:MM`. */
  start: string;
  /** IANA zone. */
  timeZone: string;
  /** RRULE without its name: `FREQ=WEEKLY;BYDAY=MO,WE;COUNT=12`. */
  rule: string;
  /** Starts that are left out. */
  except: readonly string[];
  /** Starts besides the rule's. */
  besides: readonly string[];
}

/** A series has at most so many occurrences, in at most so many days: a year of every day. */
export const OCCURRENCES_MAX = 366;
export const SERIES_DAYS_MAX = 732;
const RULE_LENGTH_MAX = 500;
const LIST_LENGTH_MAX = 366;
/** Shortest length of a period in days: how many of them the longest series can need. */
const PERIOD_DAYS: Record<string, number> = { DAILY: 1, WEEKLY: 7, MONTHLY: 28, YEARLY: 365 };
const DAY_MS = 86_400_000;

/**
 * The starts of a recurrence, in order, each once. Bounded: a rule has COUNT or UNTIL, repeats by the day or slower, and
 * ends within OCCURRENCES_MAX and SERIES_DAYS_MAX; anything else is refused by name.
 */
export function startsOf(recurrence: Recurrence): Date[] {
  const rule = checkedRule(recurrence.rule);
  const first = instantOf(recurrence.start, recurrence.timeZone, 'start').getTime();
  const starts = new Set<number>();
  const schedule = ruleOf(recurrence, rule);
  evaluate(schedule, (at) => {
    starts.add(at);
    if (starts.size > OCCURRENCES_MAX) throw tooLong();
  });
  for (const text of checkedList(recurrence.besides, 'besides')) {
    starts.add(instantOf(text, recurrence.timeZone, 'besides').getTime());
  }
  for (const text of checkedList(recurrence.except, 'except')) {
    starts.delete(instantOf(text, recurrence.timeZone, 'except').getTime());
  }
  if (starts.size > OCCURRENCES_MAX) throw tooLong();
  const sorted = [...starts].sort((a, b) => a - b);
  if (sorted.length === 0)
    throw wrong('series_empty', 'The rule makes no occurrence.', 'Check UNTIL, and what is excepted.');
  const last = sorted.at(-1) as number;
  if (last - Math.min(first, sorted[0] as number) > SERIES_DAYS_MAX * DAY_MS) throw tooLong();
  return sorted.map((at) => new Date(at));
}

/** The recurrence as the lines of a calendar object: DTSTART, RRULE, RDATE, EXDATE. */
export function linesOf({ start, timeZone, rule, besides, except }: Recurrence): string[] {
  const local = (text: string): string => `${text.replaceAll(/[-:]/g, '')}00`;
  const zoned = (name: string, texts: readonly string[]): string[] =>
    texts.length > 0 ? [`${name};TZID=${timeZone}:${texts.map(local).join(',')}`] : [];
  return [
    ...zoned('DTSTART', [start]),
    `RRULE:${rule}`,
    ...zoned('RDATE', besides),
    ...zoned('EXDATE', except),
  ];
}

/** Upper case, without name and blanks; parts are looked at one by one so that each fault has its own sentence. */
export function checkedRule(text: string): string {
  const rule = text
    .trim()
    .replace(/^RRULE:/i, '')
    .toUpperCase();
  if (rule.length > RULE_LENGTH_MAX) throw tooLong();
  const parts = new Map(
    rule.split(';').map((part): [string, string] => [part.split('=')[0] ?? '', part.split('=')[1] ?? '']),
  );
  const frequency = parts.get('FREQ') ?? '';
  if (!(frequency in PERIOD_DAYS)) {
    throw wrong(
      'rrule_frequency',
      'The rule repeats by nothing that is known here.',
      `Give FREQ: ${Object.keys(PERIOD_DAYS).join(', ')}.`,
    );
  }
  for (const part of ['BYHOUR', 'BYMINUTE', 'BYSECOND']) {
    if (parts.has(part)) {
      throw wrong(
        'rrule_time_of_day',
        `${part} has no place in a series of bookings.`,
        'The time of day is that of start.',
      );
    }
  }
  if (!parts.has('COUNT') && !parts.has('UNTIL')) {
    throw wrong('rrule_unbounded', 'The rule has no end.', 'Give COUNT or UNTIL.');
  }
  if (Number(parts.get('COUNT') ?? 1) > OCCURRENCES_MAX) throw tooLong();
  return rule;
}

function periodDaysOf(rule: string): number {
  return PERIOD_DAYS[/FREQ=([A-Z]+)/.exec(rule)?.[1] ?? ''] ?? 1;
}

function ruleOf({ start, timeZone }: Recurrence, rule: string): RRuleTemporal {
  try {
    return new RRuleTemporal({
      rruleString: `DTSTART;TZID=${timeZone}:${start.replaceAll(/[-:]/g, '')}00\nRRULE:${rule}`,
      strict: true,
      maxIterations: Math.ceil(SERIES_DAYS_MAX / periodDaysOf(rule)) + 2,
      maxCandidateEvaluations: 5_000,
    });
  } catch (error) {
    throw wrong(
      'rrule_malformed',
      `The rule can't be read: ${sentence(error)}`,
      'Write it as RFC 5545 § 3.3.10 describes.',
    );
  }
}

/** Calls back for each start; a rule that finds none for too long ends here. */
function evaluate(schedule: RRuleTemporal, onStart: (at: number) => void): void {
  try {
    schedule.all((at) => {
      onStart(new Date(at.toString().replace(/\[.*$/, '')).getTime());
      return true;
    });
  } catch (error) {
    if (error instanceof DomainError) throw error;
    throw tooLong();
  }
}

function instantOf(text: string, timeZone: string, field: string): Date {
  const local = DateTime.fromISO(text, { zone: timeZone });
  if (local.isValid && /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}$/.test(text)) return local.toJSDate();
  throw new DomainError('invalid', 'start_malformed', `${text} is no local time in ${timeZone}.`, {
    field,
    mend: 'Write local times as YYYY-MM-DDTHH:MM.',
  });
}

function checkedList(texts: readonly string[], field: string): readonly string[] {
  if (texts.length <= LIST_LENGTH_MAX) return texts;
  throw new DomainError('invalid', 'series_too_long', `${field} has too many entries.`, {
    field,
    mend: `Give ${LIST_LENGTH_MAX} at most.`,
  });
}

function sentence(error: unknown): string {
  const text = (error as Error).message.split('\n')[0] ?? '';
  return text.endsWith('.') ? text : `${text}.`;
}

function tooLong(): DomainError {
  return wrong(
    'series_too_long',
    `A series has ${OCCURRENCES_MAX} occurrences in ${SERIES_DAYS_MAX} days at most.`,
    'Give a smaller COUNT or an earlier UNTIL, and begin another series later.',
  );
}

function wrong(code: string, reason: string, mend: string): DomainError {
  return new DomainError('invalid', code, reason, { field: 'rule', mend });
}
