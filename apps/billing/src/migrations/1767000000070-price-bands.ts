import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Prices with hours of the day at which another amount holds; charges keep where that fell into their stay. */
export class PriceBands1767000000070 implements MigrationInterface {
  name = 'PriceBands1767000000070';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      -- Bands [{days, from, to, amountFen}] lie within one day, cost nothing below zero, and no two meet on one sort of day.
      CREATE FUNCTION price_bands_sound(bands jsonb) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$
        WITH band AS (
          SELECT place, day, b."from" AS begins, b."to" AS ends, b."amountFen" AS fen
          FROM ROWS FROM (jsonb_to_recordset(bands) AS (days jsonb, "from" text, "to" text, "amountFen" bigint))
                 WITH ORDINALITY AS b (days, "from", "to", "amountFen", place),
               jsonb_array_elements_text(b.days) AS day)
        SELECT NOT EXISTS (SELECT FROM band WHERE (begins < ends AND fen >= 0) IS NOT TRUE)
           AND NOT EXISTS (SELECT FROM band AS a JOIN band AS b ON b.place > a.place AND b.day = a.day
                             AND a.begins < b.ends AND b.begins < a.ends)
      $$;
      ALTER TABLE price
        ADD COLUMN bands jsonb NOT NULL DEFAULT '[]',
        ADD CONSTRAINT price_bands_sound CHECK (price_bands_sound(bands)),
        ADD CONSTRAINT price_bands_not_of_a_month CHECK (unit <> 'month' OR bands = '[]');
      -- [{fromMinute, amountFen}], null where one amount held throughout.
      ALTER TABLE charge ADD COLUMN spans jsonb;
      ALTER TABLE charge_rating ADD COLUMN spans jsonb;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE charge_rating DROP COLUMN spans;
      ALTER TABLE charge DROP COLUMN spans;
      ALTER TABLE price DROP COLUMN bands;
      DROP FUNCTION price_bands_sound`);
  }
}
