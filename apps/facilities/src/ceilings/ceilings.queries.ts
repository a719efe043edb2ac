import type { ContractSiteSnapshot, ContractSnapshot } from '@doorstep/contracts';
import type { Tx } from '@doorstep/platform';
import type { Standing } from './ceiling';

export async function keepContracts(tx: Tx, contracts: ContractSnapshot[]): Promise<void> {
  const rows = contracts.map(({ contractId, operatorId, services, revisions, version }) => ({
    ...{ contract_id: contractId, operator_id: operatorId },
    ...{ services, revisions: revisions ?? null, version },
  }));
  await tx.sql(
    `INSERT INTO known_contract AS known (contract_id, operator_id, services, revisions, version)
     SELECT contract_id, operator_id, services, revisions, version
     FROM json_to_recordset($1::json)
       AS told (contract_id uuid, operator_id uuid, services jsonb, revisions jsonb, version int)
     ON CONFLICT (contract_id) DO UPDATE SET
       operator_id = excluded.operator_id, services = excluded.services, revisions = excluded.revisions,
       version = excluded.version
     WHERE excluded.version > known.version`,
    [JSON.stringify(rows)],
  );
}

export async function keepContractSites(tx: Tx, standings: ContractSiteSnapshot[]): Promise<void> {
  const rows = standings.map((told) => ({
    ...{ contract_site_id: told.contractSiteId, operator_id: told.operatorId, contract_id: told.contractId },
    ...{ site_id: told.siteId, from_day: told.from, to_day: told.to, kinds: told.kinds },
    ...{ in_force: told.inForce, version: told.version },
  }));
  await tx.sql(
    `INSERT INTO known_contract_site AS known
       (contract_site_id, operator_id, contract_id, site_id, from_day, to_day, kinds, in_force, version)
     SELECT contract_site_id, operator_id, contract_id, site_id, from_day, to_day, kinds, in_force, version
     FROM json_to_recordset($1::json)
       AS told (contract_site_id uuid, operator_id uuid, contract_id uuid, site_id uuid, from_day date, to_day date,
                kinds jsonb, in_force boolean, version int)
     ON CONFLICT (contract_site_id) DO UPDATE SET
       operator_id = excluded.operator_id, contract_id = excluded.contract_id, site_id = excluded.site_id,
       from_day = excluded.from_day, to_day = excluded.to_day, kinds = excluded.kinds, in_force = excluded.in_force,
       version = excluded.version
     WHERE excluded.version > known.version`,
    [JSON.stringify(rows)],
  );
}

/** What contracts in force say of these sites, as far as the actor may see the sites. */
export async function findStandings(tx: Tx, siteIds: string[]): Promise<Map<string, Standing[]>> {
  const rows = await tx.sql<Standing & { siteId: string }>(
    `SELECT p.site_id AS "siteId", p.from_day AS "from", p.to_day AS "to", p.in_force AS "inForce", p.kinds,
            c.services, c.revisions
     FROM known_contract_site p JOIN known_contract c ON c.contract_id = p.contract_id
     WHERE p.site_id = ANY ($1) AND p.in_force`,
    [siteIds],
  );
  const bySite = new Map<string, Standing[]>();
  for (const { siteId, ...standing } of rows) bySite.set(siteId, [...(bySite.get(siteId) ?? []), standing]);
  return bySite;
}
