import { tenantTable } from '@doorstep/platform';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Two records of one person become one. The record that goes stays as an empty row that says where it went, and the
 * database takes nothing more for it; its key stays too, because it still opens what was sealed with it.
 */
export class Merges1700000200091 implements MigrationInterface {
  name = 'Merges1700000200091';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(REDIRECTS);
    await runner.query(GUARD);
    await runner.query(DISTINCT);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP TABLE resident_distinct;
      ${GUARDED.map((table) => `DROP TRIGGER resident_not_merged ON ${table};`).join('\n')}
      DROP TRIGGER resident_leads_on ON resident;
      DROP FUNCTION resident_not_merged(), resident_leads_on(), current_resident(uuid);
      DROP INDEX booking_booked_by, consent_guardian;
      ALTER TABLE resident DROP COLUMN merged_into, DROP COLUMN merged_at, DROP COLUMN name_index;
    `);
  }
}

/** Where something new can be written down for a resident. */
const GUARDED = [
  'booking',
  'care_application',
  'care_plan',
  'carer_grant',
  'consent',
  'placement',
  'resident_diet',
  'series',
  'standing_order',
  'visit_evidence',
  'waiting_entry',
];

const REDIRECTS = `
  ALTER TABLE resident
    ADD COLUMN merged_into uuid REFERENCES resident,
    ADD COLUMN merged_at timestamptz,
    -- Blind index of the name: people of one name and one birth date may be one.
    ADD COLUMN name_index bytea,
    ADD CHECK (merged_into <> id),
    ADD CHECK (num_nonnulls(merged_into, merged_at) IN (0, 2)),
    ADD CHECK (merged_into IS NULL OR erased_at IS NOT NULL),
    ADD CHECK (erased_at IS NULL OR name_index IS NULL);
  CREATE INDEX resident_merged ON resident (merged_into) WHERE merged_into IS NOT NULL;
  CREATE INDEX resident_alike ON resident (operator_id, birth_date, id) WHERE erased_at IS NULL;

  -- Under which id somebody is known now: lists that are asked by an id that leads on follow it.
  CREATE FUNCTION current_resident(asked uuid) RETURNS uuid LANGUAGE sql STABLE AS $$
    SELECT coalesce((SELECT r.merged_into FROM resident r WHERE r.id = asked), asked)
  $$;

  ALTER TABLE access_log DROP CONSTRAINT access_log_action_check;
  ALTER TABLE access_log ADD CONSTRAINT access_log_action_check
    CHECK (action IN ('view_full', 'export', 'erase', 'merge'));

  -- Guardians and carers are found by their ids, too.
  CREATE INDEX consent_guardian ON consent (granted_by) WHERE granted_by NOT IN ('self', 'guardian');
  CREATE INDEX booking_booked_by ON booking (booked_by) WHERE booked_by IS NOT NULL;
`;

const GUARD = `
  -- A redirect leads to somebody who stands, so there is never a second one behind it.
  CREATE FUNCTION resident_leads_on() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN
    PERFORM FROM resident WHERE id = NEW.merged_into AND erased_at IS NULL FOR KEY SHARE;
    IF NOT FOUND THEN
      RAISE EXCEPTION 'resident % does not stand', NEW.merged_into
        USING ERRCODE = '23514', CONSTRAINT = 'resident_leads_on';
    END IF;
    RETURN NEW;
  END $$;
  CREATE TRIGGER resident_leads_on BEFORE INSERT OR UPDATE OF merged_into ON resident
    FOR EACH ROW WHEN (NEW.merged_into IS NOT NULL) EXECUTE FUNCTION resident_leads_on();

  -- Who merges holds the resident's row: whoever is about to write waits here, and then reads what came of it.
  CREATE FUNCTION resident_not_merged() RETURNS trigger LANGUAGE plpgsql AS $$
  DECLARE
    survivor uuid;
  BEGIN
    SELECT merged_into INTO survivor FROM resident WHERE id = NEW.resident_id FOR KEY SHARE;
    IF survivor IS NOT NULL THEN
      RAISE EXCEPTION 'resident % is % now', NEW.resident_id, survivor
        USING ERRCODE = '23514', CONSTRAINT = 'resident_merged', DETAIL = survivor::text;
    END IF;
    RETURN NEW;
  END $$;
  ${GUARDED.map(
    (table) => `
  CREATE TRIGGER resident_not_merged BEFORE INSERT OR UPDATE OF resident_id ON ${table}
    FOR EACH ROW EXECUTE FUNCTION resident_not_merged();`,
  ).join('')}
`;

const DISTINCT = `
  -- People who look alike and were found to be two.
  CREATE TABLE resident_distinct (
    one_id uuid NOT NULL REFERENCES resident,
    other_id uuid NOT NULL REFERENCES resident,
    operator_id uuid NOT NULL,
    declared_by uuid NOT NULL,
    declared_at timestamptz NOT NULL,
    PRIMARY KEY (one_id, other_id),
    CHECK (one_id < other_id)
  );
  CREATE INDEX resident_distinct_other ON resident_distinct (other_id);
  ${tenantTable('resident_distinct')}
`;
