import type { MigrationInterface, QueryRunner } from 'typeorm';
import { appendOnlyTable, tenantTable } from '@doorstep/platform';
import { undeletableTable } from './policies';

/** What the parties of an operating contract owe each other, cycle by cycle. */
export class ContractSettlements1767000000160 implements MigrationInterface {
  name = 'ContractSettlements1767000000160';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(TABLES);
    await runner.query(GUARDS);
    await runner.query(EXPECTED);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP TRIGGER contract_settlement_paid ON expected_movement;
      DROP TABLE contract_settlement_line, contract_settlement;
      DROP FUNCTION contract_settlement_paid, contract_settlement_kept, contract_settlement_follows, contract_settlement_whole;
      ALTER TABLE expected_movement DROP CONSTRAINT expected_movement_kind_check;
      DELETE FROM expected_movement WHERE kind = 'contract_settlement';
      ${kindsAre(['channel_settlement', 'channel_remainder', 'claim', 'payment', 'refund'])}
      ALTER TABLE document_number DISABLE TRIGGER USER;
      DELETE FROM document_number WHERE series = 'contract_settlement';
      ALTER TABLE document_number ENABLE TRIGGER USER;
      ${seriesAre(['invoice', 'credit_note', 'receipt', 'claim'])}`);
  }
}

const listOf = (words: readonly string[]) => words.map((word) => `'${word}'`).join(', ');
const kindsAre = (kinds: readonly string[]) =>
  `ALTER TABLE expected_movement ADD CONSTRAINT expected_movement_kind_check CHECK (kind IN (${listOf(kinds)}));`;
const seriesAre = (series: readonly string[]) => `
  ALTER TABLE document_number DROP CONSTRAINT document_number_series_check,
    ADD CONSTRAINT document_number_series_check CHECK (series IN (${listOf(series)}));`;

const TABLES = `
  ${seriesAre(['invoice', 'credit_note', 'receipt', 'claim', 'contract_settlement'])}

  CREATE TABLE contract_settlement (
    id uuid PRIMARY KEY,
    operator_id uuid NOT NULL,
    contract_id uuid NOT NULL,
    authority_id uuid NOT NULL,
    -- Within the contract, from 1.
    sequence int NOT NULL CHECK (sequence > 0),
    kind text NOT NULL CHECK (kind IN ('monthly', 'quarterly', 'closing')),
    -- Half-open; a closing one has no days.
    from_day date NOT NULL,
    to_day date NOT NULL,
    -- The contract stood no longer.
    last boolean NOT NULL,
    status text NOT NULL CHECK (status IN ('draft', 'agreed', 'settled', 'withdrawn')),
    -- Above zero: the authority pays the operator.
    net_fen bigint NOT NULL,
    -- Kept with what is expected of it.
    paid_fen bigint NOT NULL DEFAULT 0,
    given_up_fen bigint NOT NULL DEFAULT 0,
    drawn_by uuid NOT NULL,
    drawn_at timestamptz NOT NULL,
    agreed_by uuid,
    agreed_at timestamptz,
    agreed_on date,
    -- The authority's word for its consent.
    reference text CHECK (btrim(reference) <> ''),
    withdrawn_by uuid,
    withdrawn_at timestamptz,
    -- Given when it is agreed, so that drafts which are withdrawn leave no gap: 1, 2, 3 … per operator and year.
    year int,
    place int CHECK (place > 0),
    number text GENERATED ALWAYS AS ('CS-' || year || '-' || lpad(place::text, 6, '0')) STORED,
    version bigint NOT NULL DEFAULT 1,
    UNIQUE (id, operator_id),
    CONSTRAINT contract_settlement_number_once UNIQUE (operator_id, year, place),
    CONSTRAINT contract_settlement_days CHECK (CASE kind WHEN 'closing' THEN from_day = to_day ELSE from_day < to_day END),
    CONSTRAINT contract_settlement_four_eyes CHECK (agreed_by <> drawn_by),
    CONSTRAINT contract_settlement_agreed CHECK (num_nulls(agreed_by, agreed_at, agreed_on, reference, year, place) =
      CASE WHEN status IN ('agreed', 'settled') THEN 0 ELSE 6 END),
    CONSTRAINT contract_settlement_withdrawn CHECK (num_nulls(withdrawn_by, withdrawn_at) =
      CASE status WHEN 'withdrawn' THEN 0 ELSE 2 END),
    CONSTRAINT contract_settlement_settled CHECK (status <> 'settled' OR paid_fen + given_up_fen = net_fen),
    CONSTRAINT contract_settlement_no_day_twice
      EXCLUDE USING gist (contract_id WITH =, daterange(from_day, to_day) WITH &&) WHERE (status <> 'withdrawn')
  );
  CREATE UNIQUE INDEX contract_settlement_once ON contract_settlement (contract_id, sequence) WHERE status <> 'withdrawn';
  CREATE INDEX contract_settlement_list ON contract_settlement (operator_id, id);
  ${tenantTable('contract_settlement', { organisationColumn: 'authority_id' })}
  ${undeletableTable('contract_settlement')}

  CREATE TABLE contract_settlement_line (
    settlement_id uuid NOT NULL,
    operator_id uuid NOT NULL,
    authority_id uuid NOT NULL,
    kind text NOT NULL CHECK (kind IN ('management_fee', 'purchased_service', 'revenue_share', 'rent', 'deposit')),
    payer text NOT NULL CHECK (payer = CASE WHEN kind IN ('management_fee', 'purchased_service') THEN 'authority' ELSE 'operator' END),
    place int NOT NULL,
    due_fen bigint NOT NULL,
    earlier_fen bigint NOT NULL,
    own_fen bigint NOT NULL,
    change_fen bigint NOT NULL,
    amount_fen bigint NOT NULL,
    concession_fen bigint NOT NULL,
    -- [{revision, from, to, days?, ofDays?, rateBp?, baseFen, amountFen}]
    parts jsonb NOT NULL,
    PRIMARY KEY (settlement_id, kind),
    FOREIGN KEY (settlement_id, operator_id) REFERENCES contract_settlement (id, operator_id),
    CONSTRAINT contract_settlement_line_adds_up CHECK (amount_fen = due_fen - earlier_fen AND amount_fen = own_fen + change_fen)
  );
  ${tenantTable('contract_settlement_line', { organisationColumn: 'authority_id' })}
  ${appendOnlyTable('contract_settlement_line')}
`;

const GUARDS = `
  -- Each follows the agreed one before it, on the day after its last.
  CREATE FUNCTION contract_settlement_follows() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN
    IF NEW.sequence > 1 AND NOT EXISTS (
         SELECT FROM contract_settlement WHERE contract_id = NEW.contract_id AND sequence = NEW.sequence - 1
           AND status IN ('agreed', 'settled') AND to_day = NEW.from_day) THEN
      RAISE EXCEPTION 'no agreed settlement ends where this one begins'
        USING ERRCODE = 'check_violation', CONSTRAINT = 'contract_settlement_follows', TABLE = 'contract_settlement';
    END IF;
    RETURN NEW;
  END $$;
  CREATE TRIGGER contract_settlement_follows BEFORE INSERT ON contract_settlement
    FOR EACH ROW EXECUTE FUNCTION contract_settlement_follows();

  ${keptFunction('l.earlier_fen', 'o.amount_fen')}
  CREATE TRIGGER contract_settlement_kept BEFORE UPDATE ON contract_settlement
    FOR EACH ROW EXECUTE FUNCTION contract_settlement_kept();

  CREATE FUNCTION contract_settlement_whole() RETURNS trigger LANGUAGE plpgsql AS $$
  DECLARE
    wrong uuid;
  BEGIN
    SELECT s.id INTO wrong FROM contract_settlement AS s
      WHERE s.id = coalesce(to_jsonb(NEW) ->> 'settlement_id', to_jsonb(NEW) ->> 'id')::uuid AND s.net_fen <> (
        SELECT coalesce(sum(CASE payer WHEN 'authority' THEN amount_fen ELSE -amount_fen END), 0)
        FROM contract_settlement_line WHERE settlement_id = s.id);
    IF FOUND THEN
      RAISE EXCEPTION 'the lines of settlement % do not come to its net', wrong
        USING ERRCODE = 'check_violation', CONSTRAINT = 'contract_settlement_whole', TABLE = 'contract_settlement';
    END IF;
    RETURN NULL;
  END $$;
  ${['contract_settlement', 'contract_settlement_line']
    .map(
      (table) => `
        CREATE CONSTRAINT TRIGGER contract_settlement_whole AFTER INSERT ON ${table}
          DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION contract_settlement_whole();`,
    )
    .join('')}
`;

const EXPECTED = `
  ALTER TABLE expected_movement DROP CONSTRAINT expected_movement_kind_check;
  ${kindsAre(['channel_settlement', 'channel_remainder', 'claim', 'payment', 'refund', 'contract_settlement'])}

  -- By whichever way the bank's lines are matched, undone or given up: settled is what has nothing left to come.
  CREATE FUNCTION contract_settlement_paid() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN
    UPDATE contract_settlement SET paid_fen = NEW.matched_fen, given_up_fen = NEW.written_off_fen, version = version + 1,
        status = CASE WHEN NEW.matched_fen + NEW.written_off_fen = NEW.amount_fen THEN 'settled' ELSE 'agreed' END
      WHERE id = NEW.source_id;
    RETURN NULL;
  END $$;
  CREATE TRIGGER contract_settlement_paid AFTER UPDATE OF matched_fen, written_off_fen ON expected_movement
    FOR EACH ROW WHEN (NEW.kind = 'contract_settlement') EXECUTE FUNCTION contract_settlement_paid();
`;

/** @param earlier what a line takes off as settled before · @param settled what an agreed line has settled */
export function keptFunction(earlier: string, settled: string): string {
  return `
  -- What was drawn never changes, what was agreed neither; agreeing asks for what no settlement has settled yet.
  CREATE FUNCTION contract_settlement_kept() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN
    IF (NEW.operator_id, NEW.contract_id, NEW.authority_id, NEW.sequence, NEW.kind, NEW.from_day, NEW.to_day, NEW.last,
        NEW.net_fen, NEW.drawn_by, NEW.drawn_at) IS DISTINCT FROM
       (OLD.operator_id, OLD.contract_id, OLD.authority_id, OLD.sequence, OLD.kind, OLD.from_day, OLD.to_day, OLD.last,
        OLD.net_fen, OLD.drawn_by, OLD.drawn_at)
       OR (OLD.status <> 'draft' AND (NEW.agreed_by, NEW.agreed_at, NEW.agreed_on, NEW.reference, NEW.year, NEW.place,
             NEW.withdrawn_by, NEW.withdrawn_at) IS DISTINCT FROM
            (OLD.agreed_by, OLD.agreed_at, OLD.agreed_on, OLD.reference, OLD.year, OLD.place, OLD.withdrawn_by, OLD.withdrawn_at))
       OR (OLD.status || ' ' || NEW.status) NOT IN ('draft draft', 'draft agreed', 'draft settled', 'draft withdrawn',
            'agreed agreed', 'agreed settled', 'settled settled', 'settled agreed') THEN
      RAISE EXCEPTION 'a settlement is not changed once it is drawn: withdraw the draft, or settle the difference with the next one'
        USING ERRCODE = 'check_violation', CONSTRAINT = 'contract_settlement_kept', TABLE = 'contract_settlement';
    END IF;
    IF OLD.status = 'draft' AND NEW.status IN ('agreed', 'settled') AND EXISTS (
         SELECT FROM contract_settlement_line AS l WHERE l.settlement_id = NEW.id AND ${earlier} <> (
           SELECT coalesce(sum(${settled}), 0) FROM contract_settlement_line AS o
           JOIN contract_settlement AS s ON s.id = o.settlement_id
           WHERE s.contract_id = NEW.contract_id AND s.status IN ('agreed', 'settled') AND o.kind = l.kind)) THEN
      RAISE EXCEPTION 'something else was settled since it was drawn'
        USING ERRCODE = 'check_violation', CONSTRAINT = 'contract_settlement_telescopes', TABLE = 'contract_settlement';
    END IF;
    RETURN NEW;
  END $$;`;
}
