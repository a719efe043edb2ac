import { Injectable } from '@nestjs/common';
import { CertificateDue, event } from '@doorstep/contracts';
import type { Day } from '@doorstep/kernel';
import { Clock, Database, Periodic, type Tx } from '@doorstep/platform';
import { daysBetween, type Reminder, reminderDue } from '../licences/standing';
import { Calendar } from '../shared/calendar.service';
import { CERTIFICATE_REPLACED } from './certificates.service';
import { staffToLookAt } from './staff-news.queries';
import { StaffNews } from './staff-news.service';

export const STAFF_CALENDAR = 'staff-calendar';
const STAFF_PER_ROUND = 200;

interface DueRow {
  id: string;
  operator_id: string;
  staff_id: string;
  type: string;
  valid_to: Day;
  version: number;
  last: Reminder | null;
}

/** Once a minute: whose skills a new day has changed, whose roster has to reach further, whose papers run out. */
@Injectable()
export class StaffCalendar {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly calendar: Calendar,
    private readonly news: StaffNews,
  ) {}

  @Periodic({ name: STAFF_CALENDAR, everyMs: 60_000 })
  async turn(): Promise<void> {
    for (;;) {
      const staffIds = await this.db.read((tx) => staffToLookAt(tx, this.calendar.today(), STAFF_PER_ROUND));
      if (staffIds.length === 0) break;
      await this.db.write((tx) => this.news.refresh(tx, staffIds));
    }
    await this.db.write((tx) => this.remind(tx));
  }

  private async remind(tx: Tx): Promise<void> {
    const today = this.calendar.today();
    const rows = await tx.sql<DueRow>(
      `SELECT c.*, (SELECT min(r.reminder) FROM staff_certificate_reminder r WHERE r.certificate_id = c.id) AS last
       FROM staff_certificate c JOIN staff s ON s.id = c.staff_id
       WHERE s.active AND c.valid_to BETWEEN $1::date - 90 AND $1::date + 90 AND c.revoked_on IS NULL
         AND NOT ${CERTIFICATE_REPLACED}
       ORDER BY c.valid_to, c.id`,
      [today],
    );
    const due = rows.flatMap((row) => {
      const reminder = reminderDue(row.valid_to, today);
      const again = row.last !== null && reminder !== undefined && row.last <= reminder;
      return reminder === undefined || again ? [] : [{ ...row, reminder }];
    });
    const at = this.clock.now();
    await tx.sql(
      `INSERT INTO staff_certificate_reminder (certificate_id, operator_id, reminder, told_at)
       SELECT id, operator_id, reminder, $2
       FROM json_to_recordset($1::json) AS due (id uuid, operator_id uuid, reminder int)`,
      [JSON.stringify(due), at],
    );
    for (const { id, operator_id, staff_id, type, valid_to, version, reminder } of due) {
      const whose = { operatorId: operator_id, certificateId: id, staffId: staff_id, certificateType: type };
      const left = { validTo: valid_to, daysLeft: daysBetween(today, valid_to), reminder };
      tx.tell(event(CertificateDue, { ...whose, ...left, version, at: at.toISOString() }));
    }
  }
}
