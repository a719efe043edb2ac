import { notFound } from '@doorstep/kernel';
import { currentActor, type Tx } from '@doorstep/platform';
import { siteScopeOf } from '../shared/actor.scope';
import { LOCK_CONTRACT, lockInvoice, type InvoiceRow } from './invoices.queries';

/** Contract first, then the invoice, then the charges, then payments: the order that everybody keeps. */
export async function lockWithContract(tx: Tx, invoiceId: string): Promise<InvoiceRow> {
  const [found] = await tx.sql<{ operatorId: string; contractId: string }>(
    `SELECT operator_id AS "operatorId", contract_id AS "contractId" FROM invoice WHERE id = $1`,
    [invoiceId],
  );
  if (!found) throw notFound('invoice', invoiceId);
  await tx.sql(LOCK_CONTRACT, [found.operatorId, found.contractId]);
  const invoice = await lockInvoice(tx, invoiceId, siteScopeOf(currentActor()));
  if (!invoice) throw notFound('invoice', invoiceId);
  return invoice;
}
