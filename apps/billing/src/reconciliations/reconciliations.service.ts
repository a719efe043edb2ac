import { Injectable } from '@nestjs/common';
import { event, ReconciliationFinished } from '@doorstep/contracts';
import { DomainError, newId, notFound } from '@doorstep/kernel';
import { Clock, currentActor, Database, decodeCursor, page, type Page, type Tx } from '@doorstep/platform';
import { writeOffTakenBack } from '../exceptions/exception-entries';
import { channelSettled } from '../ledger/entry';
import { LedgerService } from '../ledger/ledger.service';
import { contractOfRemainder, expectOfFile, type ExpectedOfFile } from '../matches/expected.queries';
import { Progress } from '../settlement-files/progress.service';
import {
  beginMatching,
  nameWhatIsMissing,
  nameWrongFees,
  settle,
  settleEarlier,
  sumsOf,
  takeBackWriteOffs,
  type Matching,
} from './matching.queries';
import { tie, type SettledOfContract, type Sums, type Tied } from './reconciliation';
import type { ReconcileDto, ReconciliationDto, ReconciliationsQuery } from './reconciliations.dto';
import {
  FILE_FOR_UPDATE,
  FILE_RECONCILED,
  INSERT_RECONCILIATION,
  LIST_RECONCILIATIONS,
  RECONCILIATION_BY_ID,
  RECONCILIATION_OF_FILE,
  type FileRow,
  type ReconciliationRow,
} from './reconciliations.queries';

/** Settle, name what is missing, check fees, sum up, book. */
const STEPS = 5;

/** Ties a channel's file to what we recorded: every line and every payment is settled or a named exception. */
@Injectable()
export class ReconciliationsService {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly ledger: LedgerService,
    private readonly progress: Progress,
  ) {}

  reconcile({ settlementFileId, progressId }: ReconcileDto): Promise<ReconciliationDto> {
    return this.db.write(async (tx) => {
      const file = await fileToReconcile(tx, settlementFileId);
      const { operatorId, channel, billDay, siteId, part } = file;
      const reconciliationId = newId();
      const matching: Matching = {
        ...{ reconciliationId, fileId: file.id, operatorId, channel, billDay, siteId, part },
        ...{ at: this.clock.now(), by: currentActor().id },
      };
      const report = this.progress.reporter(progressId, operatorId);
      const step = (done: number): void => report(done < STEPS ? 'matching' : 'done', done, STEPS);
      step(0);
      await beginMatching(tx, file);
      const settled = await settle(tx, matching);
      step(1);
      const ofDay = await nameWhatIsMissing(tx, matching);
      step(2);
      await Promise.all([nameWrongFees(tx, matching), settleEarlier(tx, matching)]);
      step(3);
      const comeAfterAll = await takeBackWriteOffs(tx, matching);
      const sums = await sumsOf(tx, matching, ofDay);
      step(4);
      const tied = tie(sums, settled);
      const [[row]] = await Promise.all([
        tx.sql<ReconciliationRow>(INSERT_RECONCILIATION, insertParams(matching, sums, tied)),
        tx.sql(FILE_RECONCILED, [file.id]),
        this.ledger.post(tx, [
          ...settled.map((of) =>
            channelSettled({ ...of, reconciliationId, operatorId, channel, day: billDay }),
          ),
          ...comeAfterAll.flatMap((of) => writeOffTakenBack({ ...of, operatorId, channel })),
        ]),
      ]);
      await expectPayout(tx, matching, file, sums, settled);
      tx.tell(finished(row, operatorId));
      tx.afterCommit(() => step(STEPS));
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
}

async function fileToReconcile(tx: Tx, id: string): Promise<FileRow> {
  const [file] = await tx.sql<FileRow>(FILE_FOR_UPDATE, [id]);
  if (!file) throw notFound('settlement file', id);
  if (file.status !== 'reconciled') return file;
  // A statement of its own: the one above may have waited for whoever reconciled it.
  const [done] = await tx.sql<{ id: string }>(RECONCILIATION_OF_FILE, [id]);
  throw reconciledAlready(done.id);
}

/**
 * What the channel will pay out for the file: by contract what was settled, net of its fees, and what of the file belongs
 * to none yet. Together it is the file's own net, to the fen.
 */
async function expectPayout(
  tx: Tx,
  { operatorId, channel, billDay, reconciliationId }: Matching,
  { merchantNo }: FileRow,
  sums: Sums,
  settled: readonly SettledOfContract[],
): Promise<void> {
  const of = {
    operator_id: operatorId,
    channel,
    source_id: reconciliationId,
    party: merchantNo,
    day: billDay,
  };
  const rows: ExpectedOfFile[] = settled.map(({ contractId, amountFen, feeFen }) => ({
    ...{ ...of, kind: 'channel_settlement', contract_id: contractId, amount_fen: amountFen - feeFen },
  }));
  const remainderFen = sums.theirsFen - sums.theirFeesFen - (sums.settledFen - sums.settledFeesFen);
  const contractId = remainderFen === 0 ? undefined : await contractOfRemainder(tx, operatorId, settled);
  if (contractId)
    rows.push({ ...of, kind: 'channel_remainder', contract_id: contractId, amount_fen: remainderFen });
  await expectOfFile(tx, rows);
}

function insertParams(matching: Matching, sums: Sums, tied: Tied): unknown[] {
  const { reconciliationId, operatorId, fileId, channel, billDay, by, at } = matching;
  const outcome = sums.exceptions === 0 ? 'tied' : 'exceptions';
  return [
    ...[
      reconciliationId,
      operatorId,
      fileId,
      channel,
      billDay,
      outcome,
      sums.lines,
      sums.matched,
      sums.exceptions,
    ],
    ...[
      sums.theirsFen,
      tied.oursFen,
      sums.settledFen,
      sums.theirFeesFen,
      tied.differenceFen,
      tied.feeDifferenceFen,
    ],
    ...[by, at],
  ];
}

function finished(row: ReconciliationRow, operatorId: string): ReconciliationFinished {
  const { settlementFileId, outcome, lines, matched, exceptions, differenceFen, version } = row;
  return event(ReconciliationFinished, {
    ...{
      operatorId,
      reconciliationId: row.id,
      settlementFileId,
      outcome,
      lines,
      matched,
      exceptions,
      differenceFen,
    },
    ...{ version, at: row.createdAt.toISOString() },
  });
}

function reconciledAlready(reconciliationId: string): DomainError {
  return new DomainError('conflict', 'file_reconciled', 'The file has been reconciled.', {
    mend: `GET /v1/reconciliations/${reconciliationId} shows the outcome, GET /v1/exceptions what is open.`,
    reconciliationId,
  });
}
