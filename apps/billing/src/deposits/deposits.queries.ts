import type { Tx } from '@doorstep/platform';
import { asJson } from '../shared/rows';
import type { DepositDto, DepositMoveDto, DepositsQuery } from './deposits.dto';

/** Set off is what its payment has given to charges: what a correction frees of it is held again. */
const DEPOSIT = `
  SELECT d.id, d.operator_id AS "operatorId", d.contract_id AS "contractId", current_resident(d.resident_id) AS "residentId", d.kind,
         d.reference_id AS "referenceId", d.reason, d.taken_at AS "takenAt", p.id AS "paymentId", p.channel,
         CASE WHEN p.amount_fen > p.allocated_fen + p.refunded_fen THEN 'held' ELSE 'settled' END AS status,
         p.amount_fen AS "amountFen", p.amount_fen - p.allocated_fen - p.refunded_fen AS "heldFen",
         p.allocated_fen AS "setOffFen", p.refunded_fen AS "returnedFen"
  FROM deposit AS d JOIN payment AS p ON p.holder_id = d.id`;

export async function findDeposit(tx: Tx, id: string): Promise<DepositDto | undefined> {
  const [deposit] = await tx.sql<DepositDto>(`${DEPOSIT} WHERE d.id = $1`, [id]);
  return deposit;
}

export function listDeposits(
  tx: Tx,
  { contractId, residentId, status }: Pick<DepositsQuery, 'contractId' | 'residentId' | 'status'>,
  after: string | null,
  limit: number,
): Promise<DepositDto[]> {
  return tx.sql<DepositDto>(
    `${DEPOSIT}
     WHERE ($2::uuid IS NULL OR d.id > $2) AND ($3::uuid IS NULL OR d.contract_id = $3)
       AND ($4::uuid IS NULL OR current_resident(d.resident_id) = current_resident($4))
       AND ($5::text IS NULL OR ($5 = 'held') = (p.amount_fen > p.allocated_fen + p.refunded_fen))
     ORDER BY d.id LIMIT $1`,
    [limit + 1, after, contractId ?? null, residentId ?? null, status ?? null],
  );
}

/** Moves of one deposit that are shown. */
const MOVES_MAX = 500;

export function movesOf(tx: Tx, depositId: string): Promise<DepositMoveDto[]> {
  return tx.sql<DepositMoveDto>(
    `SELECT what, "amountFen", reason, "bookingId", "merchantRefundNo", by, at FROM (
       SELECT s.id, 'set_off' AS what, s.amount_fen AS "amountFen", s.reason, c.booking_id AS "bookingId",
              NULL AS "merchantRefundNo", s.set_off_by AS by, s.set_off_at AS at
       FROM deposit_set_off AS s JOIN charge AS c ON c.id = s.charge_id WHERE s.deposit_id = $1
       UNION ALL
       SELECT r.id, 'returned', r.amount_fen, r.reason, NULL, r.merchant_refund_no, r.recorded_by, r.recorded_at
       FROM refund AS r JOIN payment AS p ON p.id = r.payment_id WHERE p.holder_id = $1) AS moves
     ORDER BY at, id LIMIT ${MOVES_MAX}`,
    [depositId],
  );
}

export async function depositsOf(tx: Tx, residentId: string, contractId: string): Promise<string[]> {
  const rows = await tx.sql<{ id: string }>(
    `SELECT id FROM deposit
     WHERE contract_id = $2 AND resident_id IN (
       SELECT current_resident($1) UNION ALL
       SELECT merged_id FROM resident_merge WHERE survivor_id = current_resident($1))
     ORDER BY id LIMIT ${MOVES_MAX}`,
    [residentId, contractId],
  );
  return rows.map(({ id }) => id);
}

/** `$1` id … `$9` now */
export const INSERT_DEPOSIT = `
  INSERT INTO deposit (id, operator_id, contract_id, resident_id, kind, reference_id, reason, taken_by, taken_at)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`;

export interface NewSetOff {
  id: string;
  chargeId: string;
  amountFen: number;
}

export async function insertSetOffs(
  tx: Tx,
  { id, operatorId }: { id: string; operatorId: string },
  setOffs: readonly NewSetOff[],
  { reason, by, at }: { reason: string; by: string; at: Date },
): Promise<void> {
  await tx.sql(
    `INSERT INTO deposit_set_off (id, operator_id, deposit_id, charge_id, amount_fen, reason, set_off_by, set_off_at)
     SELECT id, $2, $3, "chargeId", "amountFen", $4, $5, $6
     FROM jsonb_to_recordset($1) AS s (id uuid, "chargeId" uuid, "amountFen" bigint)`,
    [asJson(setOffs), operatorId, id, reason, by, at],
  );
}
