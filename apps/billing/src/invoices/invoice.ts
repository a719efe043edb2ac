import {
  assert,
  DomainError,
  splitByLargestRemainder,
  sumFen,
  transitions,
  type Fen,
} from '@doorstep/kernel';

/** As stored; whether an issued one is paid follows from what is paid of its charges. */
export const STORED_STATUSES = ['draft', 'issued', 'void'] as const;
export type StoredStatus = (typeof STORED_STATUSES)[number];

/** As shown. */
export const INVOICE_STATUSES = ['draft', 'issued', 'partly_paid', 'paid', 'void'] as const;
export type InvoiceStatus = (typeof INVOICE_STATUSES)[number];

export const invoiceLife = transitions<StoredStatus, 'issue' | 'void' | 'credit'>('invoice', ['draft'], {
  draft: { issue: 'issued', void: 'void' },
  issued: { credit: 'issued', void: 'void' },
  void: {},
});

export const CREDIT_REASONS = ['goodwill', 'charge_corrected', 'void'] as const;
export type CreditReason = (typeof CREDIT_REASONS)[number];

export interface CreditableLine {
  id: string;
  amountFen: Fen;
  creditedFen: Fen;
}

export interface CreditedLine {
  id: string;
  amountFen: Fen;
}

/**
 * Deals a credit out over what remains of each line, in proportion and by largest remainder. Because each credit looks at
 * what remains and not at the original, credits that come one after the other sum up to the original to the fen.
 */
export function creditAcross(lines: readonly CreditableLine[], amountFen: Fen): CreditedLine[] {
  const remaining = lines.map((line) => line.amountFen - line.creditedFen);
  const leftFen = sumFen(remaining);
  if (amountFen > leftFen) throw creditExceeds(amountFen, leftFen);
  assert(amountFen > 0, 'a credit is above zero');
  const parts = splitByLargestRemainder(amountFen, remaining);
  return lines.map(({ id }, index) => ({ id, amountFen: parts[index] })).filter((part) => part.amountFen > 0);
}

/** Credits named lines by named amounts. */
export function creditOf(lines: readonly CreditableLine[], wanted: readonly CreditedLine[]): CreditedLine[] {
  const byId = new Map(lines.map((line) => [line.id, line]));
  return wanted.map(({ id, amountFen }, index) => {
    const line = byId.get(id);
    if (!line) {
      throw new DomainError('invalid', 'line_not_on_invoice', `Line ${id} is not on the invoice.`, {
        field: `lines[${index}].lineId`,
        mend: 'Name lines of GET /v1/invoices/{id}/lines.',
      });
    }
    const leftFen = line.amountFen - line.creditedFen;
    if (amountFen > leftFen) throw creditExceeds(amountFen, leftFen, `lines[${index}].amountFen`);
    return { id, amountFen };
  });
}

function creditExceeds(amountFen: Fen, leftFen: Fen, field = 'amountFen'): DomainError {
  return new DomainError(
    'conflict',
    'credit_exceeds_invoice',
    `Only ${leftFen} fen are left to credit, not ${amountFen}.`,
    { field, mend: 'Credit at most what is left.', leftFen },
  );
}

/** `INV-2026-000017`; sorts as it counts up to a million a year. */
export function documentNumber(
  series: 'invoice' | 'credit_note' | 'receipt',
  year: number,
  number: number,
): string {
  const prefix = { invoice: 'INV', credit_note: 'CN', receipt: 'RC' }[series];
  return `${prefix}-${year}-${String(number).padStart(6, '0')}`;
}
