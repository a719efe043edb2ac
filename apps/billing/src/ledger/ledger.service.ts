import { Injectable } from '@nestjs/common';
import type { Tx } from '@doorstep/platform';
import { asJson, columnsOf } from '../shared/rows';
import { ACCOUNT_KINDS, type Account } from './account';
import type { Entry } from './entry';

/** Accounts known to exist; enough for the accounts of some thousand sites. */
const REMEMBERED_MAX = 50_000;

/** The only writer of the ledger. */
@Injectable()
export class LedgerService {
  private readonly opened = new Set<string>();

  /**
   * Posts entries in the caller's transaction: one statement opens accounts that are not known to exist, one writes all
   * entries with all their lines. The same idempotency key a second time fails the transaction.
   */
  async post(tx: Tx, entries: readonly Entry[]): Promise<void> {
    const moving = entries.filter(({ lines }) => lines.length > 0);
    if (moving.length === 0) return;
    await Promise.all([this.open(tx, moving), write(tx, moving)]);
  }

  /**
   * Whether every account is known to exist. Then posting waits for nobody; opening an account waits for whoever is just
   * opening the same one, so that is the last lock to take.
   */
  knowsAccountsOf(entries: readonly Entry[]): boolean {
    return this.unknownOf(entries).size === 0;
  }

  private unknownOf(entries: readonly Entry[]): Map<string, Account> {
    const accounts = new Map<string, Account>();
    for (const { lines } of entries)
      for (const { account, accountId } of lines)
        if (!this.opened.has(accountId)) accounts.set(accountId, account);
    return accounts;
  }

  private async open(tx: Tx, entries: readonly Entry[]): Promise<void> {
    const accounts = this.unknownOf(entries);
    if (accounts.size === 0) return;
    const rows = [...accounts].map(([id, account]) => ({
      id,
      operator_id: account.operatorId,
      contract_id: account.contractId,
      kind: account.kind,
      class: ACCOUNT_KINDS[account.kind].class,
      site_id: account.siteId ?? null,
      service_kind: account.serviceKind ?? null,
      funder_id: account.funderId ?? null,
      channel: account.channel ?? null,
    }));
    // Known only once it is committed.
    tx.afterCommit(() => this.remember(accounts.keys()));
    await tx.sql(OPEN_ACCOUNTS, [asJson(rows)]);
  }

  private remember(ids: Iterable<string>): void {
    if (this.opened.size > REMEMBERED_MAX) this.opened.clear();
    for (const id of ids) this.opened.add(id);
  }
}

const OPEN_ACCOUNTS = `
  INSERT INTO ledger_account (id, operator_id, contract_id, kind, class, site_id, service_kind, funder_id, channel)
  SELECT id, operator_id, contract_id, kind, class, site_id, service_kind, funder_id, channel
  FROM jsonb_populate_recordset(null::ledger_account, $1) ORDER BY id
  -- Without a target: of a row that two begin at once, the other unique key may be met first.
  ON CONFLICT DO NOTHING`;

/** Entries land on their day, or on the next open one when its month is closed; each day is looked up once. */
const POST = `
  WITH entry AS MATERIALIZED (
    SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::date[], $5::text[], $6::text[], $7::uuid[], $8::text[])
      AS entry (id, operator_id, contract_id, day, reason, source_type, source_id, key)),
  days AS MATERIALIZED (
    SELECT *, ledger_open_day(operator_id, contract_id, day) AS open_day
    FROM (SELECT DISTINCT operator_id, contract_id, day FROM entry ORDER BY 1, 2, 3) AS wanted),
  posted AS (
    INSERT INTO ledger_entry (id, operator_id, contract_id, booked_on, reason, source_type, source_id, idempotency_key)
    SELECT id, operator_id, contract_id, open_day, reason, source_type, source_id, key
    FROM entry JOIN days USING (operator_id, contract_id, day)
    RETURNING id, operator_id, booked_on)
  INSERT INTO ledger_line (entry_id, line, operator_id, account_id, booked_on, amount_fen, charge_id, resident_id)
  SELECT line.entry_id, line.line, posted.operator_id, line.account_id, posted.booked_on, line.amount_fen,
         line.charge_id, line.resident_id
  FROM unnest($9::uuid[], $10::int[], $11::uuid[], $12::bigint[], $13::uuid[], $14::uuid[])
         AS line (entry_id, line, account_id, amount_fen, charge_id, resident_id)
  JOIN posted ON posted.id = line.entry_id`;

const ENTRY = [
  ...(['id', 'operatorId', 'contractId', 'day', 'reason'] as const),
  ...(['sourceType', 'sourceId', 'idempotencyKey'] as const),
];
const LINE = ['entryId', 'line', 'accountId', 'amountFen', 'chargeId', 'residentId'] as const;

function write(tx: Tx, entries: readonly Entry[]): Promise<unknown> {
  const lines = entries.flatMap(({ id: entryId, lines: own }) =>
    own.map(({ accountId, amountFen, chargeId, residentId }, index) => ({
      entryId,
      line: index + 1,
      accountId,
      amountFen,
      chargeId,
      residentId,
    })),
  );
  return tx.prepared(POST, [...columnsOf(entries, ENTRY), ...columnsOf(lines, LINE)]);
}
