import type { Tx } from '@doorstep/platform';
import type { CostClass } from '../portfolio/figure';
import type { SiteCost } from './cost';

export interface StoredCost extends SiteCost {
  /** Whose rent it is a part of; null: entered. */
  contractId: string | null;
  siteCode: string;
  siteName: string;
  version: number;
  changedAt: Date;
}

/** Writes costs that are new or differ; the same again changes nothing. */
export async function upsertCosts(
  tx: Tx,
  costs: readonly SiteCost[],
  by: { operatorId: string; actorId: string; now: Date },
): Promise<{ added: number; changed: number }> {
  const rows = costs.map((cost) => ({
    site_id: cost.siteId,
    month: `${cost.month}-01`,
    kind: cost.kind,
    cost_class: cost.costClass,
    amount_fen: cost.amountFen,
    note: cost.note,
  }));
  const [counts] = await tx.sql<{ added: number; changed: number }>(
    `WITH written AS (
       INSERT INTO site_cost AS known (operator_id, site_id, month, kind, cost_class, amount_fen, note, version, changed_at,
                                       changed_by)
       SELECT $2, site_id, month, kind, cost_class, amount_fen, note, 1, $3, $4
       FROM json_to_recordset($1::json) AS given
         (site_id uuid, month date, kind text, cost_class text, amount_fen bigint, note text)
       ORDER BY site_id, month, kind, cost_class
       ON CONFLICT (operator_id, site_id, month, kind, cost_class, contract_id) DO UPDATE SET
         amount_fen = excluded.amount_fen, note = excluded.note, version = known.version + 1,
         changed_at = excluded.changed_at, changed_by = excluded.changed_by
       WHERE (known.amount_fen, known.note) IS DISTINCT FROM (excluded.amount_fen, excluded.note)
       RETURNING version)
     SELECT count(*) FILTER (WHERE version = 1)::int AS added, count(*) FILTER (WHERE version > 1)::int AS changed
     FROM written`,
    [JSON.stringify(rows), by.operatorId, by.now, by.actorId],
  );
  return counts;
}

/** Ids of an operator's sites by their own codes. */
export async function sitesByCode(
  tx: Tx,
  operatorId: string,
  codes: readonly string[],
): Promise<Map<string, string>> {
  const rows = await tx.sql<{ code: string; site_id: string }>(
    `SELECT code, site_id FROM known_site WHERE operator_id = $1 AND code = ANY ($2)`,
    [operatorId, codes],
  );
  return new Map(rows.map(({ code, site_id }) => [code, site_id]));
}

export interface CostFilter {
  siteId?: string;
  kind?: string;
  costClass?: CostClass;
  from?: string;
  to?: string;
  /** Only of these sites. */
  siteIds?: readonly string[];
  contractId?: string;
  /** Key after which the page begins: month, site, kind, class, contract. */
  after?: readonly string[];
  limit: number;
}

export function listCosts(tx: Tx, filter: CostFilter): Promise<StoredCost[]> {
  const [month, siteId, kind, costClass, contractId] = filter.after ?? [];
  return tx.sql<StoredCost>(
    `SELECT c.site_id AS "siteId", s.code AS "siteCode", s.name AS "siteName", to_char(c.month, 'YYYY-MM') AS month, c.kind,
            c.cost_class AS "costClass", c.contract_id AS "contractId", c.amount_fen AS "amountFen", c.note, c.version, c.changed_at AS "changedAt"
     FROM site_cost c JOIN known_site s ON s.site_id = c.site_id
     WHERE ($1::uuid IS NULL OR c.site_id = $1) AND ($2::text IS NULL OR c.kind = $2)
       AND ($3::text IS NULL OR c.cost_class = $3)
       AND ($4::date IS NULL OR c.month >= $4) AND ($5::date IS NULL OR c.month < $5)
       AND ($6::uuid[] IS NULL OR c.site_id = ANY ($6))
       AND ($7::date IS NULL OR (c.month, c.site_id, c.kind, c.cost_class, coalesce(c.contract_id::text, ''))
                              > ($7, $8::uuid, $9::text, $10::text, $11::text))
       AND ($12::uuid IS NULL OR c.contract_id = $12)
     ORDER BY c.month, c.site_id, c.kind, c.cost_class, coalesce(c.contract_id::text, '') LIMIT $13`,
    [
      filter.siteId ?? null,
      filter.kind ?? null,
      filter.costClass ?? null,
      filter.from ? `${filter.from}-01` : null,
      filter.to ? `${filter.to}-01` : null,
      filter.siteIds ?? null,
      month ? `${month}-01` : null,
      siteId ?? null,
      kind ?? null,
      costClass ?? null,
      contractId ?? null,
      filter.contractId ?? null,
      filter.limit,
    ],
  );
}
