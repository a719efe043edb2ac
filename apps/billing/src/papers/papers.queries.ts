import type { Tx } from '@doorstep/platform';
import { notFound } from '@doorstep/kernel';

/** Who issues a paper and for what, by the names that billing has heard. */
export interface Letterhead {
  operatorName: string;
  contractNumber: string;
  siteNames: Map<string, { zh: string; en: string }>;
}

export async function letterhead(tx: Tx, operatorId: string, contractId: string): Promise<Letterhead> {
  const [row] = await tx.sql<{ operatorName: string; contractNumber: string }>(
    `SELECT coalesce(o.name, '') AS "operatorName", c.number AS "contractNumber"
     FROM known_contract c LEFT JOIN known_organisation o ON o.id = c.operator_id
     WHERE c.id = $2 AND c.operator_id = $1`,
    [operatorId, contractId],
  );
  if (!row) throw notFound('contract', contractId);
  const sites = await tx.sql<{ id: string; zh: string; en: string }>(
    `SELECT id, name_zh AS zh, coalesce(name_en, name_zh) AS en FROM known_site WHERE operator_id = $1 ORDER BY id LIMIT 20000`,
    [operatorId],
  );
  return { ...row, siteNames: new Map(sites.map(({ id, zh, en }) => [id, { zh, en }])) };
}
