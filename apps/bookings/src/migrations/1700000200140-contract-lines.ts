import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What a contract lets run, where and on which days; before, its kinds and modes of the day on which it was told. */
export class ContractLines1700000200140 implements MigrationInterface {
  name = 'ContractLines1700000200140';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE contract
        -- [{kind, mode, region, from, to}]: without mode every one, without region everywhere, without days on all of them.
        ADD COLUMN lines jsonb NOT NULL DEFAULT '[]';
      UPDATE contract SET lines = (
        SELECT coalesce(jsonb_agg(jsonb_build_object(
          'kind', split_part(key, ':', 1), 'mode', nullif(split_part(key, ':', 2), ''))), '[]')
        FROM unnest(services) AS key);
      ALTER TABLE contract DROP COLUMN services;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE contract ADD COLUMN services text[] NOT NULL DEFAULT '{}';
      UPDATE contract SET services = ARRAY(
        SELECT DISTINCT concat_ws(':', line ->> 'kind', line ->> 'mode') FROM jsonb_array_elements(lines) AS line);
      ALTER TABLE contract DROP COLUMN lines;
    `);
  }
}
