import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What late cancellations and no-shows cost, by region, kind and day; and what one booking cost. */
export class Cancellations1700000200011 implements MigrationInterface {
  name = 'Cancellations1700000200011';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      -- all tenants: a city's rules are public
      CREATE TABLE cancellation_rule (
        id uuid PRIMARY KEY DEFAULT uuidv7(),
        -- Leading digits of the region that it holds for; '': the whole country.
        region_prefix text COLLATE "C" NOT NULL CHECK (region_prefix ~ '^(\\d{2}|\\d{4}|\\d{6}|\\d{9})?$'),
        -- Null: every kind without a rule of its own.
        kind text,
        valid_from date NOT NULL,
        -- First day that is out.
        valid_to date CHECK (valid_to > valid_from),
        free_minutes int NOT NULL CHECK (free_minutes >= 0),
        late_share_bp int CHECK (late_share_bp BETWEEN 0 AND 10000),
        late_fee_fen bigint CHECK (late_fee_fen >= 0),
        no_show_share_bp int CHECK (no_show_share_bp BETWEEN 0 AND 10000),
        no_show_fee_fen bigint CHECK (no_show_fee_fen >= 0),
        exempt_reasons text[] NOT NULL,
        source text NOT NULL,
        CHECK (num_nonnulls(late_share_bp, late_fee_fen) < 2 AND num_nonnulls(no_show_share_bp, no_show_fee_fen) < 2),
        CONSTRAINT cancellation_rule_one_at_a_time
          EXCLUDE USING gist (region_prefix WITH =, (coalesce(kind, '')) WITH =, daterange(valid_from, valid_to) WITH &&)
      );

      ALTER TABLE booking
        ADD COLUMN fee_fen bigint CHECK (fee_fen > 0),
        ADD COLUMN fee_rule_id uuid REFERENCES cancellation_rule,
        ADD CHECK ((fee_fen IS NULL) = (fee_rule_id IS NULL)),
        ADD CHECK (fee_fen IS NULL OR (status IN ('cancelled', 'no_show') AND fee_fen <= gross_fen));
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE booking DROP COLUMN fee_fen, DROP COLUMN fee_rule_id;
      DROP TABLE cancellation_rule;
    `);
  }
}
