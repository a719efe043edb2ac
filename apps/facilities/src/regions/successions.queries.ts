import type { Day, RegionCode } from '@doorstep/kernel';
import type { Tx } from '@doorstep/platform';
import type { WrittenRegion } from './regions.queries';
import type { Succession } from './succession';

/** Two revisions side by side could each retire what the other one names as current. */
export async function oneRevisionAtATime(tx: Tx): Promise<void> {
  await tx.sql(`SELECT pg_advisory_xact_lock(hashtext('region revision'))`);
}

/** Writes successions down once and retires the old codes; returns the regions that were current until now. */
export async function retire(
  tx: Tx,
  rows: readonly Succession[],
  { source, year }: { source: string; year: number },
  now: Date,
): Promise<WrittenRegion[]> {
  const [old, fresh] = [rows.map(({ oldCode }) => oldCode), rows.map(({ newCode }) => newCode)];
  await tx.sql(
    `INSERT INTO region_succession (old_code, new_code, year, source)
     SELECT old_code, new_code, $3, $4 FROM unnest($1::text[], $2::text[]) AS pairs (old_code, new_code)
     ON CONFLICT DO NOTHING`,
    [old, fresh, year, source],
  );
  return tx.sql<WrittenRegion>(
    `UPDATE region SET retired_year = $2, version = version + 1, updated_at = $3
     WHERE code = ANY ($1) AND retired_year IS NULL
     RETURNING old.version AS former_version, new.code, new.level, new.parent_code, new.name, new.lng, new.lat,
               new.households, new.population_0_to_3, new.population_60_plus, new.population_80_plus, new.source,
               new.year, new.retired_year, new.version`,
    [old, year, now],
  );
}

/** Retired regions that current ones still lie in: whoever gives up a street gives up its communities too. */
export async function stillEnclosing(tx: Tx, codes: RegionCode[]): Promise<Set<RegionCode>> {
  const rows = await tx.sql<{ code: RegionCode }>(
    `SELECT DISTINCT parent_code AS code FROM region WHERE parent_code = ANY ($1) AND retired_year IS NULL`,
    [codes],
  );
  return new Set(rows.map(({ code }) => code));
}

/** Moves the sites of renamed and merged regions; their spaces and offerings follow by the key. */
export async function moveSites(
  tx: Tx,
  successors: ReadonlyMap<RegionCode, RegionCode>,
  now: Date,
): Promise<string[]> {
  if (successors.size === 0) return [];
  const rows = await tx.sql<{ id: string }>(
    `UPDATE site SET region_code = pairs.new_code, version = version + 1, updated_at = $3
     FROM unnest($1::text[], $2::text[]) AS pairs (old_code, new_code)
     WHERE site.region_code = pairs.old_code
     RETURNING site.id`,
    [[...successors.keys()], [...successors.values()], now],
  );
  return rows.map(({ id }) => id);
}

/** Sites that still stand in retired regions: somebody has to say into which successor each goes. */
export async function countUndecided(tx: Tx, codes: RegionCode[]): Promise<number> {
  const [{ undecided }] = await tx.sql<{ undecided: number }>(
    `SELECT count(*)::int AS undecided FROM site WHERE region_code = ANY ($1)`,
    [codes],
  );
  return undecided;
}

/** Guidelines in force or to come, and kinds of service, of these very codes: rules don't move by themselves. */
export async function countRules(tx: Tx, codes: RegionCode[], today: Day): Promise<number> {
  const [{ rules }] = await tx.sql<{ rules: number }>(
    `SELECT ((SELECT count(*) FROM guideline WHERE region_prefix = ANY ($1) AND (valid_to IS NULL OR valid_to > $2))
           + (SELECT count(*) FROM service_kind WHERE region_code = ANY ($1) AND active))::int AS rules`,
    [codes, today],
  );
  return rules;
}

export async function successorsOf(tx: Tx, codes: RegionCode[]): Promise<Map<RegionCode, RegionCode[]>> {
  const rows = await tx.sql<{ code: RegionCode; successors: RegionCode[] }>(
    `SELECT old_code AS code, array_agg(new_code ORDER BY new_code) AS successors
     FROM region_succession WHERE old_code = ANY ($1) GROUP BY old_code`,
    [codes],
  );
  return new Map(rows.map(({ code, successors }) => [code, successors]));
}

export interface SuccessionRow extends Succession {
  year: number;
  source: string;
}

export interface FormerName {
  name: string;
  parentCode: RegionCode | null;
  source: string;
  year: number;
  untilYear: number;
}

/** Everything that is known of a region's past and of its future. */
export async function historyOf(
  tx: Tx,
  code: RegionCode,
): Promise<{ successions: SuccessionRow[]; names: FormerName[] }> {
  const [successions, names] = await Promise.all([
    tx.sql<SuccessionRow>(
      // Siblings too: whether it was renamed, merged or split shows only beside them.
      `SELECT old_code AS "oldCode", new_code AS "newCode", year, source FROM region_succession
       WHERE old_code = $1 OR new_code = $1 OR new_code IN (SELECT new_code FROM region_succession WHERE old_code = $1)
          OR old_code IN (SELECT old_code FROM region_succession WHERE new_code = $1)
       ORDER BY old_code, new_code LIMIT 1000`,
      [code],
    ),
    tx.sql<FormerName>(
      `SELECT name, parent_code AS "parentCode", source, year, until_year AS "untilYear" FROM region_history
       WHERE code = $1 ORDER BY version LIMIT 1000`,
      [code],
    ),
  ]);
  return { successions, names };
}
