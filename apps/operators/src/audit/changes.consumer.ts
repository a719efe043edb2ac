import { Controller } from '@nestjs/common';
import {
  BillingChangeRecorded,
  BookingsChangeRecorded,
  type Change,
  ChangeRecorded,
  NotificationsChangeRecorded,
} from '@doorstep/contracts';
import { Database, OnEvents, type Received } from '@doorstep/platform';

/** An id; everything else is a code. */
const UUID = '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$';

/** Takes what was changed in other services into the one log. */
@Controller()
export class ChangesConsumer {
  constructor(private readonly db: Database) {}

  @OnEvents(ChangeRecorded, BookingsChangeRecorded, BillingChangeRecorded, NotificationsChangeRecorded)
  async record(batch: Received<Change>[]): Promise<void> {
    const rows = batch.map(({ data, correlationId }) => ({
      operator_id: data.operatorId ?? null,
      at: data.at,
      actor_id: data.actorId,
      actor_kind: data.actorKind,
      actor_organisation_id: data.actorOrganisationId ?? null,
      action: data.action,
      entity: data.entity,
      facts: data.facts,
      correlation_id: correlationId,
    }));
    await this.db.write((tx) =>
      tx.sql(
        `INSERT INTO audit_entry (operator_id, at, actor_id, actor_kind, actor_organisation_id, action, entity_id,
                                  entity_code, facts, correlation_id)
         SELECT operator_id, at, actor_id, actor_kind, actor_organisation_id, action,
                CASE WHEN entity ~ $2 THEN entity::uuid END, CASE WHEN entity !~ $2 THEN entity END, facts, correlation_id
         FROM jsonb_to_recordset($1::jsonb) AS told
           (operator_id uuid, at timestamptz, actor_id uuid, actor_kind text, actor_organisation_id uuid, action text,
            entity text, facts jsonb, correlation_id text)`,
        [JSON.stringify(rows), UUID],
      ),
    );
  }
}
