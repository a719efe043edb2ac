import { BOOKING } from './bookings.queries';

/** Columns that a list of bookings can be narrowed by. */
const FILTERS = {
  operatorId: `b.operator_id = ($1::jsonb ->> 'operatorId')::uuid`,
  siteId: `b.site_id = ($1::jsonb ->> 'siteId')::uuid`,
  residentId: `b.resident_id = current_resident(($1::jsonb ->> 'residentId')::uuid)`,
  sessionId: `b.session_id = ($1::jsonb ->> 'sessionId')::uuid`,
  status: `CASE WHEN h.expires_at <= $2 THEN 'expired' ELSE b.status END = $1::jsonb ->> 'status'`,
  // Two days more than any time zone needs: the index finds them by instant, the day decides.
  from: `b.service_day >= ($1::jsonb ->> 'from')::date
         AND b.starts_at >= ($1::jsonb ->> 'from')::timestamptz - interval '2 days'`,
  to: `b.service_day < ($1::jsonb ->> 'to')::date
       AND b.starts_at < ($1::jsonb ->> 'to')::timestamptz + interval '2 days'`,
} as const;

/**
 * The statement for the filters that are given, so that each use has its plan. `$1` filters as JSON · `$2` now · `$3`,
 * `$4` start and id to go on after · `$5` limit · `$6` sites of the actor, or null.
 */
export function listBookings(filters: { readonly [F in keyof typeof FILTERS]?: unknown }): string {
  const given = (Object.keys(FILTERS) as (keyof typeof FILTERS)[]).filter(
    (name) => filters[name] !== undefined,
  );
  const conditions = given.map((name) => `AND ${FILTERS[name]}`).join(' ');
  return `
  SELECT ${BOOKING}, h.expires_at AS "holdExpiresAt"
  FROM booking b LEFT JOIN hold h ON h.booking_id = b.id
  WHERE ($6::uuid[] IS NULL OR b.site_id = ANY ($6)) ${conditions}
    AND ($3::timestamptz IS NULL OR (b.starts_at, b.id) > ($3, $4::uuid))
    AND $1::jsonb IS NOT NULL AND $2::timestamptz IS NOT NULL
  ORDER BY b.starts_at, b.id
  LIMIT $5`;
}
