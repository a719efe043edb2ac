import type { Tx } from '@doorstep/platform';
import type { AccountsQuery, EntriesQuery, EntryDto, StatementLineDto, StatementQuery } from './ledger.dto';

export interface BalanceRow {
  contractId: string;
  kind: string;
  class: string;
  debitFen: number;
  creditFen: number;
  pendingFen: number;
}

/**
 * What was reserved at the end of a day, as accounts see it: authorised by then, whatever day the service is for, and neither
 * posted nor released by then. What is authorised still, and what has ended after the day. `$1` day, or null for now ·
 * `$2` contract, or null for all
 */
const PENDING = `
  SELECT c.contract_id, part.kind, part.class, sum(part.fen)::bigint AS fen
  FROM (SELECT contract_id, resident_fen, funders_fen, operator_fen FROM charge
        WHERE status = 'authorised' AND ($1::date IS NULL OR reserved_on <= $1)
        UNION ALL
        SELECT coalesce(reserved_contract_id, contract_id), coalesce(reserved_resident_fen, resident_fen),
               coalesce(reserved_funders_fen, funders_fen), coalesce(reserved_operator_fen, operator_fen)
        FROM charge WHERE unreserved_on > $1 AND reserved_on <= $1 AND unreserved_on > reserved_on) AS c,
    LATERAL (VALUES
      ('resident_receivable', 'asset', c.resident_fen), ('funder_receivable', 'asset', c.funders_fen),
      ('concession_expense', 'expense', c.operator_fen),
      ('service_revenue', 'income', -(c.resident_fen + c.funders_fen + c.operator_fen))) AS part (kind, class, fen)
  WHERE ($2::uuid IS NULL OR c.contract_id = $2) AND part.fen <> 0
  GROUP BY c.contract_id, part.kind, part.class`;

export function trialBalance(tx: Tx, asOf?: string, contractId?: string): Promise<BalanceRow[]> {
  return tx.sql<BalanceRow>(
    `WITH pending AS (${PENDING}),
     posted AS (
       SELECT account.contract_id, account.kind, account.class,
              sum(line.amount_fen) FILTER (WHERE line.amount_fen > 0) AS debit,
              -sum(line.amount_fen) FILTER (WHERE line.amount_fen < 0) AS credit
       FROM ledger_account AS account JOIN ledger_line AS line ON line.account_id = account.id
       WHERE ($1::date IS NULL OR line.booked_on <= $1) AND ($2::uuid IS NULL OR account.contract_id = $2)
       GROUP BY account.contract_id, account.kind, account.class)
     SELECT contract_id AS "contractId", kind, class, coalesce(posted.debit, 0)::bigint AS "debitFen",
            coalesce(posted.credit, 0)::bigint AS "creditFen", coalesce(pending.fen, 0)::bigint AS "pendingFen"
     FROM posted FULL JOIN pending USING (contract_id, kind, class) ORDER BY contract_id, kind`,
    [asOf ?? null, contractId ?? null],
  );
}

export interface AccountRow {
  id: string;
  contractId: string;
  kind: string;
  class: string;
  siteId: string | null;
  serviceKind: string | null;
  funderId: string | null;
  channel: string | null;
  balanceFen: number;
}

const ACCOUNT = `account.id, account.contract_id AS "contractId", account.kind, account.class, account.site_id AS "siteId",
  account.service_kind AS "serviceKind", account.funder_id AS "funderId", account.channel`;

export function listAccounts(tx: Tx, query: AccountsQuery, after: string | null): Promise<AccountRow[]> {
  const { contractId, kind, asOf, limit } = query;
  return tx.sql<AccountRow>(
    `SELECT ${ACCOUNT},
            (SELECT coalesce(sum(line.amount_fen), 0)::bigint FROM ledger_line AS line
             WHERE line.account_id = account.id AND ($5::date IS NULL OR line.booked_on <= $5)) AS "balanceFen"
     FROM ledger_account AS account
     WHERE ($2::uuid IS NULL OR account.id > $2) AND ($3::uuid IS NULL OR contract_id = $3)
       AND ($4::text IS NULL OR kind = $4)
     ORDER BY account.id LIMIT $1`,
    [limit + 1, after, contractId ?? null, kind ?? null, asOf ?? null],
  );
}

export async function accountExists(tx: Tx, id: string): Promise<boolean> {
  return (await tx.sql(`SELECT FROM ledger_account WHERE id = $1`, [id])).length === 1;
}

/** Where a page of a statement starts: after this entry's line. */
export interface StatementPlace {
  bookedOn: string;
  number: number;
  line: number;
}

/** Lines by the day they are booked on, each with the balance after it, counted from the account's very first line. */
export function statement(
  tx: Tx,
  accountId: string,
  { from, to, limit }: StatementQuery,
  after: StatementPlace | undefined,
): Promise<StatementLineDto[]> {
  return tx.sql<StatementLineDto>(
    `SELECT * FROM (
       SELECT line.entry_id AS "entryId", entry.number, line.line, line.booked_on AS "bookedOn", entry.reason,
              line.amount_fen AS "amountFen", line.charge_id AS "chargeId", line.resident_id AS "residentId",
              (sum(line.amount_fen) OVER (ORDER BY line.booked_on, entry.number, line.line))::bigint AS "balanceFen"
       FROM ledger_line AS line JOIN ledger_entry AS entry ON entry.id = line.entry_id
       WHERE line.account_id = $1 AND ($4::date IS NULL OR line.booked_on < $4)) AS running
     WHERE ($3::date IS NULL OR "bookedOn" >= $3)
       AND ($5::date IS NULL OR ("bookedOn", number, line) > ($5, $6, $7))
     ORDER BY "bookedOn", number, line LIMIT $2`,
    [
      accountId,
      limit + 1,
      from ?? null,
      to ?? null,
      after?.bookedOn ?? null,
      after?.number ?? 0,
      after?.line ?? 0,
    ],
  );
}

export function listEntries(tx: Tx, query: EntriesQuery, after: number | null): Promise<EntryDto[]> {
  const { from, to, contractId, reason, sourceId, limit } = query;
  return tx.sql<EntryDto>(
    `SELECT entry.id, entry.number, entry.contract_id AS "contractId", entry.booked_on AS "bookedOn", entry.reason,
            entry.source_type AS "sourceType", entry.source_id AS "sourceId", entry.recorded_at AS "recordedAt",
            (SELECT jsonb_agg(jsonb_build_object('accountId', account.id, 'account', account.kind,
               'amountFen', line.amount_fen, 'chargeId', line.charge_id, 'residentId', line.resident_id) ORDER BY line.line)
             FROM ledger_line AS line JOIN ledger_account AS account ON account.id = line.account_id
             WHERE line.entry_id = entry.id) AS lines
     FROM ledger_entry AS entry
     WHERE ($2::bigint IS NULL OR entry.number > $2) AND ($3::date IS NULL OR booked_on >= $3)
       AND ($4::date IS NULL OR booked_on < $4) AND ($5::uuid IS NULL OR contract_id = $5)
       AND ($6::text IS NULL OR reason = $6) AND ($7::uuid IS NULL OR source_id = $7)
     ORDER BY entry.number LIMIT $1`,
    [limit + 1, after, from ?? null, to ?? null, contractId ?? null, reason ?? null, sourceId ?? null],
  );
}
