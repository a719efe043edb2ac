import { Injectable } from '@nestjs/common';
import { Clock, Database, Periodic, type Tx } from '@doorstep/platform';
import { calendarEnd } from './holidays';
import { SiteEntity } from './site.entity';
import { siteSnapshot, toldAhead } from './sites.events';
import { addDays } from './wall-clock';

const HOUR_MS = 3_600_000;
/** Snapshots that tell of fewer days ahead than this are told anew. */
const DAYS_AHEAD_MIN = 200;
const SITES_PER_BATCH = 200;
const BATCHES_MAX = 500;

/**
 * Snapshots tell of exceptions and holidays for some four hundred days. Time passes and the State Council publishes next
 * year's calendar: sites with exceptions or holiday rules are told anew before the others run out of days.
 */
@Injectable()
export class SiteHoursSweeper {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
  ) {}

  @Periodic({ name: 'site-hours', everyMs: HOUR_MS })
  async tellAhead(): Promise<void> {
    for (let i = 0; i < BATCHES_MAX; i++) {
      const told = await this.db.write((tx) => this.batch(tx));
      if (told < SITES_PER_BATCH) return;
    }
  }

  private async batch(tx: Tx): Promise<number> {
    const now = this.clock.now();
    const due = await this.due(tx, now);
    for (const site of due) {
      const changes = { ...toldAhead(now, site.timeZone), version: site.version + 1, updatedAt: now };
      await tx.manager.update(SiteEntity, { id: site.id }, changes);
      tx.tell(siteSnapshot(Object.assign(site, changes), now));
    }
    return due.length;
  }

  private due(tx: Tx, now: Date): Promise<SiteEntity[]> {
    const until = addDays(now.toISOString().slice(0, 10), DAYS_AHEAD_MIN);
    return tx.manager
      .createQueryBuilder(SiteEntity, 's')
      .where(`s.status <> 'closed' AND (s.hours_told_until < :until OR s.calendar_told_until < :calendar)`)
      .andWhere(
        `(s.opening_overrides <> '[]' OR s.on_holiday <> 'as_usual' OR s.on_make_up_workday <> 'as_usual')`,
      )
      .setParameters({ until, calendar: calendarEnd() })
      .orderBy('s.id')
      .limit(SITES_PER_BATCH)
      .setLock('pessimistic_write')
      .setOnLocked('skip_locked')
      .getMany();
  }
}
