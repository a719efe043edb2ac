import type { RemittanceDto } from './remittances.dto';
import type { PayableLine } from './remittance';

export type RemittanceRow = RemittanceDto;

const REMITTANCE = `
  SELECT id, operator_id AS "operatorId", funder_id AS "funderId", contract_id AS "contractId", reference,
         amount_fen AS "amountFen", allocated_fen AS "allocatedFen", amount_fen - allocated_fen AS "unallocatedFen",
         received_on AS "receivedOn", recorded_at AS "recordedAt", version
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
