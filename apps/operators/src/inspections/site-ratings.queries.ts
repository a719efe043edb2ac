import type { Day } from '@doorstep/kernel';
import type { Tx } from '@doorstep/platform';
import type { RatingRule, Scored } from './rating';
import type { Side } from './side';

export interface RatingRow {
  id: string;
  operator_id: string;
  site_id: string;
  stars: number;
  from_day: Day;
  to_day: Day | null;
  basis: 'rule' | 'set';
  rule_id: string | null;
  score_bp: number | null;
  inspections: number | null;
  reason: string | null;
}

export interface RuleRow {
  id: string;
  region_code: string | null;
  from_day: Day;
  to_day: Day | null;
  window_months: number;
  counts: 'authority' | 'all';
  inspections_min: number;
  two_stars_bp: number;
  three_stars_bp: number;
  four_stars_bp: number;
  five_stars_bp: number;
  severe_stars_max: number;
}

/** What a site's stars are made of. */
export interface RatingFacts {
  siteId: string;
  operatorId: string;
  regionCode: string;
  version: number;
  current: RatingRow | undefined;
  scored: Scored[];
  severeOpen: boolean;
}

/** Locks the site's rating first, so that whoever comes second reads what the first has changed. */
export async function lockRating(tx: Tx, siteId: string, today: Day): Promise<RatingFacts | undefined> {
  await tx.sql(
    `INSERT INTO site_rating_standing (site_id, operator_id)
     SELECT site_id, operator_id FROM known_site WHERE site_id = $1 ON CONFLICT DO NOTHING`,
    [siteId],
  );
  await tx.sql(`SELECT FROM site_rating_standing WHERE site_id = $1 FOR UPDATE`, [siteId]);
  const [site] = await tx.sql<{ operator_id: string; region_code: string; version: number }>(
    `SELECT k.operator_id, k.region_code, s.version FROM site_rating_standing s JOIN known_site k USING (site_id)
     WHERE s.site_id = $1`,
    [siteId],
  );
  if (!site) return undefined;
  const [current] = await tx.sql<RatingRow>(
    `SELECT * FROM site_rating WHERE site_id = $1 AND to_day IS NULL`,
    [siteId],
  );
  // The window of a rule is at most five years.
  const scored = await tx.sql<{ inspected_by: Side; on: Day; score_bp: number }>(
    `SELECT inspected_by, carried_out_on AS "on", score_bp FROM inspection
     WHERE site_id = $1 AND score_bp IS NOT NULL AND carried_out_on > $2::date - 1830`,
    [siteId, today],
  );
  const [{ severe }] = await tx.sql<{ severe: boolean }>(
    `SELECT EXISTS (SELECT FROM finding WHERE site_id = $1 AND severity = 'severe'
                    AND status IN ('open', 'rectified')) AS severe`,
    [siteId],
  );
  return {
    siteId,
    operatorId: site.operator_id,
    regionCode: site.region_code,
    version: site.version,
    current,
    scored: scored.map(({ inspected_by: inspectedBy, on, score_bp: scoreBp }) => ({
      inspectedBy,
      on,
      scoreBp,
    })),
    severeOpen: severe,
  };
}

/** Rules that hold today or later. */
export async function ratingRules(tx: Tx, today: Day): Promise<RatingRule[]> {
  const rows = await tx.sql<RuleRow>(`SELECT * FROM rating_rule WHERE to_day IS NULL OR to_day > $1`, [
    today,
  ]);
  return rows.map(ruleOf);
}

export function ruleOf(row: RuleRow): RatingRule {
  return {
    id: row.id,
    regionCode: row.region_code,
    from: row.from_day,
    to: row.to_day,
    windowMonths: row.window_months,
    counts: row.counts,
    inspectionsMin: row.inspections_min,
    thresholdsBp: [row.two_stars_bp, row.three_stars_bp, row.four_stars_bp, row.five_stars_bp],
    severeStarsMax: row.severe_stars_max,
  };
}

/** Sites whose stars may have changed by themselves. */
export async function ratingsToLookAt(tx: Tx, today: Day, limit: number): Promise<string[]> {
  const rows = await tx.sql<{ site_id: string }>(
    `SELECT site_id FROM site_rating_standing WHERE look_on <= $1 ORDER BY look_on, site_id LIMIT $2`,
    [today, limit],
  );
  return rows.map(({ site_id }) => site_id);
}

/** Has sites looked at with the next turn: other rules hold where they lie now. */
export async function rateAgain(tx: Tx, siteIds: readonly string[]): Promise<void> {
  await tx.sql(`UPDATE site_rating_standing SET look_on = date '1970-01-01' WHERE site_id = ANY ($1)`, [
    siteIds,
  ]);
}

/** Ends the stars that hold and lets the next ones hold from today on; stars of today alone are replaced. */
export async function saveRating(
  tx: Tx,
  facts: RatingFacts,
  today: Day,
  next:
    | (Omit<RatingRow, 'operator_id' | 'site_id' | 'from_day' | 'to_day'> & {
        set_by_organisation_id: string | null;
        created_at: Date;
      })
    | undefined,
): Promise<void> {
  const { current, siteId, operatorId } = facts;
  if (current && current.from_day >= today)
    await tx.sql(`DELETE FROM site_rating WHERE id = $1`, [current.id]);
  else if (current) await tx.sql(`UPDATE site_rating SET to_day = $2 WHERE id = $1`, [current.id, today]);
  if (!next) return;
  await tx.sql(
    `INSERT INTO site_rating (id, operator_id, site_id, stars, from_day, basis, rule_id, score_bp, inspections,
       reason, set_by_organisation_id, created_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`,
    [
      next.id,
      operatorId,
      siteId,
      next.stars,
      today,
      next.basis,
      next.rule_id,
      next.score_bp,
      next.inspections,
      next.reason,
      next.set_by_organisation_id,
      next.created_at,
    ],
  );
}

/** Stars change a few times a year: more than any site ever has, and less than a message may hold. */
const CHANGES_TOLD_MAX = 2_000;

/**
 * All stars that a site ever had, oldest first: charges of any day may be rated again, and a site whose stars of that day
 * are not told is taken for one without.
 */
export async function ratingHistory(tx: Tx, siteId: string): Promise<RatingRow[]> {
  const newestFirst = await tx.sql<RatingRow>(
    `SELECT * FROM site_rating WHERE site_id = $1 ORDER BY from_day DESC LIMIT $2`,
    [siteId, CHANGES_TOLD_MAX],
  );
  return newestFirst.reverse();
}
