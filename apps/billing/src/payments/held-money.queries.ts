import type { Fen } from '@doorstep/kernel';
import type { Tx } from '@doorstep/platform';
import type { AccountKind } from '../ledger/account';

/** Lines of one statement. */
export const LINES_MAX = 2_000;
/** Payments of one holder that are shown. */
const PAYMENTS_MAX = 500;

/** For a LATERAL join: what is free, and what is meant for services to come. `${holder}` names the holder's id. */
export const heldBy = (holder: string): string => `
  (SELECT coalesce(sum(p.amount_fen - p.allocated_fen - p.refunded_fen), 0)::bigint AS free,
          coalesce(sum((SELECT sum(a.amount_fen) FROM payment_allocation AS a
                        WHERE a.payment_id = p.id AND a.ended_at IS NULL AND NOT a.applied)), 0)::bigint AS reserved
   FROM payment AS p WHERE p.holder_id = ${holder})`;

export interface HeldPayment {
  paymentId: string;
  channel: string;
  merchantOrderNo: string;
  amountFen: Fen;
  refundedFen: Fen;
  freeFen: Fen;
  paidAt: Date;
}

const HELD = `
  SELECT id AS "paymentId", channel, merchant_order_no AS "merchantOrderNo", amount_fen AS "amountFen",
         refunded_fen AS "refundedFen", amount_fen - allocated_fen - refunded_fen AS "freeFen", paid_at AS "paidAt"
  FROM payment WHERE holder_id = $1`;

/** Oldest first. */
export function paymentsHeld(tx: Tx, holderId: string): Promise<HeldPayment[]> {
  return tx.sql<HeldPayment>(`${HELD} ORDER BY id LIMIT ${PAYMENTS_MAX}`, [holderId]);
}

/** Those that have something left, under lock, oldest first. Charges are locked before them, as everywhere. */
export function lockFree(tx: Tx, holderId: string): Promise<HeldPayment[]> {
  return tx.sql<HeldPayment>(
    `${HELD} AND amount_fen > allocated_fen + refunded_fen ORDER BY id FOR NO KEY UPDATE`,
    [holderId],
  );
}

export interface HeldMovement {
  bookedOn: string;
  reason: string;
  /** Above zero: came in; below: went out. */
  amountFen: Fen;
  chargeId: string | null;
  kind: string | null;
  serviceDay: string | null;
}

/**
 * The ledger's lines of holders: of their payments and refunds, and of the charges that they met. A charge meets holders of
 * a sort that are all in one statement, so its lines on that account are theirs.
 */
const LINES = `
  WITH held AS (SELECT id FROM payment WHERE holder_id = ANY ($1)),
  line AS (
    SELECT l.entry_id, l.line FROM ledger_entry AS e JOIN ledger_line AS l ON l.entry_id = e.id
    WHERE e.source_id IN (SELECT id FROM held UNION ALL SELECT r.id FROM refund AS r JOIN held ON held.id = r.payment_id)
    UNION
    SELECT l.entry_id, l.line FROM ledger_line AS l
    WHERE l.charge_id IN (SELECT a.charge_id FROM payment_allocation AS a JOIN held ON held.id = a.payment_id)),
  moved AS (
    SELECT e.number, l.line, l.booked_on, e.reason, -l.amount_fen AS fen, l.charge_id
    FROM line JOIN ledger_line AS l ON l.entry_id = line.entry_id AND l.line = line.line
    JOIN ledger_entry AS e ON e.id = l.entry_id
    JOIN ledger_account AS a ON a.id = l.account_id AND a.kind = $2)`;

export async function heldBefore(
  tx: Tx,
  holderIds: readonly string[],
  account: AccountKind,
  day: string,
): Promise<Fen> {
  const [{ fen }] = await tx.sql<{ fen: Fen }>(
    `${LINES} SELECT coalesce(sum(fen), 0)::bigint AS fen FROM moved WHERE booked_on < $3`,
    [holderIds, account, day],
  );
  return fen;
}

/** One line more than are shown. `month`: its first day */
export function heldMovements(
  tx: Tx,
  holderIds: readonly string[],
  account: AccountKind,
  month: string,
): Promise<HeldMovement[]> {
  return tx.sql<HeldMovement>(
    `${LINES}
     SELECT m.booked_on AS "bookedOn", m.reason, m.fen AS "amountFen", m.charge_id AS "chargeId", c.kind,
            c.service_day AS "serviceDay"
     FROM moved AS m LEFT JOIN charge AS c ON c.id = m.charge_id
     WHERE m.booked_on >= $3::date AND m.booked_on < $3::date + interval '1 month'
     ORDER BY m.booked_on, m.number, m.line LIMIT ${LINES_MAX + 1}`,
    [holderIds, account, month],
  );
}
