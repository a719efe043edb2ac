import type { Fault } from '../faults';
import { refuse } from '../faults';
import { locate } from '@doorstep/kernel';
import { showName } from '../name.dto';
import { type OpeningOverride, overrideFaults, weeklyHoursFaults } from './opening-hours';
import type { OpeningExceptionDto } from './opening-hours.dto';
import type { SiteEntity } from './site.entity';
import type { ChangeSiteDto, SiteDto } from './sites.dto';
import { addDays, isTimeZone } from './wall-clock';

type Columns = Partial<
  Omit<SiteEntity, 'id' | 'operatorId' | 'status' | 'version' | 'createdAt' | 'updatedAt'>
>;

/** The columns that a command sets, checked field by field; refuses with everything that is wrong at once. */
export function columnsOf(command: ChangeSiteDto): Columns {
  const { name, location, openingHours, openingExceptions, holidays } = command;
  const overrides = openingExceptions && overridesOf(openingExceptions);
  refuse('site_invalid', 'The site cannot be entered like this', siteFaults(command, overrides));
  const point = location && locate(location);
  return {
    ...pick(command, ['code', 'regionCode', 'form', 'tier', 'spaceSource', 'timeZone', 'areaM2']),
    ...(name && { nameZh: name.zh, nameEn: name.en ?? null }),
    ...(location &&
      point && { ...point, sourceLng: location.lng, sourceLat: location.lat, sourceCrs: location.crs }),
    ...(openingHours && {
      openingHours: openingHours.map(({ weekday, opens, closes }) => ({ weekday, opens, closes })),
    }),
    ...(overrides && { openingOverrides: overrides }),
    ...(holidays && { onHoliday: holidays.onHoliday, onMakeUpWorkday: holidays.onMakeUpWorkday }),
  };
}

function siteFaults(
  { timeZone, openingHours }: ChangeSiteDto,
  overrides: OpeningOverride[] | undefined,
): Fault[] {
  const faults: Fault[] = [];
  if (timeZone !== undefined && !isTimeZone(timeZone)) {
    faults.push({
      field: 'timeZone',
      reason: 'is no IANA time zone',
      mend: 'Give one such as Asia/Shanghai.',
    });
  }
  if (openingHours) faults.push(...weeklyHoursFaults(openingHours, 'openingHours'));
  if (overrides) faults.push(...overrideFaults(overrides, 'openingExceptions'));
  return faults;
}

/** A single day is a period that ends the day after. */
function overridesOf(exceptions: OpeningExceptionDto[]): OpeningOverride[] {
  refuse(
    'site_invalid',
    'The site cannot be entered like this',
    exceptions.flatMap(({ day, from, to }, i) => {
      const periods = (day !== undefined ? 1 : 0) + (from !== undefined && to !== undefined ? 1 : 0);
      const half = (from === undefined) !== (to === undefined);
      if (periods === 1 && !half) return [];
      return [
        {
          field: `openingExceptions[${i}]`,
          reason: 'has no clear period',
          mend: 'Give day, or from and to.',
        },
      ];
    }),
  );
  return exceptions.map(({ day, from, to, reason, spans }) => ({
    from: from ?? (day as string),
    to: to ?? dayAfter(day as string),
    spans: spans.map(({ weekday, opens, closes }) => ({
      ...(weekday !== undefined && { weekday }),
      opens,
      closes,
    })),
    ...(reason !== undefined && { reason }),
    source: 'site',
  }));
}

/** A day that is none stays as it is, for the check to find. */
function dayAfter(day: string): string {
  return Number.isNaN(Date.parse(`${day}T00:00:00Z`)) ? day : addDays(day, 1);
}

function pick<T extends object, K extends keyof T>(
  from: T,
  names: K[],
): { [P in K]?: Exclude<T[P], undefined> } {
  return Object.fromEntries(
    names.filter((name) => from[name] !== undefined).map((name) => [name, from[name]]),
  ) as {
    [P in K]?: Exclude<T[P], undefined>;
  };
}

/** The site's own exceptions; holidays are shown with the hours of a day, not among them. */
export function showSite(site: SiteEntity): SiteDto {
  const { id, operatorId, code, regionCode, form, tier, spaceSource, status } = site;
  const { timeZone, areaM2, openingHours, version, createdAt, updatedAt } = site;
  return {
    id,
    operatorId,
    code,
    name: showName(site),
    regionCode,
    form,
    tier,
    spaceSource,
    status,
    location: { lng: site.lng, lat: site.lat },
    locationMeasured: { lng: site.sourceLng, lat: site.sourceLat, crs: site.sourceCrs },
    timeZone,
    areaM2,
    openingHours,
    openingExceptions: site.openingOverrides.map(({ from, to, reason, spans }) => ({
      from,
      to,
      ...(reason !== undefined && { reason }),
      spans,
    })),
    holidays: { onHoliday: site.onHoliday, onMakeUpWorkday: site.onMakeUpWorkday },
    version,
    createdAt,
    updatedAt,
  };
}
