import type { Tx } from '@doorstep/platform';
import { asJson } from '../shared/rows';

export interface DoubtRow {
  booking_id: string;
  operator_id: string;
  contradicted_by: string;
  signals: string[];
  raised_at: Date;
}

/** Whether a booking's visit is in doubt: `booking` is a column or a parameter. */
export const inDoubt = (booking: string): string =>
  `EXISTS (SELECT FROM visit_doubt vd WHERE vd.booking_id = ${booking} AND vd.ended_at IS NULL)`;

/** What was decided before is in doubt again. */
export async function raiseDoubts(tx: Tx, rows: readonly DoubtRow[]): Promise<void> {
  await tx.sql(
    `INSERT INTO visit_doubt (booking_id, operator_id, contradicted_by, signals, raised_at)
     SELECT booking_id, operator_id, contradicted_by, signals, raised_at
     FROM jsonb_populate_recordset(null::visit_doubt, $1)
     ON CONFLICT (booking_id) DO UPDATE
     SET contradicted_by = excluded.contradicted_by, signals = excluded.signals, raised_at = excluded.raised_at,
         ended_at = NULL, outcome = NULL`,
    [asJson(rows)],
  );
}

/** Ends doubts about these bookings. @returns those that were in doubt */
export async function endDoubts(
  tx: Tx,
  bookingIds: readonly string[],
  outcome: 'cleared' | 'refused',
  at: Date,
): Promise<string[]> {
  const ended = await tx.sql<{ id: string }>(
    `UPDATE visit_doubt SET outcome = $2, ended_at = $3 WHERE booking_id = ANY ($1) AND ended_at IS NULL
     RETURNING booking_id AS id`,
    [bookingIds, outcome, at],
  );
  return ended.map(({ id }) => id);
}

/** Of these bookings those whose visit was refused before. */
export async function refusedBefore(tx: Tx, bookingIds: readonly string[]): Promise<string[]> {
  const refused = await tx.sql<{ id: string }>(
    `SELECT booking_id AS id FROM visit_doubt WHERE booking_id = ANY ($1) AND outcome = 'refused'`,
    [bookingIds],
  );
  return refused.map(({ id }) => id);
}
