import type { MigrationInterface, QueryRunner } from 'typeorm';
import { appendOnlyTable, tenantTable } from '@doorstep/platform';

/** How months were closed and opened again: by whom, why, and what stood in the checklist. */
export class Periods1767000000032 implements MigrationInterface {
  name = 'Periods1767000000032';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE period_reopening (
        id uuid PRIMARY KEY,
        operator_id uuid NOT NULL,
        contract_id uuid NOT NULL,
        month date NOT NULL CHECK (extract(day FROM month) = 1),
        reason text NOT NULL,
        asked_by uuid NOT NULL,
        asked_at timestamptz NOT NULL,
        approved boolean,
        decided_by uuid,
        decided_at timestamptz,
        -- Set when the month was opened by it: it opens once.
        used_at timestamptz,
        version bigint NOT NULL DEFAULT 1,
        CONSTRAINT reopening_four_eyes CHECK (decided_by <> asked_by),
        CONSTRAINT reopening_decided CHECK ((approved IS NULL) = (decided_by IS NULL)),
        CONSTRAINT reopening_used_when_approved CHECK (used_at IS NULL OR approved)
      );
      ${tenantTable('period_reopening')}
      CREATE UNIQUE INDEX period_reopening_asked_once ON period_reopening (operator_id, contract_id, month)
        WHERE decided_by IS NULL;

      CREATE TABLE period_act (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        operator_id uuid NOT NULL,
        contract_id uuid NOT NULL,
        month date NOT NULL,
        act text NOT NULL CHECK (act IN ('closed', 'reopen_asked', 'reopen_approved', 'reopen_rejected')),
        by uuid NOT NULL,
        at timestamptz NOT NULL,
        reason text,
        -- What was looked at before closing: [{name, ok, blocking, count}]
        checklist jsonb
      );
      ${tenantTable('period_act')}
      ${appendOnlyTable('period_act')}
      CREATE INDEX period_act_of ON period_act (operator_id, contract_id, month, id);

      -- A closed month opens by an approved reopening alone, and by each of them once.
      CREATE FUNCTION ledger_period_guard() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        IF TG_OP = 'DELETE' THEN
          RAISE EXCEPTION 'a month is not forgotten'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_period_kept', TABLE = 'ledger_period';
        END IF;
        IF OLD.status = 'closed' AND (NEW.status <> 'closed' OR
             (NEW.operator_id, NEW.contract_id, NEW.month) IS DISTINCT FROM (OLD.operator_id, OLD.contract_id, OLD.month)) THEN
          UPDATE period_reopening SET used_at = now(), version = version + 1
            WHERE id = (SELECT id FROM period_reopening WHERE operator_id = OLD.operator_id AND contract_id = OLD.contract_id
                        AND month = OLD.month AND approved AND used_at IS NULL ORDER BY id LIMIT 1);
          IF NOT FOUND THEN
            RAISE EXCEPTION 'nobody has approved that the month is opened again'
              USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_period_reopening_approved', TABLE = 'ledger_period';
          END IF;
        END IF;
        RETURN NEW;
      END $$;
      CREATE TRIGGER ledger_period_guard BEFORE UPDATE OR DELETE ON ledger_period
        FOR EACH ROW EXECUTE FUNCTION ledger_period_guard();
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP TRIGGER ledger_period_guard ON ledger_period; DROP FUNCTION ledger_period_guard;
      DROP TABLE period_act, period_reopening`);
  }
}
