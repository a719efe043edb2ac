import { DomainError } from '@doorstep/kernel';
import { sqlStateOf } from '../database/pg-errors';

/** A handler did not come back within its limit; its transaction was cut. */
export class HandlerTimeout extends Error {
  constructor(readonly limitMs: number) {
    super(`the handler took longer than ${limitMs} ms`);
    this.name = 'HandlerTimeout';
  }
}

/** The batch may not go on: its partition is lost or the service stops. What wasn't committed is delivered again. */
export class BatchAborted extends Error {
  constructor() {
    super('the batch was aborted');
    this.name = 'BatchAborted';
  }
}

const PERMANENT_KINDS = new Set(['malformed', 'invalid', 'gone']);

/** Trying again cannot help: the event itself is against a rule. */
export function isPermanent(error: unknown): boolean {
  return error instanceof DomainError && PERMANENT_KINDS.has(error.kind);
}

const CAUSE_LENGTH_MAX = 500;

/**
 * Why an event failed, fit to be kept and shown: Postgres errors by state and constraint (their detail quotes rows),
 * refusals by code, others by name and message; anything that could be a mobile, identity or card number is masked.
 */
export function causeOf(error: unknown): string {
  return mask(describe(error)).slice(0, CAUSE_LENGTH_MAX);
}

function describe(error: unknown): string {
  const state = sqlStateOf(error);
  if (state) {
    const { table, constraint } = pgPartsOf(error);
    return ['Postgres', state, table, constraint].filter(Boolean).join(' ');
  }
  if (error instanceof DomainError) return `${error.kind} ${error.code}: ${error.message}`;
  if (error instanceof Error) return `${error.name}: ${error.message}`;
  return `thrown ${typeof error}`;
}

function pgPartsOf(error: unknown): { table?: string; constraint?: string } {
  const wrapped = error as { driverError?: object };
  return (wrapped.driverError ?? error) as { table?: string; constraint?: string };
}

/** Digits stand alone or are long enough to identify somebody; groups of a UUID stay. */
function mask(text: string): string {
  return text
    .replace(/(?<![0-9a-f-])\d{6,}[\dXx]?(?![0-9a-f-])/gi, (digits) => '*'.repeat(digits.length))
    .replace(/[^\s@]+@[^\s@]+/g, '***');
}
