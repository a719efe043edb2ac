import { Injectable } from '@nestjs/common';
import { event, ReceiptIssued } from '@doorstep/contracts';
import { DomainError, newId, notFound } from '@doorstep/kernel';
import { Clock, currentActor, Database, decodeCursor, pageOf, type Page, type Tx } from '@doorstep/platform';
import { paymentVoided } from '../payments/void';
import { siteScopeOf } from '../shared/actor.scope';
import { chinaDay } from '../shared/days';
import { refusing } from '../shared/refusals';
import { documentNumber } from './invoice';
import { nextNumbers } from './invoices.queries';
import type { IssueReceiptDto, ReceiptDto, ReceiptsQuery } from './receipts.dto';
import {
  LIST_RECEIPTS,
  PAYMENT_FOR_RECEIPT,
  RECEIPT_BY_ID,
  WRITE_RECEIPT,
  type ReceiptedPayment,
  type ReceiptRow,
} from './receipts.queries';

/** Receipts for money that came in: one for each payment. */
@Injectable()
export class ReceiptsService {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
  ) {}

  issue({ paymentId }: IssueReceiptDto): Promise<ReceiptDto> {
    const issued = this.db.write(async (tx) => {
      const siteIds = siteScopeOf(currentActor());
      const [payment] = await tx.sql<ReceiptedPayment>(PAYMENT_FOR_RECEIPT, [paymentId, siteIds]);
      if (!payment) throw notFound('payment', paymentId);
      if (payment.voided) throw paymentVoided(payment);
      const now = this.clock.now();
      const day = chinaDay(now);
      const year = Number(day.slice(0, 4));
      const { operatorId, amountFen, residentId } = payment;
      const number = await nextNumbers(tx, operatorId, 'receipt', year, 1);
      const id = newId();
      const by = currentActor().id;
      const values = [id, operatorId, paymentId, year, number, day, amountFen, by, now, residentId];
      await tx.sql(WRITE_RECEIPT, values);
      const receipt = await this.load(tx, id);
      const { contractId, paidAt } = receipt;
      tx.tell(
        event(ReceiptIssued, {
          ...{ operatorId, receiptId: id, paymentId, contractId, number: receipt.number, amountFen },
          ...(residentId && { residentId }),
          ...{ paidOn: chinaDay(paidAt), version: 1, at: now.toISOString() },
        }),
      );
      return receipt;
    });
    return refusing(() => issued, { receipt_payment_id_key: receiptExists });
  }

  find(id: string): Promise<ReceiptDto> {
    return this.db.read((tx) => this.load(tx, id));
  }

  list({ paymentId, limit, cursor }: ReceiptsQuery): Promise<Page<ReceiptDto>> {
    const after = decodeCursor(cursor, 1)?.[0] ?? null;
    const siteIds = siteScopeOf(currentActor());
    return this.db.read(async (tx) => {
      const rows = await tx.sql<ReceiptRow>(LIST_RECEIPTS, [paymentId ?? null, siteIds, after, limit + 1]);
      return pageOf(rows, limit, ({ id }) => [id], shown);
    });
  }

  async load(tx: Tx, id: string): Promise<ReceiptDto> {
    const [receipt] = await tx.sql<ReceiptRow>(RECEIPT_BY_ID, [id, siteScopeOf(currentActor())]);
    if (!receipt) throw notFound('receipt', id);
    return shown(receipt);
  }
}

function shown({ year, number, ...receipt }: ReceiptRow): ReceiptDto {
  return { ...receipt, number: documentNumber('receipt', year, number) };
}

function receiptExists(): DomainError {
  return new DomainError('conflict', 'receipt_exists', 'There is a receipt for this payment already.', {
    field: 'paymentId',
    mend: 'Find it with GET /v1/receipts?paymentId=….',
  });
}
