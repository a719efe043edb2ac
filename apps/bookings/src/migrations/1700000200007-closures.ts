import { tenantTable } from '@doorstep/platform';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Times at which a site, or one offering of it, takes nobody, whatever its schedule says. */
export class Closures1700000200007 implements MigrationInterface {
  name = 'Closures1700000200007';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE closure (
        id uuid PRIMARY KEY,
        operator_id uuid NOT NULL,
        site_id uuid NOT NULL,
        -- Null: all that the site offers.
        offering_id uuid,
        from_at timestamptz NOT NULL,
        to_at timestamptz NOT NULL,
        reason text NOT NULL,
        bookings_cancelled int NOT NULL,
        people_cancelled int NOT NULL,
        sessions_shut int NOT NULL,
        waiting_ended int NOT NULL,
        created_by uuid NOT NULL,
        created_at timestamptz NOT NULL,
        lifted_at timestamptz,
        CHECK (to_at > from_at)
      );
      CREATE INDEX closure_site ON closure (site_id, id);
      CREATE INDEX closure_operator ON closure (operator_id, id);
      ${tenantTable('closure')}

      -- shut: by a closure, which the calendar doesn't undo.
      ALTER TABLE session DROP CONSTRAINT session_status_check;
      ALTER TABLE session ADD CONSTRAINT session_status_check CHECK (status IN ('open', 'closed', 'shut'));
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP TABLE closure`);
  }
}
