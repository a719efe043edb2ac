import type { Tx } from '@doorstep/platform';
import { asJson } from '../shared/rows';
import type { StatementFacts } from './statement';
import type {
  AccountStatementDto,
  StatementFileDto,
  AccountStatementLineDto,
  StatementsQuery,
} from './statements.dto';

const STATEMENT = `s.id, s.file_id AS "fileId", s.account_id AS "accountId", s.number, s.from_day AS "fromDay",
  s.to_day AS "toDay", s.opening_fen AS "openingFen", s.closing_fen AS "closingFen", s.credits_fen AS "creditsFen",
  s.debits_fen AS "debitsFen", s.lines, (SELECT count(*)::int FROM statement_line AS l
    WHERE l.statement_id = s.id AND l.matched_fen <> 0 AND l.rest_fen = 0) AS matched`;

export async function findStatementFile(tx: Tx, id: string): Promise<StatementFileDto | undefined> {
  const [[file], statements] = await Promise.all([
    tx.sql<Omit<StatementFileDto, 'statements'>>(
      `SELECT id, operator_id AS "operatorId", account_id AS "accountId", layout, sha256, bytes, lines,
              uploaded_at AS "uploadedAt" FROM statement_file WHERE id = $1`,
      [id],
    ),
    // A file holds at most a few hundred statements: the reader bounds them.
    tx.sql<AccountStatementDto>(
      `SELECT ${STATEMENT} FROM statement AS s WHERE file_id = $1 ORDER BY from_day, id`,
      [id],
    ),
  ]);
  return file && { ...file, statements };
}

/** The same file. Those without lines are alike, whatever their days: of them the days of the account tell. */
export async function findTwinFile(tx: Tx, operatorId: string, sha256: string): Promise<string | undefined> {
  const [file] = await tx.sql<{ id: string }>(
    `SELECT id FROM statement_file WHERE operator_id = $1 AND sha256 = $2 AND lines > 0`,
    [operatorId, sha256],
  );
  return file?.id;
}

export function listStatements(
  tx: Tx,
  { accountId, fileId, limit }: StatementsQuery,
  after: string | null,
): Promise<AccountStatementDto[]> {
  return tx.sql<AccountStatementDto>(
    `SELECT ${STATEMENT} FROM statement AS s
     WHERE ($2::uuid IS NULL OR s.id > $2) AND ($3::uuid IS NULL OR s.account_id = $3)
       AND ($4::uuid IS NULL OR s.file_id = $4)
     ORDER BY s.id LIMIT $1`,
    [limit + 1, after, accountId ?? null, fileId ?? null],
  );
}

export async function findStatement(tx: Tx, id: string): Promise<AccountStatementDto | undefined> {
  const [found] = await tx.sql<AccountStatementDto>(
    `SELECT ${STATEMENT} FROM statement AS s WHERE s.id = $1`,
    [id],
  );
  return found;
}

export const STATEMENT_LINE = `id, line_no AS "lineNo", booked_on AS "bookedOn", amount_fen AS "amountFen",
  balance_fen AS "balanceFen", kind, reference_no AS "referenceNo", text, counterparty, bank_ref AS "bankRef",
  matched_fen AS "matchedFen", rest_fen AS "restFen"`;

export function listStatementLines(
  tx: Tx,
  id: string,
  limit: number,
  after: number,
): Promise<AccountStatementLineDto[]> {
  return tx.sql<AccountStatementLineDto>(
    `SELECT ${STATEMENT_LINE} FROM statement_line WHERE statement_id = $1 AND line_no > $3 ORDER BY line_no LIMIT $2`,
    [id, limit + 1, after],
  );
}

/** Own accounts by the numbers that a file names. */
export async function accountsByNumber(
  tx: Tx,
  operatorId: string,
  numbers: readonly string[],
): Promise<Map<string, string>> {
  const rows = await tx.sql<{ id: string; accountNo: string }>(
    `SELECT id, account_no AS "accountNo" FROM statement_account WHERE operator_id = $1 AND account_no = ANY ($2)`,
    [operatorId, numbers],
  );
  return new Map(rows.map(({ id, accountNo }) => [accountNo, id]));
}

/** A statement that covers a day of these already. */
export async function findOverlapping(
  tx: Tx,
  rows: readonly NewStatement[],
): Promise<AccountStatementDto | undefined> {
  const [found] = await tx.sql<AccountStatementDto>(
    `SELECT ${STATEMENT} FROM jsonb_to_recordset($1) AS new (account_id uuid, from_day date, to_day date, exclusive boolean)
     JOIN statement AS s ON s.account_id = new.account_id AND new.exclusive
       AND daterange(s.from_day, s.to_day, '[]') && daterange(new.from_day, new.to_day, '[]')
     ORDER BY s.id LIMIT 1`,
    [asJson(rows)],
  );
  return found;
}

export interface NewStatement {
  id: string;
  operator_id: string;
  file_id: string;
  account_id: string;
  number: string | null;
  from_day: string;
  to_day: string;
  exclusive: boolean;
  opening_fen: number | null;
  closing_fen: number | null;
  credits_fen: number;
  debits_fen: number;
  lines: number;
}

export function statementRow(
  facts: StatementFacts,
  of: { id: string; operatorId: string; fileId: string; accountId: string; exclusive: boolean },
): NewStatement {
  const { number, fromDay, toDay, openingFen, closingFen, creditsFen, debitsFen, lines } = facts;
  return {
    ...{
      id: of.id,
      operator_id: of.operatorId,
      file_id: of.fileId,
      account_id: of.accountId,
      exclusive: of.exclusive,
    },
    ...{ number, from_day: fromDay, to_day: toDay, opening_fen: openingFen, closing_fen: closingFen },
    ...{ credits_fen: creditsFen, debits_fen: debitsFen, lines },
  };
}

export interface NewStatementFile {
  id: string;
  operatorId: string;
  accountId: string;
  layout: string;
  mapping: object | null;
  sha256: string;
  bytes: number;
  lines: number;
  uploadedBy: string;
  uploadedAt: Date;
}

const TAKE_OVER_MS_MAX = 600_000;
const LINE_COLUMNS =
  'line_no, booked_on, amount_fen, balance_fen, kind, reference_no, text, counterparty, bank_ref';

/** Takes the staged lines over with their statements and the file itself. @returns how many lines were taken */
export async function takeOverStatements(
  tx: Tx,
  file: NewStatementFile,
  statements: readonly NewStatement[],
  uploadId: string,
): Promise<number> {
  const numbered = statements.map(({ id, account_id }, index) => ({ id, account_id, statement_no: index }));
  const { operatorId } = file;
  const [, , , [{ taken }]] = await Promise.all([
    tx.sql(`SELECT set_config('statement_timeout', $1, true)`, [String(TAKE_OVER_MS_MAX)]),
    tx.sql(
      `INSERT INTO statement_file (id, operator_id, account_id, layout, mapping, sha256, bytes, statements, lines,
         uploaded_by, uploaded_at)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
      [
        ...[file.id, operatorId, file.accountId, file.layout, file.mapping && JSON.stringify(file.mapping)],
        ...[file.sha256, file.bytes, statements.length, file.lines, file.uploadedBy, file.uploadedAt],
      ],
    ),
    tx.sql(`INSERT INTO statement SELECT * FROM jsonb_populate_recordset(null::statement, $1)`, [
      asJson(statements),
    ]),
    tx.sql<{ taken: number }>(
      `WITH taken AS (
         INSERT INTO statement_line (operator_id, statement_id, account_id, ${LINE_COLUMNS})
         SELECT $2, of.id, of.account_id, ${LINE_COLUMNS}
         FROM statement_staging AS staged JOIN jsonb_to_recordset($3) AS of (id uuid, account_id uuid, statement_no int)
           ON of.statement_no = staged.statement_no
         WHERE staged.upload_id = $1 ORDER BY staged.line_no RETURNING 1)
       SELECT count(*)::int AS taken FROM taken`,
      [uploadId, operatorId, asJson(numbered)],
    ),
    tx.sql(`DELETE FROM statement_staging WHERE upload_id = $1`, [uploadId]),
  ]);
  return taken;
}
