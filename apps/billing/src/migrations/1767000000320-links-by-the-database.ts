import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * A link's hash as an aggregate: over the entries of an operator in their order, as a window, it gives each of them its own.
 * So a round of the chain is one statement, and no entry leaves the database for it.
 */
export class LinksByTheDatabase1767000000320 implements MigrationInterface {
  name = 'LinksByTheDatabase1767000000320';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      -- plpgsql: a function in SQL would be opened anew for every entry
      CREATE FUNCTION ledger_link_next(hash text, first text, before text, after text) RETURNS text
      LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
      BEGIN
        RETURN encode(sha256(convert_to(before || coalesce(hash, first) || after, 'UTF8')), 'hex');
      END $$;

      -- first: the hash before the first of them; before, after: what an entry's content has around the hash before it
      CREATE AGGREGATE ledger_link (first text, before text, after text) (SFUNC = ledger_link_next, STYPE = text)`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP AGGREGATE ledger_link (text, text, text); DROP FUNCTION ledger_link_next`);
  }
}
