import type { Fen } from '@doorstep/kernel';
import type { Tx } from '@doorstep/platform';
import type { RentedContract } from './rent';

/** Two at once would each replace what the other has written. */
export async function oneTakeoverAtATime(tx: Tx, operatorId: string): Promise<void> {
  await tx.sql(`SELECT pg_advisory_xact_lock(hashtextextended('rent ' || $1, 0))`, [operatorId]);
}

/** An operator's contracts that were in force on days of a month; suspended ones go on holding their space. */
export function rentedContracts(tx: Tx, operatorId: string, month: string): Promise<RentedContract[]> {
  return tx.sql<RentedContract>(
    `WITH month AS (SELECT daterange($2::date, ($2::date + interval '1 month')::date) AS days)
     SELECT c.id AS "contractId", c.number, c.from_day AS "from", coalesce(c.ends_on, c.to_day) AS "to",
       coalesce((
         SELECT json_agg(json_build_object('from', v.from_day, 'to', v.to_day,
                                           'rentFen', (v.terms #>> '{rent,amountFenPerMonth}')::bigint))
         FROM contract_revision v
         WHERE v.contract_id = c.id AND NOT v.superseded AND daterange(v.from_day, v.to_day) && month.days
           AND v.terms #>> '{rent,amountFenPerMonth}' IS NOT NULL), '[]') AS rents,
       coalesce((
         SELECT json_agg(json_build_object('siteId', s.site_id, 'areaM2', k.area_m2, 'from', s.from_day, 'to', s.to_day))
         FROM contract_site s LEFT JOIN known_site k ON k.site_id = s.site_id
         WHERE s.contract_id = c.id AND s.holds AND daterange(s.from_day, s.to_day) && month.days), '[]') AS standings
     FROM contract c, month
     WHERE c.operator_id = $1 AND c.begun
       AND daterange(c.from_day, coalesce(c.ends_on, c.to_day)) && month.days
     ORDER BY c.id`,
    [operatorId, `${month}-01`],
  );
}

export interface RentPart {
  siteId: string;
  contractId: string;
  amountFen: Fen;
  /** The contract's number. */
  note: string;
}

/** Makes a month's parts of rents those that are given: only what differs is written. */
export async function replaceRents(
  tx: Tx,
  parts: readonly RentPart[],
  by: { operatorId: string; month: string; actorId: string; now: Date },
): Promise<{ added: number; changed: number; removed: number }> {
  const rows = parts.map(({ siteId, contractId, amountFen, note }) => ({
    ...{ site_id: siteId, contract_id: contractId, amount_fen: amountFen, note },
  }));
  const [counts] = await tx.sql<{ added: number; changed: number; removed: number }>(
    `WITH given AS (
       SELECT * FROM json_to_recordset($1::json) AS given (site_id uuid, contract_id uuid, amount_fen bigint, note text)),
     removed AS (
       DELETE FROM site_cost c
       WHERE c.operator_id = $2 AND c.month = $3::date AND c.contract_id IS NOT NULL AND NOT EXISTS (
         SELECT FROM given g WHERE g.site_id = c.site_id AND g.contract_id = c.contract_id)
       RETURNING 1),
     written AS (
       INSERT INTO site_cost AS known (operator_id, site_id, month, kind, cost_class, contract_id, amount_fen, note, version,
                                       changed_at, changed_by)
       SELECT $2, site_id, $3::date, '', 'premises', contract_id, amount_fen, note, 1, $4, $5
       FROM given ORDER BY site_id, contract_id
       ON CONFLICT (operator_id, site_id, month, kind, cost_class, contract_id) DO UPDATE SET
         amount_fen = excluded.amount_fen, note = excluded.note, version = known.version + 1,
         changed_at = excluded.changed_at, changed_by = excluded.changed_by
       WHERE (known.amount_fen, known.note) IS DISTINCT FROM (excluded.amount_fen, excluded.note)
       RETURNING version)
     SELECT (SELECT count(*) FILTER (WHERE version = 1) FROM written)::int AS added,
            (SELECT count(*) FILTER (WHERE version > 1) FROM written)::int AS changed,
            (SELECT count(*) FROM removed)::int AS removed`,
    [JSON.stringify(rows), by.operatorId, `${by.month}-01`, by.now, by.actorId],
  );
  return counts;
}
