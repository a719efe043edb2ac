import { type Day, DomainError } from '@doorstep/kernel';
import { type Database, sqlStateOf, SYSTEM_ACTOR, type Tx } from '@doorstep/platform';
import type { Contract } from './contract';
import type { NewContractSite } from './contract-site';

const EXCLUSION_VIOLATION = '23P01';
const NAMED_MAX = 20;

interface Hold {
  index: number;
  contract_id: string;
  site_id: string;
  from_day: Day;
  to_day: Day;
}

/** A span of days for which a site is wanted. */
export type WantedSite = Pick<NewContractSite, 'siteId' | 'from' | 'to'>;

const OVERLAPPING = `
  SELECT new.index, s.contract_id, s.site_id, s.from_day, s.to_day
  FROM json_to_recordset($2::json) AS new (index int, site_id uuid, from_day date, to_day date)
  JOIN contract_site s ON s.site_id = new.site_id
    AND daterange(s.from_day, s.to_day) && daterange(new.from_day, new.to_day)`;

/** Refuses sites that stand under this contract already. */
export async function refuseListed(
  tx: Tx,
  contract: Pick<Contract, 'id'>,
  sites: readonly WantedSite[],
  field: string,
): Promise<void> {
  const listed = await tx.sql<Hold>(
    `${OVERLAPPING} WHERE s.contract_id = $1 AND NOT s.withdrawn ORDER BY 1 LIMIT ${NAMED_MAX}`,
    [contract.id, spansOf(sites)],
  );
  if (listed.length === 0) return;
  const names = await namesOf(tx, listed);
  throw new DomainError('conflict', 'site_listed', 'Some of the sites stand under this contract already.', {
    mend: 'Leave them out, or give days that do not overlap.',
    errors: listed.map((hold) => ({
      field: `${field}[${hold.index}].siteId`,
      ...faultOf(hold, 'this contract', names),
    })),
  });
}

/**
 * Refuses sites that stand under another contract in force. That contract may be one that the actor can't see: its days
 * are told, and its number only to whom it concerns. The constraint behind it refuses what gets past this check; whoever
 * writes runs its work again then, `isRaced`, and finds here what came in between.
 *
 * @param field of the list that names the sites; in parts: of what asks for all of them at once
 */
export async function refuseHeld(
  db: Database,
  contract: Pick<Contract, 'id'>,
  sites: readonly WantedSite[],
  field: string | { whole: string },
): Promise<void> {
  const held = await db.readAs(SYSTEM_ACTOR, (tx) =>
    tx.sql<Hold>(`${OVERLAPPING} WHERE s.contract_id <> $1 AND s.holds ORDER BY 1 LIMIT ${NAMED_MAX}`, [
      contract.id,
      spansOf(sites),
    ]),
  );
  if (held.length === 0) return;
  const names = await db.read((tx) => namesOf(tx, held));
  throw new DomainError(
    'conflict',
    'site_held',
    'A site stands under one contract at a time; some stand under another one that is in force.',
    {
      mend: 'End that standing first, hand the sites over on a day, or begin when it ends.',
      siteIds: [...new Set(held.map(({ site_id }) => site_id))],
      errors: held.map((hold) => ({
        field: typeof field === 'string' ? `${field}[${hold.index}].siteId` : field.whole,
        ...faultOf(hold, 'another contract in force', names),
      })),
    },
  );
}

/** Somebody else was faster than the check: done again, it names what is in the way. */
export function isRaced(error: unknown): boolean {
  return sqlStateOf(error) === EXCLUSION_VIOLATION;
}

function spansOf(sites: readonly WantedSite[]): string {
  return JSON.stringify(
    sites.map((site, index) => ({ index, site_id: site.siteId, from_day: site.from, to_day: site.to })),
  );
}

/** What sites and contracts are called, as far as the actor may see them. */
async function namesOf(tx: Tx, holds: readonly Hold[]): Promise<Map<string, string>> {
  const rows = await tx.sql<{ id: string; name: string }>(
    `SELECT site_id AS id, code || ' ' || name AS name FROM known_site WHERE site_id = ANY ($1)
     UNION ALL SELECT id, number FROM contract WHERE id = ANY ($2)`,
    [holds.map(({ site_id }) => site_id), holds.map(({ contract_id }) => contract_id)],
  );
  return new Map(rows.map(({ id, name }) => [id, name]));
}

function faultOf(
  { site_id, contract_id, from_day, to_day }: Hold,
  holder: string,
  names: ReadonlyMap<string, string>,
): { reason: string; mend: string } {
  const number = names.get(contract_id);
  const under = number === undefined ? holder : `${holder} (${number})`;
  return {
    reason: `${names.get(site_id) ?? site_id} stands under ${under} from ${from_day} to ${to_day}.`,
    mend: 'End that standing first, or begin when it ends.',
  };
}
