import type { Day, Fen } from '@doorstep/kernel';
import type { Tx } from '@doorstep/platform';
import type { ProposedVoid, VoidStatus, WantedVoid } from './proposed-void';
import type { PaymentVoidDto } from './proposed-voids.dto';

const VOID = `
  SELECT v.id, v.operator_id AS "operatorId", v.payment_id AS "paymentId", v.refund_id AS "refundId", v.correction,
         v.amount_fen AS "amountFen", v.books_on AS "booksOn", v.reason, v.status, v.proposed_by AS "proposedBy",
         v.proposed_at AS "proposedAt", v.decided_by AS "decidedBy", v.decided_at AS "decidedAt", v.comment,
         CASE WHEN v.status = 'approved' THEN
           (SELECT n.id FROM payment AS n WHERE n.replaces_id = v.payment_id AND v.refund_id IS NULL) END AS "replacedBy"
  FROM payment_void AS v JOIN payment AS p ON p.id = v.payment_id`;

/** `siteIds`: that the actor is bound to, or null. */
export async function findVoid(
  tx: Tx,
  id: string,
  siteIds: string[] | null,
): Promise<PaymentVoidDto | undefined> {
  const [found] = await tx.sql<PaymentVoidDto>(
    `${VOID} WHERE v.id = $1 AND ($2::uuid[] IS NULL OR p.site_id = ANY ($2))`,
    [id, siteIds],
  );
  return found;
}

export interface VoidsSought {
  status?: VoidStatus;
  paymentId?: string;
  after?: string;
  siteIds: string[] | null;
}

export function listVoids(tx: Tx, sought: VoidsSought, limit: number): Promise<PaymentVoidDto[]> {
  const { status, paymentId, after, siteIds } = sought;
  return tx.sql<PaymentVoidDto>(
    `${VOID}
     WHERE ($2::uuid IS NULL OR v.id > $2) AND ($3::text IS NULL OR v.status = $3) AND ($4::uuid IS NULL OR v.payment_id = $4)
       AND ($5::uuid[] IS NULL OR p.site_id = ANY ($5))
     ORDER BY v.id LIMIT $1`,
    [limit + 1, after ?? null, status ?? null, paymentId ?? null, siteIds],
  );
}

type Kept = Omit<ProposedVoid, 'correction'> & { correction: PaymentVoidDto['correction'] };

/** Who decides has it alone. */
export async function lockVoid(tx: Tx, id: string): Promise<ProposedVoid> {
  const [{ correction, ...locked }] = await tx.sql<Kept>(
    `SELECT id, payment_id AS "paymentId", refund_id AS "refundId", correction, amount_fen AS "amountFen",
            books_on AS "booksOn", reason, status, proposed_by AS "proposedBy"
     FROM payment_void WHERE id = $1 FOR UPDATE`,
    [id],
  );
  const paidAt = correction?.paidAt ? new Date(correction.paidAt) : undefined;
  return { ...locked, correction: correction && { ...correction, paidAt } };
}

/** The payment, or its refund, is locked by the caller. */
export async function waitingVoid(
  tx: Tx,
  { paymentId, refundId }: Pick<WantedVoid, 'paymentId' | 'refundId'>,
): Promise<string | undefined> {
  const [waiting] = await tx.sql<{ id: string }>(
    `SELECT id FROM payment_void WHERE payment_id = $1 AND refund_id IS NOT DISTINCT FROM $2 AND status = 'proposed'`,
    [paymentId, refundId],
  );
  return waiting?.id;
}

export interface NewVoid extends WantedVoid {
  id: string;
  operatorId: string;
  amountFen: Fen;
  booksOn: Day;
  proposedBy: string;
  proposedAt: Date;
}

export async function insertVoid(tx: Tx, { correction, ...proposed }: NewVoid): Promise<void> {
  await tx.sql(
    `INSERT INTO payment_void (id, operator_id, payment_id, refund_id, correction, amount_fen, books_on, reason, proposed_by,
                               proposed_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
    [
      ...[proposed.id, proposed.operatorId, proposed.paymentId, proposed.refundId],
      ...[correction && JSON.stringify(correction), proposed.amountFen, proposed.booksOn, proposed.reason],
      ...[proposed.proposedBy, proposed.proposedAt],
    ],
  );
}

export interface VoidDecision {
  status: VoidStatus;
  comment?: string;
  by: string;
  at: Date;
}

export async function decideVoid(
  tx: Tx,
  id: string,
  { status, comment, by, at }: VoidDecision,
): Promise<void> {
  await tx.sql(
    `UPDATE payment_void SET status = $2, decided_by = $3, decided_at = $4, comment = $5 WHERE id = $1`,
    [id, status, by, at, comment ?? null],
  );
}

/** The day itself, or the next open one; its month is closed by nobody before the transaction ends. */
export async function openDay(
  tx: Tx,
  { operatorId, contractId }: { operatorId: string; contractId: string },
  day: Day,
): Promise<Day> {
  const [{ open }] = await tx.sql<{ open: Day }>(`SELECT ledger_open_day($1, $2, $3::date) AS open`, [
    ...[operatorId, contractId, day],
  ]);
  return open;
}
