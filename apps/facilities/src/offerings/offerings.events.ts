import { event, OfferingSnapshot } from '@doorstep/contracts';
import type { OfferingEntity } from './offering.entity';

/** What an offering's space means for it: the spaces that it blocks, and when one of them is closed. */
export interface SpaceState {
  blockedSpaceIds: string[];
  closures: { start: string; end: string }[];
}

/** What the other services know of an offering. */
export function offeringSnapshot(
  offering: OfferingEntity,
  { blockedSpaceIds, closures }: SpaceState,
  now: Date,
): OfferingSnapshot {
  const { nameEn, staffRatio, staffCount, spaceId, ageMonthsMin, ageMonthsMax, careLevelMin } = offering;
  return event(OfferingSnapshot, {
    operatorId: offering.operatorId,
    offeringId: offering.id,
    siteId: offering.siteId,
    code: offering.code,
    nameZh: offering.nameZh,
    ...present({ nameEn }),
    kind: offering.kind,
    mode: offering.mode,
    delivery: offering.delivery,
    capacityModel: offering.capacityModel,
    capacity: offering.capacity,
    ...present({ staffRatio, staffCount, spaceId, ageMonthsMin, ageMonthsMax, careLevelMin }),
    ...(spaceId !== null && { blockedSpaceIds }),
    ...(closures.length > 0 && { closures }),
    skills: offering.skills,
    ...(offering.licences.length > 0 && { licences: offering.licences }),
    schedule: offering.schedule,
    leadMinutes: offering.leadMinutes,
    cutoffMinutes: offering.cutoffMinutes,
    bufferMinutes: offering.bufferMinutes,
    ...(offering.unpricedPolicy !== 'hold' && { unpricedPolicy: offering.unpricedPolicy }),
    active: offering.active,
    version: offering.version,
    at: now.toISOString(),
  });
}

/** The fields that have a value. */
function present<T extends object>(fields: T): { [K in keyof T]?: NonNullable<T[K]> } {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null)) as {
    [K in keyof T]?: NonNullable<T[K]>;
  };
}
