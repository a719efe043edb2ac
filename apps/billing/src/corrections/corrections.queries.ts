import type { Fen } from '@doorstep/kernel';
import type { Purpose } from '../ledger/held-money';
import type { Tx } from '@doorstep/platform';
import { asJson } from '../shared/rows';

/** A captured charge under lock, with what a correction needs. */
export interface CorrectableCharge {
  id: string;
  operatorId: string;
  contractId: string;
  siteId: string;
  residentId: string;
  bookingId: string;
  kind: string;
  serviceDay: string;
  status: string;
  version: number;
  /** Whose use it took. */
  packageId: string | null;
  /** What the resident owes by the charge and its corrections. */
  residentFen: Fen;
  allocations: { id: string; paymentId: string; purpose: Purpose; amountFen: Fen; applied: boolean }[];
}

/** Locks charges by id, in the order that everybody keeps, and reads them, and what was paid for them, as they are then. */
export async function lockCharges(tx: Tx, ids: readonly string[]): Promise<CorrectableCharge[]> {
  await tx.sql(`SELECT FROM charge WHERE id = ANY ($1) ORDER BY id FOR NO KEY UPDATE`, [ids]);
  return tx.sql<CorrectableCharge>(
    `SELECT id, operator_id AS "operatorId", contract_id AS "contractId", site_id AS "siteId",
            resident_id AS "residentId", booking_id AS "bookingId", kind, service_day AS "serviceDay", status, version,
            package_id AS "packageId",
            resident_fen + resident_correction_fen AS "residentFen",
            (SELECT coalesce(jsonb_agg(jsonb_build_object('id', a.id, 'paymentId', a.payment_id, 'amountFen',
                a.amount_fen, 'applied', a.applied, 'purpose', payment.purpose) ORDER BY a.made_at, a.id), '[]')
             FROM payment_allocation AS a JOIN payment ON payment.id = a.payment_id
             WHERE a.charge_id = charge.id AND a.ended_at IS NULL) AS allocations
     FROM charge WHERE id = ANY ($1) ORDER BY id`,
    [ids],
  );
}

export interface CorrectionRow {
  id: string;
  operator_id: string;
  contract_id: string;
  charge_id: string;
  reason: string;
  source_type: string;
  source_id: string;
  gross_fen: Fen;
  resident_fen: Fen;
  funders_fen: Fen;
  operator_fen: Fen;
  /** The day it belongs to; it is booked there or on the next open day. */
  booked_on: string;
  made_by: string;
  made_at: Date;
}

export interface ShareCorrectionRow {
  correction_id: string;
  operator_id: string;
  charge_id: string;
  programme_id: string;
  funder_id: string;
  payer: string;
  amount_fen: Fen;
}

/** Writes corrections with their shares, and what the charges' residents owe and have paid from now on. */
export async function writeCorrections(
  tx: Tx,
  rows: readonly CorrectionRow[],
  shares: readonly ShareCorrectionRow[],
  freed: readonly { chargeId: string; freedFen: Fen }[],
): Promise<void> {
  await tx.sql(
    `INSERT INTO charge_correction (id, operator_id, contract_id, charge_id, reason, source_type, source_id, gross_fen,
            resident_fen, funders_fen, operator_fen, booked_on, made_by, made_at)
     SELECT id, operator_id, contract_id, charge_id, reason, source_type, source_id, gross_fen, resident_fen,
            funders_fen, operator_fen, ledger_open_day(operator_id, contract_id, booked_on), made_by, made_at
     FROM jsonb_populate_recordset(null::charge_correction, $1)`,
    [asJson(rows)],
  );
  if (shares.length > 0) {
    await tx.sql(
      `INSERT INTO share_correction SELECT * FROM jsonb_populate_recordset(null::share_correction, $1)`,
      [asJson(shares)],
    );
  }
  await tx.sql(
    `UPDATE charge
     SET resident_correction_fen = resident_correction_fen + part.resident, paid_fen = paid_fen - part.freed,
         version = version + 1, changed_at = $3
     FROM (SELECT c.charge_id AS id, sum(c.resident_fen)::bigint AS resident,
                  coalesce((SELECT sum(f."freedFen") FROM jsonb_to_recordset($2) AS f ("chargeId" uuid, "freedFen" bigint)
                            WHERE f."chargeId" = c.charge_id), 0)::bigint AS freed
           FROM jsonb_populate_recordset(null::charge_correction, $1) AS c GROUP BY c.charge_id) AS part
     WHERE charge.id = part.id`,
    [asJson(rows), asJson(freed), rows[0]?.made_at],
  );
}
