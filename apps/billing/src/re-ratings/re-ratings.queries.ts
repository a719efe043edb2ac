import type { Fen } from '@doorstep/kernel';
import type { Tx } from '@doorstep/platform';
import type { BudgetChange } from '../programmes/changes';
import { asJson } from '../shared/rows';
import type { Rating, ReRatingReason, ReRatingStatus } from './re-rating';

export interface ReRatingRow {
  id: string;
  operatorId: string;
  contractId: string;
  reason: ReRatingReason;
  from: string;
  to: string;
  siteId: string | null;
  kind: string | null;
  mode: string | null;
  residentId: string | null;
  comment: string | null;
  status: ReRatingStatus;
  chargesTotal: number;
  chargesSeen: number;
  changed: number;
  skipped: number;
  applied: number;
  grossFen: Fen;
  residentFen: Fen;
  fundersFen: Fen;
  operatorFen: Fen;
  touchesClosed: boolean;
  outdatedWhy: string | null;
  createdBy: string;
  createdAt: Date;
  appliedBy: string | null;
  appliedAt: Date | null;
  finishedAt: Date | null;
  version: number;
}

/** Told of a booking's attendance: minutes, null for nobody. */
export interface ToldAttendance {
  bookingId: string;
  minutes: number | null;
}

export type WorkedOn = ReRatingRow & { cursor: string | null; attendance: ToldAttendance[] | null };

const RE_RATING = `
  id, operator_id AS "operatorId", contract_id AS "contractId", reason, from_day AS "from", to_day AS "to",
  site_id AS "siteId", kind, mode, resident_id AS "residentId", comment, status, charges_total AS "chargesTotal",
  charges_seen AS "chargesSeen", changed, skipped, applied, gross_fen AS "grossFen", resident_fen AS "residentFen",
  funders_fen AS "fundersFen", operator_fen AS "operatorFen", touches_closed AS "touchesClosed",
  outdated_why AS "outdatedWhy", created_by AS "createdBy", created_at AS "createdAt", applied_by AS "appliedBy",
  applied_at AS "appliedAt", finished_at AS "finishedAt", version`;

export const RE_RATING_BY_ID = `SELECT ${RE_RATING} FROM re_rating WHERE id = $1`;
export const RE_RATING_FOR_UPDATE = `${RE_RATING_BY_ID} FOR UPDATE`;

/** `$1` contract · `$2` status · `$3` go on before this id · `$4` limit. The latest first. */
export const LIST_RE_RATINGS = `
  SELECT ${RE_RATING} FROM re_rating
  WHERE ($1::uuid IS NULL OR contract_id = $1) AND ($2::text IS NULL OR status = $2) AND ($3::uuid IS NULL OR id < $3)
  ORDER BY id DESC LIMIT $4`;

export const INSERT_RE_RATING = `
  INSERT INTO re_rating (id, operator_id, contract_id, reason, from_day, to_day, site_id, kind, mode, resident_id,
                         attendance, comment, status, charges_total, created_by, created_at)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, current_resident($10), $11, $12, 'previewing', 0, $13, $14)`;

/** One that has work to do and that nobody else is working on. `$1` that one, or null for any */
export const TAKE_WORK = `
  SELECT ${RE_RATING}, cursor_resident AS cursor, attendance FROM re_rating
  WHERE status IN ('previewing', 'applying') AND ($1::uuid IS NULL OR id = $1)
  ORDER BY id LIMIT 1 FOR UPDATE SKIP LOCKED`;

/** The next slice of the preview that has something to apply, by its last resident. `$1` re-rating · `$2` after */
export const NEXT_SLICE = `
  SELECT slice_end AS "sliceEnd" FROM re_rating_line
  WHERE re_rating_id = $1 AND outcome <> 'skipped' AND ($2::uuid IS NULL OR slice_end > $2) ORDER BY 1 LIMIT 1`;

export interface LineRow {
  charge_id: string;
  booking_id: string;
  resident_id: string;
  site_id: string;
  kind: string;
  service_day: string;
  booked_on: string;
  outcome: 'changed' | 'same' | 'skipped';
  code?: string;
  reason?: string;
  owed_before_fen: Fen;
  gross_fen: Fen;
  resident_fen: Fen;
  funders_fen: Fen;
  operator_fen: Fen;
  shares: object[];
  trace: object[];
}

/** @param sliceEnd last of the residents who were looked at together */
export async function writeLines(
  tx: Tx,
  { id, operatorId }: { id: string; operatorId: string },
  sliceEnd: string,
  rows: readonly LineRow[],
): Promise<void> {
  if (rows.length === 0) return;
  const columns = `charge_id, booking_id, resident_id, site_id, kind, service_day, booked_on, outcome, code, reason,
    owed_before_fen, gross_fen, resident_fen, funders_fen, operator_fen, shares, trace`;
  await tx.sql(
    `INSERT INTO re_rating_line (re_rating_id, operator_id, slice_end, ${columns}, applied)
     SELECT $2, $3, $4, ${columns}, false FROM jsonb_populate_recordset(null::re_rating_line, $1)`,
    [asJson(rows), id, operatorId, sliceEnd],
  );
}

export async function readLines(tx: Tx, id: string, sliceEnd: string): Promise<LineRow[]> {
  return tx.sql<LineRow>(
    `SELECT * FROM re_rating_line WHERE re_rating_id = $1 AND slice_end = $2 AND outcome <> 'skipped'
     ORDER BY charge_id`,
    [id, sliceEnd],
  );
}

export async function markApplied(tx: Tx, id: string, sliceEnd: string): Promise<void> {
  await tx.sql(
    `UPDATE re_rating_line SET applied = true WHERE re_rating_id = $1 AND slice_end = $2 AND outcome <> 'skipped'`,
    [id, sliceEnd],
  );
}

/** What the preview has taken of budgets before this slice. */
export function budgetsTaken(tx: Tx, id: string): Promise<{ id: string; spentFen: Fen }[]> {
  return tx.sql(
    `SELECT budget_id AS id, spent_fen AS "spentFen" FROM re_rating_budget WHERE re_rating_id = $1`,
    [id],
  );
}

export async function noteBudgets(
  tx: Tx,
  { id, operatorId }: { id: string; operatorId: string },
  changes: readonly BudgetChange[],
): Promise<void> {
  if (changes.length === 0) return;
  await tx.sql(
    `INSERT INTO re_rating_budget AS b (re_rating_id, operator_id, budget_id, spent_fen)
     SELECT $2, $3, id, "spentFen" FROM jsonb_to_recordset($1) AS c (id uuid, "spentFen" bigint)
     ON CONFLICT (re_rating_id, budget_id) DO UPDATE SET spent_fen = b.spent_fen + excluded.spent_fen`,
    [asJson(changes), id, operatorId],
  );
}

/** `$1` id · `$2` last resident · `$3` charges seen */
export const NOTE_PREVIEWED = `
  UPDATE re_rating SET cursor_resident = $2, charges_seen = charges_seen + $3, version = version + 1 WHERE id = $1`;

/** The preview is whole: sums it up. `$1` id · `$2` now */
export const FINISH_PREVIEW = `
  UPDATE re_rating SET status = 'ready', cursor_resident = NULL, finished_at = $2, version = version + 1,
         changed = l.changed, skipped = l.skipped, gross_fen = l.gross, resident_fen = l.resident, funders_fen = l.funders,
         operator_fen = l.operator, touches_closed = l.closed
  FROM (SELECT count(*) FILTER (WHERE outcome = 'changed')::int AS changed,
               count(*) FILTER (WHERE outcome = 'skipped')::int AS skipped,
               coalesce(sum(gross_fen), 0)::bigint AS gross, coalesce(sum(resident_fen), 0)::bigint AS resident,
               coalesce(sum(funders_fen), 0)::bigint AS funders, coalesce(sum(operator_fen), 0)::bigint AS operator,
               coalesce(bool_or(booked_on <> service_day) FILTER (WHERE outcome = 'changed'), false) AS closed
        FROM re_rating_line WHERE re_rating_id = $1) AS l
  WHERE id = $1`;

/** `$1` id · `$2` person · `$3` now */
export const BEGIN_APPLYING = `
  UPDATE re_rating SET status = 'applying', applied_by = $2, applied_at = $3, finished_at = NULL, version = version + 1
  WHERE id = $1`;

/** `$1` id · `$2` last resident of the slice · `$3` lines */
export const NOTE_APPLIED = `
  UPDATE re_rating SET cursor_resident = $2, applied = applied + $3, version = version + 1 WHERE id = $1`;

/** `$1` id · `$2` status · `$3` why · `$4` now */
export const END = `
  UPDATE re_rating SET status = $2, outdated_why = $3, finished_at = $4, version = version + 1 WHERE id = $1`;

/** By what the charges are rated from now on. */
export async function writeRatings(
  tx: Tx,
  sourceId: string,
  ratings: readonly Rating[],
  by: { id: string; at: Date },
): Promise<void> {
  const rows = ratings.map(({ charge, priceId, tariff, deliveredMinutes, month, trace, shares }) => ({
    ...{ charge_id: charge.id, operator_id: charge.operatorId, price_id: priceId, unit: tariff.unit },
    ...{ unit_fen: tariff.amountFen, step_minutes: tariff.stepMinutes, delivered_minutes: deliveredMinutes },
    ...{ spans: tariff.spans, month, trace, shares },
  }));
  await tx.sql(
    `INSERT INTO charge_rating (charge_id, sequence, operator_id, source_id, price_id, unit, unit_fen, step_minutes, spans,
                                delivered_minutes, month, trace, shares, rated_by, rated_at)
     SELECT n.charge_id, 1 + coalesce((SELECT max(sequence) FROM charge_rating r WHERE r.charge_id = n.charge_id), 0),
            n.operator_id, $2, n.price_id, n.unit, n.unit_fen, n.step_minutes, n.spans, n.delivered_minutes, n.month, n.trace, n.shares, $3, $4
     FROM jsonb_populate_recordset(null::charge_rating, $1) AS n`,
    [asJson(rows), sourceId, by.id, by.at],
  );
}

/** `$1` re-rating · `$2` outcome · `$3` resident · `$4` go on after this charge · `$5` limit */
export const LIST_LINES = `
  SELECT charge_id AS "chargeId", booking_id AS "bookingId", resident_id AS "residentId", site_id AS "siteId", kind,
         service_day AS "serviceDay", booked_on AS "bookedOn", outcome, code, reason, owed_before_fen AS "owedBeforeFen",
         gross_fen AS "grossFen", resident_fen AS "residentFen", funders_fen AS "fundersFen",
         operator_fen AS "operatorFen", shares, trace, applied
  FROM re_rating_line
  WHERE re_rating_id = $1 AND outcome = $2 AND ($3::uuid IS NULL OR resident_id = $3)
    AND ($4::uuid IS NULL OR charge_id > $4)
  ORDER BY charge_id LIMIT $5`;

/** Everybody whom it concerns, and what each owes more or less. `$1` re-rating · `$2` go on after · `$3` limit */
export const LIST_RESIDENTS = `
  SELECT resident_id AS "residentId", count(*)::int AS charges, sum(owed_before_fen)::bigint AS "owedBeforeFen",
         sum(owed_before_fen + resident_fen)::bigint AS "owedAfterFen", sum(gross_fen)::bigint AS "grossFen",
         sum(resident_fen)::bigint AS "residentFen", sum(funders_fen)::bigint AS "fundersFen",
         sum(operator_fen)::bigint AS "operatorFen"
  FROM re_rating_line
  WHERE re_rating_id = $1 AND outcome = 'changed' AND ($2::uuid IS NULL OR resident_id > $2)
  GROUP BY resident_id ORDER BY resident_id LIMIT $3`;
