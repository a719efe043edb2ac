import { Injectable } from '@nestjs/common';
import { event, InvoiceIssued } from '@doorstep/contracts';
import { DomainError, notFound, sumFen, type Day } from '@doorstep/kernel';
import {
  Clock,
  currentActor,
  Database,
  decodeCursor,
  pageOf,
  type Page,
  type PageQuery,
  type Tx,
} from '@doorstep/platform';
import { currentResident, shareResidentsInRun } from '../residents/current-residents';
import { KnownService } from '../known/known.service';
import { currentOperatorId, siteScopeOf } from '../shared/actor.scope';
import { addDays, chinaDay } from '../shared/days';
import { CreditNotesService } from './credit-notes.service';
import { documentNumber, invoiceLife } from './invoice';
import { lockWithContract } from './invoice.locks';
import type {
  DrawnDto,
  DrawUpInvoicesDto,
  InvoiceDto,
  InvoiceLineDto,
  InvoicesQuery,
  IssueInvoicesDto,
  VoidInvoiceDto,
} from './invoices.dto';
import {
  DRAW_UP,
  DROP_DRAFTS,
  INVOICE_BY_ID,
  ISSUE,
  linesOf,
  listInvoices,
  LOCK_CHARGES_OF,
  LOCK_CONTRACT,
  LOCK_UNBILLED,
  nextNumbers,
  OUTDATED,
  STANDING_FAPIAO,
  VOID,
  VOID_LINES,
  type InvoiceRow,
  type IssuedRow,
} from './invoices.queries';

/** Residents in one transaction; a run over more takes several calls. */
const RESIDENTS_MAX = 1_000;

interface Run {
  operatorId: string;
  contractId: string;
  period: string;
  residentId?: string;
}

/** Residents' invoices: the self-paid part of every captured charge, once. */
@Injectable()
export class InvoicesService {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly known: KnownService,
    private readonly credits: CreditNotesService,
  ) {}

  /** Drafts are thrown away and made anew, so they always show what is due now. */
  drawUp(command: DrawUpInvoicesDto): Promise<DrawnDto> {
    const run = { operatorId: currentOperatorId(), ...command };
    return this.db.write(async (tx) => summary(await this.draw(tx, run)));
  }

  /** Draws up what is due now and issues it in the same transaction; charges that were corrected downwards are credited. */
  issueAll({ dueDays, ...command }: IssueInvoicesDto): Promise<DrawnDto> {
    const run = { operatorId: currentOperatorId(), ...command };
    return this.db.write(async (tx) => {
      const drawn = await this.draw(tx, run);
      await this.give(
        tx,
        run.operatorId,
        drawn.map(({ id }) => id),
        dueDays,
      );
      const credited = await this.credits.creditCorrected(tx, run);
      return { ...summary(drawn), credited };
    });
  }

  issue(id: string, dueDays: number): Promise<InvoiceDto> {
    return this.db.write(async (tx) => {
      const invoice = await lockWithContract(tx, id);
      invoiceLife.next(invoice.stored, 'issue');
      await tx.sql(LOCK_CHARGES_OF, [id]);
      const [{ lines }] = await tx.sql<{ lines: number }>(OUTDATED, [id]);
      if (lines > 0) throw outdated(lines);
      await this.give(tx, invoice.operatorId, [id], dueDays);
      return this.load(tx, id);
    });
  }

  /** A draft is dropped; an issued one is credited whole, and its charges may be invoiced anew. */
  void(id: string, { reason }: VoidInvoiceDto): Promise<InvoiceDto> {
    return this.db.write(async (tx) => {
      const invoice = await lockWithContract(tx, id);
      invoiceLife.next(invoice.stored, 'void');
      const [fapiao] = await tx.sql<{ id: string }>(STANDING_FAPIAO, [id]);
      if (fapiao) throw fapiaoStands(fapiao.id);
      if (invoice.stored === 'issued') await this.credits.void(tx, invoice, reason);
      await tx.sql(VOID_LINES, [id]);
      await tx.sql(VOID, [id, reason, this.clock.now()]);
      return this.load(tx, id);
    });
  }

  find(id: string): Promise<InvoiceDto> {
    return this.db.read((tx) => this.load(tx, id));
  }

  list({ limit, cursor, ...sought }: InvoicesQuery): Promise<Page<InvoiceDto>> {
    const after = decodeCursor(cursor, 1)?.[0] as string | undefined;
    const siteIds = siteScopeOf(currentActor());
    return this.db.read(async (tx) =>
      pageOf(await listInvoices(tx, { ...sought, siteIds, after }, limit), limit, ({ id }) => [id], shown),
    );
  }

  lines(id: string, { limit, cursor }: PageQuery): Promise<Page<InvoiceLineDto>> {
    const [serviceDay, lineId] = decodeCursor(cursor, 2) ?? [];
    const after =
      serviceDay === undefined ? undefined : { serviceDay: String(serviceDay), id: String(lineId) };
    return this.db.read(async (tx) => {
      await this.load(tx, id);
      const rows = await linesOf(tx, id, after, limit + 1);
      return pageOf(
        rows,
        limit,
        (row) => [row.serviceDay, row.id],
        (row) => row,
      );
    });
  }

  async load(tx: Tx, id: string): Promise<InvoiceDto> {
    const [invoice] = await tx.sql<InvoiceRow>(INVOICE_BY_ID, [id, siteScopeOf(currentActor())]);
    if (!invoice) throw notFound('invoice', id);
    return shown(invoice);
  }

  private async draw(tx: Tx, run: Run): Promise<{ id: string; amountFen: number }[]> {
    const { operatorId, contractId, period, residentId = null } = run;
    await this.known.contract(tx, contractId);
    await shareResidentsInRun(tx);
    const whose = residentId && (await currentResident(tx, residentId));
    await tx.sql(LOCK_CONTRACT, [operatorId, contractId]);
    await tx.sql(DROP_DRAFTS, [operatorId, contractId, whose]);
    const due = [operatorId, contractId, period, whose];
    await tx.sql(LOCK_UNBILLED, due);
    const by = [RESIDENTS_MAX, currentActor().id, this.clock.now()];
    return tx.sql(DRAW_UP, [...due, ...by]);
  }

  /** Gives drafts their numbers. The counter's row stays locked to the end of the transaction. */
  private async give(tx: Tx, operatorId: string, ids: readonly string[], dueDays: number): Promise<void> {
    if (ids.length === 0) return;
    const now = this.clock.now();
    const issuedOn = chinaDay(now);
    const dueOn: Day = addDays(issuedOn, dueDays);
    const year = Number(issuedOn.slice(0, 4));
    const first = await nextNumbers(tx, operatorId, 'invoice', year, ids.length);
    const issued = await tx.sql<IssuedRow>(ISSUE, [ids, year, first, issuedOn, dueOn, now]);
    for (const { id, number, amountFen, version, ...facts } of issued) {
      tx.tell(
        event(InvoiceIssued, {
          ...{ ...facts, invoiceId: id, number: documentNumber('invoice', year, number) },
          ...{ amountFen, openFen: amountFen, dueOn, version, at: now.toISOString() },
        }),
      );
    }
  }
}

/** As people and programs see it: the number in full. */
export function shown({ stored: _stored, year, number, ...invoice }: InvoiceRow): InvoiceDto {
  return {
    ...invoice,
    number: year === null || number === null ? null : documentNumber('invoice', year, number),
  };
}

function summary(drawn: readonly { amountFen: number }[]): DrawnDto {
  return {
    invoices: drawn.length,
    amountFen: sumFen(drawn.map(({ amountFen }) => amountFen)),
    credited: 0,
    more: drawn.length === RESIDENTS_MAX,
  };
}

function outdated(lines: number): DomainError {
  return new DomainError(
    'conflict',
    'invoice_outdated',
    `${lines} of its lines no longer say what is owed: something was corrected after it was drawn up.`,
    { mend: 'Draw it up again: POST /v1/invoices.' },
  );
}

function fapiaoStands(fapiaoId: string): DomainError {
  return new DomainError('conflict', 'fapiao_stands', `Fapiao ${fapiaoId} stands for this invoice.`, {
    mend: 'Reverse it with a red one first: POST /v1/fapiao/{id}/reverse.',
    fapiaoId,
  });
}
