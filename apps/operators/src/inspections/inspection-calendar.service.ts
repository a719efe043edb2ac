import { Injectable } from '@nestjs/common';
import { event, FindingOverdue, type FindingSeverity } from '@doorstep/contracts';
import type { Day } from '@doorstep/kernel';
import { Clock, Database, Periodic, type Tx } from '@doorstep/platform';
import { Calendar } from '../shared/calendar.service';
import { SiteRatings } from './site-ratings.service';

export const INSPECTION_CALENDAR = 'inspection-calendar';
const FINDINGS_PER_ROUND = 500;

interface OverdueRow {
  id: string;
  operator_id: string;
  site_id: string;
  severity: FindingSeverity;
  rectify_by: Day;
  version: number;
}

/** Once a minute: findings whose time is over, and stars that a new day has changed. */
@Injectable()
export class InspectionCalendar {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly calendar: Calendar,
    private readonly ratings: SiteRatings,
  ) {}

  @Periodic({ name: INSPECTION_CALENDAR, everyMs: 60_000 })
  async turn(): Promise<void> {
    for (;;) {
      const told = await this.db.write((tx) => this.tellOverdue(tx));
      if (told < FINDINGS_PER_ROUND) break;
    }
    await this.ratings.turn();
  }

  private async tellOverdue(tx: Tx): Promise<number> {
    const rows = await tx.sql<OverdueRow>(
      `UPDATE finding SET overdue_since = $1, version = version + 1
       WHERE id IN (SELECT id FROM finding WHERE status = 'open' AND overdue_since IS NULL AND rectify_by < $1
                    ORDER BY id LIMIT $2 FOR UPDATE SKIP LOCKED)
         AND status = 'open'
       RETURNING id, operator_id, site_id, severity, rectify_by, version`,
      [this.calendar.today(), FINDINGS_PER_ROUND],
    );
    const at = this.clock.now().toISOString();
    for (const { id, operator_id, site_id, severity, rectify_by, version } of rows) {
      const what = { operatorId: operator_id, findingId: id, siteId: site_id };
      tx.tell(event(FindingOverdue, { ...what, severity, rectifyBy: rectify_by, version, at }));
    }
    return rows.length;
  }
}
