import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * From which day to which a charge was reserved, and what: a capture may be for less, and under another contract. So what was
 * reserved on a day of the past can be asked for.
 */
export class ReservationDays1767000000300 implements MigrationInterface {
  name = 'ReservationDays1767000000300';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(COLUMNS);
    await runner.query(ROWS_THAT_ARE_THERE);
    await runner.query(RULES);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP INDEX charge_reserved_days;
      ALTER TABLE charge DROP COLUMN reserved_on, DROP COLUMN unreserved_on, DROP COLUMN reserved_contract_id,
        DROP COLUMN reserved_resident_fen, DROP COLUMN reserved_funders_fen, DROP COLUMN reserved_operator_fen`);
  }
}

const COLUMNS = `
  ALTER TABLE charge
    -- China's day on which it was authorised.
    ADD COLUMN reserved_on date,
    -- First day on which it is reserved no more: posted by booked_on, or released on it.
    ADD COLUMN unreserved_on date,
    -- Of a captured one: what had been reserved, under which contract. Of the others that is what the charge says itself.
    ADD COLUMN reserved_contract_id uuid,
    ADD COLUMN reserved_resident_fen bigint,
    ADD COLUMN reserved_funders_fen bigint,
    ADD COLUMN reserved_operator_fen bigint`;

/**
 * What has ended keeps no record of when it was authorised: the day on which its booking was heard of stands for it. What the
 * resident's part was before a capture for less is lost; what it was captured with stands for it.
 */
const ROWS_THAT_ARE_THERE = `
  UPDATE charge
  SET reserved_on = ((CASE WHEN status = 'authorised' THEN changed_at ELSE created_at END) AT TIME ZONE 'Asia/Shanghai')::date,
      unreserved_on = CASE status WHEN 'captured' THEN booked_on
                                  WHEN 'released' THEN (changed_at AT TIME ZONE 'Asia/Shanghai')::date END
  WHERE status IN ('authorised', 'captured', 'released') AND price_id IS NOT NULL;
  UPDATE charge
  SET reserved_contract_id = contract_id, reserved_resident_fen = resident_fen,
      reserved_funders_fen = coalesce((SELECT sum(s.reserved_fen) FROM charge_share AS s
                                       WHERE s.charge_id = charge.id AND s.payer = 'funder'), 0),
      reserved_operator_fen = coalesce((SELECT sum(s.reserved_fen) FROM charge_share AS s
                                        WHERE s.charge_id = charge.id AND s.payer = 'operator'), 0)
  WHERE status = 'captured'`;

const RULES = `
  ALTER TABLE charge
    ADD CONSTRAINT charge_reserved CHECK (status <> 'authorised' OR (reserved_on IS NOT NULL AND unreserved_on IS NULL)),
    ADD CONSTRAINT charge_reserved_until CHECK (
      status NOT IN ('captured', 'released') OR (reserved_on IS NULL) = (unreserved_on IS NULL)),
    ADD CONSTRAINT charge_reserved_what CHECK (status <> 'captured' OR (unreserved_on = booked_on
      AND num_nulls(reserved_contract_id, reserved_resident_fen, reserved_funders_fen, reserved_operator_fen) = 0));
  -- What began and ended on one day was reserved at the end of none.
  CREATE INDEX charge_reserved_days ON charge (operator_id, unreserved_on, reserved_on) WHERE unreserved_on > reserved_on`;
