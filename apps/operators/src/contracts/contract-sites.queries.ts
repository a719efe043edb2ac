import { type Day, DomainError, newId } from '@doorstep/kernel';
import { type Database, sqlStateOf, SYSTEM_ACTOR, type Tx } from '@doorstep/platform';
import { type Contract, endOf, holdsItsSites, isInForce } from './contract';
import type { ContractSite, NewContractSite } from './contract-site';

const EXCLUSION_VIOLATION = '23P01';
const NAMED_MAX = 20;

export interface StoredContractSite extends ContractSite {
  operatorId: string;
  inForce: boolean;
}

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
  version: number;
}

/** One statement, whatever the number of sites. */
export async function insertSites(
  tx: Tx,
  contract: Contract,
  sites: readonly NewContractSite[],
  createdAt: Date,
): Promise<StoredContractSite[]> {
  const rows = sites.map((site) => ({
    id: newId(),
    site_id: site.siteId,
    from_day: site.from,
    to_day: site.to,
    kinds: site.kinds,
  }));
  const inserted = await tx.sql<ContractSiteRow>(
    `INSERT INTO contract_site
       (id, contract_id, operator_id, authority_id, site_id, from_day, to_day, contract_from, contract_to, kinds,
        holds, in_force, version, created_at)
     SELECT new.id, $2, $3, $4, new.site_id, new.from_day, new.to_day, $5, $6, new.kinds, $7, $8, 1, $9
     FROM json_to_recordset($1::json) AS new (id uuid, site_id uuid, from_day date, to_day date, kinds text[])
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
     ORDER BY s.id LIMIT $5`,
    [contractId, filter.asOf ?? null, filter.siteId ?? null, filter.after ?? null, filter.limit],
  );
  return rows.map((row) => ({
    ...contractSiteOf(row),
    siteCode: row.code,
    siteName: row.name,
    regionCode: row.region_code,
  }));
}

interface Hold {
  index: number;
  site_id: string;
  from_day: Day;
  to_day: Day;
}

const OVERLAPPING = `
  SELECT new.index, s.site_id, s.from_day, s.to_day
  FROM json_to_recordset($2::json) AS new (index int, site_id uuid, from_day date, to_day date)
  JOIN contract_site s ON s.site_id = new.site_id
    AND daterange(s.from_day, s.to_day) && daterange(new.from_day, new.to_day)`;

/** Refuses sites that stand under this contract already. */
export async function refuseListed(
  tx: Tx,
  contract: Contract,
  sites: readonly NewContractSite[],
  field: string,
): Promise<void> {
  const listed = await tx.sql<Hold>(
    `${OVERLAPPING} WHERE s.contract_id = $1 AND NOT s.withdrawn ORDER BY 1 LIMIT ${NAMED_MAX}`,
    [contract.id, spansOf(sites)],
  );
  if (listed.length === 0) return;
  throw new DomainError('conflict', 'site_listed', 'Some of the sites stand under this contract already.', {
    mend: 'Leave them out, or give days that do not overlap.',
    errors: listed.map((hold) => faultOf(hold, field, 'stands under this contract')),
  });
}

/**
 * Refuses sites that stand under another contract in force. That contract may be one that the actor can't see: its days
 * are told, not whose it is. The constraint behind it refuses what gets past this check.
 */
export async function refuseHeld(
  db: Database,
  contract: Contract,
  sites: readonly NewContractSite[],
  field: string,
): Promise<void> {
  const held = await db.readAs(SYSTEM_ACTOR, (tx) =>
    tx.sql<Hold>(`${OVERLAPPING} WHERE s.contract_id <> $1 AND s.holds ORDER BY 1 LIMIT ${NAMED_MAX}`, [
      contract.id,
      spansOf(sites),
    ]),
  );
  if (held.length === 0) return;
  throw siteHeld(
    held.map(({ site_id }) => site_id),
    held.map((hold) => faultOf(hold, field, 'stands under another contract in force')),
  );
}

function spansOf(sites: readonly NewContractSite[]): string {
  return JSON.stringify(
    sites.map((site, index) => ({ index, site_id: site.siteId, from_day: site.from, to_day: site.to })),
  );
}

function faultOf(hold: Hold, field: string, how: string): { field: string; reason: string; mend: string } {
  return {
    field: `${field}[${hold.index}].siteId`,
    reason: `${hold.site_id} ${how} from ${hold.from_day} to ${hold.to_day}.`,
    mend: 'End that standing first, or begin when it ends.',
  };
}

export function siteHeld(siteIds: string[], errors?: object[]): DomainError {
  return new DomainError(
    'conflict',
    'site_held',
    'A site stands under one contract at a time; some stand under another one that is in force.',
    {
      mend: 'End that standing first, hand the sites over on a day, or begin when it ends.',
      siteIds: [...new Set(siteIds)],
      ...(errors && { errors }),
    },
  );
}

/** The database's own refusal, when somebody else was faster than the check. */
export function heldBySomebodyFaster(error: unknown): unknown {
  return sqlStateOf(error) === EXCLUSION_VIOLATION ? siteHeld([]) : error;
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
    version: row.version,
  };
}
