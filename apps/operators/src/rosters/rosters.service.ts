import { Injectable } from '@nestjs/common';
import { type Day, DomainError, newId } from '@doorstep/kernel';
import {
  Clock,
  currentActor,
  Database,
  decodeCursor,
  type Page,
  pageOf,
  sqlStateOf,
} from '@doorstep/platform';
import { Calendar } from '../shared/calendar.service';
import type { EndRuleDto } from '../shared/regional-rules.dto';
import { checkOwnSite } from '../sites/own-sites.service';
import { checkedPattern, weekOf } from './roster';
import type {
  EnterShiftDto,
  PatternDto,
  PatternsQuery,
  PlanPatternDto,
  ShiftDto,
  ShiftsQuery,
} from './rosters.dto';
import type { PatternRow, ShiftRow } from './rosters.queries';
import { assertSpan, over, owned, RosterChanges } from './roster-changes.service';

const EXCLUSION_VIOLATION = '23P01';
const SHIFT_HOURS_MAX = 24;
const LIST_DAYS_MAX = 62;
const DAY_MS = 86_400_000;

/** Who works when and where: weekly patterns and shifts of single days. */
@Injectable()
export class RostersService {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly calendar: Calendar,
    private readonly changes: RosterChanges,
  ) {}

  planPattern(command: PlanPatternDto): Promise<PatternDto> {
    const plan = checkedPattern({ ...command, to: command.to ?? null });
    this.assertAhead(plan.from, 'from');
    const week = `{${weekOf(plan)
      .map(([from, to]) => `[${from},${to})`)
      .join(',')}}`;
    return refusingOverlaps(
      this.db.write(async (tx) => {
        const staff = await this.changes.locked(tx, plan.staffId, plan.siteId);
        const [row] = await tx.sql<PatternRow>(
          `INSERT INTO shift_pattern (id, operator_id, staff_id, site_id, purpose, weekdays, starts, ends, week,
             from_day, to_day, made_until, version, created_at)
           VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $10, 1, $12) RETURNING *`,
          [
            newId(),
            staff.operatorId,
            staff.id,
            plan.siteId,
            plan.purpose,
            plan.weekdays,
            plan.starts,
            plan.ends,
            week,
            plan.from,
            plan.to,
            this.clock.now(),
          ],
        );
        await this.changes.done(tx, 'rosters:plan-pattern', row.id, staff);
        return showPattern(row);
      }),
    );
  }

  /** Its shifts from the day on are gone; those before stay. */
  endPattern(id: string, { on }: EndRuleDto): Promise<PatternDto> {
    this.assertAhead(on, 'on');
    return this.db.write(async (tx) => {
      const { staff_id: staffId } = await owned<PatternRow>(tx, 'shift_pattern', 'shift pattern', id);
      const staff = await this.changes.locked(tx, staffId);
      const former = await owned<PatternRow>(tx, 'shift_pattern', 'shift pattern', id);
      checkOwnSite(former.site_id);
      if (on < former.from_day || (former.to_day !== null && on > former.to_day)) {
        throw new DomainError('invalid', 'end_out_of_range', `It can't end on ${on}.`, {
          field: 'on',
          mend: `Choose a day from ${former.from_day} on${former.to_day ? `, up to ${former.to_day}` : ''}.`,
        });
      }
      const [row] = await tx.sql<PatternRow>(
        `UPDATE shift_pattern SET to_day = $2, version = version + 1 WHERE id = $1 RETURNING *`,
        [id, on],
      );
      await tx.sql(`DELETE FROM staff_shift WHERE pattern_id = $1 AND day >= $2`, [id, on]);
      await this.changes.done(tx, 'rosters:end-pattern', id, staff, { on });
      return showPattern(row);
    });
  }

  patterns(query: PatternsQuery): Promise<Page<PatternDto>> {
    const after = decodeCursor(query.cursor, 1);
    return this.db.read(async (tx) => {
      const rows = await tx.sql<PatternRow>(
        `SELECT * FROM shift_pattern
         WHERE ($1::uuid IS NULL OR id > $1) AND ($2::uuid IS NULL OR staff_id = $2)
           AND ($3::uuid IS NULL OR site_id = $3) AND ($4::uuid[] IS NULL OR site_id = ANY ($4))
         ORDER BY id LIMIT $5`,
        [
          after ? String(after[0]) : null,
          query.staffId ?? null,
          query.siteId ?? null,
          currentActor().siteIds ?? null,
          query.limit + 1,
        ],
      );
      return pageOf(rows, query.limit, (row) => [row.id], showPattern);
    });
  }

  enterShift(command: EnterShiftDto): Promise<ShiftDto> {
    const { start, end } = this.changes.spanOf(command, SHIFT_HOURS_MAX * 3_600_000);
    return refusingOverlaps(
      this.db.write(async (tx) => {
        const staff = await this.changes.locked(tx, command.staffId, command.siteId);
        const [row] = await tx.sql<ShiftRow>(
          `INSERT INTO staff_shift (id, operator_id, staff_id, site_id, purpose, day, starts_at, ends_at, created_at)
           SELECT $1, $2, $3, site_id, $5, ($6::timestamptz AT TIME ZONE time_zone)::date, $6, $7, $8
           FROM known_site WHERE site_id = $4 RETURNING *`,
          [
            newId(),
            staff.operatorId,
            staff.id,
            command.siteId,
            command.purpose,
            start,
            end,
            this.clock.now(),
          ],
        );
        await this.changes.done(tx, 'rosters:enter-shift', row.id, staff);
        return showShift(row);
      }),
    );
  }

  cancelShift(id: string): Promise<ShiftDto> {
    return this.db.write(async (tx) => {
      const former = await owned<ShiftRow>(tx, 'staff_shift', 'shift', id);
      const staff = await this.changes.locked(tx, former.staff_id);
      checkOwnSite(former.site_id);
      const [row] = await tx.sql<ShiftRow>(
        `UPDATE staff_shift SET cancelled = true WHERE id = $1 AND NOT cancelled AND ends_at > $2 RETURNING *`,
        [id, this.clock.now()],
      );
      if (!row) throw over('shift');
      await this.changes.done(tx, 'rosters:cancel-shift', id, staff);
      return showShift(row);
    });
  }

  shifts(query: ShiftsQuery): Promise<Page<ShiftDto>> {
    const after = decodeCursor(query.cursor, 2);
    const [from, to] = [new Date(query.from), new Date(query.to)];
    assertSpan(from, to, LIST_DAYS_MAX * DAY_MS);
    return this.db.read(async (tx) => {
      const rows = await tx.sql<ShiftRow>(
        `SELECT * FROM staff_shift
         WHERE starts_at >= $1 AND starts_at < $2 AND ($3::uuid IS NULL OR staff_id = $3)
           AND ($4::uuid IS NULL OR site_id = $4) AND ($5::uuid[] IS NULL OR site_id = ANY ($5))
           AND ($6::timestamptz IS NULL OR (starts_at, id) > ($6, $7::uuid))
         ORDER BY starts_at, id LIMIT $8`,
        [
          from,
          to,
          query.staffId ?? null,
          query.siteId ?? null,
          currentActor().siteIds ?? null,
          after ? String(after[0]) : null,
          after ? String(after[1]) : null,
          query.limit + 1,
        ],
      );
      return pageOf(rows, query.limit, (row) => [row.starts_at.toISOString(), row.id], showShift);
    });
  }

  private assertAhead(day: Day, field: string): void {
    const today = this.calendar.today();
    if (day >= today) return;
    throw new DomainError('invalid', 'day_past', `${day} is past.`, {
      field,
      mend: `Choose ${today} or a later day.`,
    });
  }
}

async function refusingOverlaps<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (sqlStateOf(error) !== EXCLUSION_VIOLATION) throw error;
    throw new DomainError('conflict', 'shift_overlaps', 'They work then already.', {
      mend: 'Cancel the other shift, or end the other pattern, first.',
    });
  }
}

function showPattern(row: PatternRow): PatternDto {
  const { id, weekdays, starts, ends, purpose, version } = row;
  const of = { staffId: row.staff_id, siteId: row.site_id, from: row.from_day, to: row.to_day };
  return { id, ...of, purpose, weekdays, starts, ends, version };
}

function showShift(row: ShiftRow): ShiftDto {
  const { id, day, purpose, cancelled } = row;
  const of = { staffId: row.staff_id, siteId: row.site_id, patternId: row.pattern_id };
  return { id, ...of, purpose, day, start: row.starts_at, end: row.ends_at, cancelled };
}
