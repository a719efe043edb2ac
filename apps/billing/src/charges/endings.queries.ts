import type { Fen } from '@doorstep/kernel';
import type { Tx } from '@doorstep/platform';
import type { Purpose } from '../ledger/held-money';
import type { Tariff } from '../prices/price';
import type { Terms } from '../programmes/programme';
import { TERMS_AS_JSON } from '../programmes/programmes.queries';
import type { Candidate, TraceLine } from '../programmes/split';
import { asJson, columnsOf } from '../shared/rows';
import type { ChargeStatus } from './charge';

/** A charge under lock, with what its release or capture needs. */
export interface LockedCharge {
  id: string;
  bookingId: string;
  operatorId: string;
  contractId: string;
  siteId: string;
  residentId: string;
  kind: string;
  serviceDay: string;
  status: ChargeStatus;
  /** Once captured: of a service, or of a fee. */
  evidence: string | null;
  version: number;
  unit: Tariff['unit'];
  unitFen: Fen;
  stepMinutes: number;
  spans: Tariff['spans'];
  /** Whose use it took. */
  packageId: string | null;
  quantity: number;
  plannedMinutes: number;
  grossFen: Fen;
  residentFen: Fen;
  fundersFen: Fen;
  operatorFen: Fen;
  paidFen: Fen;
  shares: LockedShare[];
  /** Standing ones, oldest first. */
  allocations: LockedAllocation[];
}

export interface LockedShare {
  id: string;
  terms: Terms;
  payer: Candidate['payer'];
  budgetId: string;
  reservedFen: Fen;
}

export interface LockedAllocation {
  id: string;
  paymentId: string;
  purpose: Purpose;
  amountFen: Fen;
  applied: boolean;
}

const LOCK = `SELECT FROM charge WHERE booking_id = ANY ($1) ORDER BY id FOR NO KEY UPDATE`;

const LOCKED = `
  SELECT id, booking_id AS "bookingId", operator_id AS "operatorId", contract_id AS "contractId", site_id AS "siteId",
         resident_id AS "residentId", kind, service_day AS "serviceDay", status, evidence, version, unit, unit_fen AS "unitFen",
         step_minutes AS "stepMinutes", spans, package_id AS "packageId", quantity, planned_minutes AS "plannedMinutes", gross_fen AS "grossFen",
         -- What the resident owes; only a captured charge has corrections.
         resident_fen + resident_correction_fen AS "residentFen", funders_fen AS "fundersFen", operator_fen AS "operatorFen", paid_fen AS "paidFen",
         (SELECT coalesce(json_agg(json_build_object('id', share.id, 'termsId', share.terms_id, 'payer', share.payer,
             'budgetId', share.budget_id, 'reservedFen', share.reserved_fen) ORDER BY share.place), '[]')
          FROM charge_share AS share WHERE share.charge_id = charge.id) AS shares,
         (SELECT coalesce(json_agg(json_build_object('id', a.id, 'paymentId', a.payment_id, 'amountFen', a.amount_fen,
             'applied', a.applied, 'purpose', payment.purpose) ORDER BY a.made_at, a.id), '[]')
          FROM payment_allocation AS a JOIN payment ON payment.id = a.payment_id WHERE a.charge_id = charge.id AND a.ended_at IS NULL) AS allocations
  FROM charge WHERE booking_id = ANY ($1) ORDER BY id`;

/** Of many shares: sent once each, and not with every one. */
const THEIR_TERMS = `
  SELECT ${TERMS_AS_JSON} AS terms
  FROM programme_terms AS terms JOIN programme ON programme.id = terms.programme_id
  WHERE terms.id = ANY (ARRAY(SELECT terms_id FROM charge_share
    WHERE charge_id = ANY (ARRAY(SELECT id FROM charge WHERE booking_id = ANY ($1)))))`;

type LockedRow = Omit<LockedCharge, 'shares'> & {
  shares: (Omit<LockedShare, 'terms'> & { termsId: string })[];
};

/**
 * Locks the charges of bookings, always in the same order, and reads them as they are then; bookings without one are left
 * out. Read by a statement of its own: one that waits for a lock goes on seeing other tables as they were before, and would
 * miss what was paid meanwhile.
 */
export async function lockChargesOf(tx: Tx, bookingIds: readonly string[]): Promise<LockedCharge[]> {
  const [, rows, offers] = await Promise.all([
    tx.prepared(LOCK, [bookingIds]),
    tx.prepared<LockedRow>(LOCKED, [bookingIds]),
    tx.prepared<{ terms: Terms }>(THEIR_TERMS, [bookingIds]),
  ]);
  const termsById = new Map(offers.map(({ terms }) => [terms.termsId, terms]));
  // In place: a copy of every row would be a third of what a capture leaves to be cleaned up.
  return rows.map((row) =>
    Object.assign(row, {
      shares: row.shares.map(({ id, termsId, payer, budgetId, reservedFen }) => ({
        id,
        payer,
        budgetId,
        reservedFen,
        terms: termsById.get(termsId) as Terms,
      })),
    }),
  );
}

/** How locked charges came to their split. Long, and wanted only where the split changes. */
export async function tracesOf(
  tx: Tx,
  chargeIds: readonly string[],
): Promise<ReadonlyMap<string, TraceLine[]>> {
  if (chargeIds.length === 0) return new Map();
  const text = `SELECT id, trace FROM charge WHERE id = ANY ($1)`;
  const rows = await tx.prepared<{ id: string; trace: TraceLine[] }>(text, [chargeIds]);
  return new Map(rows.map(({ id, trace }) => [id, trace]));
}

export interface Released {
  id: string;
  version: number;
  code: string;
  reason: string;
}

/** What was reserved is given back elsewhere; nothing of a released charge counts as paid any more. */
export async function writeReleases(tx: Tx, rows: readonly Released[], at: Date): Promise<void> {
  if (rows.length === 0) return;
  await tx.sql(
    `UPDATE charge SET status = 'released', version = released.version, code = released.code, reason = released.reason,
            paid_fen = 0, waits_for = NULL, decide_by = NULL, changed_at = $2,
            unreserved_on = CASE WHEN reserved_on IS NOT NULL THEN ($2::timestamptz AT TIME ZONE 'Asia/Shanghai')::date END
     FROM jsonb_to_recordset($1) AS released (id uuid, version bigint, code text, reason text)
     WHERE charge.id = released.id`,
    [asJson(rows), at],
  );
}

export interface Captured {
  id: string;
  version: number;
  evidence: string;
  deliveredMinutes: number;
  billedMinutes: number;
  grossFen: Fen;
  residentFen: Fen;
  fundersFen: Fen;
  operatorFen: Fen;
  paidFen: Fen;
  /** As JSON; left out: as it was authorised. */
  trace?: string;
  operatorId: string;
  contractId: string;
  serviceDay: string;
}

const CAPTURED = [
  ...(['id', 'version', 'evidence', 'deliveredMinutes', 'billedMinutes'] as const),
  ...(['grossFen', 'residentFen', 'fundersFen', 'operatorFen', 'paidFen'] as const),
  ...(['trace', 'operatorId', 'contractId', 'serviceDay'] as const),
];

/** Booked on the day of the service or the next open one. */
const CAPTURE = `
  WITH captured AS MATERIALIZED (
    SELECT * FROM unnest($2::uuid[], $3::bigint[], $4::text[], $5::int[], $6::int[], $7::bigint[], $8::bigint[], $9::bigint[],
                         $10::bigint[], $11::bigint[], $12::jsonb[], $13::uuid[], $14::uuid[], $15::date[])
      AS captured (id, version, evidence, delivered_minutes, billed_minutes, gross_fen, resident_fen, funders_fen,
                   operator_fen, paid_fen, trace, operator_id, contract_id, service_day)),
  days AS MATERIALIZED (
    SELECT *, ledger_open_day(operator_id, contract_id, service_day) AS open_day
    FROM (SELECT DISTINCT operator_id, contract_id, service_day FROM captured ORDER BY 1, 2, 3) AS wanted)
  UPDATE charge
  SET status = 'captured', contract_id = captured.contract_id, version = captured.version, evidence = captured.evidence,
      delivered_minutes = captured.delivered_minutes, billed_minutes = captured.billed_minutes,
      gross_fen = captured.gross_fen, resident_fen = captured.resident_fen, funders_fen = captured.funders_fen,
      operator_fen = captured.operator_fen, paid_fen = captured.paid_fen,
      trace = coalesce(captured.trace, charge.trace), booked_on = days.open_day, changed_at = $1,
      -- As it had been authorised.
      unreserved_on = days.open_day, reserved_contract_id = charge.contract_id, reserved_resident_fen = charge.resident_fen,
      reserved_funders_fen = charge.funders_fen, reserved_operator_fen = charge.operator_fen
  FROM captured JOIN days USING (operator_id, contract_id, service_day)
  WHERE charge.id = captured.id`;

export interface CapturedShare {
  id: string;
  capturedFen: Fen;
}

/** Charges and their shares as captured. */
export async function writeCaptures(
  tx: Tx,
  charges: readonly Captured[],
  shares: readonly CapturedShare[],
  at: Date,
): Promise<void> {
  if (charges.length === 0) return;
  await Promise.all([
    tx.prepared(CAPTURE, [at, ...columnsOf(charges, CAPTURED)]),
    tx.prepared(
      `UPDATE charge_share AS share SET captured_fen = captured.fen
       FROM unnest($1::uuid[], $2::bigint[]) AS captured (id, fen) WHERE share.id = captured.id`,
      columnsOf(shares, ['id', 'capturedFen']),
    ),
  ]);
}

export interface Delivery {
  bookingId: string;
  operatorId: string;
  contractId: string;
  siteId: string;
  kind: string;
  serviceDay: string;
  minutes: number;
  evidence: string;
  caregiverId?: string;
  eventId: string;
  deliveredAt: string;
}

const DELIVERED = [
  ...(['bookingId', 'operatorId', 'contractId', 'siteId', 'kind', 'serviceDay'] as const),
  ...(['minutes', 'evidence', 'caregiverId', 'eventId', 'deliveredAt'] as const),
];

/** Notes what was delivered, charged or not; the first news of a booking stands. */
export async function noteDeliveries(tx: Tx, rows: readonly Delivery[]): Promise<void> {
  await tx.prepared(
    `INSERT INTO delivery (booking_id, operator_id, contract_id, site_id, kind, service_day, minutes, evidence, caregiver_id,
                           event_id, delivered_at)
     SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::uuid[], $5::text[], $6::date[], $7::int[], $8::text[],
                          $9::uuid[], $10::uuid[], $11::timestamptz[])
     ON CONFLICT (booking_id) DO NOTHING`,
    columnsOf(rows, DELIVERED),
  );
}
