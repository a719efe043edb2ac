import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The four-way report goes from a charge to the lines that claim it, and to what came to the bank in part: a handful at a time. */
export class FourWayIndexes1767000000340 implements MigrationInterface {
  name = 'FourWayIndexes1767000000340';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      -- claim_line_once leaves out what is asked for again, so it finds no charge's lines by itself.
      CREATE INDEX claim_line_charge ON claim_line (charge_id);
      CREATE INDEX expected_in_part ON expected_movement (operator_id) WHERE matched_fen <> 0 AND matched_fen <> amount_fen;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX claim_line_charge, expected_in_part');
  }
}
