import { canonicalJson, sha256Hex } from '@doorstep/kernel';

/** An answer as it is kept for repeats of the same request. */
export interface RememberedAnswer {
  status: number;
  headers: Record<string, string>;
  body: string;
}

/** Headers that belong to an answer's meaning. */
const KEPT_HEADERS = ['content-type', 'location', 'etag', 'preference-applied'];
/** Larger answers are not kept; the service's own memory still answers the repeat. */
const BODY_BYTES_MAX = 256 * 1024;
/** Answers about the moment or the caller, not about the operation: the next attempt may fare better. */
const PASSING = new Set([401, 403, 408, 413, 415, 425, 429]);
/** A 409 that only says: still busy. */
const BUSY_CODES = /"code":"(idempotency_in_progress|busy)"/;

/**
 * Whether an answer is final for its operation, so that a repeat may get it again. What the service marks as not to be
 * stored (papers with a name on them) is not.
 */
export function isFinal(
  status: number,
  body: Buffer,
  headers: Record<string, string | string[]> = {},
): boolean {
  if (status < 300 && String(headers['cache-control'] ?? '').includes('no-store')) return false;
  if (status < 200 || status >= 500 || PASSING.has(status) || body.length > BODY_BYTES_MAX) return false;
  return status !== 409 || !BUSY_CODES.test(body.toString('utf8'));
}

export function remembered(
  status: number,
  headers: Record<string, string | string[]>,
  body: Buffer,
): RememberedAnswer {
  const kept = KEPT_HEADERS.filter((name) => typeof headers[name] === 'string');
  return {
    status,
    headers: Object.fromEntries(kept.map((name) => [name, headers[name] as string])),
    body: body.toString('base64'),
  };
}

/** What makes two requests the same: method, path with query, and the body's meaning (JSON whatever its spacing). */
export function requestHash(method: string, path: string, body: Buffer): string {
  return sha256Hex(`${method} ${path}\n${meaningOf(body)}`);
}

function meaningOf(body: Buffer): string {
  const text = body.toString('utf8');
  try {
    return canonicalJson(JSON.parse(text));
  } catch {
    return text;
  }
}
