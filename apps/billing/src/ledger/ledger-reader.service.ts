import { Injectable } from '@nestjs/common';
import { notFound, sumFen } from '@doorstep/kernel';
import { Database, decodeCursor, page, pageOf, type Page } from '@doorstep/platform';
import { ACCOUNT_KINDS, type AccountKind } from './account';
import type {
  AccountDto,
  AccountsQuery,
  EntriesQuery,
  EntryDto,
  StatementLineDto,
  StatementQuery,
  TrialBalanceDto,
  TrialBalanceQuery,
} from './ledger.dto';
import { accountExists, listAccounts, listEntries, statement, trialBalance } from './ledger.queries';

/** The books, as of any day. */
@Injectable()
export class LedgerReader {
  constructor(private readonly db: Database) {}

  trialBalance({ asOf, contractId }: TrialBalanceQuery): Promise<TrialBalanceDto> {
    return this.db.read(async (tx) => {
      const rows = await trialBalance(tx, asOf, contractId);
      return {
        asOf: asOf ?? null,
        rows: rows.map((row) => ({
          ...row,
          title: titleOf(row.kind),
          balanceFen: row.debitFen - row.creditFen,
        })),
        debitFen: sumFen(rows.map(({ debitFen }) => debitFen)),
        creditFen: sumFen(rows.map(({ creditFen }) => creditFen)),
        pendingFen: sumFen(rows.map(({ pendingFen }) => pendingFen)),
      };
    });
  }

  accounts(query: AccountsQuery): Promise<Page<AccountDto>> {
    const after = decodeCursor(query.cursor, 1)?.[0] as string | undefined;
    return this.db.read(async (tx) =>
      pageOf(
        await listAccounts(tx, query, after ?? null),
        query.limit,
        (account) => [account.id],
        (account) => ({ ...account, title: titleOf(account.kind) }),
      ),
    );
  }

  statement(accountId: string, query: StatementQuery): Promise<Page<StatementLineDto>> {
    const [bookedOn, number, line] = decodeCursor(query.cursor, 3) ?? [];
    const after =
      bookedOn === undefined
        ? undefined
        : { bookedOn: String(bookedOn), number: Number(number), line: Number(line) };
    return this.db.read(async (tx) => {
      if (!(await accountExists(tx, accountId))) throw notFound('account', accountId);
      const rows = await statement(tx, accountId, query, after);
      return page(rows, query.limit, (row) => [row.bookedOn, row.number, row.line]);
    });
  }

  entries(query: EntriesQuery): Promise<Page<EntryDto>> {
    const after = decodeCursor(query.cursor, 1)?.[0] as number | undefined;
    return this.db.read(async (tx) =>
      page(await listEntries(tx, query, after ?? null), query.limit, (entry) => [entry.number]),
    );
  }
}

function titleOf(kind: string): string {
  return ACCOUNT_KINDS[kind as AccountKind].title;
}
