import { Injectable } from '@nestjs/common';
import { Clock, Database } from '@doorstep/platform';
import { CreditNotesService } from '../invoices/credit-notes.service';
import { linesOf } from '../invoices/invoices.queries';
import { InvoicesService } from '../invoices/invoices.service';
import { ReceiptsService } from '../invoices/receipts.service';
import { StatementsService } from '../invoices/statements.service';
import { currentOperatorId } from '../shared/actor.scope';
import { creditNotePaper, invoicePaper } from './invoice.paper';
import type { PrintDto, PrintStatementDto } from './papers.dto';
import { letterhead } from './papers.queries';
import { receiptPaper, statementPaper } from './receipt.paper';

export interface Printed {
  /** For the file's name: letters, digits and dashes. */
  name: string;
  bytes: Buffer;
}

/** Prints documents anew from their rows; the addressee goes on the page and nowhere else. */
@Injectable()
export class PapersService {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly invoices: InvoicesService,
    private readonly credits: CreditNotesService,
    private readonly receipts: ReceiptsService,
    private readonly statements: StatementsService,
  ) {}

  async invoice(id: string, print: PrintDto): Promise<Printed> {
    const { invoice, lines, head } = await this.db.read(async (tx) => {
      const found = await this.invoices.load(tx, id);
      const its = await linesOf(tx, id, undefined, null);
      return { invoice: found, lines: its, head: await letterhead(tx, found.operatorId, found.contractId) };
    });
    const bytes = await invoicePaper(invoice, lines, head, this.at(print));
    return { name: invoice.number ?? 'invoice-draft', bytes };
  }

  async creditNote(id: string, print: PrintDto): Promise<Printed> {
    const { note, head } = await this.db.read(async (tx) => {
      const found = await this.credits.find(id);
      return { note: found, head: await letterhead(tx, found.operatorId, found.contractId) };
    });
    return { name: note.number, bytes: await creditNotePaper(note, head, this.at(print)) };
  }

  async receipt(id: string, print: PrintDto): Promise<Printed> {
    const { receipt, head } = await this.db.read(async (tx) => {
      const found = await this.receipts.load(tx, id);
      return { receipt: found, head: await letterhead(tx, found.operatorId, found.contractId) };
    });
    return { name: receipt.number, bytes: await receiptPaper(receipt, head, this.at(print)) };
  }

  async statement({ language, addressee, ...month }: PrintStatementDto): Promise<Printed> {
    const operatorId = currentOperatorId();
    const { statement, head } = await this.db.read(async (tx) => {
      const found = await this.statements.statement(month);
      return { statement: found, head: await letterhead(tx, operatorId, month.contractId) };
    });
    const bytes = await statementPaper(statement, head, this.at({ language, addressee }));
    return { name: `statement-${month.period}`, bytes };
  }

  private at({ language, addressee }: PrintDto) {
    return { language, addressee, at: this.clock.now() };
  }
}
