import { appendOnlyTable, tenantTable } from '@doorstep/platform';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Residents under a pseudonym, their sealed personal data, keys, consents, and who looked. */
export class Residents1700000200002 implements MigrationInterface {
  name = 'Residents1700000200002';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE household (
        id uuid PRIMARY KEY,
        operator_id uuid NOT NULL,
        region_code text NOT NULL,
        version bigint NOT NULL,
        created_at timestamptz NOT NULL
      );
      CREATE INDEX household_operator ON household (operator_id, id);
      ${tenantTable('household')}

      CREATE TABLE resident (
        id uuid PRIMARY KEY,
        operator_id uuid NOT NULL,
        household_id uuid REFERENCES household,
        region_code text NOT NULL,
        birth_date date NOT NULL,
        sex text CHECK (sex IN ('female', 'male')),
        care_level text CHECK (care_level IN ('intact', 'mild', 'moderate', 'severe', 'total')),
        care_level_assessed_on date,
        hardship boolean NOT NULL,
        disability boolean NOT NULL,
        birth_order int CHECK (birth_order > 0),
        -- JSON of PersonalData under the resident's own key; null after erasure, like the blind indexes.
        sealed bytea,
        mobile_index bytea,
        id_number_index bytea,
        version bigint NOT NULL,
        created_at timestamptz NOT NULL,
        erased_at timestamptz,
        CHECK ((sealed IS NULL) = (erased_at IS NOT NULL)),
        CHECK (erased_at IS NULL OR (mobile_index IS NULL AND id_number_index IS NULL))
      );
      -- A citizen number belongs to one person; a mobile number is often the whole family's.
      CREATE UNIQUE INDEX resident_id_number ON resident (operator_id, id_number_index)
        WHERE id_number_index IS NOT NULL;
      CREATE INDEX resident_mobile ON resident (operator_id, mobile_index) WHERE mobile_index IS NOT NULL;
      CREATE INDEX resident_operator ON resident (operator_id, id);
      CREATE INDEX resident_household ON resident (household_id) WHERE household_id IS NOT NULL;
      ${tenantTable('resident')}

      -- Apart from the resident, so that destroying a key is deleting a row and no copy stays in a dead tuple's neighbour.
      CREATE TABLE resident_key (
        resident_id uuid PRIMARY KEY REFERENCES resident,
        operator_id uuid NOT NULL,
        wrapped bytea NOT NULL,
        master_key_id text NOT NULL
      );
      ${tenantTable('resident_key')}

      CREATE TABLE consent (
        id uuid PRIMARY KEY,
        operator_id uuid NOT NULL,
        resident_id uuid NOT NULL REFERENCES resident,
        purpose text NOT NULL CHECK (purpose IN ('booking', 'subsidy', 'notifications')),
        -- 'self', 'guardian' (not on record), or the guardian's resident id.
        granted_by text NOT NULL,
        granted_at timestamptz NOT NULL,
        withdrawn_at timestamptz
      );
      CREATE UNIQUE INDEX consent_standing ON consent (resident_id, purpose) WHERE withdrawn_at IS NULL;
      CREATE INDEX consent_resident ON consent (resident_id);
      ${tenantTable('consent')}

      CREATE TABLE access_log (
        id uuid PRIMARY KEY,
        operator_id uuid NOT NULL,
        resident_id uuid NOT NULL REFERENCES resident,
        actor_id uuid NOT NULL,
        actor_kind text NOT NULL,
        action text NOT NULL CHECK (action IN ('view_full', 'export', 'erase')),
        correlation_id text NOT NULL,
        at timestamptz NOT NULL
      );
      CREATE INDEX access_log_resident ON access_log (resident_id, id);
      ${tenantTable('access_log')}
      ${appendOnlyTable('access_log')}
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP TABLE access_log, consent, resident_key, resident, household`);
  }
}
