import type { ClaimStatus, Finding } from './claim';

/** A claim as every statement here answers it. */
export interface ClaimRow {
  id: string;
  operatorId: string;
  funderId: string;
  contractId: string;
  period: string;
  sequence: number;
  status: ClaimStatus;
  lines: number;
  amountFen: number;
  findings: Finding[];
  createdAt: Date;
  submittedAt: Date | null;
  version: number;
}

export interface ClaimLineRow {
  id: string;
  chargeId: string;
  bookingId: string;
  residentId: string;
  siteId: string;
  programmeId: string;
  kind: string;
  serviceDay: string;
  startsAt: Date;
  minutes: number;
  amountFen: number;
  evidence: string | null;
  deliveredAt: Date | null;
  grounds: string;
}

const CLAIM = `
  id, operator_id AS "operatorId", funder_id AS "funderId", contract_id AS "contractId", period, sequence, status, lines,
  amount_fen AS "amountFen", findings, created_at AS "createdAt", submitted_at AS "submittedAt", version`;

const LINE = `
  id, charge_id AS "chargeId", booking_id AS "bookingId", resident_id AS "residentId", site_id AS "siteId",
  programme_id AS "programmeId", kind, service_day AS "serviceDay", starts_at AS "startsAt", minutes,
  amount_fen AS "amountFen", evidence, delivered_at AS "deliveredAt", grounds`;

/** Drafts of one funder, contract and period are drawn up one at a time, so that each share is looked at by one. */
export const LOCK_PERIOD = `SELECT pg_advisory_xact_lock(hashtextextended('claim ' || $1 || $2 || $3 || $4, 0))`;

/**
 * Draws up a claim over every captured share that no claim has yet, all in one statement. No row in the answer: there is
 * nothing to claim. `$1` claim · `$2` operator · `$3` funder · `$4` contract · `$5` period · `$6` person · `$7` now
 */
export const DRAW_UP = `
  WITH asked AS (
    SELECT uuidv7() AS id, s.id AS share_id, s.programme_id, s.captured_fen, c.id AS charge_id, c.booking_id,
           c.resident_id, c.site_id, c.kind, c.service_day, c.starts_at, c.billed_minutes, d.evidence, d.delivered_at,
           coalesce((SELECT t ->> 'why' FROM jsonb_array_elements(c.trace) AS t
                     WHERE t ->> 'programmeId' = s.programme_id::text LIMIT 1), '') AS grounds
    FROM charge c
    JOIN charge_share s ON s.charge_id = c.id AND s.payer = 'funder' AND s.captured_fen > 0
    LEFT JOIN delivery d ON d.booking_id = c.booking_id
    WHERE c.operator_id = $2 AND c.contract_id = $4 AND c.status = 'captured' AND s.funder_id = $3
      AND c.booked_on >= ($5 || '-01')::date AND c.booked_on < (($5 || '-01')::date + interval '1 month')
      AND NOT EXISTS (SELECT FROM claim_line l WHERE l.share_id = s.id)),
  drawn AS (
    INSERT INTO claim (id, operator_id, funder_id, contract_id, period, sequence, status, lines, amount_fen, findings,
                       created_by, created_at)
    SELECT $1, $2, $3, $4, $5,
           1 + coalesce((SELECT max(sequence) FROM claim WHERE operator_id = $2 AND funder_id = $3 AND contract_id = $4
                           AND period = $5), 0),
           'draft', count(*), sum(captured_fen), '[]', $6, $7
    FROM asked HAVING count(*) > 0
    RETURNING *),
  lined AS (
    INSERT INTO claim_line (id, operator_id, claim_id, funder_id, share_id, charge_id, booking_id, resident_id, site_id,
                            programme_id, kind, service_day, starts_at, minutes, amount_fen, evidence, delivered_at,
                            grounds)
    SELECT a.id, $2, d.id, $3, a.share_id, a.charge_id, a.booking_id, a.resident_id, a.site_id, a.programme_id, a.kind,
           a.service_day, a.starts_at, a.billed_minutes, a.captured_fen, a.evidence, a.delivered_at, a.grounds
    FROM asked a CROSS JOIN drawn d)
  SELECT ${CLAIM} FROM drawn`;

export const CLAIM_BY_ID = `SELECT ${CLAIM} FROM claim WHERE id = $1`;
export const CLAIM_FOR_UPDATE = `${CLAIM_BY_ID} FOR UPDATE`;

export const SET_FINDINGS = `UPDATE claim SET findings = $2, version = version + 1 WHERE id = $1 RETURNING ${CLAIM}`;

export const SUBMIT = `
  UPDATE claim SET status = 'submitted', findings = '[]', submitted_by = $2, submitted_at = $3, version = version + 1
  WHERE id = $1 AND status = 'draft' RETURNING ${CLAIM}`;

/** What the check looks at, in the order in which lines stand. */
export const LINES_TO_CHECK = `
  SELECT id, resident_id AS "residentId", programme_id AS "programmeId", starts_at AS "startsAt", evidence,
         delivered_at AS "deliveredAt"
  FROM claim_line WHERE claim_id = $1 ORDER BY id`;

/** `$1` funder · `$2` contract · `$3` period · `$4` status · `$5` go on after · `$6` limit */
export const LIST_CLAIMS = `
  SELECT ${CLAIM} FROM claim
  WHERE ($1::uuid IS NULL OR funder_id = $1) AND ($2::uuid IS NULL OR contract_id = $2)
    AND ($3::text IS NULL OR period = $3) AND ($4::text IS NULL OR status = $4)
    AND ($5::uuid IS NULL OR id > $5)
  ORDER BY id LIMIT $6`;

/** `$1` claim · `$2` go on after · `$3` limit */
export const LIST_LINES = `
  SELECT ${LINE} FROM claim_line WHERE claim_id = $1 AND ($2::uuid IS NULL OR id > $2) ORDER BY id LIMIT $3`;
