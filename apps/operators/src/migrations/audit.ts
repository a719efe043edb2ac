import { appendOnlyTable, tenantTable } from '@doorstep/platform';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Who changed what, and when: written in the transaction of the change, never altered. */
export class Audit1763900000005 implements MigrationInterface {
  name = 'Audit1763900000005';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE audit_entry (
        id uuid PRIMARY KEY DEFAULT uuidv7(),
        -- The tenant of what was changed; null for what belongs to none.
        operator_id uuid,
        at timestamptz NOT NULL,
        actor_id uuid NOT NULL,
        actor_kind text NOT NULL CHECK (actor_kind IN ('person', 'client', 'system')),
        actor_organisation_id uuid,
        action text NOT NULL CHECK (action ~ '^[a-z][a-z-]*:[a-z][a-z-]*$'),
        entity_id uuid NOT NULL,
        -- What a reader needs to understand the entry; never personal data.
        facts jsonb NOT NULL DEFAULT '{}',
        correlation_id text NOT NULL
      );
      CREATE INDEX audit_entry_operator ON audit_entry (operator_id, id);
      CREATE INDEX audit_entry_entity ON audit_entry (entity_id, id);
      ${tenantTable('audit_entry', { organisationColumn: 'actor_organisation_id' })}
      CREATE POLICY writer ON audit_entry FOR INSERT WITH CHECK (
        (SELECT current_setting('app.organisation_id', true)) <> ''
        AND actor_organisation_id::text = (SELECT current_setting('app.organisation_id', true))
      );
      ${appendOnlyTable('audit_entry')}
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP TABLE audit_entry`);
  }
}
