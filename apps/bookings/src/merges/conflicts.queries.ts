import type { ConflictCode } from './merge';

/*
 * What stands against making two records one, each as a list of ids. Of what is over nothing stands against it: nobody is
 * in two places in the past any more. `$1` and `$2` the two, `$3` now.
 */
const TWO_DAYS = `interval '2 days'`;

/** Each with the place of its pairs: future bookings, places and days. */
const QUERIES: Partial<Record<ConflictCode, string>> = {
  declared_distinct: `
    SELECT one_id AS id FROM resident_distinct
    WHERE one_id = least($1::uuid, $2::uuid) AND other_id = greatest($1::uuid, $2::uuid) AND $3::timestamptz IS NOT NULL`,
  one_consents_for_other: `
    SELECT id FROM consent
    WHERE (resident_id, granted_by) IN (($1::uuid, $2::text), ($2::uuid, $1::text)) AND $3::timestamptz IS NOT NULL`,
  bookings_overlap: `
    SELECT a.id FROM booking a JOIN booking b ON b.resident_id = $2 AND b.busy && a.busy
      AND b.starts_at > a.starts_at - ${TWO_DAYS} AND b.starts_at < a.ends_at + ${TWO_DAYS}
    WHERE a.resident_id = $1 AND a.busy IS NOT NULL AND a.ends_at > $3 AND b.ends_at > $3`,
  booked_while_in_care: `
    SELECT b.id FROM booking b JOIN care_presence c ON c.span && b.busy
      AND c.resident_id = CASE b.resident_id WHEN $1 THEN $2::uuid ELSE $1::uuid END
      AND c.day >= (b.starts_at AT TIME ZONE 'UTC')::date - 1 AND c.day <= (b.ends_at AT TIME ZONE 'UTC')::date + 1
    WHERE b.resident_id IN ($1, $2) AND b.busy IS NOT NULL AND b.ends_at > $3`,
  placements_overlap: `
    SELECT a.id FROM placement a JOIN site s ON s.id = a.site_id
    JOIN placement b ON b.resident_id = $2 AND daterange(b.starts_on, b.ends_on) && daterange(a.starts_on, a.ends_on)
    WHERE a.resident_id = $1 AND a.ends_on > ($3::timestamptz AT TIME ZONE s.time_zone)::date
      AND a.mode <> 'temporary' AND b.mode <> 'temporary'
      AND a.status IN ('offered', 'standing', 'ended') AND b.status IN ('offered', 'standing', 'ended')`,
  care_days_overlap: `
    SELECT a.placement_id AS id FROM care_day a JOIN placement p ON p.id = a.placement_id JOIN site s ON s.id = p.site_id
    JOIN care_day b ON b.resident_id = $2 AND b.day = a.day AND b.halves && a.halves AND b.absence_kind IS NULL
    WHERE a.resident_id = $1 AND a.absence_kind IS NULL AND a.day >= ($3::timestamptz AT TIME ZONE s.time_zone)::date`,
  standing_orders_overlap: `
    SELECT a.id FROM standing_order a JOIN standing_order b ON b.resident_id = $2 AND b.status = 'active'
      AND b.offering_id = a.offering_id AND b.time = a.time
      AND daterange(b.from_day, b.to_day) && daterange(a.from_day, a.to_day)
    WHERE a.resident_id = $1 AND a.status = 'active' AND $3::timestamptz IS NOT NULL`,
  care_plans_both: `
    SELECT a.id FROM care_plan a JOIN care_plan b ON b.resident_id = $2 AND b.status = 'accepted'
    WHERE a.resident_id = $1 AND a.status = 'accepted' AND $3::timestamptz IS NOT NULL`,
  places_offered_both: `
    SELECT a.id FROM waiting_entry a JOIN waiting_entry b ON b.resident_id = $2 AND b.session_id = a.session_id
      AND b.status = 'offered'
    WHERE a.resident_id = $1 AND a.status = 'offered' AND $3::timestamptz IS NOT NULL`,
  applications_offered_both: `
    SELECT a.id FROM care_application a JOIN care_application b ON b.resident_id = $2
      AND b.offering_id = a.offering_id AND b.status = 'offered'
    WHERE a.resident_id = $1 AND a.status = 'offered' AND $3::timestamptz IS NOT NULL`,
};

/** One row for each kind of conflict that there is, with some of the ids. */
export const CONFLICTS_BETWEEN = Object.entries(QUERIES)
  .map(
    ([code, sql]) => `
  SELECT '${code}' AS code, count(DISTINCT id)::int AS count, (array_agg(DISTINCT id))[1:20] AS ids
  FROM (${sql}) AS found HAVING count(*) > 0`,
  )
  .join('\n  UNION ALL');
