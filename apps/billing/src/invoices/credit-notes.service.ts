import { Injectable } from '@nestjs/common';
import { CreditNoteIssued, event } from '@doorstep/contracts';
import { DomainError, newId, notFound, sumFen } from '@doorstep/kernel';
import { Clock, currentActor, Database, decodeCursor, pageOf, type Page, type Tx } from '@doorstep/platform';
import { concession } from '../corrections/correction';
import { CorrectionsService } from '../corrections/corrections.service';
import { siteScopeOf } from '../shared/actor.scope';
import { chinaDay } from '../shared/days';
import { groupBy } from '../shared/rows';
import type {
  CreditNoteDetailDto,
  CreditNoteDto,
  CreditNotesQuery,
  IssueCreditNoteDto,
} from './credit-notes.dto';
import {
  LINES_OF_NOTE,
  LIST_NOTES,
  NOTE_BY_ID,
  OVERBILLED,
  writeNote,
  type CreditNoteRow,
  type NoteLineRow,
} from './credit-notes.queries';
import {
  creditAcross,
  creditOf,
  documentNumber,
  invoiceLife,
  type CreditedLine,
  type CreditReason,
} from './invoice';
import { lockWithContract } from './invoice.locks';
import { linesOf, LOCK_CHARGES_OF, lockInvoice, nextNumbers, type InvoiceRow } from './invoices.queries';

/** Credit notes: what is taken back of an issued invoice, never more than remains. */
@Injectable()
export class CreditNotesService {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly corrections: CorrectionsService,
  ) {}

  /** The operator carries part of what the resident was to pay; what was paid too much becomes the resident's credit. */
  credit(
    invoiceId: string,
    { amountFen, lines: wanted, comment }: IssueCreditNoteDto,
  ): Promise<CreditNoteDetailDto> {
    if ((amountFen === undefined) === (wanted === undefined)) throw amountOrLines();
    return this.db.write(async (tx) => {
      const asked = await lockWithContract(tx, invoiceId);
      // From here on no correction takes off what is credited.
      await tx.sql(LOCK_CHARGES_OF, [invoiceId]);
      // What corrections took off is credited first: nobody credits what is not owed any more.
      await this.creditCorrected(tx, asked);
      const invoice = await lockWithContract(tx, invoiceId);
      invoiceLife.next(invoice.stored, 'credit');
      const lines = await linesOf(tx, invoiceId, undefined, null);
      const credited = wanted
        ? creditOf(
            lines,
            wanted.map((line) => ({ id: line.lineId, amountFen: line.amountFen })),
          )
        : creditAcross(lines, amountFen as number);
      const id = await this.write(tx, invoice, 'goodwill', comment ?? null, credited);
      const byCharge = new Map<string, number>();
      for (const { id: lineId, amountFen: fen } of credited) {
        const { chargeId } = lines.find((line) => line.id === lineId) as { chargeId: string };
        byCharge.set(chargeId, (byCharge.get(chargeId) ?? 0) + fen);
      }
      const cause = { reason: 'credited', sourceType: 'credit_note', sourceId: id } as const;
      const differences = [...byCharge].map(([chargeId, fen]) => concession(chargeId, fen));
      await this.corrections.post(tx, { ...cause, day: chinaDay(this.clock.now()) }, differences);
      return this.load(tx, id);
    });
  }

  /** Withdraws an issued invoice: what remains is credited on paper; the charges owe what they owe and may be invoiced anew. */
  async void(tx: Tx, invoice: InvoiceRow, comment: string): Promise<void> {
    const lines = await linesOf(tx, invoice.id, undefined, null);
    const left = lines
      .map(({ id, amountFen, creditedFen }) => ({ id, amountFen: amountFen - creditedFen }))
      .filter((line) => line.amountFen > 0);
    if (left.length > 0) await this.write(tx, invoice, 'void', comment, left);
  }

  /** Credits what corrections have taken off charges that are on invoices already. @returns how many notes */
  async creditCorrected(
    tx: Tx,
    { operatorId, contractId, residentId }: { operatorId: string; contractId: string; residentId?: string },
  ): Promise<number> {
    const over = await tx.sql<CreditedLine & { invoiceId: string }>(OVERBILLED, [
      operatorId,
      contractId,
      residentId ?? null,
    ]);
    const byInvoice = groupBy(over, (line) => line.invoiceId);
    for (const [invoiceId, lines] of byInvoice) {
      const invoice = await lockInvoice(tx, invoiceId, null);
      if (invoice) await this.write(tx, invoice, 'charge_corrected', null, lines);
    }
    return byInvoice.size;
  }

  find(id: string): Promise<CreditNoteDetailDto> {
    return this.db.read((tx) => this.load(tx, id));
  }

  list({ invoiceId, residentId, limit, cursor }: CreditNotesQuery): Promise<Page<CreditNoteDto>> {
    const after = decodeCursor(cursor, 1)?.[0] ?? null;
    const siteIds = siteScopeOf(currentActor());
    return this.db.read(async (tx) => {
      const values = [invoiceId ?? null, residentId ?? null, siteIds, after, limit + 1];
      return pageOf(await tx.sql<CreditNoteRow>(LIST_NOTES, values), limit, ({ id }) => [id], shown);
    });
  }

  private async write(
    tx: Tx,
    invoice: InvoiceRow,
    reason: CreditReason,
    comment: string | null,
    lines: readonly CreditedLine[],
  ): Promise<string> {
    const now = this.clock.now();
    const issuedOn = chinaDay(now);
    const year = Number(issuedOn.slice(0, 4));
    const { operatorId, contractId, residentId, period, id: invoiceId } = invoice;
    const number = await nextNumbers(tx, operatorId, 'credit_note', year, 1);
    const id = newId();
    const amountFen = sumFen(lines.map((line) => line.amountFen));
    const record = { issuedBy: currentActor().id, issuedAt: now };
    await writeNote(
      tx,
      { id, operatorId, invoiceId, year, number, issuedOn, reason, comment, amountFen, ...record },
      lines,
    );
    tx.tell(
      event(CreditNoteIssued, {
        ...{ operatorId, invoiceId, contractId, residentId, period, reason, amountFen },
        number: documentNumber('invoice', invoice.year as number, invoice.number as number),
        ...{ creditNoteId: id, creditNoteNumber: documentNumber('credit_note', year, number) },
        openFen: Math.max(0, invoice.openFen - amountFen),
        ...{ version: invoice.version + 1, at: now.toISOString() },
      }),
    );
    return id;
  }

  private async load(tx: Tx, id: string): Promise<CreditNoteDetailDto> {
    const [note] = await tx.sql<CreditNoteRow>(NOTE_BY_ID, [id, siteScopeOf(currentActor())]);
    if (!note) throw notFound('credit note', id);
    return { ...shown(note), lines: await tx.sql<NoteLineRow>(LINES_OF_NOTE, [id]) };
  }
}

function shown({ year, number, invoiceYear, invoiceNumber, ...note }: CreditNoteRow): CreditNoteDto {
  return {
    ...note,
    number: documentNumber('credit_note', year, number),
    invoiceNumber: documentNumber('invoice', invoiceYear, invoiceNumber),
  };
}

function amountOrLines(): DomainError {
  return new DomainError('invalid', 'amount_or_lines', 'A credit names an amount or lines, one of the two.', {
    field: 'amountFen',
    mend: 'Give amountFen to credit in proportion to what remains, or lines to credit those.',
  });
}
