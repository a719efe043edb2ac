import { Injectable } from '@nestjs/common';
import { type Day, DomainError, isDay, newId } from '@doorstep/kernel';
import {
  Clock,
  currentActor,
  Database,
  decodeCursor,
  isTwin,
  type Page,
  pageOf,
  type Tx,
} from '@doorstep/platform';
import { fieldsOf, recordChange } from '../changes';
import type { Warning } from '../faults';
import { OfferingEntity } from '../offerings/offering.entity';
import { windowsOutside } from '../offerings/offering';
import { regionFault, regionStandings } from '../regions/regions.queries';
import { tenantOf, withTenant } from '../tenant';
import { siteWarnings } from '../guidelines/guideline';
import { guidelineFor } from '../guidelines/guidelines.queries';
import { calendarEnd, hoursWithHolidays, publicDay } from './holidays';
import { isOpenAt, overrideOn, spansOn } from './opening-hours';
import type { DayHoursDto, HoursDto, HoursQuery } from './opening-hours.dto';
import { SiteEntity } from './site.entity';
import { MilestonesService } from './milestones.service';
import type { ChangeSiteDto, CreateSiteDto, SiteDto, SiteWithWarningsDto } from './sites.dto';
import { siteSnapshot, toldAhead } from './sites.events';
import { kindsOffered, loadSite, sitesWhere } from './sites.queries';
import type { SitesQuery } from './sites.query.dto';
import { columnsOf, showSite } from './sites.rows';
import { addDays, localTimeOf, weekdayOf } from './wall-clock';

@Injectable()
export class SitesService {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly milestones: MilestonesService,
  ) {}

  create(command: CreateSiteDto): Promise<SiteWithWarningsDto> {
    return this.db.write(async (outer) => {
      const columns = columnsOf(command);
      await checkRegion(outer, command.regionCode);
      const operatorId = tenantOf(command.operatorId, command.regionCode);
      return withTenant(this.db, operatorId, async (tx) => {
        await checkCodeIsFree(tx, operatorId, command.code);
        const now = this.clock.now();
        const site = Object.assign(new SiteEntity(), {
          openingOverrides: [],
          onHoliday: 'as_usual',
          onMakeUpWorkday: 'as_usual',
          nameEn: null,
          ...columns,
          ...toldAhead(now, command.timeZone),
          id: newId(),
          operatorId,
          status: command.status ?? 'operating',
          version: 1,
          createdAt: now,
          updatedAt: now,
        });
        await tx.manager.insert(SiteEntity, site);
        await this.milestones.add(tx, site, { command: 'enter' });
        tx.tell(siteSnapshot(site, now));
        const facts = { code: site.code, status: site.status };
        recordChange(tx, now, { action: 'sites:create', entity: site.id, operatorId, facts });
        return { ...showSite(site), warnings: await this.warnings(tx, site) };
      });
    }, isTwin);
  }

  change(id: string, command: ChangeSiteDto): Promise<SiteWithWarningsDto> {
    const columns = columnsOf(command);
    return this.db.write(async (outer) => {
      const seen = await loadSite(outer, id);
      if (command.regionCode && command.regionCode !== seen.regionCode) {
        await checkRegion(outer, command.regionCode);
        tenantOf(seen.operatorId, command.regionCode);
      }
      return withTenant(this.db, seen.operatorId, async (tx) => {
        const former = await loadSite(tx, id, { lock: true });
        checkVersion(former, command.version);
        if (columns.code !== undefined && columns.code !== former.code) {
          await checkCodeIsFree(tx, former.operatorId, columns.code);
        }
        const now = this.clock.now();
        const told = toldAhead(now, columns.timeZone ?? former.timeZone);
        const changes = { ...columns, ...told, version: former.version + 1, updatedAt: now };
        const site = Object.assign(former, changes);
        await tx.manager.update(SiteEntity, { id }, changes);
        tx.tell(siteSnapshot(site, now));
        const { operatorId } = site;
        const facts = { fields: fieldsOf(command) };
        recordChange(tx, now, { action: 'sites:update', entity: id, operatorId, facts });
        return { ...showSite(site), warnings: await this.warnings(tx, site) };
      });
    }, isTwin);
  }

  find(id: string): Promise<SiteWithWarningsDto> {
    return this.db.read(async (tx) => {
      const site = await loadSite(tx, id);
      return { ...showSite(site), warnings: await this.warnings(tx, site) };
    });
  }

  list(query: SitesQuery): Promise<Page<SiteDto>> {
    const after = decodeCursor(query.cursor, 1);
    return this.db.read(async (tx) => {
      const rows = await tx.manager.find(SiteEntity, {
        where: sitesWhere(query, currentActor().siteIds, after && String(after[0])),
        order: { id: 'ASC' },
        take: query.limit + 1,
      });
      return pageOf(rows, query.limit, (row) => [row.id], showSite);
    });
  }

  /** Day by day what the weekly hours, exceptions and holidays come to. */
  hours(id: string, query: HoursQuery): Promise<HoursDto> {
    return this.db.read(async (tx) => {
      const site = await loadSite(tx, id);
      const now = this.clock.now();
      const today = localTimeOf(now, site.timeZone).day;
      const from = query.from ?? today;
      checkFrom(from);
      return {
        timeZone: site.timeZone,
        openNow: isOpenAt(hoursWithHolidays(site, addDays(today, -1), 2), now),
        holidaysKnownUntil: calendarEnd(),
        days: daysOf(site, from, query.days),
      };
    });
  }

  private async warnings(tx: Tx, site: SiteEntity): Promise<Warning[]> {
    const today = localTimeOf(this.clock.now(), site.timeZone).day;
    const kinds = await kindsOffered(tx, site.id);
    const guideline = await guidelineFor(tx, site.regionCode, today);
    return [...siteWarnings({ ...site, kinds }, guideline), ...(await this.offeringsOutside(tx, site))];
  }

  /** Opening hours that shrink leave offerings behind; nothing is refused for it, but nobody should miss it. */
  private async offeringsOutside(tx: Tx, site: SiteEntity): Promise<Warning[]> {
    const offerings = await tx.manager.findBy(OfferingEntity, {
      siteId: site.id,
      active: true,
      delivery: 'on_site',
    });
    return offerings
      .filter((offering) => windowsOutside(offering.schedule, site.openingHours).length > 0)
      .map((offering) => ({
        code: 'offering_outside_opening_hours',
        message: `${offering.code} is scheduled while the site is closed.`,
        mend: "Change the offering's schedule or the opening hours.",
      }));
  }
}

function daysOf(site: SiteEntity, from: Day, days: number): DayHoursDto[] {
  const hours = hoursWithHolidays(site, from, days);
  return Array.from({ length: days }, (_, i) => {
    const day = addDays(from, i);
    const reason = overrideOn(hours.overrides, day)?.reason;
    const named = publicDay(day);
    return {
      day,
      weekday: weekdayOf(day),
      spans: spansOn(hours, day),
      ...(reason !== undefined && { reason }),
      ...(named && { publicDay: named.kind }),
    };
  });
}

function checkFrom(day: Day): void {
  if (isDay(day)) return;
  throw new DomainError('invalid', 'not_a_day', `${day} is not a day of the calendar.`, {
    field: 'from',
    mend: 'Write days as YYYY-MM-DD.',
  });
}

async function checkRegion(tx: Tx, regionCode: string): Promise<void> {
  const fault = regionFault(regionCode, await regionStandings(tx, [regionCode], { lock: true }));
  if (!fault) return;
  throw new DomainError('invalid', 'region_unknown', `${fault.reason}.`, {
    field: 'regionCode',
    mend: fault.mend,
  });
}

async function checkCodeIsFree(tx: Tx, operatorId: string, code: string): Promise<void> {
  const taken = await tx.manager.findOneBy(SiteEntity, { operatorId, code });
  if (!taken) return;
  throw new DomainError('conflict', 'site_code_taken', `The operator has a site ${code} already.`, {
    field: 'code',
    mend: 'Give another code, or change that site.',
    siteId: taken.id,
  });
}

/** Somebody else may have changed the row that a form was filled in from. */
export function checkVersion(row: { version: number }, expected: number | undefined): void {
  if (expected === undefined || expected === row.version) return;
  throw new DomainError(
    'conflict',
    'version_outdated',
    `This was version ${expected}; it is ${row.version} now.`,
    {
      field: 'version',
      mend: 'Read it again and make the change to that.',
      version: row.version,
    },
  );
}
