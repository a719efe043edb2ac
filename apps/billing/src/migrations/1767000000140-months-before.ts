import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * A month that nobody has closed or opened by name is closed once a later one is: what is found of it is booked on the next
 * open day, so that no balance at the end of a closed month moves.
 */
export class MonthsBefore1767000000140 implements MigrationInterface {
  name = 'MonthsBefore1767000000140';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(CLOSED);
    await runner.query(openDay('ledger_month_closed'));
    await runner.query(periodOpen('ledger_month_closed'));
    await runner.query(GUARD_OPENED);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(
      'DROP TRIGGER ledger_period_opened ON ledger_period; DROP FUNCTION ledger_period_opened',
    );
    await runner.query(
      CLOSED.replaceAll('ledger_month_closed', 'ledger_month_named_closed').replace(LATER, 'false'),
    );
    await runner.query(openDay('ledger_month_named_closed'));
    await runner.query(periodOpen('ledger_month_named_closed'));
    await runner.query('DROP FUNCTION ledger_month_closed');
  }
}

const LATER = `EXISTS (SELECT FROM ledger_period AS p WHERE p.operator_id = operator AND p.contract_id = contract
      AND p.month > wanted AND p.status = 'closed')`;

const CLOSED = `
  CREATE FUNCTION ledger_month_closed(operator uuid, contract uuid, wanted date) RETURNS boolean
  LANGUAGE plpgsql VOLATILE AS $$
  BEGIN
    RETURN coalesce(
      (SELECT p.status = 'closed' FROM ledger_period AS p
       WHERE p.operator_id = operator AND p.contract_id = contract AND p.month = wanted),
      ${LATER});
  END $$`;

/** The day itself, or the first day of the next month that is open; each month is locked before it is looked at. */
const openDay = (closed: string): string => `
  CREATE OR REPLACE FUNCTION ledger_open_day(operator uuid, contract uuid, wanted date) RETURNS date
  LANGUAGE plpgsql VOLATILE AS $$
  DECLARE
    open_month date := date_trunc('month', wanted)::date;
  BEGIN
    LOOP
      PERFORM pg_advisory_xact_lock_shared(hashtextextended('ledger ' || contract || ' ' || open_month, 0));
      EXIT WHEN NOT ${closed}(operator, contract, open_month);
      -- Opened again by name, or the first after all that are closed.
      SELECT least(min(p.month) FILTER (WHERE p.status = 'open' AND p.month > open_month),
                   (max(p.month) FILTER (WHERE p.status = 'closed') + interval '1 month')::date) INTO open_month
        FROM ledger_period AS p WHERE p.operator_id = operator AND p.contract_id = contract;
    END LOOP;
    RETURN greatest(wanted, open_month);
  END $$`;

const periodOpen = (closed: string): string => `
  CREATE OR REPLACE FUNCTION ledger_period_open() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN
    IF EXISTS (SELECT FROM added WHERE made_by <> pg_current_xact_id()) THEN
      RAISE EXCEPTION 'an entry is made by the transaction that makes it'
        USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_entry_made_now', TABLE = 'ledger_entry';
    END IF;
    PERFORM pg_advisory_xact_lock_shared(hashtextextended('ledger ' || contract_id || ' ' || month, 0))
      FROM (SELECT DISTINCT contract_id, date_trunc('month', booked_on)::date AS month FROM added ORDER BY 1, 2) AS months;
    IF EXISTS (SELECT FROM (SELECT DISTINCT operator_id, contract_id, date_trunc('month', booked_on)::date AS month
                            FROM added) AS m WHERE ${closed}(m.operator_id, m.contract_id, m.month)) THEN
      RAISE EXCEPTION 'the month is closed'
        USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_period_open', TABLE = 'ledger_entry';
    END IF;
    RETURN NULL;
  END $$`;

/** A month that is closed with a later one opens as any other does: by an approved reopening, and by each of them once. */
const GUARD_OPENED = `
  CREATE FUNCTION ledger_period_opened() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN
    IF NOT EXISTS (SELECT FROM ledger_period AS p WHERE p.operator_id = NEW.operator_id AND p.contract_id = NEW.contract_id
                     AND p.month = NEW.month) AND ledger_month_closed(NEW.operator_id, NEW.contract_id, NEW.month) THEN
      UPDATE period_reopening SET used_at = now(), version = version + 1
        WHERE id = (SELECT id FROM period_reopening WHERE operator_id = NEW.operator_id AND contract_id = NEW.contract_id
                    AND month = NEW.month AND approved AND used_at IS NULL ORDER BY id LIMIT 1);
      IF NOT FOUND THEN
        RAISE EXCEPTION 'nobody has approved that the month is opened again'
          USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_period_reopening_approved', TABLE = 'ledger_period';
      END IF;
    END IF;
    RETURN NEW;
  END $$;
  CREATE TRIGGER ledger_period_opened BEFORE INSERT ON ledger_period
    FOR EACH ROW WHEN (NEW.status = 'open') EXECUTE FUNCTION ledger_period_opened()`;
