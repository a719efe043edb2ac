import { newId, type Fen } from '@doorstep/kernel';
import type { Tx } from '@doorstep/platform';
import { addAllocations, type AddedAllocation } from '../payments/allocations.queries';
import { asJson, groupBy } from '../shared/rows';
import { FreeUses, type Package, type Use, type Wanting } from './package';
import type { ToldPackage } from './packages.events';

export const PACKAGE = `
  p.id, p.operator_id AS "operatorId", p.contract_id AS "contractId", p.resident_id AS "residentId", p.site_id AS "siteId",
  p.kind, p.mode, p.status, p.auto_use AS "autoUse", p.valid_from AS "validFrom", p.valid_to AS "validTo"`;

/** A service, with the package that it names; `none`: it takes of none; null: of whichever there is. */
type Asking = Wanting & { packageWish: string | null };

/** Packages that services may take a use of: those that they name, and all that are for those that name none. */
export async function packagesFor(tx: Tx, services: readonly Asking[]): Promise<string[]> {
  const choosing = services.filter(({ packageWish }) => packageWish === null);
  const naming = services.filter(({ packageWish }) => packageWish !== null && packageWish !== 'none');
  const found = await Promise.all([packagesCovering(tx, choosing), packagesNamed(tx, naming)]);
  return [...new Set(found.flat())];
}

async function packagesNamed(tx: Tx, services: readonly Asking[]): Promise<string[]> {
  if (services.length === 0) return [];
  const rows = await tx.sql<{ id: string }>(
    // The row of another operator is not even locked.
    `SELECT DISTINCT p.id FROM jsonb_to_recordset($1) AS s ("operatorId" uuid, "packageWish" uuid)
     JOIN package AS p ON p.id = s."packageWish" AND p.operator_id = s."operatorId"`,
    [asJson(services.map(({ operatorId, packageWish }) => ({ operatorId, packageWish })))],
  );
  return rows.map(({ id }) => id);
}

/** Mostly there are none, and it costs no more than this look. */
async function packagesCovering(tx: Tx, services: readonly Asking[]): Promise<string[]> {
  if (services.length === 0) return [];
  const rows = await tx.prepared<{ id: string }>(
    `SELECT DISTINCT p.id
     FROM jsonb_to_recordset($1) AS s ("operatorId" uuid, "contractId" uuid, "residentId" uuid, kind text, "serviceDay" date)
     JOIN package AS p ON p.resident_id = s."residentId" AND p.contract_id = s."contractId" AND p.operator_id = s."operatorId"
     WHERE p.status = 'active' AND p.auto_use AND p.kind = s.kind AND p.valid_from <= s."serviceDay"
       AND s."serviceDay" < p.valid_to`,
    [
      asJson(
        services.map(({ operatorId, contractId, residentId, kind, serviceDay }) => ({
          operatorId,
          contractId,
          residentId,
          kind,
          serviceDay,
        })),
      ),
    ],
  );
  return rows.map(({ id }) => id);
}

/**
 * What is free of packages, as of now. Whoever takes a use locks the packages, always in the same order, and looks after
 * that: two never find the same use.
 */
export async function freeUses(
  tx: Tx,
  packageIds: readonly string[],
  { lock, services = [] }: { lock: boolean; services?: readonly Wanting[] },
): Promise<FreeUses> {
  if (packageIds.length === 0) return new FreeUses([], []);
  const packages = await tx.sql<Package>(
    `SELECT ${PACKAGE} FROM package AS p WHERE p.id = ANY ($1) ORDER BY p.id ${lock ? 'FOR NO KEY UPDATE' : ''}`,
    [packageIds],
  );
  const uses = await tx.sql<Use>(
    `SELECT package_id AS "packageId", sequence, part_fen AS "partFen" FROM package_use
     WHERE package_id = ANY ($1) AND state = 'free' ORDER BY package_id, sequence`,
    [packageIds],
  );
  return new FreeUses(packages, uses, await movingUses(tx, packageIds, services));
}

/** What bookings have that are to be replaced by these services, and that no other one is to take over. */
async function movingUses(
  tx: Tx,
  packageIds: readonly string[],
  services: readonly Wanting[],
): Promise<Map<string, Use>> {
  const replaced = services.flatMap(({ replaces }) => replaces ?? []);
  if (replaced.length === 0) return new Map();
  const rows = await tx.sql<Use & { bookingId: string }>(
    `SELECT c.booking_id AS "bookingId", c.id AS "heldBy", u.package_id AS "packageId", u.sequence, u.part_fen AS "partFen"
     FROM charge AS c JOIN package_use AS u ON u.charge_id = c.id
     WHERE c.booking_id = ANY ($1) AND u.package_id = ANY ($2) AND c.status = 'authorised'
       AND NOT EXISTS (SELECT FROM charge AS n WHERE n.replaces = c.booking_id AND n.package_id = u.package_id
                         AND n.status IN ('authorised', 'captured'))`,
    [replaced, packageIds],
  );
  return new Map(rows.map(({ bookingId, ...use }) => [bookingId, use]));
}

/** A use that a charge takes. */
export interface Taken {
  chargeId: string;
  operatorId: string;
  use: Use;
  /** What it pays; left out: its whole part, of a service to come. */
  pays?: { amountFen: Fen; applied: boolean };
}

/** Notes who has taken what, and pays the charges with it. The charges are written before; payments are locked last. */
export async function takeUses(tx: Tx, taken: readonly Taken[], at: Date): Promise<AddedAllocation[]> {
  if (taken.length === 0) return [];
  const payments = await tx.sql<{ id: string; packageId: string }>(
    `SELECT id, holder_id AS "packageId" FROM payment WHERE holder_id = ANY ($1) ORDER BY id FOR NO KEY UPDATE`,
    [[...new Set(taken.map(({ use }) => use.packageId))]],
  );
  const paymentOf = new Map(payments.map(({ id, packageId }) => [packageId, id]));
  await tx.sql(
    `UPDATE package_use AS u SET state = 'taken', charge_id = t."chargeId"
     FROM jsonb_to_recordset($1) AS t ("chargeId" uuid, "packageId" uuid, sequence int)
     WHERE u.package_id = t."packageId" AND u.sequence = t.sequence`,
    [asJson(taken.map(({ chargeId, use }) => ({ chargeId, ...use })))],
  );
  const added: AddedAllocation[] = [];
  for (const [operatorId, ofOperator] of groupBy(taken, (one) => one.operatorId)) {
    const rows = ofOperator.map(({ chargeId, use: { packageId, partFen }, pays }) => ({
      ...{ id: newId(), paymentId: paymentOf.get(packageId) as string, chargeId },
      ...(pays ?? { amountFen: partFen, applied: false }),
    }));
    const paying = rows.filter(({ amountFen }) => amountFen > 0);
    await addAllocations(tx, operatorId, paying, at);
    added.push(...paying);
  }
  return added;
}

/** Of packages whose uses are locked: those that have none left. */
export async function usedUp(tx: Tx, packageIds: readonly string[]): Promise<ToldPackage[]> {
  if (packageIds.length === 0) return [];
  return tx.sql<ToldPackage>(
    `SELECT ${PACKAGE}, o.name, p.version, 0 AS "usesFree"
     FROM package AS p JOIN package_offer AS o ON o.id = p.offer_id
     WHERE p.id = ANY ($1) AND NOT EXISTS (SELECT FROM package_use AS u WHERE u.package_id = p.id AND u.state = 'free')
     ORDER BY p.id`,
    [packageIds],
  );
}

/** Gives uses back whose services were not given; the charges are locked by the caller. */
export async function giveUsesBack(tx: Tx, chargeIds: readonly string[]): Promise<void> {
  if (chargeIds.length === 0) return;
  await tx.sql(`UPDATE package_use SET state = 'free', charge_id = NULL WHERE charge_id = ANY ($1)`, [
    chargeIds,
  ]);
}
