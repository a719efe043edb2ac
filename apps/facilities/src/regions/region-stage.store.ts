import type { LineFault } from '@doorstep/platform';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { RegionCode } from '@doorstep/kernel';
import { Client } from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { possibleParents, type RegionRow } from './region';
import { REGION_COLUMNS, valuesOf } from './regions.queries';

/** A row on its way into the stage. */
export interface StagedRow {
  file: string;
  region: RegionRow;
}

const STAGE_COLUMNS = ['import_id', 'place', 'file', 'line', 'parents', ...REGION_COLUMNS];
/** Characters handed to the database at once. */
const CHUNK_CHARACTERS = 64 * 1024;
const FAULTS_MAX = 100;

/**
 * Table region_stage, for one import. It has a connection of its own: COPY can't share a pipelined one, and checking
 * half a million rows may take longer than a request's statement should.
 */
export class RegionStage {
  private constructor(
    private readonly client: Client,
    readonly importId: string,
  ) {}

  static async open(databaseUrl: string, importId: string): Promise<RegionStage> {
    const client = new Client({ connectionString: databaseUrl, application_name: 'doorstep region import' });
    await client.connect();
    return new RegionStage(client, importId);
  }

  /** Takes all rows in by COPY, in their order; returns how many. */
  async copy(rows: AsyncIterable<StagedRow>): Promise<number> {
    const copy = this.client.query(copyFrom(`COPY region_stage (${STAGE_COLUMNS.join(', ')}) FROM STDIN`));
    let place = 0;
    const { importId } = this;
    async function* lines(): AsyncGenerator<string> {
      let chunk = '';
      for await (const { file, region } of rows) {
        const parents = region.parentCode ? [region.parentCode] : possibleParents(region.code);
        const values = [importId, ++place, file, region.row, `{${parents.join(',')}}`, ...valuesOf(region)];
        chunk += `${values.map(copyText).join('\t')}\n`;
        if (chunk.length < CHUNK_CHARACTERS) continue;
        yield chunk;
        chunk = '';
      }
      if (chunk !== '') yield chunk;
    }
    await pipeline(Readable.from(lines()), copy);
    await this.client.query('ANALYZE region_stage');
    return place;
  }

  /** Codes that come more than once: each place after the first. */
  duplicates(): Promise<LineFault[]> {
    return this.faults(
      `SELECT file, line, 'code' AS field, code || ' stands in ' || first_file || ' line ' || first_line || ' too' AS reason,
              'Leave one out.' AS mend
       FROM (SELECT place, file, line, code, row_number() OVER w AS nth, first_value(file) OVER w AS first_file,
                    first_value(line) OVER w AS first_line
             FROM region_stage WHERE import_id = $1 WINDOW w AS (PARTITION BY code ORDER BY place)) AS numbered
       WHERE nth > 1 ORDER BY place LIMIT ${FAULTS_MAX}`,
    );
  }

  /** Gives each region the nearest parent that exists, here or already; returns those that find none. */
  async placeUnderParents(): Promise<LineFault[]> {
    await this.client.query(
      `UPDATE region_stage AS s SET parent_code = (
         SELECT parent FROM unnest(s.parents) WITH ORDINALITY AS possible (parent, nth)
         WHERE EXISTS (SELECT FROM region WHERE code = parent)
            OR EXISTS (SELECT FROM region_stage o WHERE o.import_id = s.import_id AND o.code = parent)
         ORDER BY nth LIMIT 1)
       WHERE import_id = $1`,
      [this.importId],
    );
    return this.faults(
      `SELECT file, line, 'parentCode' AS field,
              'there is no region ' || array_to_string(parents, ' or ') || ' above ' || code AS reason,
              'Import the regions above first, or in the same import.' AS mend
       FROM region_stage
       WHERE import_id = $1 AND parent_code IS NULL AND level <> 'province' ORDER BY place LIMIT ${FAULTS_MAX}`,
    );
  }

  /** Codes that no region has. */
  unknown(): Promise<LineFault[]> {
    return this.faults(
      `SELECT file, line, 'code' AS field, 'there is no region ' || code AS reason,
              'Import the codes first; figures are for known regions.' AS mend
       FROM region_stage s
       WHERE import_id = $1 AND NOT EXISTS (SELECT FROM region r WHERE r.code = s.code)
       ORDER BY place LIMIT ${FAULTS_MAX}`,
    );
  }

  /** The last code of each part of so many rows, in the order of writing: parents first. */
  async parts(rowsMax: number): Promise<RegionCode[]> {
    const { rows } = await this.client.query<{ code: RegionCode }>(
      `SELECT code FROM (SELECT code, row_number() OVER (ORDER BY length(code), code) AS nth, count(*) OVER () AS all_rows
                         FROM region_stage WHERE import_id = $1) AS numbered
       WHERE nth % $2 = 0 OR nth = all_rows ORDER BY nth`,
      [this.importId, rowsMax],
    );
    return rows.map(({ code }) => code);
  }

  /** Rows about which a newer edition is known. */
  async countNewer(year: number): Promise<number> {
    const { rows } = await this.client.query<{ newer: number }>(
      `SELECT count(*)::int AS newer FROM region_stage s JOIN region r USING (code) WHERE s.import_id = $1 AND r.year > $2`,
      [this.importId, year],
    );
    return rows[0].newer;
  }

  /** Takes the rows out again, and what crashed imports of other days left behind. */
  async close(): Promise<void> {
    try {
      await this.client.query(
        `DELETE FROM region_stage WHERE import_id = $1 OR staged_at < now() - interval '1 day'`,
        [this.importId],
      );
    } finally {
      await this.client.end();
    }
  }

  private async faults(sql: string): Promise<LineFault[]> {
    return (await this.client.query<LineFault>(sql, [this.importId])).rows;
  }
}

/** One value in COPY's text format. */
function copyText(value: string | number | null): string {
  if (value === null) return '\\N';
  if (typeof value === 'number') return String(value);
  return value.replace(
    /[\\\t\n\r]/g,
    (c) => ({ '\\': '\\\\', '\t': '\\t', '\n': '\\n', '\r': '\\r' })[c] as string,
  );
}
