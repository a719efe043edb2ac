/** People who may be one: they were born on the same day, and have the same number or the same name. */
export interface AlikeRow {
  oneId: string;
  otherId: string;
  sameMobile: boolean;
  sameName: boolean;
  dismissedAt: Date | null;
}

/**
 * By blind indexes alone: no name and no number is read. A citizen number is registered once, so it never stands twice.
 * `$1` operator · `$2`, `$3` pair to go on after, or null · `$4` limit · `$5` those too that were found to be two.
 */
export const ALIKE = `
  SELECT a.id AS "oneId", b.id AS "otherId", coalesce(b.mobile_index = a.mobile_index, false) AS "sameMobile",
         coalesce(b.name_index = a.name_index, false) AS "sameName", d.declared_at AS "dismissedAt"
  FROM resident a
  JOIN resident b ON b.operator_id = a.operator_id AND b.birth_date = a.birth_date AND b.id > a.id
    AND b.erased_at IS NULL AND (b.mobile_index = a.mobile_index OR b.name_index = a.name_index)
  LEFT JOIN resident_distinct d ON d.one_id = a.id AND d.other_id = b.id
  WHERE a.operator_id = $1 AND a.erased_at IS NULL AND ($5::boolean OR d.one_id IS NULL)
    AND ($2::uuid IS NULL OR (a.id, b.id) > ($2, $3::uuid)) AND ($2::uuid IS NULL OR a.id >= $2)
  ORDER BY a.id, b.id LIMIT $4`;

/** `$1` and `$2` the pair, in any order · `$3` operator · `$4` person · `$5` now. */
export const DISMISS = `
  INSERT INTO resident_distinct (one_id, other_id, operator_id, declared_by, declared_at)
  VALUES (least($1::uuid, $2::uuid), greatest($1::uuid, $2::uuid), $3, $4, $5)
  ON CONFLICT DO NOTHING`;

export const TAKE_BACK = `
  DELETE FROM resident_distinct
  WHERE one_id = least($1::uuid, $2::uuid) AND other_id = greatest($1::uuid, $2::uuid) RETURNING one_id AS id`;
