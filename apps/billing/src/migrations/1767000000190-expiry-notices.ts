import type { MigrationInterface, QueryRunner } from 'typeorm';
import { tenantTable } from '@doorstep/platform';
import { undeletableTable } from './policies';

/** Whom was told that something soon can't be used any more: once for each end and each notice before it. */
export class ExpiryNotices1767000000190 implements MigrationInterface {
  name = 'ExpiryNotices1767000000190';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE expiry_notice (
        -- A package or a prepaid card.
        holder_id uuid NOT NULL,
        operator_id uuid NOT NULL,
        -- First day on which it can't be used; another one when it is extended.
        ends_on date NOT NULL,
        -- So many days before.
        days int NOT NULL CHECK (days > 0),
        noticed_at timestamptz NOT NULL,
        PRIMARY KEY (holder_id, ends_on, days)
      );
      ${tenantTable('expiry_notice')}
      ${undeletableTable('expiry_notice')}
      CREATE INDEX package_ending ON package (valid_to, id) WHERE status = 'active';
      CREATE INDEX prepaid_card_ending ON prepaid_card (expires_on, id) WHERE status = 'active' AND expires_on IS NOT NULL`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP INDEX package_ending, prepaid_card_ending; DROP TABLE expiry_notice`);
  }
}
