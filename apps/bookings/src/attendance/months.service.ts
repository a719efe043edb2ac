import { Injectable } from '@nestjs/common';
import { event, MonthAttendanceClosed, MonthAttendanceCorrected } from '@doorstep/contracts';
import { DomainError } from '@doorstep/kernel';
import { Clock, currentActor, Database, type Tx } from '@doorstep/platform';
import type { Standing } from '../availability/availability';
import { Groups } from '../groups/groups.service';
import { plannedDays } from '../placements/placement';
import { contingentOf, placementFact } from '../placements/placement.events';
import { BUMP, PLACE_STANDING, type PlacementRow } from '../placements/placements.queries';
import { spanOfMonth, workdaysOf } from '../placements/workdays';
import { ResidentNames } from '../residents/resident-names.service';
import { localDay } from '../sessions/calendar';
import { deltaOf, isNothing, type Totals, totalsOf } from './attendance';
import { DAYS_IN_GROUP, DAYS_OF_ONE, type DayRow } from './attendance.queries';
import type { AttendanceSheetDto, AttendanceLineDto } from './months.dto';
import {
  CLOSE_MONTH,
  INSERT_LINE,
  LINE_OF,
  type LineRow,
  LINES,
  MONTH,
  type MonthRow,
  PLACEMENTS_OF_MONTH,
} from './months.queries';
import { counts, marksOf } from './sheet';

/** The monthly attendance sheet of a group: open until the month is told to billing, then changed by differences alone. */
@Injectable()
export class Months {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly groups: Groups,
    private readonly names: ResidentNames,
  ) {}

  sheet(groupId: string, month: string): Promise<AttendanceSheetDto> {
    return this.db.read(async (tx) => {
      const group = await this.groups.group(tx, groupId);
      const { from, to } = spanOfMonth(month);
      const today = localDay(this.clock.now(), group.timeZone);
      const placements = await tx.sql<PlacementRow>(PLACEMENTS_OF_MONTH, [groupId, from, to]);
      const days = byPlacement(await tx.sql<DayRow>(DAYS_IN_GROUP, [groupId, from, to]));
      const [closed] = await tx.sql<MonthRow>(MONTH, [groupId, from]);
      const lines = new Map(
        (await tx.sql<LineRow>(LINES, [groupId, from])).map((line) => [line.placementId, line]),
      );
      const names = await this.names.masked(
        tx,
        placements.map(({ residentId }) => residentId),
      );
      const workdays = workdaysOf(month);
      const items = placements.map((placement): AttendanceLineDto => {
        const own = days.get(placement.id) ?? [];
        const line = lines.get(placement.id);
        const totals = line?.totals ?? totalsOf(own.filter((day) => counts(day, today)));
        const name = names.get(placement.residentId);
        return {
          placementId: placement.id,
          residentId: placement.residentId,
          ...(name !== undefined && { name }),
          mode: placement.mode,
          from: placement.from,
          to: placement.to,
          revision: line?.revision ?? 0,
          patternDays: line?.patternDays ?? patternDaysOf(placement, month),
          totals,
          attendedHalf: totals.daysAttended * 2 >= workdays,
          marks: marksOf(month, own, today),
        };
      });
      return {
        groupId,
        month,
        workdays,
        closed: closed !== undefined,
        ...(closed && { closedAt: closed.closedAt.toISOString() }),
        items,
      };
    });
  }

  /** Locks the month and tells billing each placement of it. The sheet has names, which no remembered answer keeps. */
  async close(groupId: string, month: string): Promise<AttendanceSheetDto> {
    await this.db.write(async (tx) => {
      const group = await this.groups.lock(tx, groupId);
      const now = this.clock.now();
      const { from, to } = spanOfMonth(month);
      if (localDay(now, group.timeZone) < to) throw notOver(month, to);
      const days = await tx.sql<DayRow>(DAYS_IN_GROUP, [groupId, from, to]);
      const inside = days.filter(({ outcome }) => outcome === 'checked_in');
      if (inside.length > 0) throw notCheckedOut(inside);
      const row = [groupId, from, group.operatorId, now, currentActor().id];
      if ((await tx.sql(CLOSE_MONTH, row)).length === 0) throw closedAlready(month);
      const counted = byPlacement(days);
      for (const placement of await tx.sql<PlacementRow>(PLACEMENTS_OF_MONTH, [groupId, from, to])) {
        await this.tellClosed(tx, placement, month, totalsOf(counted.get(placement.id) ?? []));
      }
    });
    return this.sheet(groupId, month);
  }

  /** A day of a closed month was corrected: its line follows, and billing hears the difference. */
  async correct(tx: Tx, placement: PlacementRow, day: string, reason: string): Promise<void> {
    const month = day.slice(0, 7);
    const { from, to } = spanOfMonth(month);
    const [former] = await tx.sql<LineRow>(LINE_OF, [placement.id, from]);
    if (!former) return;
    const totals = totalsOf(await tx.sql<DayRow>(DAYS_OF_ONE, [placement.id, from, to]));
    const delta = deltaOf(former.totals, totals);
    if (isNothing(delta)) return;
    const line = { ...former, revision: former.revision + 1, totals };
    const fact = await this.addLine(tx, placement, month, line, reason);
    tx.tell(event(MonthAttendanceCorrected, { ...fact, delta, reason }));
  }

  private async tellClosed(tx: Tx, placement: PlacementRow, month: string, totals: Totals): Promise<void> {
    const { from } = spanOfMonth(month);
    const day = placement.from > from ? placement.from : from;
    // A site may have passed to another contract since the placement began.
    const [standing] = await tx.prepared<Standing>(PLACE_STANDING, [placement.groupId, day, placement.mode]);
    const line: LineRow = {
      placementId: placement.id,
      contractId: standing?.contractId ?? placement.contractId,
      revision: 1,
      workdays: workdaysOf(month),
      patternDays: patternDaysOf(placement, month),
      totals,
    };
    tx.tell(event(MonthAttendanceClosed, await this.addLine(tx, placement, month, line, null)));
  }

  private async addLine(
    tx: Tx,
    placement: PlacementRow,
    month: string,
    line: LineRow,
    reason: string | null,
  ): Promise<MonthAttendanceClosed> {
    const now = this.clock.now();
    const { contractId, revision, workdays, patternDays, totals } = line;
    const { id, operatorId, groupId } = placement;
    await tx.sql(INSERT_LINE, [
      id,
      spanOfMonth(month).from,
      revision,
      operatorId,
      groupId,
      contractId,
      workdays,
      patternDays,
      JSON.stringify(totals),
      reason,
      now,
    ]);
    const [told] = await tx.prepared<PlacementRow>(BUMP, [id]);
    return {
      ...placementFact(told as PlacementRow, now),
      ...contingentOf(placement),
      contractId,
      month,
      revision,
      workdays,
      patternDays,
      totals,
    };
  }
}

/** Days that the pattern has in the whole month, whenever the placement began or ended. */
function patternDaysOf(placement: PlacementRow, month: string): number {
  const { from, to } = spanOfMonth(month);
  return plannedDays(placement.pattern, placement, from, to).length;
}

function byPlacement(rows: readonly DayRow[]): Map<string, DayRow[]> {
  const grouped = new Map<string, DayRow[]>();
  for (const row of rows) {
    const own = grouped.get(row.placementId);
    if (own) own.push(row);
    else grouped.set(row.placementId, [row]);
  }
  return grouped;
}

function notOver(month: string, to: string): DomainError {
  return new DomainError('conflict', 'month_not_over', `${month} is not over.`, {
    mend: `Close it on ${to} or later.`,
  });
}

function notCheckedOut(inside: readonly DayRow[]): DomainError {
  return new DomainError('conflict', 'children_not_checked_out', 'Somebody was checked in and never out.', {
    mend: 'Correct these days first.',
    days: inside.slice(0, 50).map(({ placementId, day }) => ({ placementId, day })),
  });
}

function closedAlready(month: string): DomainError {
  return new DomainError('conflict', 'month_closed', `${month} is closed already.`, {
    mend: 'Correct single days: each is told to billing as a difference.',
  });
}
