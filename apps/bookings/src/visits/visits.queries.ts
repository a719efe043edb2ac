import type { LngLat } from '@doorstep/kernel';
import { BOOKING } from '../bookings/bookings.queries';
import type { Finding } from './signals';
import type { Visit, VisitStatus } from './visit';

export interface VisitRow extends Visit {
  bookingId: string;
  operatorId: string;
  siteId: string;
  offeringId: string;
  residentId: string;
  caregiverId: string | null;
  start: Date;
  end: Date;
  status: VisitStatus;
  checkedInBy: string | null;
  checkedOutAt: Date | null;
  checkedOutBy: string | null;
  minutes: number | null;
  findings: Finding[];
  inProofs: string[];
  outProofs: string[];
  inOffline: boolean;
  outOffline: boolean;
  inMetres: number | null;
  outMetres: number | null;
  inDevice: Buffer | null;
  clientDevice: Buffer | null;
  inQr: string | null;
  decidedBy: string | null;
  decidedAt: Date | null;
  decisionReason: string | null;
  /** Before another visit contradicted it. */
  formerDecisions: { outcome: string; by: string; at: string; reason: string }[];
}

const VISIT = `
  SELECT v.booking_id AS "bookingId", v.operator_id AS "operatorId", b.site_id AS "siteId", b.offering_id AS "offeringId",
         b.resident_id AS "residentId", coalesce(v.caregiver_id, b.caregiver_id) AS "caregiverId",
         b.starts_at AS "start", b.ends_at AS "end", v.status, v.wrong_tries AS "wrongTries",
         v.last_wrong_at AS "lastWrongAt", v.checked_in_at AS "checkedInAt", v.checked_in_by AS "checkedInBy",
         v.checked_out_at AS "checkedOutAt", v.checked_out_by AS "checkedOutBy", v.minutes, v.findings,
         v.in_proofs AS "inProofs", v.out_proofs AS "outProofs", v.in_offline AS "inOffline",
         v.out_offline AS "outOffline", v.in_metres AS "inMetres", v.out_metres AS "outMetres",
         v.in_device AS "inDevice", v.client_device AS "clientDevice", v.in_qr AS "inQr", v.decided_by AS "decidedBy",
         v.decided_at AS "decidedAt", v.decision_reason AS "decisionReason",
         v.former_decisions AS "formerDecisions"
  FROM visit v JOIN booking b ON b.id = v.booking_id`;

export const VISIT_BY_ID = `${VISIT} WHERE v.booking_id = $1`;

/** `$1` visits after this booking, or null · `$2` status · `$3` site · `$4` carer · `$5` limit · `$6` sites of the actor. */
export const LIST_VISITS = `${VISIT}
  WHERE ($1::uuid IS NULL OR v.booking_id > $1) AND ($2::text IS NULL OR v.status = $2)
    AND ($3::uuid IS NULL OR b.site_id = $3) AND ($4::uuid IS NULL OR v.caregiver_id = $4)
    AND ($6::uuid[] IS NULL OR b.site_id = ANY ($6))
  ORDER BY v.booking_id LIMIT $5`;

export const COUNT_WRONG_TRY = `
  INSERT INTO visit (booking_id, operator_id, site_id, wrong_tries, last_wrong_at) VALUES ($1, $2, $3, $4, $5)
  ON CONFLICT (booking_id) DO UPDATE SET wrong_tries = excluded.wrong_tries, last_wrong_at = excluded.last_wrong_at`;

/** Which device showed the client's code; the latest counts. */
export const NOTE_CLIENT_DEVICE = `
  INSERT INTO visit (booking_id, operator_id, site_id, client_device) VALUES ($1, $2, $3, $4)
  ON CONFLICT (booking_id) DO UPDATE SET client_device = coalesce(excluded.client_device, visit.client_device)`;

export const OPEN_VISIT = `
  INSERT INTO visit (booking_id, operator_id, site_id, caregiver_id, status, checked_in_at, checked_in_by,
                     in_received_at, in_offline, in_proofs, in_metres, in_device, in_qr)
  VALUES ($1, $2, $3, $4, 'open', $5, $6, $7, $8, $9, $10, $11, $12)
  ON CONFLICT (booking_id) DO UPDATE
  SET (caregiver_id, status, checked_in_at, checked_in_by, in_received_at, in_offline, in_proofs, in_metres, in_device,
       in_qr, wrong_tries)
    = (excluded.caregiver_id, 'open', excluded.checked_in_at, excluded.checked_in_by, excluded.in_received_at,
       excluded.in_offline, excluded.in_proofs, excluded.in_metres, excluded.in_device, excluded.in_qr, 0)`;

export const CLOSE_VISIT = `
  UPDATE visit
  SET status = $2, checked_out_at = $3, checked_out_by = $4, out_received_at = $5, out_offline = $6, out_proofs = $7,
      out_metres = $8, out_device = $9, out_qr = $10, minutes = $11, findings = $12
  WHERE booking_id = $1 AND status = 'open'`;

export const DECIDE = `
  UPDATE visit SET status = $2, decided_by = $3, decided_at = $4, decision_reason = $5
  WHERE booking_id = $1 AND status = 'on_review'`;

export interface StayRow {
  bookingId: string;
  from: Date;
  to: Date | null;
  home: LngLat | null;
}

const HOME = `CASE WHEN r.home_lng IS NOT NULL THEN json_build_object('lng', r.home_lng, 'lat', r.home_lat) END`;

/** Other visits of a carer that began between two instants; what was rejected did not happen. */
export const STAYS_OF_CARER = `
  SELECT v.booking_id AS "bookingId", v.checked_in_at AS "from", v.checked_out_at AS "to", ${HOME} AS "home"
  FROM visit v JOIN booking b ON b.id = v.booking_id JOIN resident r ON r.id = b.resident_id
  WHERE v.caregiver_id = $1 AND v.checked_in_at > $3 AND v.checked_in_at < $4 AND v.booking_id <> $2
    AND v.status <> 'rejected'
  ORDER BY v.checked_in_at LIMIT 200`;

/**
 * Of the named bookings those that were told as delivered: they and their visits are on review, with what shows against them;
 * who decided on one before is kept. `$1` JSON of {bookingId, findings}.
 */
export const CONTRADICTED = `
  WITH named AS (SELECT * FROM jsonb_to_recordset($1::jsonb) AS n ("bookingId" uuid, findings jsonb)),
  doubted AS (
    UPDATE visit v
    SET status = 'on_review', findings = v.findings || n.findings, decided_by = NULL, decided_at = NULL,
        decision_reason = NULL,
        former_decisions = v.former_decisions || CASE WHEN v.decided_at IS NULL THEN '[]'::jsonb ELSE
          jsonb_build_array(jsonb_build_object('outcome', v.status, 'by', v.decided_by, 'at', v.decided_at,
                                               'reason', v.decision_reason)) END
    FROM named n WHERE v.booking_id = n."bookingId" AND v.status IN ('passed', 'approved')
    RETURNING v.booking_id)
  UPDATE booking b SET status = 'on_review', minutes = NULL, version = b.version + 1
  FROM doubted d WHERE b.id = d.booking_id AND b.status = 'delivered'
  RETURNING ${BOOKING}`;

export const HOME_OF = `SELECT ${HOME} AS "home" FROM resident r WHERE r.id = $1`;

/** Other visits that show a file of this one. */
export const SAME_EVIDENCE = `
  SELECT DISTINCT o.booking_id AS "bookingId"
  FROM visit_evidence e JOIN visit_evidence o ON o.operator_id = e.operator_id AND o.sha256 = e.sha256
  WHERE e.booking_id = $1 AND o.booking_id <> $1
  ORDER BY o.booking_id LIMIT 20`;

/** The visit that a carer is in now. */
export const OPEN_OF_CARER = `
  SELECT booking_id AS "bookingId" FROM visit WHERE caregiver_id = $1 AND status = 'open' AND booking_id <> $2`;
