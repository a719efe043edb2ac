import type { Tx } from '@doorstep/platform';
import { type ChainedEntry, GENESIS, type Link } from './chain';

const RECORDED_AT = `to_char(e.recorded_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`;

/** The entry as JSON, exactly as it is stored; its lines name their accounts by id. */
const ENTRY = `
  json_build_object('id', e.id, 'number', e.number, 'contractId', e.contract_id, 'bookedOn', e.booked_on::text,
    'reason', e.reason, 'sourceType', e.source_type, 'sourceId', e.source_id, 'idempotencyKey', e.idempotency_key,
    'recordedAt', ${RECORDED_AT},
    'lines', (SELECT coalesce(json_agg(json_build_array(l.line, l.booked_on::text, l.amount_fen, l.currency, l.charge_id,
        l.resident_id, l.account_id) ORDER BY l.line), '[]')
      FROM ledger_line l WHERE l.entry_id = e.id))`;

type Values = (string | number | null)[];
/** With lines that end with the id of their account. */
type StoredEntry = Omit<ChainedEntry, 'lines'> & { lines: Values[] };

/** What stands for an account that is gone, which can only be an attack: no hash comes of it. */
const NO_ACCOUNT: Values = Array(7).fill(null);

/** Of thousands of lines on a few accounts: these are read once, and written into each of their lines. */
async function spellAccounts(tx: Tx, entries: readonly StoredEntry[]): Promise<void> {
  const lines = entries.flatMap((entry) => entry.lines);
  const rows = await tx.sql<{ id: string; account: Values }>(
    `SELECT id, json_build_array(contract_id, kind, class, site_id, service_kind, funder_id, channel) AS account
     FROM ledger_account WHERE id = ANY ($1)`,
    [[...new Set(lines.map((line) => line.at(-1)))]],
  );
  const accounts = new Map<unknown, Values>(rows.map(({ id, account }) => [id, account]));
  for (const line of lines) line.push(...(accounts.get(line.at(-1)) ?? NO_ACCOUNT));
}

/** A uuid, or null, in JSON. */
const uuid = (column: string): string => `coalesce('"' || ${column} || '"', 'null')`;
const text = (column: string): string => `coalesce(to_json(${column})::text, 'null')`;

const LINES = `(
  SELECT coalesce(string_agg('[' || l.line || ',"' || l.booked_on || '",' || l.amount_fen || ',"' || l.currency || '",'
      || ${uuid('l.charge_id')} || ',' || ${uuid('l.resident_id')} || ',"' || l.account_id || '",'
      || ${uuid('a.contract_id')} || ',' || ${text('a.kind')} || ',' || ${text('a.class')} || ',' || ${uuid('a.site_id')} || ','
      || ${text('a.service_kind')} || ',' || ${uuid('a.funder_id')} || ',' || ${text('a.channel')} || ']', ',' ORDER BY l.line), '')
  FROM ledger_line l LEFT JOIN ledger_account a ON a.id = l.account_id WHERE l.entry_id = e.id)`;

/** What `linkHash` takes the hash of, before and after the hash that goes in between. */
const BEFORE = `'{"bookedOn":"' || e.booked_on || '","contractId":"' || e.contract_id || '","id":"' || e.id
  || '","idempotencyKey":' || to_json(e.idempotency_key) || ',"lines":[' || ${LINES} || '],"number":' || e.number || ',"previous":"'`;
const AFTER = `'","reason":' || to_json(e.reason) || ',"recordedAt":"' || ${RECORDED_AT} || '","sourceId":"' || e.source_id
  || '","sourceType":' || to_json(e.source_type) || '}'`;

/**
 * Links entries beyond a number that no link covers yet, in the order of their numbers. Whatever was not visible in an
 * earlier round was made by a transaction at or after the horizon that the round left.
 *
 * @returns how many, and the number of the last
 */
export async function addLinks(
  tx: Tx,
  { horizon, beyond, limit, at }: { horizon: string; beyond: number; limit: number; at: Date },
): Promise<{ count: number; last: number | null }> {
  const [added] = await tx.sql<{ count: number; last: number | null }>(
    `WITH due AS MATERIALIZED (
       SELECT e.operator_id, e.id, e.number, ${BEFORE} AS before, ${AFTER} AS after FROM ledger_entry e
       WHERE e.made_by >= $1::xid8 AND e.number > $2 AND NOT EXISTS (SELECT FROM ledger_chain c WHERE c.entry_id = e.id)
       ORDER BY e.number LIMIT $3),
     tip AS (
       SELECT sought.operator_id, coalesce(head.position, 0) AS position, coalesce(head.hash, $5) AS hash
       FROM (SELECT DISTINCT operator_id FROM due) AS sought LEFT JOIN LATERAL (
         SELECT position, hash FROM ledger_chain WHERE operator_id = sought.operator_id ORDER BY position DESC LIMIT 1) AS head
         ON true),
     added AS (
       INSERT INTO ledger_chain (operator_id, position, entry_id, hash, chained_at)
       SELECT due.operator_id, tip.position + row_number() OVER in_order, due.id,
              ledger_link(tip.hash, due.before, due.after) OVER in_order, $4
       FROM due JOIN tip USING (operator_id) WINDOW in_order AS (PARTITION BY due.operator_id ORDER BY due.number))
     SELECT count(*) AS count, max(number) AS last FROM due`,
    [horizon, beyond, limit, at, GENESIS],
  );
  return added;
}

/**
 * The horizon that the last round left, and the one that this round may leave: the oldest transaction still running. In
 * another cluster (after a restore) transaction numbers start lower, so everything is looked at once.
 */
export async function horizons(tx: Tx): Promise<{ horizon: string; next: string }> {
  const [row] = await tx.sql<{ horizon: string; next: string }>(
    `SELECT CASE WHEN horizon > pg_snapshot_xmax(now.snapshot) THEN '0' ELSE horizon::text END AS horizon,
            pg_snapshot_xmin(now.snapshot)::text AS next
     FROM ledger_chain_horizon, (SELECT pg_current_snapshot() AS snapshot) AS now FOR UPDATE OF ledger_chain_horizon`,
  );
  return row;
}

export async function moveHorizon(tx: Tx, to: string): Promise<void> {
  await tx.sql(`UPDATE ledger_chain_horizon SET horizon = $1::xid8`, [to]);
}

export interface Head {
  operatorId: string;
  position: number;
  hash: string;
  chainedAt: Date;
}

export function heads(tx: Tx, operatorIds: readonly string[]): Promise<Head[]> {
  return tx.sql<Head>(
    `SELECT head.operator_id AS "operatorId", head.position, head.hash, head.chained_at AS "chainedAt"
     FROM unnest($1::uuid[]) AS sought (id), LATERAL (
       SELECT * FROM ledger_chain WHERE operator_id = sought.id ORDER BY position DESC LIMIT 1) AS head`,
    [operatorIds],
  );
}

/** Links after a position, each with its entry as it is now. */
export async function linksAfter(
  tx: Tx,
  operatorId: string,
  position: number,
  limit: number,
): Promise<Link[]> {
  const links = await tx.sql<Link & { entry: StoredEntry | null }>(
    `SELECT c.position, c.entry_id AS "entryId", c.hash, CASE WHEN e.id IS NOT NULL THEN ${ENTRY} END AS entry
     FROM ledger_chain c LEFT JOIN ledger_entry e ON e.id = c.entry_id
     WHERE c.operator_id = $1 AND c.position > $2 ORDER BY c.position LIMIT $3`,
    [operatorId, position, limit],
  );
  await spellAccounts(
    tx,
    links.flatMap(({ entry }) => entry ?? []),
  );
  return links;
}

export async function hashAt(tx: Tx, operatorId: string, position: number): Promise<string | undefined> {
  const [row] = await tx.sql<{ hash: string }>(
    `SELECT hash FROM ledger_chain WHERE operator_id = $1 AND position = $2`,
    [operatorId, position],
  );
  return row?.hash;
}

/** Entries of an operator that no link covers. */
export async function countUnchained(tx: Tx, operatorId: string): Promise<number> {
  const [{ waiting }] = await tx.sql<{ waiting: number }>(
    `SELECT (SELECT count(*) FROM ledger_entry WHERE operator_id = $1)
          - (SELECT count(*) FROM ledger_chain WHERE operator_id = $1) AS waiting`,
    [operatorId],
  );
  return waiting;
}
