import type { RegionCode } from '@doorstep/kernel';
import type { Tx } from '@doorstep/platform';

/** A code is given up once in some years. */
const REVISIONS_MAX = 20;

/** The codes that took the place of some, of one revision after the other. */
export async function successorsOf(
  tx: Tx,
  codes: readonly RegionCode[],
): Promise<Map<RegionCode, RegionCode[]>> {
  if (codes.length === 0) return new Map();
  const rows = await tx.sql<{ former: RegionCode; codes: RegionCode[] }>(
    `WITH RECURSIVE line AS (
       SELECT r.code AS former, s.code, 1 AS revisions
       FROM known_region r CROSS JOIN LATERAL unnest(r.successor_codes) AS s (code) WHERE r.code = ANY ($1)
       UNION
       SELECT l.former, s.code, l.revisions + 1
       FROM line l JOIN known_region r ON r.code = l.code CROSS JOIN LATERAL unnest(r.successor_codes) AS s (code)
       WHERE l.revisions < ${REVISIONS_MAX})
     SELECT former, array_agg(DISTINCT code ORDER BY code) AS codes FROM line GROUP BY former`,
    [codes],
  );
  return new Map(rows.map((row) => [row.former, row.codes]));
}

/** Contracts that name regions whose successors are others now, or what these took the place of: the calendar tells them again. */
export async function tellContractsOf(tx: Tx, codes: readonly RegionCode[]): Promise<void> {
  await tx.sql(
    `WITH RECURSIVE line AS (
       SELECT code, 0 AS revisions FROM unnest($1::text[]) AS code
       UNION
       SELECT r.code, l.revisions + 1 FROM line l JOIN known_region r ON r.successor_codes @> ARRAY[l.code] AND r.successor_codes <> '{}'
       WHERE l.revisions < ${REVISIONS_MAX})
     UPDATE contract c SET told_revision = 0
     WHERE c.status IN ('signed', 'active', 'suspended') AND EXISTS (
       SELECT FROM contract_revision v CROSS JOIN LATERAL jsonb_array_elements(v.terms -> 'services') AS term
       WHERE v.contract_id = c.id AND NOT v.superseded AND term ->> 'regionCode' IN (SELECT code FROM line))`,
    [codes],
  );
}
