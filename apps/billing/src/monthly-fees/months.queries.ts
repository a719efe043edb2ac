import type { Tx } from '@doorstep/platform';
import { asJson } from '../shared/rows';
import type { AbsenceRule, MonthFacts } from './month';

/** A month that waits to be charged, or to be corrected. */
export interface Month {
  id: string;
  operatorId: string;
  placementId: string;
  contractId: string;
  siteId: string;
  offeringId: string;
  residentId: string;
  kind: string;
  mode: string;
  ageClass: string;
  regionCode: string;
  serviceDay: string;
  facts: MonthFacts;
  minutes: number;
  revision: number;
  eventId: string;
  toldAt: Date;
  /** Of the charge by its first revision; null: there is none yet. */
  chargeId: string | null;
}

export interface MonthRow {
  id: string;
  operator_id: string;
  placement_id: string;
  month: string;
  contract_id: string;
  site_id: string;
  offering_id: string;
  resident_id: string;
  kind: string;
  mode: string;
  age_class: string;
  region_code: string;
  service_day: string;
  facts: MonthFacts;
  minutes: number;
  revision: number;
  event_id: string;
  told_at: Date;
}

/** Takes over months, each only when its revision is newer than what is there. */
export async function keepMonths(tx: Tx, rows: readonly MonthRow[]): Promise<void> {
  const columns = `id, operator_id, placement_id, month, contract_id, site_id, offering_id, resident_id, kind, mode, age_class,
    region_code, service_day, facts, minutes, revision, event_id, told_at`;
  await tx.sql(
    `INSERT INTO attendance_month AS m (${columns}, status)
     SELECT ${columns.replace('resident_id', 'current_resident(resident_id)')}, 'waiting'
     FROM jsonb_populate_recordset(null::attendance_month, $1) ORDER BY id
     ON CONFLICT (id) DO UPDATE SET facts = excluded.facts, minutes = excluded.minutes, revision = excluded.revision,
       event_id = excluded.event_id, told_at = excluded.told_at, status = 'waiting', code = NULL, reason = NULL
     WHERE excluded.revision > m.revision`,
    [asJson(rows)],
  );
}

/** Those that wait, the longest unlooked at first; nobody else is working on them. */
export function takeMonths(tx: Tx, ids: readonly string[] | null, limit: number): Promise<Month[]> {
  return tx.sql<Month>(
    `SELECT m.id, m.operator_id AS "operatorId", placement_id AS "placementId", m.contract_id AS "contractId",
            m.site_id AS "siteId", m.offering_id AS "offeringId", m.resident_id AS "residentId", m.kind, m.mode,
            m.age_class AS "ageClass", m.region_code AS "regionCode", m.service_day AS "serviceDay", facts, minutes, revision,
            m.event_id AS "eventId", m.told_at AS "toldAt", (SELECT c.id FROM charge c WHERE c.booking_id = m.id) AS "chargeId"
     FROM attendance_month m WHERE m.status = 'waiting' AND ($1::uuid[] IS NULL OR m.id = ANY ($1))
     ORDER BY m.looked_at NULLS FIRST, m.id LIMIT $2 FOR NO KEY UPDATE SKIP LOCKED`,
    [ids, limit],
  );
}

export async function noteCharged(tx: Tx, ids: readonly string[], at: Date): Promise<void> {
  if (ids.length === 0) return;
  await tx.sql(
    `UPDATE attendance_month SET status = 'charged', code = NULL, reason = NULL, looked_at = $2 WHERE id = ANY ($1)`,
    [ids, at],
  );
}

export async function noteWaiting(
  tx: Tx,
  rows: readonly { id: string; code: string; reason: string }[],
  at: Date,
): Promise<void> {
  if (rows.length === 0) return;
  await tx.sql(
    `UPDATE attendance_month m SET code = w.code, reason = w.reason, looked_at = $2
     FROM jsonb_to_recordset($1) AS w (id uuid, code text, reason text) WHERE m.id = w.id`,
    [asJson(rows), at],
  );
}

/** The rule of each month's contract and kind on its day; null where none is set. */
export async function rulesOf(tx: Tx, months: readonly Month[]): Promise<(AbsenceRule | null)[]> {
  const rows = await tx.sql<{ rule: AbsenceRule | null }>(
    `SELECT CASE WHEN r.id IS NOT NULL THEN jsonb_build_object('sickMonthBp', r.sick_month_bp, 'sickDaysMin', r.sick_days_min,
              'sickDaysBp', r.sick_days_bp, 'absentMonthBp', r.absent_month_bp, 'closedDayBackBp', r.closed_day_back_bp,
              'forceMajeureDayBackBp', r.force_majeure_day_back_bp) END AS rule
     FROM ROWS FROM (jsonb_to_recordset($1) AS ("operatorId" uuid, "contractId" uuid, kind text, "serviceDay" date))
       WITH ORDINALITY AS m (operator_id, contract_id, kind, day, place)
     LEFT JOIN absence_rule r ON r.operator_id = m.operator_id AND r.contract_id = m.contract_id AND r.kind = m.kind
       AND r.from_day <= m.day AND (r.to_day IS NULL OR m.day < r.to_day)
     ORDER BY m.place`,
    [
      asJson(
        months.map(({ operatorId, contractId, kind, serviceDay }) => ({
          operatorId,
          contractId,
          kind,
          serviceDay,
        })),
      ),
    ],
  );
  return rows.map(({ rule }) => rule);
}
