/**
 * Why a command was refused. Kinds are about meaning, not transport: the HTTP edge maps them to status codes
 * (see libs/platform/src/http), a consumer maps them to retry or dead letter.
 */
export type ErrorKind =
  | 'malformed' // the request cannot be read
  | 'invalid' // it can be read, and breaks a rule of the domain
  | 'unauthenticated'
  | 'forbidden'
  | 'not_found'
  | 'conflict' // true of the world as it is now; may succeed later or with other input
  | 'gone'
  | 'too_large'
  | 'limited'
  | 'unavailable';

export interface ErrorDetails {
  /** What the caller can do about it, in one sentence. */
  mend?: string;
  /** The field of the request that is at fault, as a path: `schedule[0].starts`. */
  field?: string;
  /** Facts a program can act on. Never personal data. */
  [fact: string]: unknown;
}

/** A refusal with a stable code, a reason for people and, where there is one, the way to mend it. */
export class DomainError extends Error {
  constructor(
    readonly kind: ErrorKind,
    /** Stable and snake_case: programs branch on it. */
    readonly code: string,
    reason: string,
    readonly details: ErrorDetails = {},
  ) {
    super(reason);
    this.name = 'DomainError';
  }
}

/** A row that the caller named isn't there, or isn't theirs to see: the two look alike on purpose. */
export function notFound(what: string, id: string): DomainError {
  return new DomainError(
    'not_found',
    `${what.replace(/[ -]/g, '_')}_not_found`,
    `There is no ${what} ${id} that you may see.`,
    {
      mend: `List the ${what}s you may see and take an id from there.`,
      id,
    },
  );
}

/** Something the program itself guarantees does not hold. Stops the work at once: it is our defect, not the caller's. */
export function assert(condition: unknown, what: string): asserts condition {
  if (!condition) throw new Error(`assertion failed: ${what}`);
}
