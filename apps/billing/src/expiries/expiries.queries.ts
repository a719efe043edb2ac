import type { Day } from '@doorstep/kernel';
import type { Tx } from '@doorstep/platform';
import type { ToldPackage } from '../packages/packages.events';
import { heldBy } from '../payments/held-money.queries';
import type { PrepaidCard } from '../prepaid/prepaid-card';
import { asJson } from '../shared/rows';

/** Something of a resident's that soon can't be used any more. */
interface Ending {
  id: string;
  operatorId: string;
  /** First day on which it can't be used. */
  endsOn: Day;
  /** So many days before it, at most, its holder is told now. */
  days: number;
}

export type EndingPackage = ToldPackage & Ending;
export type EndingCard = PrepaidCard & Ending & { version: number };

/** What is asked each time: `$1` today · `$2` days before the end at which is told · `$3` how many. */
interface Asked {
  today: Day;
  noticeDays: readonly number[];
  limit: number;
}

/**
 * The latest notice whose day has come and that was not given yet; an earlier one that was missed is not made up for. What is
 * younger than the notice is old needs none.
 */
function notice(holder: string, endsOn: string, beganOn: string): string {
  return `
    JOIN LATERAL (SELECT min(d) AS days FROM unnest($2::int[]) AS d WHERE ${endsOn} <= $1::date + d) AS notice
      ON notice.days IS NOT NULL AND ${endsOn} - notice.days > ${beganOn}
      AND NOT EXISTS (SELECT FROM expiry_notice AS n
                      WHERE n.holder_id = ${holder} AND n.ends_on = ${endsOn} AND n.days <= notice.days)`;
}

export function endingPackages(tx: Tx, { today, noticeDays, limit }: Asked): Promise<EndingPackage[]> {
  return tx.sql<EndingPackage>(
    `SELECT p.id, p.operator_id AS "operatorId", p.contract_id AS "contractId", p.resident_id AS "residentId", p.kind,
            p.valid_to AS "validTo", p.valid_to AS "endsOn", p.version, o.name, notice.days, free.uses AS "usesFree"
     FROM package AS p JOIN package_offer AS o ON o.id = p.offer_id
     ${notice('p.id', 'p.valid_to', 'p.valid_from')}
     JOIN LATERAL (SELECT count(*)::int AS uses FROM package_use AS u WHERE u.package_id = p.id AND u.state = 'free') AS free
       ON free.uses > 0
     WHERE p.status = 'active' AND p.valid_to > $1 ORDER BY p.valid_to, p.id LIMIT $3`,
    [today, noticeDays, limit],
  );
}

export function endingCards(tx: Tx, { today, noticeDays, limit }: Asked): Promise<EndingCard[]> {
  return tx.sql<EndingCard>(
    `SELECT c.id, c.operator_id AS "operatorId", c.contract_id AS "contractId", c.resident_id AS "residentId", c.number,
            c.status, c.expires_on AS "expiresOn", c.expires_on AS "endsOn", c.version, notice.days,
            held.free AS "balanceFen", held.reserved AS "reservedFen"
     FROM prepaid_card AS c
     ${notice('c.id', 'c.expires_on', `(c.issued_at AT TIME ZONE 'Asia/Shanghai')::date`)}
     JOIN LATERAL ${heldBy('c.id')} AS held ON held.free > 0
     WHERE c.status = 'active' AND c.expires_on > $1 ORDER BY c.expires_on, c.id LIMIT $3`,
    [today, noticeDays, limit],
  );
}

/** @returns ids of those whose notice was not given by somebody else meanwhile */
export async function noteNotices(tx: Tx, endings: readonly Ending[], at: Date): Promise<Set<string>> {
  const rows = await tx.sql<{ id: string }>(
    `INSERT INTO expiry_notice (holder_id, operator_id, ends_on, days, noticed_at)
     SELECT id, "operatorId", "endsOn", days, $2
     FROM jsonb_to_recordset($1) AS e (id uuid, "operatorId" uuid, "endsOn" date, days int)
     ORDER BY id ON CONFLICT DO NOTHING RETURNING holder_id AS id`,
    [asJson(endings.map(({ id, operatorId, endsOn, days }) => ({ id, operatorId, endsOn, days }))), at],
  );
  return new Set(rows.map(({ id }) => id));
}
