import type { Tx } from '@doorstep/platform';
import { weekdaysOf } from '../placements/placement';
import { showPlacement } from '../placements/placement.view';
import { PLACEMENT, type PlacementRow, WITH_GROUP } from '../placements/placements.queries';
import type { ResidentKeys } from './resident-keys.service';
import type { CareApplicationExportDto, CareDayExportDto, ChildcareExportDto } from './care-export.dto';

const PLACEMENTS = `
  SELECT ${PLACEMENT} FROM placement p ${WITH_GROUP} WHERE p.resident_id = ANY ($1) ORDER BY p.starts_on, p.id`;

const APPLICATIONS = `
  SELECT id, offering_id AS "offeringId", mode, pattern, wished_start AS "wishedStart", due_on AS "dueOn", status,
         applied_at AS "appliedAt"
  FROM care_application WHERE resident_id = ANY ($1) ORDER BY place`;

/** Days of which something was told or recorded; every record of them. */
const DAYS = `
  SELECT d.placement_id AS "placementId", d.day, coalesce(a.absence_kind, d.absence_kind) AS "absenceKind", a.outcome,
         a.checked_in_at AS "checkedInAt", a.checked_out_at AS "checkedOutAt", a.health_sealed AS "healthSealed"
  FROM care_day d LEFT JOIN attendance a ON a.placement_id = d.placement_id AND a.day = d.day
  WHERE d.resident_id = ANY ($1) AND (d.absence_kind IS NOT NULL OR a.revision IS NOT NULL)
  ORDER BY d.day, d.placement_id, a.revision`;

/** Places that a child has or is offered, and has not been in to their end. `$1` resident · `$2` now. */
export const PLACES_STAND = `
  SELECT count(*)::int AS "standing" FROM placement p JOIN site ON site.id = p.site_id
  WHERE p.resident_id = $1 AND p.status IN ('offered', 'standing', 'ended')
    AND p.ends_on > ($2::timestamptz AT TIME ZONE site.time_zone)::date`;

export const WITHDRAW_APPLICATIONS = `
  UPDATE care_application SET status = 'withdrawn', ended_at = $2, version = version + 1
  WHERE resident_id = $1 AND status = 'waiting'`;

interface DayRow {
  placementId: string;
  day: string;
  absenceKind: string | null;
  outcome: string | null;
  checkedInAt: Date | null;
  checkedOutAt: Date | null;
  healthSealed: Buffer | null;
}

/**
 * What childcare holds about a child, with what was found at the door opened. `ids`: the child's own first, then those of
 * records that were merged into it.
 */
export async function careOf(
  tx: Tx,
  keys: ResidentKeys,
  ids: readonly string[],
  now: Date,
): Promise<ChildcareExportDto> {
  const [id = ''] = ids;
  const placements = await tx.sql<PlacementRow>(PLACEMENTS, [ids]);
  const applications = await tx.sql<
    Omit<CareApplicationExportDto, 'appliedAt' | 'pattern'> & { appliedAt: Date; pattern: number[] }
  >(APPLICATIONS, [ids]);
  const days: CareDayExportDto[] = [];
  for (const row of await tx.sql<DayRow>(DAYS, [ids])) {
    const { healthSealed, placementId, day } = row;
    const health = healthSealed && (await keys.openNote(tx, id, `${placementId} ${day}`, healthSealed));
    days.push({
      placementId,
      day,
      ...(row.absenceKind !== null && { absenceKind: row.absenceKind }),
      ...(row.outcome !== null && { outcome: row.outcome }),
      ...(row.checkedInAt !== null && { checkedInAt: row.checkedInAt.toISOString() }),
      ...(row.checkedOutAt !== null && { checkedOutAt: row.checkedOutAt.toISOString() }),
      ...(health && (JSON.parse(health) as { temperature: number; symptoms: string[] })),
    });
  }
  return {
    placements: placements.map((row) => showPlacement(row, now)),
    applications: applications.map(({ appliedAt, pattern, ...row }) => ({
      ...row,
      pattern: weekdaysOf(pattern),
      appliedAt: appliedAt.toISOString(),
    })),
    days,
  };
}
