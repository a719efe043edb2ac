import type { MigrationInterface, QueryRunner } from 'typeorm';
import { tenantTable } from '@doorstep/platform';

export class Claims1767000000008 implements MigrationInterface {
  name = 'Claims1767000000008';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE claim (
        id uuid PRIMARY KEY,
        operator_id uuid NOT NULL,
        funder_id uuid NOT NULL,
        contract_id uuid NOT NULL,
        -- The month in which the charges were booked, YYYY-MM.
        period text NOT NULL CHECK (period ~ '^\\d{4}-(0[1-9]|1[0-2])$'),
        -- 1 for the first claim of the period, more for what was delivered late.
        sequence int NOT NULL CHECK (sequence > 0),
        status text NOT NULL CHECK (status IN ('draft', 'submitted')),
        lines int NOT NULL CHECK (lines > 0),
        amount_fen bigint NOT NULL CHECK (amount_fen > 0),
        -- What the check before submission found: [{code, claimLineId, reason}].
        findings jsonb NOT NULL,
        created_by uuid NOT NULL,
        created_at timestamptz NOT NULL,
        submitted_by uuid,
        submitted_at timestamptz,
        version bigint NOT NULL DEFAULT 1,
        UNIQUE (operator_id, funder_id, contract_id, period, sequence),
        UNIQUE (id, operator_id),
        CONSTRAINT claim_submitted_by CHECK ((status = 'draft') = (submitted_at IS NULL))
      );
      ${tenantTable('claim', { organisationColumn: 'funder_id' })}
      CREATE UNIQUE INDEX claim_one_draft ON claim (operator_id, funder_id, contract_id, period) WHERE status = 'draft';
      CREATE INDEX claim_list ON claim (operator_id, id);

      -- One captured share each, with what proves it. A share can be claimed once.
      CREATE TABLE claim_line (
        id uuid PRIMARY KEY,
        operator_id uuid NOT NULL,
        claim_id uuid NOT NULL,
        funder_id uuid NOT NULL,
        share_id uuid NOT NULL UNIQUE REFERENCES charge_share,
        charge_id uuid NOT NULL REFERENCES charge,
        booking_id uuid NOT NULL,
        resident_id uuid NOT NULL,
        site_id uuid NOT NULL,
        programme_id uuid NOT NULL REFERENCES programme,
        kind text NOT NULL,
        service_day date NOT NULL,
        starts_at timestamptz NOT NULL,
        minutes int NOT NULL,
        amount_fen bigint NOT NULL CHECK (amount_fen > 0),
        -- How the delivery is proven: attendance or a verified visit; null is a finding.
        evidence text,
        delivered_at timestamptz,
        -- Why the programme gave this, as the charge's trace says.
        grounds text NOT NULL,
        FOREIGN KEY (claim_id, operator_id) REFERENCES claim (id, operator_id)
      );
      ${tenantTable('claim_line', { organisationColumn: 'funder_id' })}
      CREATE INDEX claim_line_claim ON claim_line (claim_id, id);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP TABLE claim_line, claim`);
  }
}
