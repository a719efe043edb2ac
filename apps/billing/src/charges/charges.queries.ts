import type { Tx } from '@doorstep/platform';
import type { ChargeDetailDto, ChargeDto, ChargesQuery } from './charges.dto';

const CHARGE = `
  SELECT charge.id, booking_id AS "bookingId", operator_id AS "operatorId", contract_id AS "contractId",
         site_id AS "siteId", offering_id AS "offeringId", resident_id AS "residentId", kind, mode,
         service_day AS "serviceDay", status, code, reason, unit, unit_fen AS "unitFen", spans, package_id AS "packageId", quantity,
         billed_minutes AS "billedMinutes", gross_fen AS "grossFen", resident_fen AS "residentFen",
         funders_fen AS "fundersFen", operator_fen AS "operatorFen", paid_fen AS "paidFen", trace, evidence,
         booked_on AS "bookedOn",
         (SELECT raised_at FROM visit_doubt d WHERE d.booking_id = charge.booking_id AND d.ended_at IS NULL) AS "inDoubtSince",
         created_at AS "createdAt", changed_at AS "changedAt", version,
         (SELECT coalesce(jsonb_agg(jsonb_build_object('programmeId', programme_id, 'funderId', funder_id,
            'amountFen', coalesce(captured_fen, reserved_fen)) ORDER BY place), '[]')
          FROM charge_share WHERE charge_id = charge.id AND payer = 'funder') AS funders
  FROM charge`;

export interface ChargesSought extends Omit<ChargesQuery, 'limit' | 'cursor'> {
  after?: string;
  /** Null: every site. */
  siteIds: string[] | null;
}

/** One row more than `limit`, so that the caller knows whether there are more. */
export function listCharges(tx: Tx, sought: ChargesSought, limit: number): Promise<ChargeDto[]> {
  const { after, bookingId, status, contractId, siteId, residentId, period, siteIds } = sought;
  return tx.sql<ChargeDto>(
    `${CHARGE}
     WHERE ($2::uuid IS NULL OR charge.id > $2) AND ($3::uuid IS NULL OR booking_id = $3)
       AND ($4::text IS NULL OR status = $4) AND ($5::uuid IS NULL OR contract_id = $5)
       AND ($6::uuid IS NULL OR site_id = $6) AND ($7::uuid IS NULL OR resident_id = current_resident($7))
       AND ($8::date IS NULL OR (service_day >= $8 AND service_day < $8::date + interval '1 month'))
       AND ($9::uuid[] IS NULL OR site_id = ANY ($9))
     ORDER BY charge.id LIMIT $1`,
    [
      limit + 1,
      after ?? null,
      bookingId ?? null,
      status ?? null,
      contractId ?? null,
      siteId ?? null,
      residentId ?? null,
      period ? `${period}-01` : null,
      siteIds,
    ],
  );
}

export async function findCharge(
  tx: Tx,
  id: string,
  siteIds: string[] | null,
): Promise<ChargeDetailDto | undefined> {
  const [[charge], entries, corrections, ratings] = await Promise.all([
    tx.sql<ChargeDto>(`${CHARGE} WHERE charge.id = $1 AND ($2::uuid[] IS NULL OR site_id = ANY ($2))`, [
      id,
      siteIds,
    ]),
    tx.sql<ChargeDetailDto['entries'][number]>(
      `SELECT entry.id, entry.booked_on AS "bookedOn", entry.reason,
              jsonb_agg(jsonb_build_object('account', account.kind, 'amountFen', line.amount_fen) ORDER BY line.line) AS lines
       FROM ledger_line AS line
       JOIN ledger_entry AS entry ON entry.id = line.entry_id
       JOIN ledger_account AS account ON account.id = line.account_id
       WHERE line.charge_id = $1
       GROUP BY entry.id, entry.number ORDER BY entry.number`,
      [id],
    ),
    tx.sql<ChargeDetailDto['corrections'][number]>(
      `SELECT id, reason, gross_fen AS "grossFen", resident_fen AS "residentFen", funders_fen AS "fundersFen",
              operator_fen AS "operatorFen", booked_on AS "bookedOn", made_at AS "madeAt"
       FROM charge_correction WHERE charge_id = $1 ORDER BY made_at, id LIMIT 200`,
      [id],
    ),
    tx.sql<ChargeDetailDto['ratings'][number]>(
      `SELECT sequence, unit, unit_fen AS "unitFen", spans, delivered_minutes AS "deliveredMinutes", trace, rated_at AS "ratedAt"
       FROM charge_rating WHERE charge_id = $1 ORDER BY sequence LIMIT 200`,
      [id],
    ),
  ]);
  return charge && { ...charge, entries, corrections, ratings };
}
