import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Statements of days on which nothing happened may be alike to the byte: those are told apart by their days. */
export class EmptyStatements1767000000220 implements MigrationInterface {
  name = 'EmptyStatements1767000000220';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE statement_file DROP CONSTRAINT statement_file_once;
      CREATE UNIQUE INDEX statement_file_once ON statement_file (operator_id, sha256) WHERE lines > 0`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP INDEX statement_file_once;
      ALTER TABLE statement_file ADD CONSTRAINT statement_file_once UNIQUE (operator_id, sha256)`);
  }
}
