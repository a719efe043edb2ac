import type { Tx } from '@doorstep/platform';
import type { ExportedAccount, ExportedEntry } from './export';

/** What of the books is exported; all pages see the same moment, whatever is posted meanwhile. */
export interface Slice {
  /** A Postgres snapshot as text. */
  snapshot: string;
  contractId: string | null;
  /** Last day that is in. */
  asOf: string | null;
}

export async function currentSnapshot(tx: Tx): Promise<string> {
  const [{ snapshot }] = await tx.sql<{ snapshot: string }>(`SELECT pg_current_snapshot()::text AS snapshot`);
  return snapshot;
}

const SLICE = `pg_visible_in_snapshot(e.made_by, $1::pg_snapshot) AND ($2::uuid IS NULL OR e.contract_id = $2)
  AND ($3::date IS NULL OR e.booked_on <= $3)`;

const bounds = ({ snapshot, contractId, asOf }: Slice) => [snapshot, contractId, asOf];

/** Every account with lines, and what they come to. */
export function exportedAccounts(tx: Tx, slice: Slice): Promise<ExportedAccount[]> {
  return tx.sql<ExportedAccount>(
    `SELECT a.id, a.contract_id AS "contractId", a.kind, a.class, a.site_id AS "siteId",
            a.service_kind AS "serviceKind", a.funder_id AS "funderId", a.channel, min(l.booked_on) AS "firstDay",
            sum(l.amount_fen)::bigint AS "balanceFen",
            (SELECT number FROM known_contract WHERE id = a.contract_id) AS contract,
            (SELECT code || ' ' || name_zh FROM known_site WHERE id = a.site_id) AS site,
            (SELECT name FROM known_organisation WHERE id = a.funder_id) AS funder
     FROM ledger_line l JOIN ledger_entry e ON e.id = l.entry_id JOIN ledger_account a ON a.id = l.account_id
     WHERE ${SLICE} GROUP BY a.id ORDER BY a.contract_id, a.class, a.kind, a.id`,
    bounds(slice),
  );
}

/** Entries by day and number, after the given place. */
export function exportedEntries(
  tx: Tx,
  slice: Slice,
  after: Pick<ExportedEntry, 'bookedOn' | 'number'> | undefined,
  limit: number,
): Promise<ExportedEntry[]> {
  return tx.sql<ExportedEntry>(
    `SELECT e.id, e.number, e.booked_on AS "bookedOn", e.reason, e.source_type AS "sourceType",
            e.source_id AS "sourceId",
            (SELECT jsonb_agg(jsonb_build_object('accountId', l.account_id, 'amountFen', l.amount_fen, 'chargeId', l.charge_id)
               ORDER BY l.line) FROM ledger_line l WHERE l.entry_id = e.id) AS lines
     FROM ledger_entry e
     WHERE ${SLICE} AND ($4::date IS NULL OR (e.booked_on, e.number) > ($4, $5))
     ORDER BY e.booked_on, e.number LIMIT $6`,
    [...bounds(slice), after?.bookedOn ?? null, after?.number ?? 0, limit],
  );
}
