import type { Tx } from '@doorstep/platform';
import { asJson } from '../shared/rows';
import type {
  PackageDto,
  PackageOfferDto,
  PackageOffersQuery,
  PackagesQuery,
  PackageUseDto,
} from './packages.dto';
import { PACKAGE } from './uses.queries';

export const OFFER = `
  id, operator_id AS "operatorId", contract_id AS "contractId", name, site_id AS "siteId", kind, mode, uses,
  amount_fen AS "amountFen", valid_days AS "validDays", from_day AS "from", to_day AS "to", version`;

export async function findOffer(tx: Tx, id: string, lock = ''): Promise<PackageOfferDto | undefined> {
  const [offer] = await tx.sql<PackageOfferDto>(`SELECT ${OFFER} FROM package_offer WHERE id = $1 ${lock}`, [
    id,
  ]);
  return offer;
}

export function listOffers(
  tx: Tx,
  { contractId, on }: Pick<PackageOffersQuery, 'contractId' | 'on'>,
  after: string | null,
  limit: number,
): Promise<PackageOfferDto[]> {
  return tx.sql<PackageOfferDto>(
    `SELECT ${OFFER} FROM package_offer
     WHERE ($2::uuid IS NULL OR id > $2) AND ($3::uuid IS NULL OR contract_id = $3)
       AND ($4::date IS NULL OR (from_day <= $4 AND (to_day IS NULL OR to_day > $4)))
     ORDER BY id LIMIT $1`,
    [limit + 1, after, contractId ?? null, on ?? null],
  );
}

/** `$1` id … `$14` now */
export const INSERT_OFFER = `
  INSERT INTO package_offer (id, operator_id, contract_id, name, site_id, kind, mode, uses, amount_fen, valid_days, from_day,
                             to_day, created_by, created_at)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)`;

/** `$1` id · `$2` first day on which it is not sold */
export const END_OFFER = `UPDATE package_offer SET to_day = $2, version = version + 1 WHERE id = $1`;

const SOLD = `
  SELECT ${PACKAGE}, p.offer_id AS "offerId", offer.name, p.uses, p.amount_fen AS "amountFen", p.sold_at AS "soldAt", p.version,
         paid.id AS "paymentId", paid.amount_fen - paid.allocated_fen - paid.refunded_fen AS "freeFen",
         paid.refunded_fen AS "refundedFen",
         (SELECT count(*)::int FROM package_use AS u WHERE u.package_id = p.id AND u.state = 'free') AS "usesFree"
  FROM package AS p JOIN payment AS paid ON paid.holder_id = p.id JOIN package_offer AS offer ON offer.id = p.offer_id`;

export async function findPackage(tx: Tx, id: string): Promise<PackageDto | undefined> {
  const [found] = await tx.sql<PackageDto>(`${SOLD} WHERE p.id = $1`, [id]);
  return found;
}

/** What it has left is read after the lock. */
export async function lockPackage(tx: Tx, id: string): Promise<PackageDto | undefined> {
  await tx.sql(`SELECT FROM package WHERE id = $1 FOR NO KEY UPDATE`, [id]);
  return findPackage(tx, id);
}

export function listPackages(
  tx: Tx,
  { contractId, residentId, status }: Pick<PackagesQuery, 'contractId' | 'residentId' | 'status'>,
  after: string | null,
  limit: number,
): Promise<PackageDto[]> {
  return tx.sql<PackageDto>(
    `${SOLD}
     WHERE ($2::uuid IS NULL OR p.id > $2) AND ($3::uuid IS NULL OR p.contract_id = $3)
       AND ($4::uuid IS NULL OR p.resident_id = current_resident($4)) AND ($5::text IS NULL OR p.status = $5)
     ORDER BY p.id LIMIT $1`,
    [limit + 1, after, contractId ?? null, residentId ?? null, status ?? null],
  );
}

export interface SoldPackage {
  id: string;
  offer: PackageOfferDto;
  residentId: string;
  validFrom: string;
  validTo: string;
  parts: readonly number[];
  by: string;
  at: Date;
}

export async function insertPackage(tx: Tx, sold: SoldPackage): Promise<void> {
  const { id, offer, parts } = sold;
  await Promise.all([
    tx.sql(
      `INSERT INTO package (id, operator_id, contract_id, offer_id, resident_id, site_id, kind, mode, uses, amount_fen, status,
                            auto_use, valid_from, valid_to, sold_by, sold_at)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 'active', true, $11, $12, $13, $14)`,
      [
        ...[
          id,
          offer.operatorId,
          offer.contractId,
          offer.id,
          sold.residentId,
          offer.siteId,
          offer.kind,
          offer.mode,
        ],
        ...[offer.uses, offer.amountFen, sold.validFrom, sold.validTo, sold.by, sold.at],
      ],
    ),
    tx.sql(
      `INSERT INTO package_use (package_id, sequence, operator_id, part_fen, state)
       SELECT $2, sequence, $3, "partFen", 'free' FROM jsonb_to_recordset($1) AS u (sequence int, "partFen" bigint)`,
      [asJson(parts.map((partFen, index) => ({ sequence: index + 1, partFen }))), id, offer.operatorId],
    ),
  ]);
}

export function usesOf(tx: Tx, packageId: string): Promise<PackageUseDto[]> {
  return tx.sql<PackageUseDto>(
    `SELECT u.sequence, u.part_fen AS "partFen", u.state, c.booking_id AS "bookingId", c.service_day AS "serviceDay"
     FROM package_use AS u LEFT JOIN charge AS c ON c.id = u.charge_id WHERE u.package_id = $1 ORDER BY u.sequence`,
    [packageId],
  );
}

/** `$1` id · `$2` whether bookings take uses by themselves */
export const CHOOSE_USE = `UPDATE package SET auto_use = $2, version = version + 1 WHERE id = $1`;

/** `$1` id. Nothing more is taken of it. */
export const END_PACKAGE = `UPDATE package SET status = 'ended', version = version + 1 WHERE id = $1`;
export const REFUND_USES = `UPDATE package_use SET state = 'refunded' WHERE package_id = $1 AND state = 'free'`;
