import { Injectable } from '@nestjs/common';
import { AttendanceRecorded, event } from '@doorstep/contracts';
import { DomainError, notFound } from '@doorstep/kernel';
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
import type { AbsenceKind } from '../absences/absence';
import { Groups } from '../groups/groups.service';
import { placementFact } from '../placements/placement.events';
import { BUMP, type PlacementRow } from '../placements/placements.queries';
import { Placements } from '../placements/placements.service';
import { refusing } from '../placements/refusals';
import { ResidentKeys } from '../residents/resident-keys.service';
import { localDay } from '../sessions/calendar';
import { type Standard, standardOn } from '../standards/standard';
import { standardsFor } from '../standards/standards.queries';
import {
  assertMayCheckIn,
  assertMayCheckOut,
  findings,
  type HealthCheck,
  type Outcome,
  stayOf,
} from './attendance';
import type {
  ChildCheckInDto,
  CorrectDayDto,
  DayRecordDto,
  CareRecordDto,
  RosterQuery,
} from './attendance.dto';
import {
  COUNT_AGAIN,
  DAY,
  type DayRow,
  RECORD,
  type RevisionRow,
  REVISIONS,
  ROSTER,
} from './attendance.queries';
import { showDayRecord, showRevision } from './attendance.view';
import { Months } from './months.service';

interface DayRecord {
  outcome: Outcome;
  checkedInAt?: Date;
  checkedOutAt?: Date;
  minutes?: number;
  lateMinutes?: number;
  absenceKind?: AbsenceKind;
  healthSealed?: Buffer;
  reason?: string;
}

/** Who came, with a look at its health, who left and when. What is recorded stays; a correction is a further record. */
@Injectable()
export class AttendanceRecords {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly groups: Groups,
    private readonly placements: Placements,
    private readonly months: Months,
    private readonly keys: ResidentKeys,
  ) {}

  checkIn(
    placementId: string,
    day: string,
    { temperature, symptoms }: ChildCheckInDto,
  ): Promise<DayRecordDto> {
    return this.db.write(async (tx) => {
      const { placement, row, standard } = await this.dayFor(tx, placementId, day);
      this.assertToday(placement, day);
      assertMayCheckIn({ outcome: row.outcome, absent: row.absenceKind !== null });
      const check: HealthCheck = { temperatureTenths: Math.round(temperature * 10), symptoms };
      const found = findings(check, standard);
      const { residentId } = placement;
      const text = JSON.stringify({ temperature, symptoms });
      const healthSealed = await this.keys.sealNote(tx, residentId, `${placementId} ${day}`, text);
      const record: DayRecord =
        found.length > 0
          ? { outcome: 'refused', healthSealed }
          : { outcome: 'checked_in', checkedInAt: this.clock.now(), healthSealed };
      // What was found is not in the answer: answers are remembered for repeats, and health stays under the child's key.
      return this.record(tx, placement, row, record);
    });
  }

  checkOut(placementId: string, day: string): Promise<DayRecordDto> {
    return this.db.write(async (tx) => {
      const { placement, row, standard } = await this.dayFor(tx, placementId, day);
      assertMayCheckOut({ outcome: row.outcome, absent: false });
      const [checkedInAt, checkedOutAt] = [row.checkedInAt as Date, this.clock.now()];
      this.assertToday(placement, day);
      const stay = stayOf(checkedInAt, checkedOutAt, row.endsAt, standard.graceMinutes);
      return this.record(tx, placement, row, { outcome: 'attended', checkedInAt, checkedOutAt, ...stay });
    });
  }

  /** A further record of the day; in a closed month billing is told the difference. */
  correct(placementId: string, day: string, command: CorrectDayDto): Promise<DayRecordDto> {
    return this.db.write(async (tx) => {
      const { placement, row, standard } = await this.dayFor(tx, placementId, day);
      const now = this.clock.now();
      if (day > localDay(now, placement.timeZone)) throw tooEarly(day);
      const { reason } = command;
      const record = correctionOf(command, row, standard, placement.timeZone, now);
      const corrected = await this.record(tx, placement, row, { ...record, reason });
      await this.months.correct(tx, placement, day, reason);
      await tx.sql(COUNT_AGAIN, [placementId, day]);
      return corrected;
    });
  }

  roster(groupId: string, { day, limit, cursor }: RosterQuery): Promise<Page<DayRecordDto>> {
    const [after] = decodeCursor(cursor, 1) ?? [null];
    return this.db.read(async (tx) => {
      await this.groups.group(tx, groupId);
      const rows = await tx.sql<DayRow>(ROSTER, [groupId, day, after, limit + 1]);
      return pageOf(rows, limit, (row) => [row.placementId], showDayRecord);
    });
  }

  /** Every record of a day, with what was found at the door where the child's key still opens it. */
  revisions(placementId: string, day: string, { limit, cursor }: PageQuery): Promise<Page<CareRecordDto>> {
    const [after] = decodeCursor(cursor, 1) ?? [null];
    return this.db.read(async (tx) => {
      const { residentId, regionCode } = await this.placements.one(tx, placementId);
      const standard = standardOn(await standardsFor(tx, regionCode), day);
      const rows = await tx.sql<RevisionRow>(REVISIONS, [placementId, day, after, limit + 1]);
      const opened: [RevisionRow, string | undefined][] = [];
      for (const row of rows) {
        const { healthSealed } = row;
        const context = `${placementId} ${day}`;
        opened.push([
          row,
          healthSealed ? await this.keys.openNote(tx, residentId, context, healthSealed) : undefined,
        ]);
      }
      return pageOf(
        opened,
        limit,
        ([row]) => [row.revision],
        ([row, health]) => showRevision(row, health, standard),
      );
    });
  }

  private async dayFor(
    tx: Tx,
    placementId: string,
    day: string,
  ): Promise<{ placement: PlacementRow; row: DayRow; standard: Standard }> {
    const placement = await this.placements.lock(tx, placementId);
    const [row] = await tx.prepared<DayRow>(DAY, [placementId, day]);
    if (!row) throw notFound('care day', day);
    return { placement, row, standard: standardOn(await standardsFor(tx, placement.regionCode), day) };
  }

  private async record(
    tx: Tx,
    placement: PlacementRow,
    row: DayRow,
    record: DayRecord,
  ): Promise<DayRecordDto> {
    const now = this.clock.now();
    const { outcome, checkedInAt, checkedOutAt, minutes = 0, lateMinutes = 0 } = record;
    const { day } = row;
    const revision = row.revision + 1;
    await refusing(() =>
      tx.prepared(RECORD, [
        placement.id,
        day,
        revision,
        placement.operatorId,
        placement.groupId,
        outcome,
        checkedInAt ?? null,
        checkedOutAt ?? null,
        minutes,
        lateMinutes,
        record.absenceKind ?? null,
        record.healthSealed ?? null,
        record.reason !== undefined,
        record.reason ?? null,
        currentActor().id,
        now,
      ]),
    );
    const [told] = await tx.prepared<PlacementRow>(BUMP, [placement.id]);
    tx.tell(
      event(AttendanceRecorded, {
        ...placementFact(told as PlacementRow, now),
        day,
        outcome,
        revision,
        ...(checkedInAt && { checkedInAt: checkedInAt.toISOString() }),
        ...(checkedOutAt && { checkedOutAt: checkedOutAt.toISOString() }),
        minutes,
        latePickupMinutes: lateMinutes,
        corrected: record.reason !== undefined,
      }),
    );
    const [recorded] = await tx.prepared<DayRow>(DAY, [placement.id, day]);
    return showDayRecord(recorded as DayRow);
  }

  private assertToday({ timeZone }: PlacementRow, day: string): void {
    const today = localDay(this.clock.now(), timeZone);
    if (day === today) return;
    throw new DomainError('conflict', 'not_today', `Today is ${today}.`, {
      field: 'day',
      mend: day > today ? 'Wait for the day.' : 'Use POST …/correction for a day that has passed.',
    });
  }
}

function correctionOf(
  { outcome, checkedInAt, checkedOutAt, absenceKind }: CorrectDayDto,
  row: DayRow,
  { graceMinutes }: Standard,
  timeZone: string,
  now: Date,
): DayRecord {
  if (outcome === 'absent') {
    if (absenceKind === undefined || checkedInAt !== undefined || checkedOutAt !== undefined)
      throw incomplete('absenceKind', 'An absence has its kind and no times.');
    return { outcome, absenceKind };
  }
  if (checkedInAt === undefined || checkedOutAt === undefined || absenceKind !== undefined)
    throw incomplete('checkedOutAt', 'A stay has both of its times and no kind of absence.');
  const [from, to] = [new Date(checkedInAt), new Date(checkedOutAt)];
  if (localDay(from, timeZone) !== row.day || to > now)
    throw incomplete('checkedInAt', 'A stay begins on its day and has ended.');
  const stay = stayOf(from, to, row.endsAt, graceMinutes);
  return { outcome, checkedInAt: from, checkedOutAt: to, ...stay };
}

function incomplete(field: string, reason: string): DomainError {
  return new DomainError('invalid', 'correction_invalid', reason, {
    field,
    mend: 'Correct the field and try again.',
  });
}

function tooEarly(day: string): DomainError {
  return new DomainError('conflict', 'too_early', `${day} has not begun.`, {
    field: 'day',
    mend: 'Wait for the day.',
  });
}
