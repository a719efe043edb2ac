import { BOOKINGS_RESIDENT } from '@doorstep/contracts';
import { readModelOf, tenantTable } from '@doorstep/platform';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Two records of one person were made one. From then on their charges, counters and invoices are those of the one that is
 * left, so that nobody has a cap twice; what was posted, submitted and printed keeps the pseudonym that it had.
 */
export class ResidentMerges1767000000090 implements MigrationInterface {
  name = 'ResidentMerges1767000000090';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(MERGES);
    await runner.query(INVOICES_FOLLOW);
    await runner.query(CARDS);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP INDEX prepaid_card_one_each;
      ALTER TABLE prepaid_card DROP COLUMN merged_from,
        ADD CONSTRAINT prepaid_card_one_each UNIQUE (operator_id, contract_id, resident_id);
      DROP TRIGGER invoice_follows_resident ON invoice;
      DROP FUNCTION invoice_follows_resident();
      ${issuedStays(', NEW.resident_id', ', OLD.resident_id')}
      ALTER TABLE invoice DROP COLUMN issued_to;
      DROP INDEX charge_of_resident;
      CREATE INDEX charge_resident ON charge (resident_id) WHERE status = 'captured';
      DROP FUNCTION current_resident(uuid);
      DELETE FROM read_model WHERE table_name = 'resident_merge';
      DROP TABLE resident_merge;
    `);
  }
}

const MERGES = `
  -- Never more than one step: a survivor that is merged takes along who was merged into it.
  CREATE TABLE resident_merge (
    merged_id uuid PRIMARY KEY,
    operator_id uuid NOT NULL,
    survivor_id uuid NOT NULL CHECK (survivor_id <> merged_id),
    version bigint NOT NULL
  );
  CREATE INDEX resident_merge_survivor ON resident_merge (survivor_id);
  ${tenantTable('resident_merge')}
  ${readModelOf('resident_merge', BOOKINGS_RESIDENT, 'merged_id')}

  -- Under which id somebody is known now.
  CREATE FUNCTION current_resident(id uuid) RETURNS uuid LANGUAGE sql STABLE AS $$
    SELECT coalesce((SELECT m.survivor_id FROM resident_merge m WHERE m.merged_id = id), id)
  $$;

  -- All of them, not only what is captured: reservations move, too.
  CREATE INDEX charge_of_resident ON charge (resident_id);
  DROP INDEX charge_resident;
`;

const CARDS = `
  -- A card of a record that went, whose person has another one: it is used up or closed, and not issued again.
  ALTER TABLE prepaid_card ADD COLUMN merged_from uuid, DROP CONSTRAINT prepaid_card_one_each;
  CREATE UNIQUE INDEX prepaid_card_one_each ON prepaid_card (operator_id, contract_id, resident_id)
    WHERE merged_from IS NULL;
`;

/** As it was, with or without the resident among what never changes. */
function issuedStays(newResident = '', oldResident = ''): string {
  return `
  DROP TRIGGER invoice_issued_stays ON invoice;
  CREATE TRIGGER invoice_issued_stays BEFORE UPDATE ON invoice FOR EACH ROW
    WHEN (OLD.status <> 'draft' AND (NEW.status = 'draft' OR (OLD.status = 'void' AND NEW.status <> 'void') OR
      (NEW.operator_id, NEW.contract_id${newResident}, NEW.period, NEW.year, NEW.number, NEW.issued_on, NEW.due_on,
        NEW.lines, NEW.amount_fen) IS DISTINCT FROM
      (OLD.operator_id, OLD.contract_id${oldResident}, OLD.period, OLD.year, OLD.number, OLD.issued_on, OLD.due_on,
        OLD.lines, OLD.amount_fen) OR NEW.credited_fen < OLD.credited_fen))
    EXECUTE FUNCTION document_stays();`;
}

const INVOICES_FOLLOW = `
  -- The pseudonym that an issued invoice was printed with, where it is owed under another one now.
  ALTER TABLE invoice ADD COLUMN issued_to uuid;
  ${issuedStays()}

  -- Who owes an issued invoice changes along a merge alone, and what was printed stays known.
  CREATE FUNCTION invoice_follows_resident() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN
    IF NEW.issued_to IS DISTINCT FROM coalesce(OLD.issued_to, OLD.resident_id)
       OR NOT EXISTS (SELECT FROM resident_merge m
                      WHERE m.merged_id = OLD.resident_id AND m.survivor_id = NEW.resident_id) THEN
      RAISE EXCEPTION 'an issued document is never changed: write a credit note'
        USING ERRCODE = 'check_violation', CONSTRAINT = 'document_stays', TABLE = TG_TABLE_NAME;
    END IF;
    RETURN NEW;
  END $$;
  CREATE TRIGGER invoice_follows_resident BEFORE UPDATE ON invoice FOR EACH ROW
    WHEN (OLD.status <> 'draft' AND (NEW.resident_id IS DISTINCT FROM OLD.resident_id
          OR NEW.issued_to IS DISTINCT FROM OLD.issued_to))
    EXECUTE FUNCTION invoice_follows_resident();
`;
