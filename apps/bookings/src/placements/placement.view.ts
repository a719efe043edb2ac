import { weekdaysOf } from './placement';
import type { CareDayDto, PlacementDto } from './placements.dto';
import type { CareDayRow, PlacementRow } from './placements.queries';

/** An offer that nobody answered in time is expired, whether or not anybody has told of it. */
export function showPlacement(row: PlacementRow, now: Date): PlacementDto {
  const lapsed = row.acceptBy !== null && row.acceptBy <= now;
  return {
    id: row.id,
    siteId: row.siteId,
    offeringId: row.offeringId,
    groupId: row.groupId,
    ageClass: row.ageClass,
    residentId: row.residentId,
    contractId: row.contractId,
    mode: row.mode,
    pattern: weekdaysOf(row.pattern),
    ...(row.contingentMinutes !== null && { contingentMinutes: row.contingentMinutes }),
    ...(row.contingentDays !== null && { contingentDays: row.contingentDays }),
    from: row.from,
    to: row.to,
    endsBecause: row.endsBecause,
    status: lapsed ? 'expired' : row.status,
    ...(row.endReason !== null && { endReason: row.endReason }),
    ...(row.acceptBy !== null && { acceptBy: row.acceptBy.toISOString() }),
    ...(row.applicationId !== null && { applicationId: row.applicationId }),
    ...(row.continues !== null && { continues: row.continues }),
    version: row.version,
  };
}

export function showCareDay({
  day,
  fromAt,
  toAt,
  spentMinutes,
  absenceKind,
  outcome,
}: CareDayRow): CareDayDto {
  return {
    day,
    fromAt,
    toAt,
    ...(spentMinutes !== null && { spentMinutes }),
    ...(absenceKind !== null && { absenceKind }),
    ...(outcome !== null && { outcome }),
  };
}
