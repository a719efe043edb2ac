import type { RemittanceDto, RemittanceLineDto } from './remittances.dto';
import type { PaidLine, PayableLine, Settled } from './remittance';

export type RemittanceRow = RemittanceDto;

const REMITTANCE = `
  SELECT id, operator_id AS "operatorId", funder_id AS "funderId", contract_id AS "contractId", reference,
         amount_fen AS "amountFen", allocated_fen AS "allocatedFen",
         CASE WHEN cancelled_at IS NULL THEN amount_fen - allocated_fen ELSE 0 END AS "unallocatedFen",
         received_on AS "receivedOn", recorded_at AS "recordedAt", cancelled_at AS "cancelledAt",
         cancelled_by AS "cancelledBy", cancel_reason AS "cancelReason", version
  FROM remittance`;

export const REMITTANCE_BY_ID = `${REMITTANCE} WHERE id = $1`;
export const REMITTANCE_FOR_UPDATE = `${REMITTANCE_BY_ID} FOR NO KEY UPDATE`;

/** `$1` funder · `$2` contract · `$3` go on after · `$4` limit */
export const LIST_REMITTANCES = `
  ${REMITTANCE} WHERE ($1::uuid IS NULL OR funder_id = $1) AND ($2::uuid IS NULL OR contract_id = $2)
    AND ($3::uuid IS NULL OR id > $3) ORDER BY id LIMIT $4`;

export const ADD_REMITTANCE = `
  INSERT INTO remittance (id, operator_id, funder_id, contract_id, reference, amount_fen, received_on, recorded_by, recorded_at)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`;

/** Locks the claims of these lines, and these claims. `$1` lines or null · `$2` claims or null */
export const LOCK_CLAIMS = `
  SELECT FROM claim WHERE id = ANY ($2) OR id IN (SELECT claim_id FROM claim_line WHERE id = ANY ($1))
  ORDER BY id FOR NO KEY UPDATE`;

/**
 * Lines of the funder's claims under the contract, locked in the order of their ids. `$1` operator · `$2` funder ·
 * `$3` contract · `$4` lines or null · `$5` claims or null
 */
export const LINES_TO_PAY = `
  SELECT l.id, l.claim_id AS "claimId", l.accepted_fen AS "acceptedFen", l.remitted_fen AS "remittedFen"
  FROM claim_line l JOIN claim c ON c.id = l.claim_id
  WHERE l.operator_id = $1 AND l.funder_id = $2 AND c.contract_id = $3 AND c.status <> 'draft'
    AND (l.id = ANY ($4) OR l.claim_id = ANY ($5))
  ORDER BY l.id FOR NO KEY UPDATE OF l`;

export type LineToPay = PayableLine & { claimId: string };

/** `$1` [{lineId, amountFen}] · `$2` remittance · `$3` operator · `$4` funder */
export const ALLOCATE = `
  WITH paid AS (SELECT * FROM jsonb_to_recordset($1) AS line ("lineId" uuid, "amountFen" bigint)),
  noted AS (
    INSERT INTO remittance_line (remittance_id, claim_line_id, operator_id, funder_id, amount_fen)
    SELECT $2, "lineId", $3, $4, "amountFen" FROM paid),
  counted AS (
    UPDATE claim_line SET remitted_fen = remitted_fen + paid."amountFen" FROM paid WHERE claim_line.id = paid."lineId")
  UPDATE remittance SET allocated_fen = allocated_fen + (SELECT coalesce(sum("amountFen"), 0) FROM paid), version = version + 1
  WHERE id = $2 RETURNING version`;

/**
 * What of a remittance pays no line is expected at the bank by itself, once there has been some; what pays lines comes with
 * their claims. Refused (expected_within) where the bank has shown more of it than is left. `$1` remittance
 */
export const NOTE_ADVANCE = `
  WITH r AS (
    SELECT *, CASE WHEN cancelled_at IS NULL THEN allocated_fen ELSE amount_fen END AS gone_fen FROM remittance WHERE id = $1),
  noted AS (
    UPDATE expected_movement AS e SET written_off_fen = e.written_off_fen - e.cut_fen + r.gone_fen, cut_fen = r.gone_fen
    FROM r WHERE e.kind = 'funder_advance' AND e.source_id = r.id AND e.contract_id = r.contract_id)
  INSERT INTO expected_movement (operator_id, contract_id, kind, funder_id, source_id, reference, party, day, amount_fen,
    written_off_fen, cut_fen)
  SELECT operator_id, contract_id, 'funder_advance', funder_id, id, reference,
         (SELECT name FROM known_organisation WHERE id = r.funder_id), received_on, amount_fen, gone_fen, gone_fen
  FROM r WHERE gone_fen <> amount_fen AND NOT EXISTS (
    SELECT FROM expected_movement AS e WHERE e.kind = 'funder_advance' AND e.source_id = r.id AND e.contract_id = r.contract_id)`;

/** `$1` remittance · `$2` go on after · `$3` limit */
export const LIST_LINES = `
  SELECT p.id, p.claim_line_id AS "claimLineId", l.claim_id AS "claimId", p.amount_fen AS "amountFen", p.ended_at AS "endedAt",
         p.ended_by AS "endedBy", p.end_reason AS "endReason"
  FROM remittance_line AS p JOIN claim_line AS l ON l.id = p.claim_line_id
  WHERE p.remittance_id = $1 AND ($2::bigint IS NULL OR p.id > $2) ORDER BY p.id LIMIT $3`;

export type RemittanceLineRow = RemittanceLineDto;

/** Locks the claims that a remittance pays now. `$1` remittance */
export const LOCK_PAID_CLAIMS = `
  SELECT FROM claim WHERE id IN (
    SELECT l.claim_id FROM remittance_line AS p JOIN claim_line AS l ON l.id = p.claim_line_id
    WHERE p.remittance_id = $1 AND p.ended_at IS NULL)
  ORDER BY id FOR NO KEY UPDATE`;

/** And their lines that it pays. `$1` remittance */
export const PAID_LINES = `
  SELECT l.id AS "lineId", l.claim_id AS "claimId", p.amount_fen AS "amountFen"
  FROM claim_line AS l JOIN remittance_line AS p ON p.claim_line_id = l.id AND p.remittance_id = $1 AND p.ended_at IS NULL
  ORDER BY l.id FOR NO KEY UPDATE OF l`;

export type PaidLineRow = PaidLine & { claimId: string };

/** Takes back what a remittance paid of these lines. `$1` remittance · `$2` lines · `$3` now · `$4` person · `$5` reason */
export const TAKE_BACK = `
  WITH ended AS (
    UPDATE remittance_line SET ended_at = $3, ended_by = $4, end_reason = $5
    WHERE remittance_id = $1 AND claim_line_id = ANY ($2) AND ended_at IS NULL RETURNING claim_line_id, amount_fen),
  uncounted AS (
    UPDATE claim_line AS l SET remitted_fen = l.remitted_fen - ended.amount_fen FROM ended WHERE l.id = ended.claim_line_id)
  UPDATE remittance SET allocated_fen = allocated_fen - (SELECT coalesce(sum(amount_fen), 0) FROM ended), version = version + 1
  WHERE id = $1 RETURNING version`;

/** `$1` remittance · `$2` now · `$3` person · `$4` reason */
export const CANCEL = `
  UPDATE remittance SET cancelled_at = $2, cancelled_by = $3, cancel_reason = $4, version = version + 1 WHERE id = $1`;

/**
 * What the bank's side has settled of what the remittance was expected to bring, its claims and its advance, and what of
 * each would stay paid without it. `$1` remittance
 */
export const SETTLED_AT_BANK = `
  WITH paid AS (
    SELECT l.claim_id, sum(p.amount_fen) AS fen FROM remittance_line AS p JOIN claim_line AS l ON l.id = p.claim_line_id
    WHERE p.remittance_id = $1 AND p.ended_at IS NULL GROUP BY l.claim_id)
  SELECT e.amount_fen AS "amountFen", e.matched_fen AS "matchedFen", e.written_off_fen - e.cut_fen AS "givenUpFen",
         (coalesce((SELECT sum(l.remitted_fen) FROM claim_line AS l WHERE e.kind = 'claim' AND l.claim_id = e.source_id), 0)
           - coalesce(paid.fen, 0))::bigint AS "leftPaidFen", e.id AS "expectedId"
  FROM expected_movement AS e LEFT JOIN paid ON e.kind = 'claim' AND paid.claim_id = e.source_id
  WHERE (e.kind = 'claim' AND e.source_id IN (SELECT claim_id FROM paid)) OR (e.kind = 'funder_advance' AND e.source_id = $1)
  ORDER BY e.id`;

export type SettledRow = Settled & { expectedId: string };

/** Lines of statements that brought these. `$1` expected movements */
export const LINES_THAT_BROUGHT = `
  SELECT DISTINCT line_id AS "lineId" FROM statement_allocation WHERE expected_id = ANY ($1) AND undone_at IS NULL
  ORDER BY 1 LIMIT 20`;

/** All that was booked about a remittance. `$1` remittance */
export const BOOKED = `
  SELECT e.id AS "entryId", e.booked_on AS day, a.kind, l.amount_fen AS "amountFen"
  FROM ledger_entry AS e JOIN ledger_line AS l ON l.entry_id = e.id JOIN ledger_account AS a ON a.id = l.account_id
  WHERE e.source_id = $1 AND e.source_type = 'remittance' ORDER BY e.number, l.line`;
