import { escapeLiteral } from 'pg';
import { DomainError } from '@doorstep/kernel';
import type { Context } from '../context';
import { fromMemo, toMemo } from './memo-json';
import type { Sql } from './sql';

/** One request's claim to be done once. */
export interface Memo {
  principal: string;
  key: string;
  requestHash: string;
}

const seen = new WeakSet<object>();

/** The first write of a keyed request is the memoised one; later writes of the same request aren't. */
export function memoOf(context: Context): Memo | undefined {
  const { idempotencyKey, requestHash, actor } = context;
  if (!idempotencyKey || !requestHash || seen.has(context)) return undefined;
  seen.add(context);
  return { principal: actor.id, key: idempotencyKey, requestHash };
}

/**
 * Statements to append to BEGIN: wait for a twin that is in progress, then look for its result. Both go in the one
 * simple-protocol message, hence the literals instead of parameters.
 */
export function recallSql(memo: Memo): string {
  const lock = escapeLiteral(`${memo.principal} ${memo.key}`);
  return (
    `;SELECT pg_advisory_xact_lock(hashtextextended(${lock}, 0))` +
    `;SELECT request_hash, result::text AS result FROM idempotency_key` +
    ` WHERE principal = ${escapeLiteral(memo.principal)} AND key = ${escapeLiteral(memo.key)}`
  );
}

export interface Recalled {
  request_hash: string;
  result: string;
}

/** The stored answer, or undefined when this is the first time. */
export function recall(memo: Memo, stored: Recalled | undefined): { result: unknown } | undefined {
  if (!stored) return undefined;
  if (stored.request_hash !== memo.requestHash) {
    throw new DomainError(
      'conflict',
      'idempotency_key_reused',
      'This Idempotency-Key was used before with another request.',
      {
        mend: 'Use a new key for a new request; repeat a key only with the very same method, path and body.',
        field: 'Idempotency-Key',
      },
    );
  }
  return { result: fromMemo(stored.result) };
}

export function remember(sql: Sql, memo: Memo, result: unknown): Promise<unknown> {
  return sql(`INSERT INTO idempotency_key (principal, key, request_hash, result) VALUES ($1, $2, $3, $4)`, [
    memo.principal,
    memo.key,
    memo.requestHash,
    toMemo(result),
  ]);
}
