import { type Change, event, type EventClass } from '@doorstep/contracts';
import { newId } from '@doorstep/kernel';
import type { Actor, Context, Operation } from '../context';

/** How a service tells who changed what in it. */
export interface ChangeLog {
  type: EventClass<Change>;
  now(): Date;
}

const seen = new WeakSet<Context>();

/**
 * The operation that a person or a front-end asks for, once per request: the first write of a request is what it is about,
 * further ones are its consequences. What the system does is told by facts of its own.
 */
export function operationToTell(context: Context): Operation | undefined {
  if (!context.operation || seen.has(context)) return undefined;
  seen.add(context);
  return context.operation;
}

/** @param made the id of what was made new, if the path names nothing */
export function changeOf(log: ChangeLog, context: Context, operation: Operation, made?: string): Change {
  const { action, route, entity, fields } = operation;
  return changeBy(context.actor, log.type, log.now(), {
    action,
    entity: entity ?? made ?? route,
    operatorId: context.actor.operatorId,
    facts: { operation: route, fields },
  });
}

/** What was done, as it stands in the log. */
export interface Done {
  /** `<noun>:<verb>`, mostly the permission that was used. */
  action: string;
  /** An id, or a code where it has none. */
  entity: string;
  /** The tenant of what was changed; null for what belongs to none. */
  operatorId: string | null;
  /** What a reader needs to understand it; never personal data. */
  facts?: Record<string, unknown>;
}

export function changeBy(
  { id: actorId, kind: actorKind, organisationId }: Actor,
  type: EventClass<Change>,
  at: Date,
  { action, entity, operatorId, facts = {} }: Done,
): Change {
  return event(type, {
    ...(operatorId !== null && { operatorId }),
    changeId: newId(),
    ...{ action, entity, actorId, actorKind },
    ...(organisationId !== null && { actorOrganisationId: organisationId }),
    facts,
    version: 1,
    at: at.toISOString(),
  });
}

export function idOf(result: unknown): string | undefined {
  const id = result !== null && typeof result === 'object' && 'id' in result ? result.id : undefined;
  return typeof id === 'string' && id !== '' ? id : undefined;
}
