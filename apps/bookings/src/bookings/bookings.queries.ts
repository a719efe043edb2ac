import {
  FITNESS,
  freeCaregivers,
  NEAR_AFTER,
  NEAR_BEFORE,
  slots,
  spaceTaken,
} from '../availability/availability.queries';
import type { BookingStatus, CancelledBy } from './booking';

/** A booking as every statement here answers it. */
export interface BookingRow {
  id: string;
  operatorId: string;
  contractId: string;
  siteId: string;
  offeringId: string;
  sessionId: string;
  residentId: string;
  regionCode: string;
  kind: string;
  mode: string;
  delivery: string;
  start: Date;
  end: Date;
  serviceDay: string;
  partySize: number;
  units: number;
  status: BookingStatus;
  statusReason: string | null;
  cancelledBy: CancelledBy | null;
  caregiverId: string | null;
  grossFen: number | null;
  residentFen: number | null;
  fundersFen: number | null;
  operatorFen: number | null;
  funders: { programmeId: string; funderId: string; amountFen: number }[] | null;
  minutes: number | null;
  /** What the resident owes for cancelling late, or for not coming. */
  feeFen: number | null;
  feeRuleId: string | null;
  /** The booking that this one takes the place of once it is confirmed. */
  replaces: string | null;
  /** The carer who booked for the resident; null: nobody in between. */
  bookedBy: string | null;
  /** Meals: how many the resident has on that day, this one included, as it was booked. */
  mealOfDay: number | null;
  /** The package that it is to take a use of, or `none`; null: billing chooses. */
  packageId: string | null;
  /** What billing said when it declined. */
  refusal: { reason: string; mend?: string } | null;
  version: number;
  createdAt: Date;
  /** Set while held; not in every answer. */
  holdExpiresAt?: Date | null;
  /** The API client whose hold it is; where a hold is to be ended. */
  holdOwnerId?: string | null;
}

/** A booking that has just ended. */
export interface EndedRow extends BookingRow {
  statusBefore: BookingStatus;
  /** A space or a carer is free again, which other sessions may want. */
  freesShared: boolean;
}

/** Columns of table booking under the alias `b`. */
export const BOOKING = `
  b.id, b.operator_id AS "operatorId", b.contract_id AS "contractId", b.site_id AS "siteId",
  b.offering_id AS "offeringId", b.session_id AS "sessionId", b.resident_id AS "residentId",
  b.region_code AS "regionCode", b.kind, b.mode, b.delivery, b.starts_at AS "start", b.ends_at AS "end",
  b.service_day AS "serviceDay", b.party_size AS "partySize", b.units, b.status, b.status_reason AS "statusReason",
  b.cancelled_by AS "cancelledBy", b.caregiver_id AS "caregiverId", b.gross_fen AS "grossFen",
  b.resident_fen AS "residentFen", b.funders_fen AS "fundersFen", b.operator_fen AS "operatorFen", b.funders,
  b.minutes, b.fee_fen AS "feeFen", b.fee_rule_id AS "feeRuleId", b.replaces, b.meal_of_day AS "mealOfDay",
  b.package_wish AS "packageId", b.refusal, b.booked_by AS "bookedBy", b.version, b.created_at AS "createdAt"`;

/*
 * Holding: take the units where they are left, write the booking and its hold, all or nothing, in one statement. No row
 * in the answer: the units were gone, or the session closed or changed, in the moment since it was looked at.
 *
 * $1 now · $2 session · $3 booking · $4 resident · $5 party size · $6 units · $7 contract · $8 needs presence ·
 * $9 expiry of the hold · $10 sealed note · $11 the booking to be replaced, or null · $12 held or offered; who is offered a
 * place isn't busy with it yet · $13 when it is confirmed without a price, should the offering's policy be so ·
 * $14 the API client that asks, or null · $15 the package that is named, `none`, or null
 */
function hold(options: { choice?: string; caregiver?: string } = {}): string {
  const { choice = '', caregiver = 'NULL::uuid' } = options;
  return `
  WITH slot AS MATERIALIZED (${slots('SELECT * FROM session WHERE id = $2', '$4')}),
  ${choice && `choice AS (${choice}),`}
  took AS (
    UPDATE session SET taken = taken + $6
    WHERE id = $2 AND status = 'open' AND taken + $6 <= capacity
      AND ends_at = (SELECT ends_at FROM slot) ${choice && 'AND EXISTS (SELECT FROM choice)'}
    RETURNING id),
  fitted AS (
    SELECT s.*, ${caregiver} AS caregiver_id,
           tstzmultirange(tstzrange(s.starts_at, s.ends_at)) AS stay,
           tstzmultirange(tstzrange(s.starts_at, s.ends_at + make_interval(mins => s.buffer_minutes))) AS use
    FROM slot s JOIN took ON took.id = s.id),
  booked AS (
    INSERT INTO booking (id, operator_id, contract_id, site_id, offering_id, session_id, resident_id, region_code, kind,
                         mode, delivery, starts_at, ends_at, service_day, party_size, units, status, busy, space_id,
                         blocks, caregiver_id, buffer_minutes, occupies, note_sealed, replaces, package_wish, version, created_at)
    SELECT $3, t.operator_id, $7, t.site_id, t.offering_id, t.id, $4, t.region_code, t.kind,
           t.mode, t.delivery, t.starts_at, t.ends_at, t.service_day, $5, $6, $12,
           CASE WHEN $8 AND $12 = 'held'
                THEN t.stay - coalesce((SELECT f.busy FROM booking f WHERE f.id = $11), '{}') END,
           t.space_id, coalesce(array_remove(t.space_ids, t.space_id), '{}'), t.caregiver_id, t.buffer_minutes,
           CASE WHEN num_nonnulls(t.space_id, t.caregiver_id) > 0
                THEN t.use - coalesce((SELECT f.occupies FROM booking f
                                       WHERE f.id = $11
                                         AND (f.space_id = ANY (t.space_ids) OR f.caregiver_id = t.caregiver_id)), '{}') END,
           $10, $11, $15, 1, $1
    FROM fitted t
    RETURNING *),
  held AS (
    INSERT INTO hold (booking_id, operator_id, session_id, units, expires_at, owner_id, unpriced_at)
    SELECT b.id, b.operator_id, b.session_id, b.units, $9, $14::uuid,
           -- What replaces another waits for its price: the other one is kept as long.
           CASE WHEN t.unpriced_policy = 'confirm' AND $11::uuid IS NULL AND $12 = 'held' THEN $13::timestamptz END
    FROM booked b, fitted t)
  SELECT ${BOOKING}, $9::timestamptz AS "holdExpiresAt" FROM booked b`;
}

export const HOLD_UNITS = hold();

/** The neighbours are looked at again: under the lock of the space nobody else comes between. */
export const HOLD_SPACE = hold({ choice: `SELECT FROM slot s WHERE NOT ${spaceTaken('$11')}` });

const { knows, way, load } = FITNESS('$4');
export const HOLD_CAREGIVER = hold({
  choice: `
    SELECT st.id
    FROM slot s, LATERAL (SELECT st.id ${freeCaregivers('$11')}) st
    ORDER BY ${knows} DESC, ${way}, ${load}, st.id
    LIMIT 1`,
  caregiver: '(SELECT id FROM choice)',
});

/** Held until the end of the transaction, so that who looks for a gap, or for a carer, is alone in looking. */
export const LOCK = `SELECT pg_advisory_xact_lock(hashtextextended($1, 5))`;

/**
 * Billing's yes for many holds at once; a hold that has lapsed is not among the answer. `$1` now · `$2` JSON of the
 * charges.
 */
export const CONFIRM = `
  WITH charge AS (
    SELECT * FROM jsonb_to_recordset($2::jsonb) AS c ("bookingId" uuid, "grossFen" bigint, "residentFen" bigint,
                                                      "fundersFen" bigint, "operatorFen" bigint, funders jsonb)),
  confirmed AS (
    UPDATE booking b
    SET status = 'confirmed', version = b.version + 1, gross_fen = c."grossFen", resident_fen = c."residentFen",
        funders_fen = c."fundersFen", operator_fen = c."operatorFen", funders = c.funders
    FROM charge c JOIN hold h ON h.booking_id = c."bookingId"
    WHERE b.id = c."bookingId" AND b.status = 'held' AND h.expires_at > $1
    RETURNING b.*),
  gone AS (DELETE FROM hold USING confirmed c WHERE hold.booking_id = c.id)
  SELECT ${BOOKING} FROM confirmed b`;

/**
 * Confirmed bookings take over the whole of their time once what they replaced has ended; not among the answer: those
 * whose old time somebody else has got meanwhile. `$1` ids.
 */
export const TAKE_OVER = `
  WITH n AS MATERIALIZED (
    SELECT id, resident_id, space_id || blocks AS space_ids, caregiver_id, busy IS NOT NULL AS present,
           tstzmultirange(tstzrange(starts_at, ends_at)) AS stay,
           tstzmultirange(tstzrange(starts_at, ends_at + make_interval(mins => buffer_minutes))) AS use,
           starts_at - ${NEAR_BEFORE} AS near_from, ends_at + ${NEAR_AFTER} AS near_to,
           (starts_at AT TIME ZONE 'UTC')::date - 1 AS day_from, (ends_at AT TIME ZONE 'UTC')::date + 1 AS day_to
    FROM booking WHERE id = ANY ($1::uuid[]))
  UPDATE booking b
  SET busy = CASE WHEN n.present THEN n.stay END, occupies = CASE WHEN b.occupies IS NOT NULL THEN n.use END
  FROM n
  WHERE b.id = n.id
    AND NOT EXISTS (SELECT FROM booking x
                    WHERE n.present AND x.resident_id = n.resident_id AND x.starts_at > n.near_from
                      AND x.starts_at < n.near_to AND x.id <> n.id AND x.busy && n.stay)
    AND NOT EXISTS (SELECT FROM care_presence c
                    WHERE n.present AND c.resident_id = n.resident_id AND c.day >= n.day_from AND c.day <= n.day_to
                      AND c.span && n.stay)
    AND NOT EXISTS (SELECT FROM booking x
                    WHERE x.space_id = ANY (n.space_ids) AND x.starts_at > n.near_from AND x.starts_at < n.near_to
                      AND x.id <> n.id AND x.occupies && n.use)
    AND NOT EXISTS (SELECT FROM booking x
                    WHERE x.caregiver_id = n.caregiver_id AND x.starts_at > n.near_from AND x.starts_at < n.near_to
                      AND x.id <> n.id AND x.occupies && n.use)
  RETURNING b.id`;

/**
 * Who was offered a place wants it: the offer becomes a hold. `$1` booking · `$2` needs presence · `$3` expiry · `$4` when it
 * is confirmed without a price, should the offering's policy be so.
 */
export const ACCEPT = `
  WITH accepted AS (
    UPDATE booking b
    SET status = 'held', version = b.version + 1,
        busy = CASE WHEN $2 THEN tstzmultirange(tstzrange(b.starts_at, b.ends_at)) END
    WHERE b.id = $1 AND b.status = 'offered'
    RETURNING b.*),
  kept AS (
    UPDATE hold h SET expires_at = $3, unpriced_at = CASE WHEN o.unpriced_policy = 'confirm' THEN $4::timestamptz END
    FROM accepted b JOIN offering o ON o.id = b.offering_id WHERE h.booking_id = b.id)
  SELECT ${BOOKING}, $3::timestamptz AS "holdExpiresAt" FROM accepted b`;

/** Whether a standing hold is to replace this booking already. `$1` booking · `$2` now. */
export const BEING_REPLACED = `
  SELECT b.id FROM booking b JOIN hold h ON h.booking_id = b.id
  WHERE b.replaces = $1 AND b.status = 'held' AND h.expires_at > $2`;

/** Gives units back to sessions, each once, in the order of their ids so that two of these never wait in a circle. */
const RELEASE = `
  freed AS (SELECT session_id AS id, sum(units)::int AS units FROM ended GROUP BY session_id),
  locked AS (SELECT s.id FROM session s WHERE s.id IN (SELECT id FROM freed) ORDER BY s.id FOR NO KEY UPDATE),
  released AS (
    UPDATE session s SET taken = s.taken - f.units, overhang = greatest(0, s.taken - f.units - s.capacity)
    FROM freed f JOIN locked l ON l.id = f.id WHERE s.id = f.id)`;

/**
 * Ends bookings and gives back what they took: declined, expired, cancelled. Only from the states in `$2`; the answer has
 * those that really ended now. A hold that has lapsed can only expire: it was shown as expired before. `$1` JSON of
 * {id, status, reason, by, refusal, feeFen, ruleId} · `$2` states · `$3` now.
 */
export const END = `
  WITH asked AS (SELECT * FROM jsonb_to_recordset($1::jsonb) AS a (id uuid, status text, reason text, by text, refusal jsonb, "feeFen" bigint,
                                                              "ruleId" uuid)),
  ended AS (
    UPDATE booking b
    SET status = a.status, status_reason = a.reason, refusal = a.refusal, cancelled_by = a.by, busy = NULL, occupies = NULL,
        fee_fen = a."feeFen", fee_rule_id = a."ruleId", version = b.version + 1
    FROM asked a
    WHERE b.id = a.id AND b.status = ANY ($2::text[])
      AND (a.status = 'expired' OR NOT EXISTS (SELECT FROM hold h WHERE h.booking_id = b.id AND h.expires_at <= $3))
    RETURNING b.*, old.status AS "statusBefore"),
  gone AS (DELETE FROM hold USING ended e WHERE hold.booking_id = e.id),
  ${RELEASE}
  SELECT ${BOOKING}, b."statusBefore", num_nonnulls(b.space_id, b.caregiver_id) > 0 AS "freesShared" FROM ended b`;

/** Bookings with their holds. */
export const BOOKINGS_BY_ID = `
  SELECT ${BOOKING}, h.expires_at AS "holdExpiresAt"
  FROM booking b LEFT JOIN hold h ON h.booking_id = b.id
  WHERE b.id = ANY ($1::uuid[])`;

/** One booking with its sealed note. */
export const BOOKING_WITH_NOTE = `
  SELECT ${BOOKING}, b.note_sealed AS "noteSealed", h.expires_at AS "holdExpiresAt"
  FROM booking b LEFT JOIN hold h ON h.booking_id = b.id
  WHERE b.id = $1`;

export const BOOKING_FOR_UPDATE = `
  SELECT ${BOOKING}, h.expires_at AS "holdExpiresAt", h.owner_id AS "holdOwnerId"
  FROM booking b LEFT JOIN hold h ON h.booking_id = b.id
  WHERE b.id = ANY ($1::uuid[]) FOR UPDATE OF b`;

/** The same end is told once more, as a newer version: somebody has not heard it. */
export const ENDED_AGAIN = `
  UPDATE booking b SET version = b.version + 1
  WHERE b.id = ANY ($1::uuid[]) AND b.status IN ('declined', 'expired', 'cancelled', 'no_show')
  RETURNING ${BOOKING}`;

/**
 * Moves one booking on, from the state that the decision saw. `$1` id · `$2` from · `$3` to · `$4` minutes · `$5`, `$6` fee
 * and its rule · `$7` reason.
 */
export const MOVE_ON = `
  UPDATE booking b
  SET status = $3, minutes = $4, fee_fen = $5, fee_rule_id = $6, status_reason = coalesce($7, b.status_reason),
      version = b.version + 1
  WHERE b.id = $1 AND b.status = $2
  RETURNING ${BOOKING}`;
