import type { RegionCode } from '@doorstep/kernel';
import type { Tx } from '@doorstep/platform';
import type { Community } from './coverage';
import type { Box, ServingSite } from './reach';

/** The communities within a region; one more than the limit tells that there are too many. */
export function findCommunities(tx: Tx, within: RegionCode, limit: number): Promise<Community[]> {
  return tx.sql<Community>(
    `SELECT code, name, lng, lat, households, population_0_to_3 AS "population0to3",
            population_60_plus AS "population60plus", population_80_plus AS "population80plus"
     FROM region WHERE level = 'community' AND retired_year IS NULL AND code ^@ $1 ORDER BY code LIMIT $2`,
    [within, limit + 1],
  );
}

/**
 * Operating sites in a box that the actor may see, with the kinds that one goes to them for: what is given at home or at
 * the bedside is no reason to walk there.
 */
export function findServingSites(tx: Tx, { west, east, south, north }: Box): Promise<ServingSite[]> {
  return tx.sql<ServingSite>(
    `SELECT s.lng, s.lat, array_agg(DISTINCT o.kind) AS kinds
     FROM site s JOIN offering o ON o.site_id = s.id AND o.active AND o.delivery IN ('on_site', 'nearby')
     WHERE s.status = 'operating' AND s.lng BETWEEN $1 AND $2 AND s.lat BETWEEN $3 AND $4
     GROUP BY s.id`,
    [west, east, south, north],
  );
}

export async function findNames(tx: Tx, codes: RegionCode[]): Promise<Map<RegionCode, string>> {
  const rows = await tx.sql<{ code: RegionCode; name: string }>(
    `SELECT code, name FROM region WHERE code = ANY ($1)`,
    [codes],
  );
  return new Map(rows.map(({ code, name }) => [code, name]));
}

/** Floor area in m² of the operating sites within a region that the actor may see. */
export async function sumFloorArea(tx: Tx, within: RegionCode): Promise<number> {
  const [{ area }] = await tx.sql<{ area: number }>(
    `SELECT coalesce(sum(area_m2), 0) AS area FROM site WHERE status = 'operating' AND region_code ^@ $1`,
    [within],
  );
  return area;
}
