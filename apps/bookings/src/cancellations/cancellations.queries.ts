import type { CancellationRule, Ending } from './cancellation';

/** A rule as every statement here answers it, as JSON so that it can be gathered. */
const RULE = `
  jsonb_build_object('id', r.id, 'regionPrefix', r.region_prefix, 'kind', r.kind, 'validFrom', r.valid_from,
    'validTo', r.valid_to, 'freeMinutes', r.free_minutes,
    'late', jsonb_build_object('shareBp', r.late_share_bp, 'feeFen', r.late_fee_fen),
    'noShow', jsonb_build_object('shareBp', r.no_show_share_bp, 'feeFen', r.no_show_fee_fen),
    'exemptReasons', r.exempt_reasons)`;

export interface RuleRow {
  rule: CancellationRule;
  source: string;
}

export interface EndingRow extends Ending {
  id: string;
  siteId: string;
  rules: CancellationRule[];
}

/** Bookings with the rules that may hold for them; locked, so that what a fee was decided on stays so. `$1` ids. */
export const ENDINGS = `
  SELECT b.id, b.site_id AS "siteId", b.status, b.starts_at AS "start", b.kind, b.service_day AS "serviceDay",
         b.region_code AS "regionCode", b.resident_fen AS "residentFen",
         (SELECT coalesce(jsonb_agg(${RULE}), '[]') FROM cancellation_rule r
          WHERE starts_with(b.region_code, r.region_prefix) AND (r.kind IS NULL OR r.kind = b.kind)
            AND r.valid_from <= b.service_day AND (r.valid_to IS NULL OR b.service_day < r.valid_to)) AS rules
  FROM booking b WHERE b.id = ANY ($1::uuid[])`;

export const ENDINGS_FOR_UPDATE = `${ENDINGS} ORDER BY b.id FOR UPDATE OF b`;

/** `$1` region or null · `$2` kind or null · `$3`, `$4`, `$5` region, kind and day to go on after · `$6` limit. */
export const LIST_RULES = `
  SELECT ${RULE} AS rule, r.source FROM cancellation_rule r
  WHERE ($1::text IS NULL OR starts_with($1, r.region_prefix)) AND ($2::text IS NULL OR r.kind IS NULL OR r.kind = $2)
    AND ($3::text IS NULL OR (r.region_prefix, coalesce(r.kind, ''), r.valid_from) > ($3, $4::text, $5::date))
  ORDER BY r.region_prefix, coalesce(r.kind, ''), r.valid_from LIMIT $6`;

/** The rule before it ends where a new one begins. `$1` region · `$2` kind or null · `$3` first day. */
export const END_RULE_BEFORE = `
  UPDATE cancellation_rule SET valid_to = $3
  WHERE region_prefix = $1 AND kind IS NOT DISTINCT FROM $2 AND valid_from < $3 AND (valid_to IS NULL OR valid_to > $3)`;

/** One that begins later ends it in turn. */
export const INSERT_RULE = `
  INSERT INTO cancellation_rule AS r (region_prefix, kind, valid_from, valid_to, free_minutes, late_share_bp, late_fee_fen,
                                      no_show_share_bp, no_show_fee_fen, exempt_reasons, source)
  VALUES ($1, $2, $3, (SELECT min(valid_from) FROM cancellation_rule
                       WHERE region_prefix = $1 AND kind IS NOT DISTINCT FROM $2 AND valid_from > $3),
          $4, $5, $6, $7, $8, $9, $10)
  RETURNING ${RULE} AS rule, r.source`;
