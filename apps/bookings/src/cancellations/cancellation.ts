import { type Day, DomainError, type Fen, shareOf } from '@doorstep/kernel';
import type { BookingStatus, CancelledBy } from '../bookings/booking';

/** What a city asks for a booking that ends late without a service: a share of what the resident would have paid, or a sum. */
export interface FeeTerms {
  shareBp: number | null;
  feeFen: Fen | null;
}

/** One region's rule for a kind, or for all kinds, over a stretch of days. */
export interface CancellationRule {
  id: string;
  /** Leading digits of the region; '': the whole country. */
  regionPrefix: string;
  /** Null: every kind that no rule of the same region names. */
  kind: string | null;
  validFrom: Day;
  /** First day that is out. */
  validTo: Day | null;
  /** Cancelling is free until so many minutes before the start. */
  freeMinutes: number;
  late: FeeTerms;
  noShow: FeeTerms;
  /** Reasons, as codes, that never cost anything, such as illness. */
  exemptReasons: string[];
}

/** What a fee depends on. */
export interface Ending {
  status: BookingStatus;
  start: Date;
  kind: string;
  /** The rule of this day counts: that of the service. */
  serviceDay: Day;
  regionCode: string;
  /** Null until billing has priced it: who was never told a price owes nothing. */
  residentFen: Fen | null;
}

export interface FeeDue {
  feeFen: Fen;
  ruleId: string;
}

/** What a resident is told before they cancel. */
export interface CancellationTerms {
  ruleId: string;
  freeUntil: Date;
  feeNowFen: Fen;
  noShowFeeFen: Fen;
  exemptReasons: string[];
}

const MINUTE_MS = 60_000;

/** The rule that holds: of the nearest region, there of the kind before all kinds. */
export function ruleFor(
  rules: readonly CancellationRule[],
  { regionCode, kind, serviceDay }: Pick<Ending, 'regionCode' | 'kind' | 'serviceDay'>,
): CancellationRule | undefined {
  const holding = rules.filter(
    (rule) =>
      regionCode.startsWith(rule.regionPrefix) &&
      (rule.kind === null || rule.kind === kind) &&
      rule.validFrom <= serviceDay &&
      (rule.validTo === null || serviceDay < rule.validTo),
  );
  const rank = (rule: CancellationRule): number =>
    rule.regionPrefix.length * 2 + (rule.kind === null ? 0 : 1);
  return holding.sort((a, b) => rank(b) - rank(a))[0];
}

/**
 * What cancelling now costs the resident; undefined: nothing. Only a confirmed booking costs, only when the resident
 * cancels, and not for a reason that the rule excuses: who runs the site never charges for its own cancellations.
 */
export function cancellationFee(
  rule: CancellationRule | undefined,
  booking: Ending,
  { by, reason }: { by: CancelledBy; reason: string },
  now: Date,
): FeeDue | undefined {
  if (!rule || by !== 'resident' || rule.exemptReasons.includes(reason)) return undefined;
  if (booking.status !== 'confirmed' || now < freeUntil(rule, booking)) return undefined;
  return due(rule, rule.late, booking);
}

/** What not coming costs; undefined: nothing. */
export function noShowFee(
  rule: CancellationRule | undefined,
  booking: Ending,
  reason?: string,
): FeeDue | undefined {
  if (!rule || (reason !== undefined && rule.exemptReasons.includes(reason))) return undefined;
  return due(rule, rule.noShow, booking);
}

export function termsOf(rule: CancellationRule, booking: Ending, now: Date): CancellationTerms {
  const plain = { by: 'resident', reason: '' } as const;
  return {
    ruleId: rule.id,
    freeUntil: freeUntil(rule, booking),
    feeNowFen: cancellationFee(rule, booking, plain, now)?.feeFen ?? 0,
    noShowFeeFen: noShowFee(rule, booking)?.feeFen ?? 0,
    exemptReasons: rule.exemptReasons,
  };
}

/** A rule asks for one thing at most in each case. */
export function checkRule({ late, noShow }: Pick<CancellationRule, 'late' | 'noShow'>): void {
  for (const [field, terms] of Object.entries({ late, noShow })) {
    if (terms.shareBp === null || terms.feeFen === null) continue;
    throw new DomainError('invalid', 'fee_twice', 'A fee is a share or a sum, not both.', {
      field,
      mend: 'Give shareBp or feeFen; neither costs nothing.',
    });
  }
}

/** From here on cancelling costs. */
function freeUntil(rule: CancellationRule, { start }: Pick<Ending, 'start'>): Date {
  return new Date(start.getTime() - rule.freeMinutes * MINUTE_MS);
}

/** A share is of the resident's own part, rounded down in their favour; a sum is never more than that part. */
function due(rule: CancellationRule, terms: FeeTerms, booking: Ending): FeeDue | undefined {
  const { residentFen } = booking;
  if (residentFen === null) return undefined;
  const feeFen =
    terms.shareBp === null
      ? Math.min(terms.feeFen ?? 0, residentFen)
      : shareOf(residentFen, terms.shareBp, 'down');
  return feeFen > 0 ? { feeFen, ruleId: rule.id } : undefined;
}
