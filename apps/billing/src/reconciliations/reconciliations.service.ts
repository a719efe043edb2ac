import { Injectable } from '@nestjs/common';
import { event, ReconciliationFinished } from '@doorstep/contracts';
import { assert, DomainError, newId, notFound } from '@doorstep/kernel';
import { Clock, currentActor, Database, decodeCursor, page, type Page, type Tx } from '@doorstep/platform';
import { channelSettled } from '../ledger/entry';
import { LedgerService } from '../ledger/ledger.service';
import {
  FILE_FOR_UPDATE,
  LOCK_CHANNEL,
  MATCH_EXACTLY,
  NAME_FEES,
  NAME_MISSING,
  NAME_OPEN_LINES,
  SETTLE_EARLIER,
  SETTLED_BY_CONTRACT,
  TOTALS,
} from './reconciliation.queries';
import type { ReconcileDto, ReconciliationDto, ReconciliationsQuery } from './reconciliations.dto';
import {
  FILE_RECONCILED,
  INSERT_RECONCILIATION,
  LIST_RECONCILIATIONS,
  RECONCILIATION_BY_ID,
  RECONCILIATION_OF_FILE,
  type ReconciliationRow,
} from './reconciliations.queries';

interface FileRow {
  id: string;
  operatorId: string;
  channel: string;
  billDay: string;
  status: string;
}

interface Totals {
  lines: number;
  matched: number;
  exceptions: number;
  theirsFen: number;
  oursFen: number;
  explainedFen: number;
  settledFen: number;
  feesFen: number;
  feesOverFen: number;
  feesExplainedFen: number;
}

/** Ties a channel's file to what we recorded: every line and every payment is settled or a named exception. */
@Injectable()
export class ReconciliationsService {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly ledger: LedgerService,
  ) {}

  reconcile({ settlementFileId }: ReconcileDto): Promise<ReconciliationDto> {
    return this.db.write(async (tx) => {
      const file = await this.fileToReconcile(tx, settlementFileId);
      const id = newId();
      const now = this.clock.now();
      const by = currentActor().id;
      await tx.sql(MATCH_EXACTLY, [id, file.id]);
      await tx.sql(NAME_OPEN_LINES, [id, file.id, now, by]);
      await tx.sql(NAME_MISSING, [id, file.id, now, by]);
      await tx.sql(NAME_FEES, [id, file.id, now, by]);
      await tx.sql(SETTLE_EARLIER, [id, now, by, `Settled by the channel's file of ${file.billDay}.`]);
      await this.postSettled(tx, id, file);
      const row = await this.close(tx, id, file, now);
      await tx.sql(FILE_RECONCILED, [file.id]);
      tx.tell(
        event(ReconciliationFinished, {
          operatorId: file.operatorId,
          reconciliationId: id,
          settlementFileId: file.id,
          outcome: row.outcome,
          lines: row.lines,
          matched: row.matched,
          exceptions: row.exceptions,
          differenceFen: row.differenceFen,
          version: row.version,
          at: now.toISOString(),
        }),
      );
      return row;
    });
  }

  find(id: string): Promise<ReconciliationDto> {
    return this.db.read(async (tx) => {
      const [row] = await tx.sql<ReconciliationRow>(RECONCILIATION_BY_ID, [id]);
      if (!row) throw notFound('reconciliation', id);
      return row;
    });
  }

  list({ channel, outcome, limit, cursor }: ReconciliationsQuery): Promise<Page<ReconciliationDto>> {
    const after = decodeCursor(cursor, 1)?.[0];
    return this.db.read(async (tx) => {
      const filters = [channel, outcome, after].map((value) => value ?? null);
      const rows = await tx.sql<ReconciliationRow>(LIST_RECONCILIATIONS, [...filters, limit + 1]);
      return page(rows, limit, (row) => [row.id]);
    });
  }

  private async fileToReconcile(tx: Tx, id: string): Promise<FileRow> {
    const [file] = await tx.sql<FileRow>(FILE_FOR_UPDATE, [id]);
    if (!file) throw notFound('settlement file', id);
    if (file.status === 'reconciled') {
      // A statement of its own: the one above may have waited for whoever reconciled it.
      const [done] = await tx.sql<{ id: string }>(RECONCILIATION_OF_FILE, [id]);
      throw reconciledAlready(done.id);
    }
    await tx.sql(LOCK_CHANNEL, [file.operatorId, file.channel]);
    return file;
  }

  /** The channel owes the net of what it confirmed to the bank account, and keeps its fees. */
  private async postSettled(tx: Tx, reconciliationId: string, file: FileRow): Promise<void> {
    const settled = await tx.sql<{ contractId: string; amountFen: number; feeFen: number }>(
      SETTLED_BY_CONTRACT,
      [reconciliationId],
    );
    const { operatorId, channel, billDay: day } = file;
    await this.ledger.post(
      tx,
      settled.map((sum) => channelSettled({ ...sum, reconciliationId, operatorId, channel, day })),
    );
  }

  private async close(tx: Tx, id: string, file: FileRow, now: Date): Promise<ReconciliationRow> {
    const [totals] = await tx.sql<Totals>(TOTALS, [id, file.id]);
    const differenceFen = totals.theirsFen - totals.oursFen - totals.explainedFen;
    const feeDifferenceFen = totals.feesOverFen - totals.feesExplainedFen;
    assert(
      differenceFen === 0 && feeDifferenceFen === 0,
      `reconciliation of file ${file.id} explains every fen`,
    );
    const [row] = await tx.sql<ReconciliationRow>(INSERT_RECONCILIATION, [
      id,
      file.operatorId,
      file.id,
      file.channel,
      file.billDay,
      totals.exceptions === 0 ? 'tied' : 'exceptions',
      totals.lines,
      totals.matched,
      totals.exceptions,
      totals.theirsFen,
      totals.oursFen,
      totals.settledFen,
      totals.feesFen,
      differenceFen,
      feeDifferenceFen,
      currentActor().id,
      now,
    ]);
    return row;
  }
}

function reconciledAlready(reconciliationId: string): DomainError {
  return new DomainError('conflict', 'file_reconciled', 'The file has been reconciled.', {
    mend: `GET /v1/reconciliations/${reconciliationId} shows the outcome, GET /v1/exceptions what is open.`,
    reconciliationId,
  });
}
