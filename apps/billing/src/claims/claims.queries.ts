import type { Answer, ClaimStatus, Finding, LineBasis } from './claim';

/** A claim as every statement here answers it. */
export interface ClaimRow {
  id: string;
  operatorId: string;
  funderId: string;
  contractId: string;
  period: string;
  sequence: number;
  number: string | null;
  status: ClaimStatus;
  lines: number;
  amountFen: number;
  findings: Finding[];
  createdAt: Date;
  submittedAt: Date | null;
  answeredAt: Date | null;
  settledAt: Date | null;
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
  basis: LineBasis;
  resubmitsId: string | null;
  reply: string | null;
  problems: Pick<Finding, 'code' | 'reason'>[];
  answer: Answer | null;
  acceptedFen: number | null;
  answerCode: string | null;
  answerReason: string | null;
  remittedFen: number;
  /** Of what was cut: taken off by corrections of the share. */
  correctedFen: number;
  cutEnd: 'objected' | 'resubmitted' | 'written_off' | null;
}

export const CLAIM = `
  id, operator_id AS "operatorId", funder_id AS "funderId", contract_id AS "contractId", period, sequence, number, status, lines,
  amount_fen AS "amountFen", findings, created_at AS "createdAt", submitted_at AS "submittedAt",
  answered_at AS "answeredAt", settled_at AS "settledAt", version`;

export const LINE = `
  id, charge_id AS "chargeId", booking_id AS "bookingId", resident_id AS "residentId", site_id AS "siteId",
  programme_id AS "programmeId", kind, service_day AS "serviceDay", starts_at AS "startsAt", minutes,
  amount_fen AS "amountFen", evidence, delivered_at AS "deliveredAt", grounds, basis, resubmits_id AS "resubmitsId",
  reply, problems, answer, accepted_fen AS "acceptedFen", answer_code AS "answerCode", answer_reason AS "answerReason",
  remitted_fen AS "remittedFen", corrected_fen AS "correctedFen", cut_end AS "cutEnd"`;

/**
 * What a line `l` asks for of its charge and programme: the share or a difference of it, less what corrections took off its
 * cut. What is asked for again is no more.
 */
export const ASKED_BY_LINE = `CASE WHEN l.basis <> 'resubmission' THEN l.amount_fen ELSE 0 END - l.corrected_fen`;
/** What the lines `l` of a charge and programme ask for. */
export const ASKED = `sum(${ASKED_BY_LINE})::bigint`;

export const CLAIM_BY_ID = `SELECT ${CLAIM} FROM claim WHERE id = $1`;
export const CLAIM_FOR_UPDATE = `${CLAIM_BY_ID} FOR UPDATE`;

export const SET_FINDINGS = `UPDATE claim SET findings = $2, version = version + 1 WHERE id = $1 RETURNING ${CLAIM}`;

/** The counter's row stays locked to the end of the transaction. `$1` claim · `$2` person · `$3` now · `$4` year */
export const SUBMIT = `
  UPDATE claim SET status = 'submitted', findings = '[]', submitted_by = $2, submitted_at = $3, version = version + 1,
         year = $4, place = next_document_numbers(operator_id, 'claim', $4, 1)
  WHERE id = $1 AND status = 'draft' RETURNING ${CLAIM}`;

/** `$1` funder · `$2` contract · `$3` period · `$4` status · `$5` go on after · `$6` limit */
export const LIST_CLAIMS = `
  SELECT ${CLAIM} FROM claim
  WHERE ($1::uuid IS NULL OR funder_id = $1) AND ($2::uuid IS NULL OR contract_id = $2)
    AND ($3::text IS NULL OR period = $3) AND ($4::text IS NULL OR status = $4)
    AND ($5::uuid IS NULL OR id > $5)
  ORDER BY id LIMIT $6`;

/** `$1` claim · `$2` go on after · `$3` limit · `$4` only answered so · `$5` only those with problems */
export const LIST_LINES = `
  SELECT ${LINE} FROM claim_line WHERE claim_id = $1 AND ($2::uuid IS NULL OR id > $2)
    AND ($4::text IS NULL OR answer = $4) AND (NOT $5::boolean OR problems <> '[]')
  ORDER BY id LIMIT $3`;

export const LINE_FOR_UPDATE = `SELECT ${LINE}, claim_id AS "claimId" FROM claim_line WHERE id = $1 FOR NO KEY UPDATE`;

/** `$1` claim */
export const LOCK_CLAIM = `SELECT FROM claim WHERE id = $1 FOR NO KEY UPDATE`;

/** A claim and those whose cuts it asks for again. `$1` claim */
export const LOCK_WITH_ASKED_AGAIN = `
  SELECT id FROM claim WHERE id = $1 OR id IN (
    SELECT cut.claim_id FROM claim_line l JOIN claim_line cut ON cut.id = l.resubmits_id WHERE l.claim_id = $1)
  ORDER BY id FOR NO KEY UPDATE`;

/**
 * A claim is settled when what was accepted is paid and every cut has ended: taken off by corrections, given up, or asked for again by a claim that is
 * submitted (a draft may be thrown away). The caller has locked the claims before their
 * lines: two who end the last lines at once would each see the other's as open still. `$1` claims · `$2` now
 */
export const SETTLE = `
  UPDATE claim SET status = 'settled', settled_at = $2, version = version + 1
  WHERE id = ANY ($1) AND status = 'answered' AND NOT EXISTS (
    SELECT FROM claim_line l WHERE l.claim_id = claim.id
      AND (l.remitted_fen <> l.accepted_fen OR (l.amount_fen > l.accepted_fen + l.corrected_fen
        AND l.cut_end IS DISTINCT FROM 'written_off' AND NOT EXISTS (SELECT FROM claim_line again JOIN claim c ON c.id = again.claim_id
                        WHERE again.resubmits_id = l.id AND c.status <> 'draft'))))
  RETURNING id`;

/** The other way round, when money is taken back that had paid them; the cuts have ended as they have. `$1` claims */
export const REOPEN = `
  UPDATE claim SET status = 'answered', settled_at = NULL, version = version + 1
  WHERE id = ANY ($1) AND status = 'settled' AND EXISTS (
    SELECT FROM claim_line l WHERE l.claim_id = claim.id AND l.remitted_fen <> l.accepted_fen)
  RETURNING id`;

export const TOTALS = `
  SELECT coalesce(sum(amount_fen), 0)::bigint AS "amountFen", coalesce(sum(accepted_fen), 0)::bigint AS "acceptedFen",
         coalesce(sum(amount_fen - accepted_fen), 0)::bigint AS "cutFen", coalesce(sum(remitted_fen), 0)::bigint AS "remittedFen",
         count(*) FILTER (WHERE answer IS NULL)::int AS unanswered
  FROM claim_line WHERE claim_id = $1`;

export interface TotalsRow {
  amountFen: number;
  acceptedFen: number;
  cutFen: number;
  remittedFen: number;
  unanswered: number;
}
