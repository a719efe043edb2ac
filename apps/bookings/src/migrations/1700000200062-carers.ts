import { tenantTable } from '@doorstep/platform';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Who is entitled to book for whom: given by the resident or a guardian, for a time, withdrawn at any moment. */
export class Carers1700000200062 implements MigrationInterface {
  name = 'Carers1700000200062';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE carer_grant (
        id uuid PRIMARY KEY,
        operator_id uuid NOT NULL,
        resident_id uuid NOT NULL REFERENCES resident,
        -- A family carer on record, or an account that one front-end knows its user by: nobody else may speak for it.
        carer_resident_id uuid REFERENCES resident,
        account_id uuid,
        client_id uuid,
        carer_id uuid NOT NULL GENERATED ALWAYS AS (coalesce(carer_resident_id, account_id)) STORED,
        scopes text[] NOT NULL CHECK (scopes <@ ARRAY['view', 'book', 'cancel'] AND cardinality(scopes) BETWEEN 1 AND 3),
        -- As with consents: 'self', 'guardian' (not on record), or the guardian's resident id.
        granted_by text NOT NULL,
        starts_at timestamptz NOT NULL,
        ends_at timestamptz CHECK (ends_at > starts_at),
        created_by uuid NOT NULL,
        created_at timestamptz NOT NULL,
        withdrawn_at timestamptz,
        withdrawn_by uuid,
        CHECK (num_nonnulls(carer_resident_id, account_id) = 1 AND num_nonnulls(account_id, client_id) IN (0, 2)),
        CHECK (carer_resident_id <> resident_id),
        CONSTRAINT carer_grant_once EXCLUDE USING gist (
          resident_id WITH =, carer_id WITH =, tstzrange(starts_at, ends_at) WITH &&) WHERE (withdrawn_at IS NULL)
      );
      CREATE INDEX carer_grant_resident ON carer_grant (resident_id, id);
      CREATE INDEX carer_grant_carer ON carer_grant (carer_id, id);
      ${tenantTable('carer_grant')}

      ALTER TABLE booking
        -- The carer who booked, and by which entitlement; null: nobody in between.
        ADD COLUMN booked_by uuid,
        ADD COLUMN carer_grant_id uuid REFERENCES carer_grant,
        ADD CHECK (num_nonnulls(booked_by, carer_grant_id) IN (0, 2));
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE booking DROP COLUMN booked_by, DROP COLUMN carer_grant_id;
      DROP TABLE carer_grant;
    `);
  }
}
