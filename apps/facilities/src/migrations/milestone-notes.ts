import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What happened to a site is never rewritten; what is said of it may be. */
export class MilestoneNotes1763900000140 implements MigrationInterface {
  name = 'MilestoneNotes1763900000140';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(grant('GRANT', 'TO'));
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(grant('REVOKE', 'FROM'));
  }
}

function grant(verb: string, preposition: string): string {
  return `
    DO $$ BEGIN
      EXECUTE format('${verb} UPDATE (note) ON site_milestone ${preposition} %I', current_setting('doorstep.app_role'));
    END $$`;
}
