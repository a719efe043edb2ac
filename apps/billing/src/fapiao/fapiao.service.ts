import { Injectable, Logger } from '@nestjs/common';
import { DomainError, newId, notFound } from '@doorstep/kernel';
import {
  Clock,
  currentActor,
  Database,
  decodeCursor,
  page,
  pageOf,
  type Page,
  type Tx,
} from '@doorstep/platform';
import { documentNumber } from '../invoices/invoice';
import { lockWithContract } from '../invoices/invoice.locks';
import { refusing } from '../shared/refusals';
import { checkReversal, fapiaoLife } from './fapiao';
import type { FapiaoAnswer } from './fapiao-platform';
import type {
  FapiaoDto,
  FapiaoExcessDto,
  FapiaoExcessesQuery,
  FapiaoIssuedDto,
  FapiaoQuery,
  RequestFapiaoDto,
  ReverseFapiaoDto,
} from './fapiao.dto';
import {
  ADD_FAPIAO,
  CHANGE_FAPIAO,
  FAPIAO_BY_ID,
  FAPIAO_FOR_UPDATE,
  LIST_EXCESSES,
  LIST_FAPIAO,
  MOVE_REVERSED,
  REVERSED_WHOLE,
  type ExcessRow,
  type FapiaoRow,
} from './fapiao.queries';

/** Fapiao for invoices: what the tax platform is asked for and what it answered. */
@Injectable()
export class FapiaoService {
  private readonly logger = new Logger(FapiaoService.name);

  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
  ) {}

  request({ invoiceId, buyerTitle, buyerTaxNo, content }: RequestFapiaoDto): Promise<FapiaoDto> {
    const id = newId();
    const requested = this.db.write(async (tx) => {
      const invoice = await lockWithContract(tx, invoiceId);
      const amountFen = invoice.amountFen - invoice.creditedFen;
      if (invoice.stored !== 'issued' || amountFen === 0) throw nothingToPutOn(invoice.stored);
      const what = [id, invoice.operatorId, invoiceId, 'blue', null, amountFen];
      const buyer = [buyerTitle, buyerTaxNo ?? null, content, null];
      await tx.sql(ADD_FAPIAO, [...what, ...buyer, currentActor().id, this.clock.now()]);
      return this.load(tx, id);
    });
    return refusing(() => requested, { fapiao_one_blue: () => standsAlready(invoiceId) });
  }

  /** Asks for a red one. What it takes back counts from now on, so two of them can't take back the same. */
  reverse(blueId: string, { amountFen, reason }: ReverseFapiaoDto): Promise<FapiaoDto> {
    return this.db.write(async (tx) => {
      const blue = await this.lock(tx, blueId);
      const takenFen = amountFen ?? blue.amountFen - blue.reversedFen;
      checkReversal(blue, takenFen);
      const [id, now] = [newId(), this.clock.now()];
      const what = [id, blue.operatorId, blue.invoiceId, 'red', blueId, takenFen];
      const buyer = [blue.buyerTitle, blue.buyerTaxNo, blue.content, reason];
      await tx.sql(ADD_FAPIAO, [...what, ...buyer, currentActor().id, now]);
      await tx.sql(MOVE_REVERSED, [blueId, takenFen, now]);
      return this.load(tx, id);
    });
  }

  issued(id: string, { fapiaoNumber, issuedOn }: FapiaoIssuedDto): Promise<FapiaoDto> {
    const issued = this.db.write(async (tx) => {
      const fapiao = await this.lock(tx, id);
      const now = this.clock.now();
      await tx.sql(CHANGE_FAPIAO, [
        id,
        fapiaoLife.next(fapiao.status, 'issue'),
        fapiaoNumber,
        issuedOn,
        null,
        now,
      ]);
      if (fapiao.reversesId) await this.closeBlue(tx, fapiao.reversesId, now);
      return this.load(tx, id);
    });
    return refusing(() => issued, { fapiao_number_once: () => numberTaken(fapiaoNumber) });
  }

  rejected(id: string, reason: string): Promise<FapiaoDto> {
    return this.db.write(async (tx) => {
      const fapiao = await this.lock(tx, id);
      const now = this.clock.now();
      await tx.sql(CHANGE_FAPIAO, [id, fapiaoLife.next(fapiao.status, 'reject'), null, null, reason, now]);
      if (fapiao.reversesId) await tx.sql(MOVE_REVERSED, [fapiao.reversesId, -fapiao.amountFen, now]);
      return this.load(tx, id);
    });
  }

  /** An answer of the platform. The same once more changes nothing; one that doesn't fit is logged and set aside. */
  async answered(answer: FapiaoAnswer): Promise<void> {
    try {
      if (answer.outcome === 'issued') await this.issued(answer.id, answer);
      else if (answer.outcome === 'rejected') await this.rejected(answer.id, answer.reason);
      else this.logger.warn(`the answer ${answer.handle} can't be read: ${answer.reason}`);
    } catch (error) {
      if (!(error instanceof DomainError)) throw error;
      this.logger.warn(`the answer ${answer.handle} doesn't fit: ${error.message}`);
    }
  }

  async handedOver(id: string): Promise<void> {
    await this.db.write(async (tx) => {
      const fapiao = await this.lock(tx, id);
      if (!fapiaoLife.allows(fapiao.status, 'hand_over')) return;
      await tx.sql(CHANGE_FAPIAO, [id, 'handed_over', null, null, null, this.clock.now()]);
    });
  }

  find(id: string): Promise<FapiaoDto> {
    return this.db.read((tx) => this.load(tx, id));
  }

  list({ invoiceId, status, limit, cursor }: FapiaoQuery): Promise<Page<FapiaoDto>> {
    const after = decodeCursor(cursor, 1)?.[0] ?? null;
    return this.db.read(async (tx) => {
      const rows = await tx.sql<FapiaoRow>(LIST_FAPIAO, [
        invoiceId ?? null,
        status ?? null,
        after,
        limit + 1,
      ]);
      return page(rows, limit, ({ id }) => [id]);
    });
  }

  /** Fapiao that credit notes and corrections have overtaken. */
  excesses({ contractId, period, limit, cursor }: FapiaoExcessesQuery): Promise<Page<FapiaoExcessDto>> {
    const after = decodeCursor(cursor, 1)?.[0] ?? null;
    return this.db.read(async (tx) => {
      const values = [contractId ?? null, period ?? null, after, limit + 1];
      return pageOf(
        await tx.sql<ExcessRow>(LIST_EXCESSES, values),
        limit,
        ({ fapiaoId }) => [fapiaoId],
        ({ year, number, ...row }) => ({ ...row, invoiceNumber: documentNumber('invoice', year, number) }),
      );
    });
  }

  private async closeBlue(tx: Tx, blueId: string, now: Date): Promise<void> {
    const blue = await this.lock(tx, blueId);
    const whole = await tx.sql(REVERSED_WHOLE, [blueId]);
    if (whole.length === 0) return;
    await tx.sql(CHANGE_FAPIAO, [blueId, fapiaoLife.next(blue.status, 'reverse'), null, null, null, now]);
  }

  private async lock(tx: Tx, id: string): Promise<FapiaoRow> {
    const [fapiao] = await tx.sql<FapiaoRow>(FAPIAO_FOR_UPDATE, [id]);
    if (!fapiao) throw notFound('fapiao', id);
    return fapiao;
  }

  private async load(tx: Tx, id: string): Promise<FapiaoDto> {
    const [fapiao] = await tx.sql<FapiaoRow>(FAPIAO_BY_ID, [id]);
    if (!fapiao) throw notFound('fapiao', id);
    return fapiao;
  }
}

function nothingToPutOn(status: string): DomainError {
  return new DomainError(
    'conflict',
    'invoice_without_fapiao',
    `An invoice that is ${status} has nothing for a fapiao.`,
    {
      field: 'invoiceId',
      mend: 'Name an issued invoice of which something remains.',
    },
  );
}

function standsAlready(invoiceId: string): DomainError {
  return new DomainError('conflict', 'fapiao_stands', 'A fapiao for this invoice stands already.', {
    field: 'invoiceId',
    mend: `Find it with GET /v1/fapiao?invoiceId=${invoiceId}; reverse it before asking for another.`,
  });
}

function numberTaken(fapiaoNumber: string): DomainError {
  return new DomainError('conflict', 'fapiao_number_taken', `${fapiaoNumber} stands on another fapiao.`, {
    field: 'fapiaoNumber',
    mend: 'Check the number with the tax platform.',
  });
}
