/** SQLSTATE of a Postgres error, also when TypeORM wrapped it. */
export function sqlStateOf(error: unknown): string | undefined {
  const code = (error as { code?: unknown; driverError?: { code?: unknown } } | undefined)?.code;
  if (typeof code === 'string' && /^[0-9A-Z]{5}$/.test(code)) return code;
  const inner = (error as { driverError?: unknown } | undefined)?.driverError;
  return inner && inner !== error ? sqlStateOf(inner) : undefined;
}

/** Serialization failure or deadlock: the same work may succeed when tried again. */
export function isContention(error: unknown): boolean {
  const state = sqlStateOf(error);
  return state === '40001' || state === '40P01';
}

/** Refused because a statement before it had failed. */
export function isAborted(error: unknown): boolean {
  return sqlStateOf(error) === '25P02';
}

/**
 * Refused by a unique constraint: what the check before it did not find came in between. Whoever looks again finds it, and
 * says what it is instead of the constraint's name.
 */
export function isTwin(error: unknown): boolean {
  return sqlStateOf(error) === '23505';
}

const OUTAGE_STATES = /^(08|57P0|53)/; // connection exceptions, shut-downs, out of resources
const OUTAGE_CODES = new Set(['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'ENOTFOUND', 'EAI_AGAIN']);
const OUTAGE_WORDS =
  /Connection terminated|connection timeout|timeout exceeded when trying to connect|not queryable/i;

/** The database is away or refuses everybody: no fault of the work at hand, which waits for it to come back. */
export function isOutage(error: unknown): boolean {
  const state = sqlStateOf(error);
  if (state) return OUTAGE_STATES.test(state);
  const { code, message } = (error ?? {}) as { code?: unknown; message?: unknown };
  return OUTAGE_CODES.has(String(code)) || OUTAGE_WORDS.test(String(message));
}
