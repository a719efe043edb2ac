import { event, SiteSnapshot } from '@doorstep/contracts';
import { calendarEnd, hoursWithHolidays } from './holidays';
import { exceptionDays } from './opening-hours';
import type { SiteEntity } from './site.entity';
import { addDays, localTimeOf } from './wall-clock';

/** Exceptions and holidays are told day by day for this long ahead. */
const EXCEPTION_DAYS_AHEAD = 400;

/** What the other services know of a site. */
export function siteSnapshot(site: SiteEntity, now: Date): SiteSnapshot {
  const today = localTimeOf(now, site.timeZone).day;
  const hours = hoursWithHolidays(site, today, EXCEPTION_DAYS_AHEAD);
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
    areaM2: site.areaM2,
    timeZone: site.timeZone,
    openingHours: site.openingHours,
    openingExceptions: exceptionDays(hours, today, EXCEPTION_DAYS_AHEAD),
    version: site.version,
    at: now.toISOString(),
  });
}

/** How far a snapshot of this moment tells of exceptions; kept with the site, so that the next one is told in time. */
export function toldAhead(
  now: Date,
  timeZone: string,
): Pick<SiteEntity, 'hoursToldUntil' | 'calendarToldUntil'> {
  const today = localTimeOf(now, timeZone).day;
  return { hoursToldUntil: addDays(today, EXCEPTION_DAYS_AHEAD), calendarToldUntil: calendarEnd() };
}
