import { Injectable } from '@nestjs/common';
import { DomainError, newId, sumFen, type Fen } from '@doorstep/kernel';
import { Clock, Database } from '@doorstep/platform';
import { lockCharges, type CorrectableCharge } from '../corrections/corrections.queries';
import { advanceApplied } from '../ledger/entry';
import { LedgerService } from '../ledger/ledger.service';
import { addAllocations, type AddedAllocation } from '../payments/allocations.queries';
import { deal } from '../payments/payment';
import { PaymentsService } from '../payments/payments.service';
import { chinaDay } from '../shared/days';
import type { CreditAppliedDto, PaidInvoiceDto, PayInvoiceDto } from './invoice-payments.dto';
import { linkPayment, lockFreePayments } from './invoice-payments.queries';
import { lockWithContract } from './invoice.locks';
import { linesOf, type InvoiceLineRow, type InvoiceRow } from './invoices.queries';
import { InvoicesService } from './invoices.service';

/** Money for invoices: it meets the charges behind the lines, and what is left over is the resident's credit. */
@Injectable()
export class InvoicePaymentsService {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly payments: PaymentsService,
    private readonly ledger: LedgerService,
    private readonly invoices: InvoicesService,
  ) {}

  pay(invoiceId: string, payment: PayInvoiceDto): Promise<PaidInvoiceDto> {
    return this.db.write(async (tx) => {
      const invoice = await lockWithContract(tx, invoiceId);
      assertIssued(invoice);
      const lines = await linesOf(tx, invoiceId, undefined, null);
      const bookingIds = [...new Set(openFirst(lines).map(({ bookingId }) => bookingId))];
      const paid = await this.payments.record({ ...payment, bookingIds });
      await linkPayment(tx, paid.id, invoice.operatorId, invoiceId);
      return { payment: paid, invoice: await this.invoices.load(tx, invoiceId) };
    });
  }

  /** What the resident paid too much earlier pays what is open here. */
  applyCredit(invoiceId: string): Promise<CreditAppliedDto> {
    return this.db.write(async (tx) => {
      const invoice = await lockWithContract(tx, invoiceId);
      assertIssued(invoice);
      const { operatorId, residentId, contractId } = invoice;
      const lines = await linesOf(tx, invoiceId, undefined, null);
      const charges = await lockCharges(tx, [...new Set(lines.map(({ chargeId }) => chargeId))]);
      const sites = new Map(charges.map(({ id, siteId }) => [id, siteId]));
      const open = openOf(lines, charges);
      const applications: AddedAllocation[] = [];
      for (const { id: paymentId, freeFen } of await lockFreePayments(tx, residentId, contractId)) {
        const payables = open.map(({ chargeId, openFen }) => ({
          ...{ chargeId, owed: true, residentFen: openFen, paidFen: 0 },
        }));
        deal(freeFen, payables).forEach((amountFen, index) => {
          open[index].openFen -= amountFen;
          if (amountFen > 0)
            applications.push({
              id: newId(),
              paymentId,
              chargeId: open[index].chargeId,
              amountFen,
              applied: true,
            });
        });
      }
      const now = this.clock.now();
      if (applications.length > 0) {
        await addAllocations(tx, operatorId, applications, now);
        const entries = applications.map(({ id: allocationId, chargeId, amountFen }) =>
          advanceApplied({
            ...{ operatorId, contractId, residentId, allocationId, chargeId, amountFen },
            purpose: 'services',
            ...{ siteId: sites.get(chargeId) as string, day: chinaDay(now) },
          }),
        );
        await this.ledger.post(tx, entries);
      }
      const appliedFen = sumFen(applications.map(({ amountFen }) => amountFen));
      return { appliedFen, invoice: await this.invoices.load(tx, invoiceId) };
    });
  }
}

/**
 * What is open of each line, and never more than its charge owes: something may have been corrected that no credit note
 * has followed yet, or paid since the lines were read.
 */
function openOf(
  lines: readonly InvoiceLineRow[],
  charges: readonly CorrectableCharge[],
): { chargeId: string; openFen: Fen }[] {
  const left = new Map(
    charges.map(({ id, residentFen, allocations }) => [
      id,
      residentFen - sumFen(allocations.map(({ amountFen }) => amountFen)),
    ]),
  );
  return lines.map(({ chargeId, amountFen, creditedFen, paidFen }) => {
    const leftFen = left.get(chargeId) ?? 0;
    const openFen = Math.max(0, Math.min(amountFen - creditedFen - paidFen, leftFen));
    left.set(chargeId, leftFen - openFen);
    return { chargeId, openFen };
  });
}

/** Open lines in their order; when none is open, all of them, so that an overpayment has a resident. */
function openFirst(lines: readonly InvoiceLineRow[]): readonly InvoiceLineRow[] {
  const open = lines.filter((line) => line.amountFen - line.creditedFen > line.paidFen);
  return open.length > 0 ? open : lines;
}

function assertIssued({ stored }: InvoiceRow): void {
  if (stored === 'issued') return;
  throw new DomainError('conflict', `invoice_${stored}`, `An invoice that is ${stored} can't be paid.`, {
    mend: 'Pay an issued one.',
  });
}
