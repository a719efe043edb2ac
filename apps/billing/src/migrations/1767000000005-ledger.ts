import type { MigrationInterface, QueryRunner } from 'typeorm';
import { appendOnlyTable, tenantTable } from '@doorstep/platform';

/**
 * Double entry whose rules the database keeps by itself:
 * lines come with their entry or never, and sum to zero in every statement (ledger_lines_balance) and at commit
 * (ledger_entry_whole, deferred); nothing is changed or removed; nothing is booked into a closed month.
 */
export class Ledger1767000000005 implements MigrationInterface {
  name = 'Ledger1767000000005';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(TABLES);
    await runner.query(BALANCE);
    await runner.query(PERIODS);
    await runner.query(UNCHANGEABLE);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP TABLE ledger_line, ledger_entry, ledger_account, ledger_period;
      DROP FUNCTION ledger_lines_balance, ledger_entry_whole, ledger_open_day, ledger_period_open, ledger_unchangeable`);
  }
}

const TABLES = `
  CREATE TABLE ledger_account (
    id uuid PRIMARY KEY,
    operator_id uuid NOT NULL,
    contract_id uuid NOT NULL,
    kind text NOT NULL,
    class text NOT NULL CHECK (class IN ('asset', 'liability', 'income', 'expense')),
    site_id uuid,
    service_kind text,
    funder_id uuid,
    channel text,
    currency char(3) NOT NULL DEFAULT 'CNY',
    opened_at timestamptz NOT NULL DEFAULT now(),
    UNIQUE (id, operator_id),
    UNIQUE NULLS NOT DISTINCT (operator_id, contract_id, kind, site_id, service_kind, funder_id, channel, currency)
  );
  ${tenantTable('ledger_account')}

  CREATE TABLE ledger_entry (
    id uuid PRIMARY KEY,
    number bigint GENERATED ALWAYS AS IDENTITY UNIQUE,
    operator_id uuid NOT NULL,
    contract_id uuid NOT NULL,
    booked_on date NOT NULL,
    reason text NOT NULL,
    source_type text NOT NULL,
    source_id uuid NOT NULL,
    idempotency_key text NOT NULL,
    recorded_at timestamptz NOT NULL DEFAULT now(),
    -- The transaction that made it: lines can't be added by a later one.
    made_by xid8 NOT NULL DEFAULT pg_current_xact_id(),
    UNIQUE (operator_id, idempotency_key),
    UNIQUE (id, operator_id)
  );
  ${tenantTable('ledger_entry')}
  CREATE INDEX ledger_entry_day ON ledger_entry (operator_id, booked_on, number);
  CREATE INDEX ledger_entry_source ON ledger_entry (source_id);

  -- Debit above zero, credit below.
  CREATE TABLE ledger_line (
    entry_id uuid NOT NULL,
    line int NOT NULL,
    operator_id uuid NOT NULL,
    account_id uuid NOT NULL,
    booked_on date NOT NULL,
    amount_fen bigint NOT NULL CHECK (amount_fen <> 0),
    currency char(3) NOT NULL DEFAULT 'CNY',
    charge_id uuid,
    resident_id uuid,
    PRIMARY KEY (entry_id, line),
    FOREIGN KEY (entry_id, operator_id) REFERENCES ledger_entry (id, operator_id),
    FOREIGN KEY (account_id, operator_id) REFERENCES ledger_account (id, operator_id)
  );
  ${tenantTable('ledger_line')}
  CREATE INDEX ledger_line_account ON ledger_line (account_id, booked_on);
  CREATE INDEX ledger_line_charge ON ledger_line (charge_id) WHERE charge_id IS NOT NULL;
`;

const BALANCE = `
  -- Once per statement over all its lines, so a batch of thousands costs one look.
  CREATE FUNCTION ledger_lines_balance() RETURNS trigger LANGUAGE plpgsql AS $$
  DECLARE
    wrong uuid;
  BEGIN
    SELECT added.entry_id INTO wrong
      FROM added LEFT JOIN ledger_entry AS entry ON entry.id = added.entry_id
      WHERE entry.made_by IS DISTINCT FROM pg_current_xact_id() OR entry.booked_on IS DISTINCT FROM added.booked_on
      LIMIT 1;
    IF FOUND THEN
      RAISE EXCEPTION 'lines of entry % come late or on another day', wrong
        USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_line_with_its_entry', TABLE = 'ledger_line';
    END IF;
    SELECT entry_id INTO wrong FROM added GROUP BY entry_id, currency HAVING sum(amount_fen) <> 0 LIMIT 1;
    IF FOUND THEN
      RAISE EXCEPTION 'lines of entry % do not sum to zero', wrong
        USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_entry_balanced', TABLE = 'ledger_line';
    END IF;
    RETURN NULL;
  END $$;
  CREATE TRIGGER ledger_lines_balance AFTER INSERT ON ledger_line
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION ledger_lines_balance();

  CREATE FUNCTION ledger_entry_whole() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN
    PERFORM FROM ledger_line WHERE entry_id = NEW.id
      HAVING count(*) >= 2 AND count(DISTINCT currency) = 1 AND sum(amount_fen) = 0;
    IF NOT FOUND THEN
      RAISE EXCEPTION 'entry % has no two lines that sum to zero', NEW.id
        USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_entry_balanced', TABLE = 'ledger_entry';
    END IF;
    RETURN NULL;
  END $$;
  CREATE CONSTRAINT TRIGGER ledger_entry_whole AFTER INSERT ON ledger_entry
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION ledger_entry_whole();
`;

const PERIODS = `
  -- Months that are closed, by contract. No row: open.
  CREATE TABLE ledger_period (
    operator_id uuid NOT NULL,
    contract_id uuid NOT NULL,
    month date NOT NULL CHECK (extract(day FROM month) = 1),
    status text NOT NULL CHECK (status IN ('open', 'closed')),
    changed_at timestamptz NOT NULL,
    changed_by uuid NOT NULL,
    PRIMARY KEY (operator_id, contract_id, month)
  );
  ${tenantTable('ledger_period')}

  -- The day itself, or the first day of the first month after it that is not closed.
  CREATE FUNCTION ledger_open_day(operator uuid, contract uuid, wanted date) RETURNS date LANGUAGE plpgsql STABLE AS $$
  DECLARE
    open_month date := date_trunc('month', wanted)::date;
  BEGIN
    WHILE EXISTS (SELECT FROM ledger_period AS p WHERE p.operator_id = operator AND p.contract_id = contract
                    AND p.month = open_month AND p.status = 'closed') LOOP
      open_month := (open_month + interval '1 month')::date;
    END LOOP;
    RETURN greatest(wanted, open_month);
  END $$;

  -- Booking takes the month's lock shared, closing takes it exclusive: no entry slips into a month that is being closed.
  CREATE FUNCTION ledger_period_open() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN
    IF EXISTS (SELECT FROM added WHERE made_by <> pg_current_xact_id()) THEN
      RAISE EXCEPTION 'an entry is made by the transaction that makes it'
        USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_entry_made_now', TABLE = 'ledger_entry';
    END IF;
    PERFORM pg_advisory_xact_lock_shared(hashtextextended('ledger ' || contract_id || ' ' || month, 0))
      FROM (SELECT DISTINCT contract_id, date_trunc('month', booked_on)::date AS month FROM added ORDER BY 1, 2) AS months;
    IF EXISTS (SELECT FROM added JOIN ledger_period AS p ON p.operator_id = added.operator_id
                 AND p.contract_id = added.contract_id AND p.month = date_trunc('month', added.booked_on)::date
               WHERE p.status = 'closed') THEN
      RAISE EXCEPTION 'the month is closed'
        USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_period_open', TABLE = 'ledger_entry';
    END IF;
    RETURN NULL;
  END $$;
  CREATE TRIGGER ledger_period_open AFTER INSERT ON ledger_entry
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION ledger_period_open();
`;

const UNCHANGEABLE = `
  CREATE FUNCTION ledger_unchangeable() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN
    RAISE EXCEPTION 'the ledger is never changed: correct by a further entry'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_unchangeable', TABLE = TG_TABLE_NAME;
  END $$;
  ${['ledger_account', 'ledger_entry', 'ledger_line']
    .map(
      (table) => `
        CREATE TRIGGER unchangeable BEFORE UPDATE OR DELETE ON ${table}
          FOR EACH ROW EXECUTE FUNCTION ledger_unchangeable();
        CREATE TRIGGER untruncatable BEFORE TRUNCATE ON ${table}
          FOR EACH STATEMENT EXECUTE FUNCTION ledger_unchangeable();
        ${appendOnlyTable(table)}`,
    )
    .join('')}
`;
