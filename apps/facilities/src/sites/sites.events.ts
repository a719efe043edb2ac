import { event, SiteSnapshot } from '@doorstep/contracts';
import { exceptionDays } from './opening-hours';
import type { SiteEntity } from './site.entity';
import { localTimeOf } from './wall-clock';

/** Exceptions are told day by day for this long ahead. */
const EXCEPTION_DAYS_AHEAD = 400;

/** What the other services know of a site. */
export function siteSnapshot(site: SiteEntity, now: Date): SiteSnapshot {
  const hours = { timeZone: site.timeZone, weekly: site.openingHours, overrides: site.openingOverrides };
  const today = localTimeOf(now, site.timeZone).day;
  return event(SiteSnapshot, {
    operatorId: site.operatorId,
    siteId: site.id,
    code: site.code,
    nameZh: site.nameZh,
    ...(site.nameEn !== null && { nameEn: site.nameEn }),
    regionCode: site.regionCode,
    status: site.status,
    lng: site.lng,
    lat: site.lat,
    timeZone: site.timeZone,
    openingHours: site.openingHours,
    openingExceptions: exceptionDays(hours, today, EXCEPTION_DAYS_AHEAD),
    version: site.version,
    at: now.toISOString(),
  });
}
