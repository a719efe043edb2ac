import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The log takes in what was changed elsewhere, also what goes by a code and has no id. */
export class AuditCodes1763900000080 implements MigrationInterface {
  name = 'AuditCodes1763900000080';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE audit_entry
        ADD COLUMN entity_code text,
        ALTER COLUMN entity_id DROP NOT NULL,
        ADD CONSTRAINT audit_entry_of_something CHECK (num_nonnulls(entity_id, entity_code) = 1);
      CREATE INDEX audit_entry_code ON audit_entry (entity_code, id) WHERE entity_code IS NOT NULL;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE audit_entry DISABLE ROW LEVEL SECURITY;
      DELETE FROM audit_entry WHERE entity_id IS NULL;
      ALTER TABLE audit_entry ENABLE ROW LEVEL SECURITY;
      ALTER TABLE audit_entry DROP COLUMN entity_code, ALTER COLUMN entity_id SET NOT NULL;
    `);
  }
}
