import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Sites by where they are, and their sessions by kind: what is free around a point. */
export class Around1700000200014 implements MigrationInterface {
  name = 'Around1700000200014';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      -- Square of a hundredth of a degree: cellOf() of the kernel counts the same way.
      ALTER TABLE site ADD COLUMN cell int NOT NULL GENERATED ALWAYS AS
        (floor((lat + 90) * 100)::int * 36000 + floor((lng + 180) * 100)::int) STORED;
      CREATE INDEX site_cell ON site (cell) WHERE status = 'operating';
      CREATE INDEX session_site_kind ON session (site_id, kind, starts_at, id);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP INDEX session_site_kind; ALTER TABLE site DROP COLUMN cell;`);
  }
}
