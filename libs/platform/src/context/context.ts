import { AsyncLocalStorage } from 'node:async_hooks';
import { DomainError, newId } from '@doorstep/kernel';
import type { Actor } from './actor';

/** What is known about the work in hand: an HTTP request, a batch of events, a sweeper's round. */
export interface Context {
  actor: Actor;
  /** The same for everything that one request from outside sets in motion. */
  correlationId: string;
  /** Id of the event that caused this work. */
  causationId?: string;
  /** W3C trace context of the current span. */
  traceparent?: string;
  /** The request's Idempotency-Key; Database.write memoises under (actor, key). */
  idempotencyKey?: string;
  /** SHA-256 over method, path and body: the same key with another hash is refused. */
  requestHash?: string;
  /** What a person asks to have changed; unset for reading, for front-ends and for the system. */
  operation?: Operation;
  /** Seconds that the client is willing to wait for an outcome (Prefer: wait=N, RFC 7240). */
  wait?: number;
}

/** A request to change something, as the log of changes tells it. */
export interface Operation {
  /** The permission that it needs. */
  action: string;
  /** Method and route, without ids. */
  route: string;
  /** The last id in its path, or else the last code; unset when something new is made. */
  entity?: string;
  /** Names of the fields given, never their contents. */
  fields: string[];
}

/** The stored form: a request has no actor until its identity is verified. */
export type OpenContext = Omit<Context, 'actor'> & { actor?: Actor };

const storage = new AsyncLocalStorage<OpenContext>();

/** Runs `fn` with `context` as the current one. */
export function runInContext<T>(context: OpenContext, fn: () => T): T {
  return storage.run(context, fn);
}

/** Runs `fn` as somebody else; correlation and causation stay, the request's idempotency key doesn't. */
export function runAs<T>(actor: Actor, fn: () => T): T {
  const { correlationId, causationId, traceparent } = storage.getStore() ?? { correlationId: newId() };
  return storage.run({ actor, correlationId, causationId, traceparent }, fn);
}

/** The current context; work outside of any request or batch (start-up, timers) is nobody's and throws. */
export function currentContext(): Context {
  const context = storage.getStore();
  if (!context) throw new Error('There is no current context: wrap this work in runAs(SYSTEM_ACTOR, …).');
  if (!context.actor) throw noIdentity();
  return context as Context;
}

/** The current context as far as it is known, for logs and spans. */
export function openContext(): OpenContext | undefined {
  return storage.getStore();
}

/** Who acts now; 401 when the request carries no identity. */
export function currentActor(): Actor {
  return currentContext().actor;
}

export function noIdentity(): DomainError {
  return new DomainError('unauthenticated', 'identity_missing', 'The request carries no identity.', {
    mend: 'Call through the gateway with an API key (x-api-key) or an access token (Authorization: Bearer …).',
  });
}
