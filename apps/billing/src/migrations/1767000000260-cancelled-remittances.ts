import type { MigrationInterface, QueryRunner } from 'typeorm';

/** A remittance that was recorded wrongly is cancelled, or pays no longer what it was not meant for; both stay readable. */
export class CancelledRemittances1767000000260 implements MigrationInterface {
  name = 'CancelledRemittances1767000000260';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(REMITTANCES);
    await runner.query(LINES);
    await runner.query(ADVANCES);
  }

  /** Refused where a reference or a line has come twice since. */
  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DELETE FROM expected_movement WHERE kind = 'funder_advance';
      ALTER TABLE expected_movement DROP CONSTRAINT expected_movement_cut, DROP CONSTRAINT expected_movement_kind_check,
        ADD CONSTRAINT expected_movement_cut_fen_check CHECK (cut_fen >= 0);
      ${kindsAre(KINDS)}
      DROP TRIGGER remittance_line_ended_once ON remittance_line;
      DROP INDEX remittance_line_once, remittance_line_list;
      ALTER TABLE remittance_line DROP CONSTRAINT remittance_line_pkey, DROP COLUMN id, DROP COLUMN ended_at,
        DROP COLUMN ended_by, DROP COLUMN end_reason, ADD PRIMARY KEY (remittance_id, claim_line_id);
      DO $$ BEGIN
        EXECUTE format('REVOKE UPDATE ON remittance_line FROM %I', current_setting('doorstep.app_role'));
      END $$;
      DROP TRIGGER remittance_cancelled_stays ON remittance;
      DROP INDEX remittance_once;
      ALTER TABLE remittance DROP COLUMN cancelled_at, DROP COLUMN cancelled_by, DROP COLUMN cancel_reason,
        ADD CONSTRAINT remittance_once UNIQUE (operator_id, funder_id, reference);
      DROP FUNCTION remittance_cancelled_stays, remittance_line_ended_once`);
  }
}

const KINDS = [
  'channel_settlement',
  'channel_remainder',
  'claim',
  'payment',
  'refund',
  'contract_settlement',
];
const kindsAre = (kinds: readonly string[]): string =>
  `ALTER TABLE expected_movement ADD CONSTRAINT expected_movement_kind_check
     CHECK (kind IN (${kinds.map((kind) => `'${kind}'`).join(', ')}));`;

const REMITTANCES = `
  ALTER TABLE remittance DROP CONSTRAINT remittance_once,
    ADD COLUMN cancelled_at timestamptz,
    ADD COLUMN cancelled_by uuid,
    ADD COLUMN cancel_reason text,
    -- What was cancelled pays nothing.
    ADD CONSTRAINT remittance_cancelled CHECK (
      num_nulls(cancelled_at, cancelled_by, cancel_reason) IN (0, 3) AND (cancelled_at IS NULL OR allocated_fen = 0));
  -- A funder's number is recorded once; again when what it was recorded for was cancelled.
  CREATE UNIQUE INDEX remittance_once ON remittance (operator_id, funder_id, reference) WHERE cancelled_at IS NULL;

  CREATE FUNCTION remittance_cancelled_stays() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN
    RAISE EXCEPTION 'a remittance that was cancelled stays as it is'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'remittance_cancelled_stays', TABLE = 'remittance';
  END $$;
  CREATE TRIGGER remittance_cancelled_stays BEFORE UPDATE ON remittance
    FOR EACH ROW WHEN (OLD.cancelled_at IS NOT NULL) EXECUTE FUNCTION remittance_cancelled_stays();
`;

const LINES = `
  ALTER TABLE remittance_line DROP CONSTRAINT remittance_line_pkey,
    ADD COLUMN id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    -- Taken back: it pays the line no longer.
    ADD COLUMN ended_at timestamptz,
    ADD COLUMN ended_by uuid,
    ADD COLUMN end_reason text,
    ADD CONSTRAINT remittance_line_ended CHECK (num_nulls(ended_at, ended_by, end_reason) IN (0, 3));
  CREATE UNIQUE INDEX remittance_line_once ON remittance_line (remittance_id, claim_line_id) WHERE ended_at IS NULL;
  CREATE INDEX remittance_line_list ON remittance_line (remittance_id, id);
  -- Still nothing else of a row is changed, and that once.
  DO $$ BEGIN
    EXECUTE format('GRANT UPDATE (ended_at, ended_by, end_reason) ON remittance_line TO %I', current_setting('doorstep.app_role'));
  END $$;
  CREATE FUNCTION remittance_line_ended_once() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN
    RAISE EXCEPTION 'what a remittance paid is taken back once'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'remittance_line_ended_once', TABLE = 'remittance_line';
  END $$;
  CREATE TRIGGER remittance_line_ended_once BEFORE UPDATE ON remittance_line
    FOR EACH ROW WHEN (OLD.ended_at IS NOT NULL) EXECUTE FUNCTION remittance_line_ended_once();
`;

/** What of a remittance is meant for no line yet is expected at the bank by itself; what pays lines comes with their claims. */
const ADVANCES = `
  ALTER TABLE expected_movement DROP CONSTRAINT expected_movement_kind_check,
    DROP CONSTRAINT expected_movement_cut_fen_check,
    -- Of an advance: what pays claim lines, below zero where it was paid back.
    ADD CONSTRAINT expected_movement_cut CHECK (sign(amount_fen) * cut_fen >= 0);
  ${kindsAre([...KINDS, 'funder_advance'])}
  INSERT INTO expected_movement (operator_id, contract_id, kind, funder_id, source_id, reference, party, day, amount_fen,
    written_off_fen, cut_fen)
  SELECT operator_id, contract_id, 'funder_advance', funder_id, id, reference,
         (SELECT name FROM known_organisation WHERE id = funder_id), received_on, amount_fen, allocated_fen, allocated_fen
  FROM remittance WHERE amount_fen <> allocated_fen;
`;
