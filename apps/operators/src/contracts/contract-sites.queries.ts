import { type Day, newId } from '@doorstep/kernel';
import type { Tx } from '@doorstep/platform';
import { type Contract, endOf, holdsItsSites, isInForce } from './contract';
import type { ContractSite, NewContractSite } from './contract-site';

export interface StoredContractSite extends ContractSite {
  operatorId: string;
  inForce: boolean;
  /** The standing under another contract that this one goes on from. */
  continues: string | null;
}

/** A standing to write, perhaps one that goes on from another. */
export type SiteToInsert = NewContractSite & { continues?: string };

interface ContractSiteRow {
  id: string;
  contract_id: string;
  operator_id: string;
  site_id: string;
  from_day: Day;
  to_day: Day;
  kinds: string[];
  withdrawn: boolean;
  in_force: boolean;
  continues: string | null;
  version: number;
}

/** One statement, whatever the number of sites. */
export async function insertSites(
  tx: Tx,
  contract: Contract,
  sites: readonly SiteToInsert[],
  createdAt: Date,
): Promise<StoredContractSite[]> {
  const rows = sites.map((site) => ({
    id: newId(),
    site_id: site.siteId,
    from_day: site.from,
    to_day: site.to,
    kinds: site.kinds,
    continues: site.continues,
  }));
  const inserted = await tx.sql<ContractSiteRow>(
    `INSERT INTO contract_site
       (id, contract_id, operator_id, authority_id, site_id, from_day, to_day, contract_from, contract_to, kinds,
        continues, holds, in_force, version, created_at)
     SELECT new.id, $2, $3, $4, new.site_id, new.from_day, new.to_day, $5, $6, new.kinds, new.continues, $7, $8, 1, $9
     FROM json_to_recordset($1::json) AS new
       (id uuid, site_id uuid, from_day date, to_day date, kinds text[], continues uuid)
     RETURNING *`,
    [
      JSON.stringify(rows),
      contract.id,
      contract.operatorId,
      contract.authorityId,
      contract.from,
      contract.to,
      holdsItsSites(contract),
      isInForce(contract),
      createdAt,
    ],
  );
  return inserted.map(contractSiteOf);
}

/**
 * Brings the sites in line with their contract: in force or not, cut to its end, holding their places once it has begun.
 *
 * @returns the rows that changed
 */
export async function alignSites(tx: Tx, contract: Contract): Promise<StoredContractSite[]> {
  const changed = await tx.sql<ContractSiteRow>(
    `UPDATE contract_site s SET
       withdrawn = next.withdrawn,
       to_day = CASE WHEN next.withdrawn THEN s.to_day ELSE least(s.to_day, $2) END,
       holds = NOT next.withdrawn AND (s.holds OR $3),
       in_force = NOT next.withdrawn AND $4,
       version = s.version + 1
     FROM (SELECT id, from_day >= $2 AS withdrawn FROM contract_site WHERE contract_id = $1) AS next
     WHERE s.contract_id = $1 AND next.id = s.id AND NOT s.withdrawn
       AND (next.withdrawn OR s.to_day > $2 OR s.in_force <> $4 OR (NOT s.holds AND $3))
     RETURNING s.*`,
    [contract.id, endOf(contract), holdsItsSites(contract), isInForce(contract)],
  );
  return changed.map(contractSiteOf);
}

/** Takes a site off its contract as if it had never stood there. */
export async function withdrawSite(
  tx: Tx,
  contractId: string,
  id: string,
): Promise<StoredContractSite | undefined> {
  const [row] = await tx.sql<ContractSiteRow>(
    `UPDATE contract_site SET withdrawn = true, holds = false, in_force = false, version = version + 1
     WHERE contract_id = $1 AND id = $2 AND NOT withdrawn RETURNING *`,
    [contractId, id],
  );
  return row && contractSiteOf(row);
}

/** Ends standings on a day; one that had not begun by then never stands. */
export async function cutSites(
  tx: Tx,
  contractId: string,
  ids: readonly string[],
  on: Day,
): Promise<StoredContractSite[]> {
  if (ids.length === 0) return [];
  const cut = await tx.sql<ContractSiteRow>(
    `UPDATE contract_site SET
       withdrawn = from_day >= $3,
       to_day = CASE WHEN from_day >= $3 THEN to_day ELSE least(to_day, $3) END,
       holds = holds AND from_day < $3,
       in_force = in_force AND from_day < $3,
       version = version + 1
     WHERE contract_id = $1 AND id = ANY ($2) AND NOT withdrawn AND to_day > $3 RETURNING *`,
    [contractId, ids, on],
  );
  return cut.map(contractSiteOf);
}

/** What ran to the contract's former end runs on to its new one. */
export async function extendSites(
  tx: Tx,
  { id, to }: Contract,
  formerTo: Day,
): Promise<StoredContractSite[]> {
  const extended = await tx.sql<ContractSiteRow>(
    `UPDATE contract_site SET to_day = $2, version = version + 1
     WHERE contract_id = $1 AND NOT withdrawn AND to_day = $3 RETURNING *`,
    [id, to, formerTo],
  );
  return extended.map(contractSiteOf);
}

/** A draft's sites follow its days: what began or ended with the contract still does. */
export async function moveDraftSites(
  tx: Tx,
  former: Contract,
  next: Contract,
): Promise<StoredContractSite[]> {
  if (former.from === next.from && former.to === next.to) return [];
  const moved = await tx.sql<ContractSiteRow>(
    `UPDATE contract_site SET
       contract_from = $2, contract_to = $3,
       from_day = CASE WHEN NOT withdrawn AND from_day = $4 THEN $2 ELSE from_day END,
       to_day = CASE WHEN NOT withdrawn AND to_day = $5 THEN $3 ELSE to_day END,
       version = version + 1
     WHERE contract_id = $1 RETURNING *`,
    [next.id, next.from, next.to, former.from, former.to],
  );
  return moved.filter((row) => !row.withdrawn).map(contractSiteOf);
}

export async function sitesOf(tx: Tx, contractId: string): Promise<StoredContractSite[]> {
  const rows = await tx.sql<ContractSiteRow>(
    `SELECT * FROM contract_site WHERE contract_id = $1 AND NOT withdrawn ORDER BY id`,
    [contractId],
  );
  return rows.map(contractSiteOf);
}

export interface ListedSite extends StoredContractSite {
  siteCode: string | null;
  siteName: string | null;
  regionCode: string | null;
}

export interface SiteFilter {
  /** Only sites that stand under the contract on this day. */
  asOf?: Day;
  siteId?: string;
  /** Only these, for an actor who is bound to sites. */
  siteIds?: readonly string[];
  /** Id after which the page begins. */
  after?: string;
  limit: number;
}

/** Names come from the read model: an authority sees them for sites of its own region. */
export async function listSites(tx: Tx, contractId: string, filter: SiteFilter): Promise<ListedSite[]> {
  const rows = await tx.sql<
    ContractSiteRow & { code: string | null; name: string | null; region_code: string | null }
  >(
    `SELECT s.*, k.code, k.name, k.region_code
     FROM contract_site s LEFT JOIN known_site k ON k.site_id = s.site_id
     WHERE s.contract_id = $1 AND NOT s.withdrawn
       AND ($2::date IS NULL OR daterange(s.from_day, s.to_day) @> $2)
       AND ($3::uuid IS NULL OR s.site_id = $3)
       AND ($4::uuid IS NULL OR s.id > $4)
       AND ($5::uuid[] IS NULL OR s.site_id = ANY ($5))
     ORDER BY s.id LIMIT $6`,
    [
      contractId,
      filter.asOf ?? null,
      filter.siteId ?? null,
      filter.after ?? null,
      filter.siteIds ?? null,
      filter.limit,
    ],
  );
  return rows.map((row) => ({
    ...contractSiteOf(row),
    siteCode: row.code,
    siteName: row.name,
    regionCode: row.region_code,
  }));
}

export function contractSiteOf(row: ContractSiteRow): StoredContractSite {
  return {
    id: row.id,
    contractId: row.contract_id,
    operatorId: row.operator_id,
    siteId: row.site_id,
    from: row.from_day,
    to: row.to_day,
    kinds: row.kinds,
    withdrawn: row.withdrawn,
    inForce: row.in_force,
    continues: row.continues,
    version: row.version,
  };
}
