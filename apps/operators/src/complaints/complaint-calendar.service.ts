import { Injectable } from '@nestjs/common';
import { ComplaintOverdue, type ComplaintSeverity, event } from '@doorstep/contracts';
import type { Day } from '@doorstep/kernel';
import { Clock, Database, Periodic, type Tx } from '@doorstep/platform';
import { Calendar } from '../shared/calendar.service';

export const COMPLAINT_CALENDAR = 'complaint-calendar';
const COMPLAINTS_PER_ROUND = 500;

interface OverdueRow {
  id: string;
  operator_id: string;
  site_id: string;
  severity: ComplaintSeverity;
  answer_by: Day;
  version: number;
}

/** Once a minute: complaints that were not answered in time. */
@Injectable()
export class ComplaintCalendar {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly calendar: Calendar,
  ) {}

  @Periodic({ name: COMPLAINT_CALENDAR, everyMs: 60_000 })
  async turn(): Promise<void> {
    for (;;) {
      const told = await this.db.write((tx) => this.tellOverdue(tx));
      if (told < COMPLAINTS_PER_ROUND) return;
    }
  }

  private async tellOverdue(tx: Tx): Promise<number> {
    const rows = await tx.sql<OverdueRow>(
      `UPDATE complaint SET overdue_since = $1, version = version + 1
       WHERE id IN (SELECT id FROM complaint WHERE status = 'open' AND overdue_since IS NULL AND answer_by < $1
                    ORDER BY id LIMIT $2 FOR UPDATE SKIP LOCKED)
       RETURNING id, operator_id, site_id, severity, answer_by, version`,
      [this.calendar.today(), COMPLAINTS_PER_ROUND],
    );
    const at = this.clock.now().toISOString();
    for (const { id, operator_id, site_id, severity, answer_by, version } of rows) {
      const what = { operatorId: operator_id, complaintId: id, siteId: site_id };
      tx.tell(event(ComplaintOverdue, { ...what, severity, answerBy: answer_by, version, at }));
    }
    return rows.length;
  }
}
