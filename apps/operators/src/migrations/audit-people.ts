import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What people did is found among the many times as much that front-ends do. */
export class AuditPeople1763900000180 implements MigrationInterface {
  name = 'AuditPeople1763900000180';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      `CREATE INDEX audit_entry_people ON audit_entry (operator_id, id) WHERE actor_kind = 'person'`,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP INDEX audit_entry_people`);
  }
}
