import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Claims have a number that people quote, and that funders put on what they pay. */
export class ClaimNumbers1767000000080 implements MigrationInterface {
  name = 'ClaimNumbers1767000000080';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(NUMBERS);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE claim DROP COLUMN number, DROP COLUMN place, DROP COLUMN year;
      ALTER TABLE document_number DISABLE TRIGGER USER;
      DELETE FROM document_number WHERE series = 'claim';
      ALTER TABLE document_number ENABLE TRIGGER USER;
      ${seriesAre(['invoice', 'credit_note', 'receipt'])}`);
  }
}

const seriesAre = (series: readonly string[]) => `
  ALTER TABLE document_number DROP CONSTRAINT document_number_series_check,
    ADD CONSTRAINT document_number_series_check CHECK (series IN (${series.map((one) => `'${one}'`).join(', ')}));`;

const NUMBERS = `
  ${seriesAre(['invoice', 'credit_note', 'receipt', 'claim'])}

  ALTER TABLE claim
    -- Given when it is submitted, so that drafts which are thrown away leave no gap: 1, 2, 3 … per operator and year.
    ADD COLUMN year int,
    ADD COLUMN place int CHECK (place > 0),
    ADD COLUMN number text GENERATED ALWAYS AS ('CL-' || year || '-' || lpad(place::text, 6, '0')) STORED,
    ADD CONSTRAINT claim_number_once UNIQUE (operator_id, year, place);

  UPDATE claim SET year = given.year, place = given.place
  FROM (SELECT id, extract(year FROM submitted_at AT TIME ZONE 'Asia/Shanghai')::int AS year,
               row_number() OVER (PARTITION BY operator_id, extract(year FROM submitted_at AT TIME ZONE 'Asia/Shanghai')
                                  ORDER BY submitted_at, id)::int AS place
        FROM claim WHERE status <> 'draft') AS given
  WHERE claim.id = given.id;
  INSERT INTO document_number (operator_id, series, year, last)
  SELECT operator_id, 'claim', year, max(place) FROM claim WHERE year IS NOT NULL GROUP BY operator_id, year;

  ALTER TABLE claim
    ADD CONSTRAINT claim_submitted_numbered CHECK (num_nulls(year, place) = CASE status WHEN 'draft' THEN 2 ELSE 0 END);
`;
