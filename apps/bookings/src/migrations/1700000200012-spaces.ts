import { tenantTable } from '@doorstep/platform';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * A hall and its parts: whoever uses one keeps the others free. Every use of a space is a row with a lane: the space itself
 * takes all lanes, a space that is only blocked takes one that is nobody else's. So two parts block the whole beside each
 * other, and neither goes together with a use of it.
 */
export class Spaces1700000200012 implements MigrationInterface {
  name = 'Spaces1700000200012';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE offering
        -- The space, those it is part of, and its own parts; null: the space alone.
        ADD COLUMN blocked_space_ids uuid[],
        -- Spans {start, end} in which one of them is closed; null: none.
        ADD COLUMN space_closures jsonb;

      ALTER TABLE booking
        DROP CONSTRAINT booking_space_once,
        -- Spaces that are kept free besides its own; as they were when it was booked.
        ADD COLUMN blocks uuid[] NOT NULL DEFAULT '{}';

      CREATE TABLE space_use (
        booking_id uuid NOT NULL REFERENCES booking,
        space_id uuid NOT NULL,
        operator_id uuid NOT NULL,
        occupies tstzmultirange NOT NULL,
        blocked boolean NOT NULL,
        lane bigint GENERATED ALWAYS AS IDENTITY,
        PRIMARY KEY (booking_id, space_id),
        CONSTRAINT booking_space_once EXCLUDE USING gist (
          space_id WITH =, occupies WITH &&,
          (CASE WHEN blocked THEN int8range(lane, lane, '[]') ELSE int8range(NULL, NULL) END) WITH &&)
      );
      ${tenantTable('space_use')}

      CREATE FUNCTION booking_uses_spaces() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        IF NEW.occupies IS NULL THEN
          DELETE FROM space_use WHERE booking_id = NEW.id;
        ELSIF TG_OP = 'UPDATE' THEN
          UPDATE space_use SET occupies = NEW.occupies WHERE booking_id = NEW.id;
        ELSE
          INSERT INTO space_use (booking_id, space_id, operator_id, occupies, blocked)
          SELECT NEW.id, space, NEW.operator_id, NEW.occupies, space <> NEW.space_id
          FROM (SELECT NEW.space_id AS space UNION SELECT unnest(NEW.blocks)) AS spaces ORDER BY space;
        END IF;
        RETURN NULL;
      END $$;
      CREATE TRIGGER booking_begins_use AFTER INSERT ON booking
        FOR EACH ROW WHEN (NEW.space_id IS NOT NULL AND NEW.occupies IS NOT NULL)
        EXECUTE FUNCTION booking_uses_spaces();
      CREATE TRIGGER booking_changes_use AFTER UPDATE OF occupies ON booking
        FOR EACH ROW WHEN (NEW.space_id IS NOT NULL AND NEW.occupies IS DISTINCT FROM OLD.occupies)
        EXECUTE FUNCTION booking_uses_spaces();

      INSERT INTO space_use (booking_id, space_id, operator_id, occupies, blocked)
        SELECT id, space_id, operator_id, occupies, false FROM booking
        WHERE space_id IS NOT NULL AND occupies IS NOT NULL;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP TRIGGER booking_changes_use ON booking;
      DROP TRIGGER booking_begins_use ON booking;
      DROP FUNCTION booking_uses_spaces;
      DROP TABLE space_use;
      ALTER TABLE booking DROP COLUMN blocks,
        ADD CONSTRAINT booking_space_once
          EXCLUDE USING gist (space_id WITH =, occupies WITH &&) WHERE (space_id IS NOT NULL AND occupies IS NOT NULL);
      ALTER TABLE offering DROP COLUMN blocked_space_ids, DROP COLUMN space_closures;
    `);
  }
}
