import type { Readable } from 'node:stream';
import { Injectable } from '@nestjs/common';
import { assert, DomainError, newId, notFound } from '@doorstep/kernel';
import {
  Clock,
  currentActor,
  currentContext,
  Database,
  decodeCursor,
  page,
  type Page,
  type PageQuery,
  type Tx,
} from '@doorstep/platform';
import { OriginalStore, type Incoming } from '../settlement-files/original-store.service';
import { Progress } from '../settlement-files/progress.service';
import { Staging } from '../settlement-files/staging.service';
import { currentOperatorId } from '../shared/actor.scope';
import { refusing } from '../shared/refusals';
import type { StatementFacts } from './statement';
import { findAccount } from './statement-accounts.service';
import type { StatementAccountDto } from './statement-accounts.dto';
import { readStatement, STAGED_COLUMNS } from './statement.source';
import type {
  AccountStatementDto,
  StatementFileDto,
  AccountStatementLineDto,
  StatementsQuery,
  UploadStatementQuery,
} from './statements.dto';
import {
  accountsByNumber,
  findOverlapping,
  findStatement,
  findStatementFile,
  findTwinFile,
  listStatementLines,
  listStatements,
  statementRow,
  takeOverStatements,
} from './statements.queries';

interface StagedStatements {
  uploadId: string;
  statements: StatementFacts[];
}

/** Statements of banks, channels' own accounts and funders: taken over whole or not at all, the original kept. */
@Injectable()
export class StatementsService {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly store: OriginalStore,
    private readonly staging: Staging,
    private readonly progress: Progress,
  ) {}

  async upload(file: Readable, query: UploadStatementQuery): Promise<StatementFileDto> {
    const operatorId = currentOperatorId();
    const account = await this.db.read((tx) => findAccount(tx, query.accountId));
    return this.store.taking(file, async (incoming) => {
      const twin = await this.db.read((tx) => findTwinFile(tx, operatorId, incoming.sha256));
      // A repeat under the same Idempotency-Key is answered without reading the file again.
      if (twin && currentContext().idempotencyKey) return this.takeOver(incoming, account, undefined);
      if (twin) throw sameFile(twin);
      return this.takeIn(incoming, account, query);
    });
  }

  findFile(id: string): Promise<StatementFileDto> {
    return this.db.read(async (tx) => {
      const file = await findStatementFile(tx, id);
      if (!file) throw notFound('statement file', id);
      return file;
    });
  }

  list(query: StatementsQuery): Promise<Page<AccountStatementDto>> {
    const after = decodeCursor(query.cursor, 1)?.[0] as string | undefined;
    return this.db.read(async (tx) =>
      page(await listStatements(tx, query, after ?? null), query.limit, (statement) => [statement.id]),
    );
  }

  lines(id: string, { limit, cursor }: PageQuery): Promise<Page<AccountStatementLineDto>> {
    const after = decodeCursor(cursor, 1)?.[0] as number | undefined;
    return this.db.read(async (tx) => {
      if (!(await findStatement(tx, id))) throw notFound('statement', id);
      return page(await listStatementLines(tx, id, limit, after ?? 0), limit, (line) => [line.lineNo]);
    });
  }

  async original(id: string): Promise<{ file: StatementFileDto; content: Readable }> {
    const file = await this.findFile(id);
    return { file, content: this.store.open(file.operatorId, file.sha256) };
  }

  private async takeIn(
    incoming: Incoming,
    account: StatementAccountDto,
    { from, to, progressId }: UploadStatementQuery,
  ): Promise<StatementFileDto> {
    const uploadId = newId();
    const report = this.progress.reporter(progressId, account.operatorId);
    const { rows, finish } = readStatement(incoming, { ...account, from, to }, uploadId, report);
    const statements = await this.staging.copy(`statement_staging (${STAGED_COLUMNS})`, rows, finish);
    try {
      report('taking_over', 0, null);
      const file = await this.takeOver(incoming, account, { uploadId, statements });
      report('done', file.lines, file.lines);
      return file;
    } catch (error) {
      await this.staging.clear(uploadId, 'statement_staging');
      throw error;
    }
  }

  private takeOver(
    incoming: Incoming,
    account: StatementAccountDto,
    staged: StagedStatements | undefined,
  ): Promise<StatementFileDto> {
    const { operatorId, id: accountId, layout, mapping } = account;
    const { sha256, bytes } = incoming;
    const taken = this.db.write(async (tx) => {
      const twin = await findTwinFile(tx, operatorId, sha256);
      if (twin || !staged) throw sameFile(twin);
      const fileId = newId();
      const accounts = await accountsOf(tx, account, staged.statements);
      const rows = staged.statements.map((facts, index) =>
        statementRow(facts, {
          ...{
            id: newId(),
            operatorId,
            fileId,
            accountId: accounts[index],
            exclusive: account.kind !== 'funder',
          },
        }),
      );
      const known = await findOverlapping(tx, rows);
      if (known) throw daysKnown(known);
      const lines = staged.statements.reduce((sum, facts) => sum + facts.lines, 0);
      const by = { uploadedBy: currentActor().id, uploadedAt: this.clock.now() };
      const file = { id: fileId, operatorId, accountId, layout, mapping, sha256, bytes, lines, ...by };
      const count = await takeOverStatements(tx, file, rows, staged.uploadId);
      assert(count === lines, 'every line of the file is taken over');
      await this.store.keep(incoming, operatorId);
      return (await findStatementFile(tx, fileId)) as StatementFileDto;
    });
    return refusing(() => taken, {
      statement_file_once: () => sameFile(),
      statement_days_once: () => daysKnown(),
    });
  }
}

/** The own account of each statement: the one it names, or that of the upload when it names none. */
async function accountsOf(
  tx: Tx,
  account: StatementAccountDto,
  statements: readonly StatementFacts[],
): Promise<string[]> {
  const numbers = statements.flatMap(({ accountNo }) => accountNo ?? []);
  const known = await accountsByNumber(tx, account.operatorId, numbers);
  return statements.map(({ accountNo }) => {
    if (accountNo === null) return account.id;
    const id = known.get(accountNo);
    if (id) return id;
    throw new DomainError(
      'invalid',
      'account_not_yours',
      `A statement is of account ${accountNo}, which is none of yours.`,
      {
        mend: 'Enter the account first, or ask the bank for a file of your own accounts.',
      },
    );
  });
}

function sameFile(statementFileId?: string): DomainError {
  return new DomainError('conflict', 'file_known', 'This very file has been uploaded before.', {
    mend: statementFileId ? 'Use that one.' : 'Use that one: GET /v1/account-statements.',
    ...(statementFileId && { statementFileId }),
  });
}

function daysKnown(known?: AccountStatementDto): DomainError {
  const which = known ? `from ${known.fromDay} to ${known.toDay} ` : '';
  return new DomainError(
    'conflict',
    'statement_days_known',
    `Days of the account ${which}are there already.`,
    {
      mend: 'Each day of an account comes once: export only the days after those.',
      ...(known && { statementId: known.id, statementFileId: known.fileId }),
    },
  );
}
