import { DomainError, type Day, type Fen } from '@doorstep/kernel';
import type { Eligibility, ServedFacts } from './eligibility';

export const BASES = ['gross', 'remaining'] as const;
/** What a rate is taken of: the whole of the resident's own cost, or what earlier programmes have left of it. */
export type Base = (typeof BASES)[number];

/** The most that one resident gets from one programme. */
export interface Caps {
  perUseFen?: Fen;
  perDayFen?: Fen;
  /** Uses that get anything at all, per service day. */
  perDayUses?: number;
  perMonthFen?: Fen;
  perYearFen?: Fen;
}

/** A programme's rules while they hold. Exactly one of rate and fixed amount is given. */
export interface Terms {
  programmeId: string;
  termsId: string;
  code: string;
  funderId: string;
  /** The leading digits of the regions whose sites it is for. */
  regionPrefix: string;
  kinds: readonly string[];
  /** Null: every mode. */
  modes: readonly string[] | null;
  from: Day;
  to: Day | null;
  eligibility: Eligibility;
  base: Base;
  rateBp: number | null;
  fixedFen: Fen | null;
  /** Gives nothing when the resident's own cost is below this. */
  minimumGrossFen: Fen | null;
  caps: Caps;
  /** Lower comes first; equal ones by code. */
  order: number;
  /** Codes of programmes that can't be combined with this one, whichever comes first. */
  excludes: readonly string[];
}

/** What the service is, as far as it decides which programmes are asked. */
export interface ServiceFacts {
  kind: string;
  mode: string;
  /** Of the site. */
  regionCode: string;
  day: Day;
}

/** What programmes that are asked look at. */
export type ServiceAsked = ServiceFacts & ServedFacts & { operatorId: string };

/** Whether a programme has anything to do with a service; those that don't are not even mentioned in the trace. */
export function concerns(terms: Terms, service: ServiceFacts): boolean {
  return (
    terms.kinds.includes(service.kind) &&
    (terms.modes === null || terms.modes.includes(service.mode)) &&
    service.regionCode.startsWith(terms.regionPrefix) &&
    terms.from <= service.day &&
    (terms.to === null || service.day < terms.to)
  );
}

export type CapSpan = 'day' | 'month' | 'year';

/** Which of a resident's counters a programme keeps, and from which day each runs. */
export function countersOf(caps: Caps, day: Day): { span: CapSpan; startsOn: Day }[] {
  return [
    ...(caps.perDayFen !== undefined || caps.perDayUses !== undefined
      ? [{ span: 'day' as const, startsOn: day }]
      : []),
    ...(caps.perMonthFen !== undefined
      ? [{ span: 'month' as const, startsOn: `${day.slice(0, 7)}-01` }]
      : []),
    ...(caps.perYearFen !== undefined
      ? [{ span: 'year' as const, startsOn: `${day.slice(0, 4)}-01-01` }]
      : []),
  ];
}

/** A funder's money for a programme, a year or a month, and a region. */
export interface Budget {
  id: string;
  programmeId: string;
  /** `2026` or `2026-11`. */
  period: string;
  regionPrefix: string;
  amountFen: Fen;
  reservedFen: Fen;
  spentFen: Fen;
}

/**
 * The one budget that a service draws on: of those that cover its place and day, the one of the smallest region, then of
 * the shortest period. A month's budget stands instead of the year's, not on top of it.
 */
export function budgetFor(
  budgets: readonly Budget[],
  programmeId: string,
  { regionCode, day }: Pick<ServiceFacts, 'regionCode' | 'day'>,
): Budget | undefined {
  return budgets
    .filter(
      (budget) =>
        budget.programmeId === programmeId &&
        regionCode.startsWith(budget.regionPrefix) &&
        day.startsWith(budget.period),
    )
    .sort((a, b) => b.regionPrefix.length - a.regionPrefix.length || b.period.length - a.period.length)[0];
}

const PERIOD = /^\d{4}(-(0[1-9]|1[0-2]))?$/;

/** Half-open days of a budget's period. */
export function daysOfPeriod(period: string): { from: Day; to: Day } {
  if (!PERIOD.test(period)) {
    throw new DomainError('invalid', 'period_malformed', `${period} is neither a year nor a month.`, {
      field: 'period',
      mend: 'Write a year as 2026 or a month as 2026-11.',
    });
  }
  const [year, month] = period.split('-').map(Number);
  if (month === undefined)
    return { from: `${period}-01-01`, to: `${String(year + 1).padStart(4, '0')}-01-01` };
  const next =
    month === 12
      ? `${String(year + 1).padStart(4, '0')}-01`
      : `${period.slice(0, 5)}${String(month + 1).padStart(2, '0')}`;
  return { from: `${period}-01`, to: `${next}-01` };
}

/** Refuses rules that can't be followed. */
export function assertSound(
  terms: Omit<Terms, 'programmeId' | 'termsId' | 'funderId' | 'regionPrefix'>,
): void {
  const { rateBp, fixedFen, eligibility: e, excludes, code } = terms;
  if ((rateBp === null) === (fixedFen === null)) {
    throw refused(
      'amount_ambiguous',
      'A programme gives either a rate or a fixed amount.',
      'rateBp',
      'Give exactly one of rateBp and fixedFen.',
    );
  }
  if ((e.ageYearsMin ?? 0) > (e.ageYearsMax ?? Infinity)) {
    throw refused(
      'age_range_empty',
      'Nobody is that old and that young.',
      'eligibility.ageYearsMax',
      'The upper age is inclusive and not below the lower one.',
    );
  }
  if ((e.ageMonthsMin ?? 0) >= (e.ageMonthsMax ?? Infinity)) {
    throw refused(
      'age_range_empty',
      'Nobody is that old and that young.',
      'eligibility.ageMonthsMax',
      'The upper age in months is exclusive and above the lower one.',
    );
  }
  if (excludes.includes(code)) {
    throw refused(
      'excludes_itself',
      'A programme cannot exclude itself.',
      'excludes',
      'Name other programmes only.',
    );
  }
}

function refused(code: string, reason: string, field: string, mend: string): DomainError {
  return new DomainError('invalid', code, reason, { field, mend });
}
