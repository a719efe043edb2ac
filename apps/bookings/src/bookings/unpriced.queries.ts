import { BOOKING } from './bookings.queries';

/**
 * Holds that billing has left without an answer, and that are confirmed all the same. `$1` now · `$2` limit. Leaves out what
 * somebody else is dealing with.
 */
export const CONFIRM_UNPRICED = `
  WITH due AS (
    SELECT b.id FROM hold h JOIN booking b ON b.id = h.booking_id
    WHERE h.unpriced_at <= $1 AND h.expires_at > $1 AND b.status = 'held'
    ORDER BY h.unpriced_at LIMIT $2
    FOR UPDATE OF b SKIP LOCKED),
  confirmed AS (
    UPDATE booking b SET status = 'confirmed', version = b.version + 1 FROM due WHERE b.id = due.id RETURNING b.*),
  gone AS (DELETE FROM hold USING confirmed c WHERE hold.booking_id = c.id)
  SELECT ${BOOKING} FROM confirmed b`;

/** The price that comes late. `$1` JSON of the charges; the answer has the bookings that it was still missing for. */
export const SETTLE_UNPRICED = `
  UPDATE booking b
  SET version = b.version + 1, gross_fen = c."grossFen", resident_fen = c."residentFen", funders_fen = c."fundersFen",
      operator_fen = c."operatorFen", funders = c.funders
  FROM jsonb_to_recordset($1::jsonb) AS c ("bookingId" uuid, "grossFen" bigint, "residentFen" bigint, "fundersFen" bigint,
                                           "operatorFen" bigint, funders jsonb)
  WHERE b.id = c."bookingId" AND b.gross_fen IS NULL AND b.status IN ('confirmed', 'checked_in', 'on_review', 'delivered')
  RETURNING ${BOOKING}`;

/** Of these bookings, those that stand without a price. `$1` ids. */
export const STANDING_UNPRICED = `
  SELECT b.id FROM booking b WHERE b.id = ANY ($1::uuid[]) AND b.status = 'confirmed' AND b.gross_fen IS NULL
  ORDER BY b.id FOR UPDATE`;
