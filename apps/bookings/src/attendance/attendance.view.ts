import { type DoorRule, findings, type Symptom } from './attendance';
import type { DayRecordDto, CareRecordDto } from './attendance.dto';
import type { DayRow, RevisionRow } from './attendance.queries';

export function showDayRecord(row: DayRow): DayRecordDto {
  const attended = row.outcome === 'attended' || row.outcome === 'checked_in';
  return {
    placementId: row.placementId,
    residentId: row.residentId,
    day: row.day,
    fromAt: row.fromAt,
    toAt: row.toAt,
    ...(row.absenceKind !== null && !attended && { absenceKind: row.absenceKind }),
    ...(row.outcome !== null && { outcome: row.outcome }),
    revision: row.revision,
    ...times(row),
    minutes: row.minutes,
    lateMinutes: row.lateMinutes,
  };
}

/** @param health JSON of what was found at the door; undefined: nothing, or its key was destroyed */
export function showRevision(row: RevisionRow, health: string | undefined, rule: DoorRule): CareRecordDto {
  const seen = health && (JSON.parse(health) as { temperature: number; symptoms: Symptom[] });
  const found = seen
    ? findings({ temperatureTenths: Math.round(seen.temperature * 10), symptoms: seen.symptoms }, rule)
    : [];
  return {
    revision: row.revision,
    outcome: row.outcome,
    ...times(row),
    minutes: row.minutes,
    lateMinutes: row.lateMinutes,
    ...(row.absenceKind !== null && { absenceKind: row.absenceKind }),
    ...(seen && seen),
    ...(found.length > 0 && { findings: found }),
    ...(row.reason !== null && { reason: row.reason }),
    recordedBy: row.recordedBy,
    recordedAt: row.recordedAt.toISOString(),
  };
}

function times({ checkedInAt, checkedOutAt }: Pick<DayRow, 'checkedInAt' | 'checkedOutAt'>) {
  return {
    ...(checkedInAt !== null && { checkedInAt: checkedInAt.toISOString() }),
    ...(checkedOutAt !== null && { checkedOutAt: checkedOutAt.toISOString() }),
  };
}
