import { type Change, event, type EventClass } from '@doorstep/contracts';
import { newId } from '@doorstep/kernel';
import type { Context, Operation } from '../context';

/** How a service tells who changed what in it. */
export interface ChangeLog {
  type: EventClass<Change>;
  now(): Date;
}

const seen = new WeakSet<Context>();

/**
 * The operation that a person asks for, once per request: the first write of a request is what it is about, further ones are
 * its consequences. What the system does, and what front-ends book, is told by facts of its own.
 */
export function operationToTell(context: Context): Operation | undefined {
  if (!context.operation || seen.has(context)) return undefined;
  seen.add(context);
  return context.operation;
}

/** @param made the id of what was made new, if the path names nothing */
export function changeOf(log: ChangeLog, context: Context, operation: Operation, made?: string): Change {
  const { id: actorId, kind: actorKind, operatorId, organisationId } = context.actor;
  const { action, route, entity, fields } = operation;
  return event(log.type, {
    ...(operatorId !== null && { operatorId }),
    changeId: newId(),
    ...{ action, entity: entity ?? made ?? route, actorId, actorKind },
    ...(organisationId !== null && { actorOrganisationId: organisationId }),
    facts: { operation: route, fields },
    version: 1,
    at: log.now().toISOString(),
  });
}

export function idOf(result: unknown): string | undefined {
  const id = result !== null && typeof result === 'object' && 'id' in result ? result.id : undefined;
  return typeof id === 'string' && id !== '' ? id : undefined;
}
