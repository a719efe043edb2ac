import { ChangeRecorded, event } from '@doorstep/contracts';
import { newId } from '@doorstep/kernel';
import { currentActor, type Tx } from '@doorstep/platform';

export interface Change {
  /** `<noun>:<verb>`, mostly the permission that was used. */
  action: string;
  /** An id, or a code where it has none. */
  entity: string;
  /** The tenant of what was changed; null for what belongs to none. */
  operatorId: string | null;
  /** What a reader needs to understand it; never personal data. */
  facts?: Record<string, unknown>;
}

/** Tells who changed what, in the transaction of the change: neither is there without the other. */
export function recordChange(tx: Tx, at: Date, { action, entity, operatorId, facts = {} }: Change): void {
  const { id: actorId, kind: actorKind, organisationId } = currentActor();
  tx.tell(
    event(ChangeRecorded, {
      ...(operatorId !== null && { operatorId }),
      changeId: newId(),
      ...{ action, entity, actorId, actorKind },
      ...(organisationId !== null && { actorOrganisationId: organisationId }),
      facts,
      version: 1,
      at: at.toISOString(),
    }),
  );
}

/** Names of the fields that a command gives. */
export function fieldsOf(command: object): string[] {
  const entries: [string, unknown][] = Object.entries(command);
  return entries.flatMap(([field, value]) => (value === undefined || field === 'version' ? [] : [field]));
}
