import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The service may have Postgres look at the lines of a large file that has just come; nobody's data moves by that. */
export class SettlementStatistics1767000000121 implements MigrationInterface {
  name = 'SettlementStatistics1767000000121';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(maintain('GRANT', 'TO'));
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(maintain('REVOKE', 'FROM'));
  }
}

function maintain(change: string, direction: string): string {
  return `
    DO $$ BEGIN
      EXECUTE format('${change} MAINTAIN ON settlement_line ${direction} %I', current_setting('doorstep.app_role'));
    END $$;
  `;
}
