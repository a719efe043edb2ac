import type { Fen } from '@doorstep/kernel';
import type { Tx } from '@doorstep/platform';
import type { Use } from './package';

/** A charge whose booking took the place of another one, and is to have the use of that one. */
export interface Heir {
  chargeId: string;
  operatorId: string;
  contractId: string;
  siteId: string;
  residentId: string;
  status: 'authorised' | 'captured';
  /** What is not paid of it. */
  openFen: Fen;
  use: Use;
}

/**
 * Who is to have the uses of charges that end. The packages are locked as for whoever takes a use: a booking that is to take
 * the place of one of these has been decided on and is found, or finds the use free. An heir has no use of its own, so
 * its own end locks no package, and nobody waits in a circle.
 */
export async function heirsOf(tx: Tx, chargeIds: readonly string[]): Promise<Heir[]> {
  if (chargeIds.length === 0) return [];
  await tx.sql(
    `SELECT FROM package WHERE id = ANY (ARRAY(SELECT package_id FROM package_use WHERE charge_id = ANY ($1)))
     ORDER BY id FOR NO KEY UPDATE`,
    [chargeIds],
  );
  const rows = await tx.sql<Omit<Heir, 'use'> & Use>(
    `SELECT n.id AS "chargeId", n.operator_id AS "operatorId", n.contract_id AS "contractId", n.site_id AS "siteId",
            n.resident_id AS "residentId", n.status, n.resident_fen + n.resident_correction_fen - n.paid_fen AS "openFen",
            u.package_id AS "packageId", u.sequence, u.part_fen AS "partFen"
     FROM charge AS c JOIN package_use AS u ON u.charge_id = c.id
     JOIN charge AS n ON n.replaces = c.booking_id AND n.package_id = u.package_id
     WHERE c.id = ANY ($1) AND n.status IN ('authorised', 'captured')
       AND NOT EXISTS (SELECT FROM package_use AS x WHERE x.charge_id = n.id)
     ORDER BY n.id FOR NO KEY UPDATE OF n`,
    [chargeIds],
  );
  return rows.map(({ packageId, sequence, partFen, ...heir }) => ({
    ...heir,
    use: { packageId, sequence, partFen },
  }));
}
