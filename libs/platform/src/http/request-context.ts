import { canonicalJson, DomainError, newId, sha256Hex } from '@doorstep/kernel';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { type OpenContext, runInContext } from '../context/context';

/** Longest that a client may ask to wait (Prefer: wait=N). */
export const WAIT_SECONDS_MAX = 30;

const REQUEST_ID = /^[A-Za-z0-9_-]{8,64}$/;
const IDEMPOTENCY_KEY = /^[\x21-\x7e]{1,200}$/;
const CONTEXT = Symbol('doorstep:context');

/** The request carries its context from hook to hook. */
interface Carrier {
  [CONTEXT]?: OpenContext;
}

/** The correlation id: the one that came along when it looks like one, else a new one. */
export function requestIdOf(headers: Record<string, string | string[] | undefined>): string {
  const given = headers['x-request-id'];
  return typeof given === 'string' && REQUEST_ID.test(given) ? given : newId();
}

/**
 * Opens the context of each request. It is entered twice: before the body is read, and again after it,
 * because body parsing continues on the socket's own callbacks, which don't know the context.
 */
export function openContextPerRequest(server: FastifyInstance): void {
  server.addHook('onRequest', (request, reply, done) => {
    const context: OpenContext = {
      correlationId: request.id,
      traceparent: oneHeader(request, 'traceparent'),
      wait: waitOf(oneHeader(request, 'prefer')),
    };
    (request as Carrier)[CONTEXT] = context;
    void reply.header('x-request-id', request.id);
    runInContext(context, done);
  });
  server.addHook('preValidation', (request, _reply, done) => {
    const context = contextOf(request);
    if (!context) return done();
    const key = oneHeader(request, 'idempotency-key');
    if (key !== undefined && request.method !== 'GET' && request.method !== 'HEAD') {
      if (!isIdempotencyKey(key)) return done(keyMalformed());
      context.idempotencyKey = key;
      context.requestHash = requestHashOf(request);
    }
    runInContext(context, done);
  });
}

/** 400 for a key that could not be stored and compared. */
export function keyMalformed(): DomainError {
  return new DomainError(
    'malformed',
    'idempotency_key_malformed',
    'Idempotency-Key must be 1 to 200 visible ASCII characters.',
    {
      field: 'Idempotency-Key',
      mend: 'Send a fresh UUID for each new operation, and the same one for each repeat of it.',
    },
  );
}

export function isIdempotencyKey(key: string): boolean {
  return IDEMPOTENCY_KEY.test(key);
}

/** The context of a request, for hooks that run outside of it. */
export function contextOf(request: FastifyRequest): OpenContext | undefined {
  return (request as Carrier)[CONTEXT];
}

/** A file isn't read for this: its type and length stand for it, and whoever stores it compares its digest. */
function requestHashOf(request: FastifyRequest): string {
  const body: unknown = request.body;
  const plain = body !== null && typeof body === 'object' && !Buffer.isBuffer(body) && !('pipe' in body);
  const { 'content-type': type, 'content-length': length } = request.headers;
  const meaning = plain ? canonicalJson(body) : `${type ?? ''} ${length ?? ''}`;
  return sha256Hex(`${request.method} ${request.url}\n${meaning}`);
}

function oneHeader(request: FastifyRequest, name: string): string | undefined {
  const value = request.headers[name];
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function waitOf(prefer: string | undefined): number | undefined {
  const seconds = /(?:^|[,;\s])wait\s*=\s*"?(\d{1,4})"?/i.exec(prefer ?? '')?.[1];
  return seconds === undefined ? undefined : Math.min(Number(seconds), WAIT_SECONDS_MAX);
}
