import { DomainError } from '@doorstep/kernel';
import type { Tx } from '@doorstep/platform';

/** What was recorded wrongly and is taken back now. */
export interface Voided {
  what: 'payment' | 'refund';
  id: string;
  at: Date;
  by: string;
  reason: string;
}

/**
 * Lines that spoke of it are nobody's again, under a name of their own: their money has come. Also where somebody had said of
 * the difference that it was explained, because that is no difference any more.
 */
const nameLinesAnew = (what: Voided['what']): string => `
  INSERT INTO reconciliation_exception (id, operator_id, reconciliation_id, type, line_id, merchant_order_no, merchant_refund_no,
    ours_fen, theirs_fen, status, owner_id, comment, created_at, changed_at, changed_by)
  SELECT uuidv7(), e.operator_id, e.reconciliation_id, '${what === 'payment' ? 'unknown_in_bill' : 'unknown_refund'}', e.line_id,
         e.merchant_order_no, e.merchant_refund_no, 0, e.theirs_fen, 'open', e.owner_id, $4, $2, $2, $3
  FROM reconciliation_exception AS e
  WHERE e.${what}_id = $1 AND e.line_id IS NOT NULL
    AND (e.type = '${what === 'payment' ? 'amount_mismatch' : 'refund_mismatch'}' OR e.status <> 'resolved')
  ORDER BY e.line_id`;

const settleDifferences = (what: Voided['what']): string => `
  UPDATE reconciliation_exception AS e
  SET status = 'resolved', resolution = 'corrected', comment = $4, proposal = NULL, changed_at = $2, changed_by = $3,
      owner_id = coalesce(e.owner_id, $3), version = e.version + 1
  WHERE e.status IN ('open', 'disputed', 'proposed') AND (e.${what}_id = $1 OR e.expected_id IN (
    SELECT x.id FROM expected_movement AS x WHERE x.kind = '${what}' AND x.source_id = $1))`;

/** Whatever named a difference of it is met: by what it was recorded as, not by anybody's word. */
export async function endExceptionsOf(tx: Tx, { what, id, at, by, reason }: Voided): Promise<void> {
  const params = [id, at, by, `Recorded wrongly: ${reason}`];
  await tx.sql(nameLinesAnew(what), params);
  await tx.sql(settleDifferences(what), params);
}

const ABOUT_VOIDED = `
  SELECT FROM reconciliation_exception AS e
  LEFT JOIN payment AS p ON p.id = e.payment_id LEFT JOIN refund AS r ON r.id = e.refund_id
  LEFT JOIN expected_movement AS x ON x.id = e.expected_id
  WHERE e.id = $1 AND (p.voided_at IS NOT NULL OR r.voided_at IS NOT NULL OR x.withdrawn)`;

/** Of an exception about what was voided since there is nothing left to decide. */
export async function assertNotVoided(tx: Tx, exceptionId: string): Promise<void> {
  if ((await tx.sql(ABOUT_VOIDED, [exceptionId])).length === 0) return;
  throw new DomainError(
    'conflict',
    'recorded_wrongly',
    'What it is about was recorded wrongly and is voided.',
    {
      mend: 'See what it was recorded as instead: GET /v1/payments?merchantOrderNo=….',
    },
  );
}
