import type { Day, RegionCode } from '@doorstep/kernel';
import type { Tx } from '@doorstep/platform';
import { effectiveGuideline, type Guideline, type GuidelineFigures } from './guideline';

/** One region's rule for a stretch of days. */
export interface GuidelineRow extends GuidelineFigures {
  id: string;
  /** Leading digits of the region; '': the whole country. */
  regionPrefix: RegionCode | '';
  validFrom: Day;
  /** First day that is out. */
  validTo: Day | null;
  source: string;
}

const COLUMNS = `id, region_prefix AS "regionPrefix", valid_from AS "validFrom", valid_to AS "validTo",
  complex_area_min_m2 AS "complexAreaMinM2", complex_area_better_m2 AS "complexAreaBetterM2",
  complex_kinds_min AS "complexKindsMin", complex_scarce_kinds_min AS "complexScarceKindsMin",
  area_per_100_households_m2 AS "areaPer100HouseholdsM2", childcare_classes AS "childcareClasses", source`;

/** What holds at a place on a day. */
export async function guidelineFor(tx: Tx, regionCode: RegionCode, day: Day): Promise<Guideline> {
  const rules = await tx.sql<GuidelineRow>(
    `SELECT ${COLUMNS} FROM guideline
     WHERE starts_with($1, region_prefix) AND valid_from <= $2 AND (valid_to IS NULL OR $2 < valid_to)`,
    [regionCode, day],
  );
  return effectiveGuideline(rules);
}

/** What holds on a day, for any place: for many places at once. */
export async function guidelinesOn(tx: Tx, day: Day): Promise<(regionCode: RegionCode) => Guideline> {
  const rules = await tx.sql<GuidelineRow>(
    `SELECT ${COLUMNS} FROM guideline WHERE valid_from <= $1 AND (valid_to IS NULL OR $1 < valid_to)`,
    [day],
  );
  const known = new Map<RegionCode, Guideline>();
  return (regionCode) => {
    const held = known.get(regionCode);
    if (held) return held;
    const guideline = effectiveGuideline(rules.filter((rule) => regionCode.startsWith(rule.regionPrefix)));
    known.set(regionCode, guideline);
    return guideline;
  };
}

/** Every rule of a region and those that enclose it, the country's first, then by the day they begin. */
export function listGuidelines(
  tx: Tx,
  regionCode: RegionCode,
  after: { regionPrefix: string; validFrom: Day } | undefined,
  limit: number,
): Promise<GuidelineRow[]> {
  return tx.sql<GuidelineRow>(
    `SELECT ${COLUMNS} FROM guideline
     WHERE starts_with($1, region_prefix) AND ($2::text IS NULL OR (region_prefix, valid_from) > ($2, $3::date))
     ORDER BY region_prefix, valid_from LIMIT $4`,
    [regionCode, after?.regionPrefix ?? null, after?.validFrom ?? null, limit],
  );
}

/** Puts a rule into force from a day on: the one before it ends there, one that begins later ends it. */
export async function insertGuideline(
  tx: Tx,
  rule: Omit<GuidelineRow, 'id' | 'validTo'>,
): Promise<GuidelineRow> {
  const { regionPrefix, validFrom } = rule;
  await tx.sql(
    `UPDATE guideline SET valid_to = $2
     WHERE region_prefix = $1 AND valid_from < $2 AND (valid_to IS NULL OR valid_to > $2)`,
    [regionPrefix, validFrom],
  );
  const [inserted] = await tx.sql<GuidelineRow>(
    `INSERT INTO guideline (region_prefix, valid_from, valid_to, complex_area_min_m2, complex_area_better_m2,
                            complex_kinds_min, complex_scarce_kinds_min, area_per_100_households_m2,
                            childcare_classes, source)
     VALUES ($1, $2, (SELECT min(valid_from) FROM guideline WHERE region_prefix = $1 AND valid_from > $2),
             $3, $4, $5, $6, $7, $8, $9)
     RETURNING ${COLUMNS}`,
    [
      regionPrefix,
      validFrom,
      rule.complexAreaMinM2,
      rule.complexAreaBetterM2,
      rule.complexKindsMin,
      rule.complexScarceKindsMin,
      rule.areaPer100HouseholdsM2,
      rule.childcareClasses && JSON.stringify(rule.childcareClasses),
      rule.source,
    ],
  );
  return inserted;
}
