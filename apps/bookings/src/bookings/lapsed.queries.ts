/* Holds that are over, whether or not anybody has written it down. */

/**
 * Holds that lapsed and stand in the way of a booking: in its session, of its resident, of its space, of a carer who may
 * be chosen. `$1` now · `$2` session · `$3` resident.
 */
export const LAPSED_IN_THE_WAY = `
  SELECT b.id
  FROM hold h JOIN booking b ON b.id = h.booking_id, session s JOIN offering o ON o.id = s.offering_id
  WHERE h.expires_at <= $1 AND b.status IN ('held', 'offered') AND s.id = $2
    AND (h.session_id = s.id OR b.resident_id = $3
         OR b.space_id = ANY (coalesce(o.space_id, o.id) || coalesce(o.blocked_space_ids, '{}'))
         OR b.caregiver_id IN (SELECT staff_id FROM staff_site WHERE site_id = s.site_id)
         OR (b.service_day = s.service_day
             AND b.kitchen_id = (SELECT kitchen_id FROM kitchen_offering WHERE offering_id = s.offering_id)))
  ORDER BY b.id
  FOR UPDATE OF b`;

/** Holds of one resident that lapsed. `$1` now · `$2` resident. */
export const LAPSED_OF_RESIDENT = `
  SELECT b.id FROM hold h JOIN booking b ON b.id = h.booking_id
  WHERE h.expires_at <= $1 AND b.status IN ('held', 'offered') AND b.resident_id = $2
  ORDER BY b.id
  FOR UPDATE OF b`;

/** Whether a resident has any, without a lock. `$1` now · `$2` resident. */
export const ANY_LAPSED_OF_RESIDENT = `
  SELECT b.id FROM hold h JOIN booking b ON b.id = h.booking_id
  WHERE h.expires_at <= $1 AND b.resident_id = $2 LIMIT 1`;

/** Holds that lapsed, a few at a time, leaving out what somebody else is dealing with. `$1` now · `$2` limit. */
export const LAPSED = `
  SELECT b.id FROM hold h JOIN booking b ON b.id = h.booking_id
  WHERE h.expires_at <= $1 AND b.status IN ('held', 'offered')
  ORDER BY h.expires_at LIMIT $2
  FOR UPDATE OF b SKIP LOCKED`;
