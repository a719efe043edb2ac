import { type Day, DomainError } from '@doorstep/kernel';
import { type Database, sqlStateOf, SYSTEM_ACTOR, type Tx } from '@doorstep/platform';
import type { Contract } from './contract';
import type { NewContractSite } from './contract-site';

const EXCLUSION_VIOLATION = '23P01';
const NAMED_MAX = 20;

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
