import { event, ReceiptVoided } from '@doorstep/contracts';
import type { Fen } from '@doorstep/kernel';
import type { Tx } from '@doorstep/platform';
import { chinaDay } from '../shared/days';
import { documentNumber } from './invoice';

/** What is recorded instead of a payment that was voided. */
export interface Replacement {
  id: string;
  amountFen: Fen;
  paidAt: Date;
}

interface Standing {
  id: string;
  operatorId: string;
  contractId: string;
  year: number;
  number: number;
  amountFen: Fen;
  paidAt: Date;
  /** Who was told of it, as they are known now. */
  residentId: string | null;
}

const RECEIPT_OF = `
  SELECT r.id, r.operator_id AS "operatorId", p.contract_id AS "contractId", r.year, r.number, r.amount_fen AS "amountFen",
         p.paid_at AS "paidAt", current_resident(r.issued_to) AS "residentId"
  FROM receipt AS r JOIN payment AS p ON p.id = r.payment_id WHERE p.id = $1`;

/** Whoever holds the receipt of a payment that is voided now, if there is one, is told that it counts no more. */
export async function tellReceiptVoided(
  tx: Tx,
  paymentId: string,
  at: Date,
  instead: Replacement | null,
): Promise<void> {
  const [receipt] = await tx.sql<Standing>(RECEIPT_OF, [paymentId]);
  if (!receipt) return;
  const { id: receiptId, operatorId, contractId, residentId, year, number, amountFen, paidAt } = receipt;
  const told = { operatorId, receiptId, paymentId, contractId, amountFen, paidOn: chinaDay(paidAt) };
  tx.tell(
    event(ReceiptVoided, {
      ...told,
      number: documentNumber('receipt', year, number),
      ...(residentId && { residentId }),
      reason: instead ? 'payment_corrected' : 'payment_voided',
      ...(instead && {
        ...{ replacedBy: instead.id, replacedFen: instead.amountFen },
        replacedPaidOn: chinaDay(instead.paidAt),
      }),
      // Issued once, voided once.
      ...{ version: 2, at: at.toISOString() },
    }),
  );
}
