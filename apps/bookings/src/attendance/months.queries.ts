import { PLACEMENT, WITH_GROUP } from '../placements/placements.queries';
import type { Totals } from './attendance';

/** Placements of a group with a day in a month, those of a child in a row. `$1` group · `$2`, `$3` days, half-open. */
export const PLACEMENTS_OF_MONTH = `
  SELECT ${PLACEMENT} FROM placement p ${WITH_GROUP}
  WHERE p.group_id = $1 AND p.status IN ('standing', 'ended') AND p.starts_on < $3::date AND p.ends_on > $2::date
    AND p.ends_on > p.starts_on
  ORDER BY p.resident_id, p.starts_on, p.id`;

export interface MonthRow {
  closedAt: Date;
}

export const MONTH = `
  SELECT closed_at AS "closedAt" FROM attendance_month WHERE group_id = $1 AND month = $2::date`;

export const CLOSE_MONTH = `
  INSERT INTO attendance_month (group_id, month, operator_id, closed_at, closed_by) VALUES ($1, $2, $3, $4, $5)
  ON CONFLICT DO NOTHING RETURNING group_id`;

export interface LineRow {
  placementId: string;
  contractId: string;
  revision: number;
  workdays: number;
  patternDays: number;
  totals: Totals;
}

const LINE = `
  placement_id AS "placementId", contract_id AS "contractId", revision, workdays, pattern_days AS "patternDays", totals`;

/** The lines of a closed month as they are now. */
export const LINES = `
  SELECT DISTINCT ON (placement_id) ${LINE} FROM attendance_line
  WHERE group_id = $1 AND month = $2::date ORDER BY placement_id, revision DESC`;

/** The newest line of one placement. */
export const LINE_OF = `
  SELECT ${LINE} FROM attendance_line WHERE placement_id = $1 AND month = $2::date ORDER BY revision DESC LIMIT 1`;

export const INSERT_LINE = `
  INSERT INTO attendance_line (placement_id, month, revision, operator_id, group_id, contract_id, workdays, pattern_days,
                               totals, reason, at)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`;
