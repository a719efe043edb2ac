import type { Tx } from '@doorstep/platform';
import type { Tariff } from '../prices/price';
import { TERMS_AS_JSON, type Offered } from '../programmes/programmes.queries';
import type { StandingCharge } from './re-rating';

/** A captured charge as it stands, with what its surroundings are looked up by. */
export interface Standing extends StandingCharge {
  bookingId: string;
  contractId: string;
  siteId: string;
  offeringId: string;
  kind: string;
  mode: string;
  /** Of a charge by the month. */
  ageClass?: string;
  /** Where a correction of it would be booked. */
  bookedOn: string;
}

interface StandingRow extends Omit<Standing, 'tariff' | 'start'> {
  starts: Date;
  unit: Tariff['unit'];
  unitFen: number;
  stepMinutes: number;
  spans: Tariff['spans'];
}

/** Captured charges `c` but for fees: what was not delivered is no service, no price and no programme concerns it. */
export const SERVICES = `c.status = 'captured' AND c.evidence NOT IN ('late_cancellation', 'no_show')`;

/** `$1` re-rating */
const IN_SCOPE = `
  c.operator_id = r.operator_id AND c.contract_id = r.contract_id AND ${SERVICES}
  AND c.service_day >= r.from_day AND c.service_day < r.to_day
  AND (r.site_id IS NULL OR c.site_id = r.site_id) AND (r.kind IS NULL OR c.kind = r.kind)
  AND (r.mode IS NULL OR c.mode = r.mode) AND (r.resident_id IS NULL OR c.resident_id = r.resident_id)
  AND (r.attendance IS NULL OR c.booking_id IN (
    SELECT a."bookingId" FROM jsonb_to_recordset(r.attendance) AS a ("bookingId" uuid)))`;

/** Never more than `max` and one. */
export async function countInScope(tx: Tx, reRatingId: string, max: number): Promise<number> {
  const [{ charges }] = await tx.sql<{ charges: number }>(
    `SELECT count(*)::int AS charges FROM (
       SELECT FROM charge c JOIN re_rating r ON r.id = $1 WHERE ${IN_SCOPE} LIMIT $2) AS found`,
    [reRatingId, max + 1],
  );
  return charges;
}

/** The next residents who have charges in scope, by id. */
export async function nextResidents(
  tx: Tx,
  reRatingId: string,
  after: string | null,
  limit: number,
): Promise<string[]> {
  const rows = await tx.sql<{ id: string }>(
    `SELECT DISTINCT c.resident_id AS id FROM charge c JOIN re_rating r ON r.id = $1
     WHERE ${IN_SCOPE} AND ($2::uuid IS NULL OR c.resident_id > $2) ORDER BY 1 LIMIT $3`,
    [reRatingId, after, limit],
  );
  return rows.map(({ id }) => id);
}

const STANDING = `
  SELECT c.id, c.operator_id AS "operatorId", c.contract_id AS "contractId", c.site_id AS "siteId",
         c.offering_id AS "offeringId", c.booking_id AS "bookingId", c.resident_id AS "residentId", c.kind, c.mode,
         c.region_code AS "regionCode", c.service_day AS "serviceDay", c.quantity, c.planned_minutes AS "plannedMinutes",
         ledger_open_day(c.operator_id, c.contract_id, c.service_day) AS "bookedOn",
         c.gross_fen + k.gross AS "grossFen", c.resident_fen + c.resident_correction_fen AS "residentFen",
         c.operator_fen + k.operator AS "operatorFen", k.credited AS "creditedFen",
         coalesce(rated.price_id, c.price_id) AS "priceId", coalesce(rated.unit, c.unit) AS unit,
         coalesce(rated.unit_fen, c.unit_fen) AS "unitFen", coalesce(rated.step_minutes, c.step_minutes) AS "stepMinutes",
         CASE WHEN rated.charge_id IS NULL THEN c.spans ELSE rated.spans END AS spans, c.starts_at AS starts, c.package_id AS "packageId",
         CASE WHEN rated.charge_id IS NULL THEN c.delivered_minutes ELSE rated.delivered_minutes END AS "deliveredMinutes",
         coalesce(rated.trace, c.trace) AS trace, coalesce(rated.month, c.month) AS month,
         (SELECT m.age_class FROM attendance_month m WHERE m.id = c.booking_id AND c.month IS NOT NULL) AS "ageClass",
         shares.list AS shares
  FROM charge c CROSS JOIN LATERAL (
    SELECT coalesce(sum(gross_fen), 0)::bigint AS gross, coalesce(sum(operator_fen), 0)::bigint AS operator,
           coalesce(sum(operator_fen) FILTER (WHERE reason = 'credited'), 0)::bigint AS credited
    FROM charge_correction WHERE charge_id = c.id) AS k
  LEFT JOIN LATERAL (
    SELECT * FROM charge_rating WHERE charge_id = c.id ORDER BY sequence DESC LIMIT 1) AS rated ON true
  CROSS JOIN LATERAL (
    SELECT coalesce(jsonb_agg(jsonb_build_object('programmeId', s.programme_id, 'termsId', s.terms_id, 'funderId',
             s.funder_id, 'payer', s.payer, 'budgetId', s.budget_id, 'amountFen', s.fen, 'caps', t.caps)), '[]') AS list
    FROM (
      SELECT programme_id, terms_id, funder_id, payer, budget_id, captured_fen AS fen FROM charge_share
      WHERE charge_id = c.id AND rated.charge_id IS NULL AND captured_fen > 0
      UNION ALL
      SELECT "programmeId", "termsId", "funderId", payer, "budgetId", "amountFen"
      FROM jsonb_to_recordset(rated.shares) AS s ("programmeId" uuid, "termsId" uuid, "funderId" uuid, payer text,
             "budgetId" uuid, "amountFen" bigint)) AS s
    JOIN programme_terms t ON t.id = s.terms_id) AS shares`;

/** Charges in scope of these residents, without a lock. */
export async function standingOf(
  tx: Tx,
  reRatingId: string,
  residents: readonly string[],
): Promise<Standing[]> {
  const rows = await tx.sql<StandingRow>(
    `${STANDING} JOIN re_rating r ON r.id = $1 WHERE ${IN_SCOPE} AND c.resident_id = ANY ($2) ORDER BY c.id`,
    [reRatingId, residents],
  );
  return rows.map(standing);
}

/** Locks charges in the order that everybody keeps, and reads them as they are then. */
export async function lockStanding(tx: Tx, ids: readonly string[]): Promise<Standing[]> {
  await tx.sql(`SELECT FROM charge WHERE id = ANY ($1) ORDER BY id FOR NO KEY UPDATE`, [ids]);
  const rows = await tx.sql<StandingRow>(`${STANDING} WHERE c.id = ANY ($1) ORDER BY c.id`, [ids]);
  return rows.map(standing);
}

function standing({ unit, unitFen, stepMinutes, spans, starts, ...row }: StandingRow): Standing {
  return { ...row, start: starts.toISOString(), tariff: { unit, amountFen: unitFen, stepMinutes, spans } };
}

/** Terms by which charges were rated, whether they still hold or not. */
export async function termsById(tx: Tx, ids: readonly string[]): Promise<Map<string, Offered>> {
  const rows = await tx.sql<Offered>(
    `SELECT ${TERMS_AS_JSON} AS terms, programme.payer
     FROM programme_terms AS terms JOIN programme ON programme.id = terms.programme_id WHERE terms.id = ANY ($1)`,
    [ids],
  );
  return new Map(rows.map((row) => [row.terms.termsId, row]));
}
