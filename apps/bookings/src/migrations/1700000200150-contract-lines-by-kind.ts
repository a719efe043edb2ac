import type { MigrationInterface, QueryRunner } from 'typeorm';

/** A slot looks at the lines of its own kind alone: a contract of many services and amendments costs it no more. */
export class ContractLinesByKind1700000200150 implements MigrationInterface {
  name = 'ContractLinesByKind1700000200150';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      -- {kind: [{mode, region, from, to}]}: without mode every one, without region everywhere, without days on all of them.
      ALTER TABLE contract ALTER COLUMN lines SET DEFAULT '{}';
      UPDATE contract SET lines = (
        SELECT coalesce(jsonb_object_agg(kind, own), '{}') FROM (
          SELECT line ->> 'kind' AS kind, jsonb_agg(line - 'kind') AS own
          FROM jsonb_array_elements(lines) AS line GROUP BY 1) AS by_kind);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE contract ALTER COLUMN lines SET DEFAULT '[]';
      UPDATE contract SET lines = (
        SELECT coalesce(jsonb_agg(line || jsonb_build_object('kind', kind)), '[]')
        FROM jsonb_each(lines) AS of_kind (kind, own) CROSS JOIN LATERAL jsonb_array_elements(own) AS line);
    `);
  }
}
