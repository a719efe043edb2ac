import { DomainError } from '@doorstep/kernel';
import { type Reason, refusalOf } from '../availability/availability';

/** The same look and the same try, this often: each time somebody else was a moment faster. */
export const ATTEMPTS_MAX = 3;

/** What the database's constraints say when two decide at the same moment. */
const REASON_OF_CONSTRAINT: Record<string, Reason> = {
  booking_resident_once: 'resident_busy',
  booking_resident_in_care: 'resident_busy',
  booking_space_once: 'space_taken',
  booking_caregiver_once: 'no_caregiver',
  booking_caregiver_way: 'no_caregiver',
  session_never_over: 'full',
  kitchen_never_over: 'kitchen_full',
  resident_merged: 'resident_merged',
};

/**
 * A refusal by a constraint: somebody else came in between look and take. The transaction is lost with it, which a
 * refusal by the decision is not.
 */
export class Raced extends DomainError {
  constructor(reason: Reason) {
    const { kind, code, message, details } = refusalOf([reason]);
    super(kind, code, message, details);
  }
}

/** The refusal that a broken constraint means; undefined: it is another error. */
export function racedBy(error: unknown): Raced | undefined {
  const reason = REASON_OF_CONSTRAINT[String((error as { constraint?: unknown }).constraint)];
  return reason && new Raced(reason);
}

/** For a write that looks again when somebody came in between: the next look sees what they did. */
export function isRaced(error: unknown): boolean {
  return error instanceof Raced;
}
