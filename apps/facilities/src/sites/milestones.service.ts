import { Injectable } from '@nestjs/common';
import { DomainError, isDay, newId } from '@doorstep/kernel';
import {
  Clock,
  currentActor,
  Database,
  decodeCursor,
  type Page,
  type PageQuery,
  pageOf,
  type Tx,
} from '@doorstep/platform';
import { MoreThan, Not } from 'typeorm';
import { recordChange } from '../changes';
import { withTenant } from '../tenant';
import type { MilestoneDto, RecordMilestoneDto } from './milestones.dto';
import { siteLife } from './site';
import { SiteEntity, SiteMilestoneEntity } from './site.entity';
import type { SiteDto } from './sites.dto';
import { siteSnapshot, toldAhead } from './sites.events';
import { loadSite } from './sites.queries';
import { showSite } from './sites.rows';
import { localTimeOf } from './wall-clock';

/** The life of a site, from plan to closure. */
@Injectable()
export class MilestonesService {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
  ) {}

  record(siteId: string, command: RecordMilestoneDto): Promise<SiteDto> {
    return this.db.write(async (outer) => {
      const { operatorId } = await loadSite(outer, siteId);
      return withTenant(this.db, operatorId, async (tx) => {
        const site = await loadSite(tx, siteId, { lock: true });
        const now = this.clock.now();
        const today = localTimeOf(now, site.timeZone).day;
        checkDay(command.day, today);
        await checkOrder(tx, siteId, command.day ?? today);
        const changes = {
          status: siteLife.next(site.status, command.command),
          ...toldAhead(now, site.timeZone),
          version: site.version + 1,
          updatedAt: now,
        };
        Object.assign(site, changes);
        await tx.manager.update(SiteEntity, { id: siteId }, changes);
        await this.add(tx, site, command);
        tx.tell(siteSnapshot(site, now));
        const facts = { command: command.command, status: site.status };
        recordChange(tx, now, { action: 'sites:record-milestone', entity: siteId, operatorId, facts });
        return showSite(site);
      });
    });
  }

  list(siteId: string, query: PageQuery): Promise<Page<MilestoneDto>> {
    const after = decodeCursor(query.cursor, 1);
    return this.db.read(async (tx) => {
      await loadSite(tx, siteId);
      const rows = await tx.manager.find(SiteMilestoneEntity, {
        where: { siteId, ...(after && { id: MoreThan(String(after[0])) }) },
        order: { id: 'ASC' },
        take: query.limit + 1,
      });
      return pageOf(rows, query.limit, (row) => [row.id], show);
    });
  }

  /** Writes down what happened to a site; its status has been set by the caller. */
  async add(
    tx: Tx,
    site: SiteEntity,
    { command, day, note }: { command: SiteMilestoneEntity['command']; day?: string; note?: string },
  ): Promise<void> {
    const now = this.clock.now();
    await tx.manager.insert(SiteMilestoneEntity, {
      id: newId(),
      operatorId: site.operatorId,
      regionCode: site.regionCode,
      siteId: site.id,
      command,
      status: site.status,
      day: day ?? localTimeOf(now, site.timeZone).day,
      note: note ?? null,
      recordedBy: currentActor().id,
      recordedAt: now,
    });
  }
}

function checkDay(day: string | undefined, today: string): void {
  if (day === undefined || (isDay(day) && day <= today)) return;
  throw new DomainError('invalid', 'milestone_day_invalid', `${day} is no day up to today (${today}).`, {
    field: 'day',
    mend: 'A milestone is recorded once it has happened; give its day as YYYY-MM-DD.',
  });
}

/** A site's life has one direction. How it came into the system is no part of it: its past may be entered afterwards. */
async function checkOrder(tx: Tx, siteId: string, day: string): Promise<void> {
  const [last] = await tx.manager.find(SiteMilestoneEntity, {
    where: { siteId, command: Not('enter') },
    order: { day: 'DESC' },
    take: 1,
  });
  if (!last || last.day <= day) return;
  throw new DomainError(
    'invalid',
    'milestone_before_the_last',
    `${day} lies before ${last.command} (${last.day}).`,
    {
      field: 'day',
      mend: 'Record milestones in the order in which they happened.',
    },
  );
}

function show({ id, command, status, day, note, recordedAt }: SiteMilestoneEntity): MilestoneDto {
  return { id, command, status, day, note, recordedAt };
}
