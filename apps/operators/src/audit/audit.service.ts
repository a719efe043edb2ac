import { Injectable } from '@nestjs/common';
import { Clock, currentContext, type Tx } from '@doorstep/platform';

export interface AuditEntry {
  /** `<noun>:<verb>`, mostly the permission that was used. */
  action: string;
  entityId: string;
  /** The tenant of what was changed; null for what belongs to none. */
  operatorId: string | null;
  /** What a reader needs to understand the entry; never personal data, never a secret. */
  facts?: Record<string, unknown>;
}

/** Writes who changed what into the transaction of the change: neither is there without the other. */
@Injectable()
export class AuditLog {
  constructor(private readonly clock: Clock) {}

  async record(tx: Tx, { action, entityId, operatorId, facts = {} }: AuditEntry): Promise<void> {
    const { actor, correlationId } = currentContext();
    await tx.sql(
      `INSERT INTO audit_entry
         (operator_id, at, actor_id, actor_kind, actor_organisation_id, action, entity_id, facts, correlation_id)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
      [
        operatorId,
        this.clock.now(),
        actor.id,
        actor.kind,
        actor.organisationId,
        action,
        entityId,
        JSON.stringify(facts),
        correlationId,
      ],
    );
  }
}
