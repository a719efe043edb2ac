import type { AnswerableLine } from './claim';

/** Lines of a claim under lock, in the order of their ids. `$1` claim · `$2` ids, or null for every line */
export const LINES_TO_ANSWER = `
  SELECT id, amount_fen AS "amountFen", answer, accepted_fen AS "acceptedFen" FROM claim_line
  WHERE claim_id = $1 AND ($2::uuid[] IS NULL OR id = ANY ($2)) ORDER BY id FOR NO KEY UPDATE`;

export type LineToAnswer = AnswerableLine;

/** `$1` [{id, answer, acceptedFen, code, reason}] · `$2` person · `$3` now */
export const ANSWER = `
  UPDATE claim_line SET answer = said.answer, accepted_fen = said."acceptedFen", answer_code = said.code,
         answer_reason = said.reason, answered_by = $2, answered_at = $3
  FROM jsonb_to_recordset($1) AS said (id uuid, answer text, "acceptedFen" bigint, code text, reason text)
  WHERE claim_line.id = said.id AND claim_line.answer IS NULL`;

/** `$1` claim · `$2` now */
export const ALL_ANSWERED = `
  UPDATE claim SET status = 'answered', answered_at = $2, version = version + 1 WHERE id = $1 AND status = 'submitted'
  RETURNING version`;

/** `$1` line · `$2` reply */
export const OBJECT = `
  UPDATE claim_line SET cut_end = 'objected', reply = $2
  WHERE id = $1 AND answer IN ('cut', 'rejected') AND cut_end IS NULL RETURNING id`;

export const ASK_WRITE_OFF = `
  INSERT INTO claim_write_off (id, operator_id, claim_line_id, amount_fen, reason, status, requested_by, requested_at)
  VALUES ($1, $2, $3, $4, $5, 'requested', $6, $7)`;

const WRITE_OFF = `
  SELECT w.id, w.claim_line_id AS "claimLineId", l.claim_id AS "claimId", w.amount_fen AS "amountFen", w.reason, w.status,
         w.requested_by AS "requestedBy", w.requested_at AS "requestedAt", w.decided_by AS "decidedBy",
         w.decided_at AS "decidedAt", l.charge_id AS "chargeId", l.resident_id AS "residentId", l.funder_id AS "funderId",
         w.operator_id AS "operatorId", c.contract_id AS "contractId"
  FROM claim_write_off w JOIN claim_line l ON l.id = w.claim_line_id JOIN claim c ON c.id = l.claim_id`;

export const WRITE_OFF_BY_ID = `${WRITE_OFF} WHERE w.id = $1`;
export const WRITE_OFF_FOR_UPDATE = `${WRITE_OFF_BY_ID} FOR NO KEY UPDATE OF w`;

/** `$1` status · `$2` go on after · `$3` limit */
export const LIST_WRITE_OFFS = `
  ${WRITE_OFF} WHERE ($1::text IS NULL OR w.status = $1) AND ($2::uuid IS NULL OR w.id > $2) ORDER BY w.id LIMIT $3`;

/** `$1` id · `$2` status · `$3` person · `$4` now */
export const DECIDE_WRITE_OFF = `
  UPDATE claim_write_off SET status = $2, decided_by = $3, decided_at = $4 WHERE id = $1 AND status = 'requested'`;

/**
 * What is left of a claim after all that was paid, given up where it was missing at the bank, and given up of cuts. No row:
 * nobody waits for it at the bank. `$1` claim
 */
export const LEFT_OF_CLAIM = `
  SELECT e.amount_fen - (e.written_off_fen - e.cut_fen)
         - (SELECT coalesce(sum(l.remitted_fen), 0) FROM claim_line l WHERE l.claim_id = $1)::bigint
         - (SELECT coalesce(sum(w.amount_fen), 0) FROM claim_write_off w JOIN claim_line l ON l.id = w.claim_line_id
            WHERE l.claim_id = $1 AND w.status = 'approved')::bigint AS "leftFen"
  FROM expected_movement e WHERE e.kind = 'claim' AND e.source_id = $1 FOR NO KEY UPDATE`;

export const END_CUT = `UPDATE claim_line SET cut_end = 'written_off' WHERE id = $1 AND cut_end IS NULL RETURNING id`;

export interface WriteOffRow {
  id: string;
  claimLineId: string;
  claimId: string;
  amountFen: number;
  reason: string;
  status: 'requested' | 'approved' | 'refused';
  requestedBy: string;
  requestedAt: Date;
  decidedBy: string | null;
  decidedAt: Date | null;
  chargeId: string;
  residentId: string;
  funderId: string;
  operatorId: string;
  contractId: string;
}
