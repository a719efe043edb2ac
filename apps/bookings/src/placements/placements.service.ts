import { Injectable } from '@nestjs/common';
import { DomainError, namedDay, notFound } from '@doorstep/kernel';
import { Clock, currentActor, Database, decodeCursor, type Page, pageOf, type Tx } from '@doorstep/platform';
import { maySee } from '../bookings/holds.service';
import { ANSWER_HOURS, Enrolment } from '../enrolment/enrolment.service';
import { type GroupRow, GROUPS_FOR_UPDATE } from '../groups/groups.queries';
import { assertNotPast, Groups } from '../groups/groups.service';
import { addDays, localDay } from '../sessions/calendar';
import { checkSpan } from '../sessions/day-span';
import { checkTerms, dayOfPart } from './placement';
import { placementEnded } from './placement.events';
import { showCareDay, showPlacement } from './placement.view';
import type {
  CareDaysDto,
  ChangePlacementDto,
  EndPlacementDto,
  PlacementDto,
  PlacementsQuery,
  TakeDaysDto,
} from './placements.dto';
import {
  type CareDayRow,
  DAYS_OF_PLACEMENT,
  DROP_DAYS_FROM,
  END_PLACEMENT,
  LIST_PLACEMENTS,
  PLACEMENT_BY_ID,
  PLACEMENT_FOR_UPDATE,
  type PlacementRow,
} from './placements.queries';
import { Places } from './places.service';
import { refusing } from './refusals';
import { termsOfDto } from './terms.dto';

const TEMPORARY_SPAN_DAYS_MAX = 31;

/** Children's places: taken for some days, changed, ended. Standing ones begin with an application. */
@Injectable()
export class Placements {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly groups: Groups,
    private readonly places: Places,
    private readonly enrolment: Enrolment,
  ) {}

  /** Temporary care: some days, out of what is left or of the places of absent children. */
  takeDays({ groupId, residentId, days, part }: TakeDaysDto): Promise<PlacementDto> {
    return this.db.write(async (tx) => {
      const group = await this.groups.group(tx, groupId);
      const now = this.clock.now();
      const sorted = [...days].sort();
      const [first, last] = [sorted[0] as string, sorted.at(-1) as string];
      assertNotPast(first, localDay(now, group.timeZone));
      if (addDays(first, TEMPORARY_SPAN_DAYS_MAX) <= last) throw tooFarApart();
      const holiday = sorted.find((day) => namedDay(day) === 'holiday');
      if (holiday) throw closedOn(holiday);
      const prepared = await this.places.prepare(tx, group, {
        residentId,
        terms: { mode: 'temporary', pattern: [], contingentMinutes: null, contingentDays: null },
        from: first,
        to: addDays(last, 1),
        days: sorted.map((day) => dayOfPart(day, part, group)),
        acceptBy: null,
        applicationId: null,
        continues: null,
      });
      await this.enrolment.expireIn(tx, groupId);
      // Both travel together; what is written sees what was committed before the group was locked.
      const [, placed] = await Promise.all([
        this.groups.lock(tx, groupId),
        this.places.write(tx, group, prepared),
      ]);
      return showPlacement(placed, now);
    });
  }

  /** Other terms or another group from a day on: the placement goes on as a new one. */
  change(id: string, command: ChangePlacementDto): Promise<PlacementDto> {
    const { from, groupId } = command;
    const terms = checkTerms(termsOfDto(command));
    if (terms.mode === 'temporary') throw notTemporary();
    return this.db.write(async (tx) => {
      const former = await this.lock(tx, id, groupId);
      const now = this.clock.now();
      assertStanding(former);
      if (former.mode === 'temporary') throw notTemporary();
      assertNotPast(from, localDay(now, former.timeZone));
      if (from <= former.from || from > former.to) throw outside(former);
      const group = await this.groups.group(tx, groupId ?? former.groupId);
      if (group.operatorId !== former.operatorId) throw notFound('care group', group.id);
      await this.cut(tx, former, from, 'changed');
      const placed = await this.places.give(tx, group, {
        residentId: former.residentId,
        terms,
        from,
        to: null,
        acceptBy: null,
        applicationId: former.applicationId,
        continues: id,
      });
      return showPlacement(placed, now);
    });
  }

  /** No place from a day on; what comes free is offered to who waits. */
  end(id: string, { on, reason }: EndPlacementDto): Promise<PlacementDto> {
    return this.db.write(async (tx) => {
      const row = await this.lock(tx, id);
      const now = this.clock.now();
      assertTaken(row);
      assertNotPast(on, localDay(now, row.timeZone));
      if (on < row.from || on >= row.to) throw outside(row);
      const ended = await this.cut(tx, row, on, reason);
      const [group] = await tx.prepared<GroupRow>(GROUPS_FOR_UPDATE, [[row.groupId]]);
      if (row.mode !== 'temporary')
        await this.enrolment.offer(tx, group as GroupRow, {
          freeFrom: on,
          offers: 1,
          answerHours: ANSWER_HOURS,
        });
      return showPlacement(ended, now);
    });
  }

  find(id: string): Promise<PlacementDto> {
    return this.db.read(async (tx) => showPlacement(await this.one(tx, id), this.clock.now()));
  }

  list({ limit, cursor, ...filters }: PlacementsQuery): Promise<Page<PlacementDto>> {
    const [after] = decodeCursor(cursor, 1) ?? [null];
    const { siteIds = null } = currentActor();
    return this.db.read(async (tx) => {
      const params = [JSON.stringify(filters), after, limit + 1, siteIds];
      const rows = await tx.sql<PlacementRow>(LIST_PLACEMENTS, params);
      const now = this.clock.now();
      return pageOf(
        rows,
        limit,
        (row) => [row.id],
        (row) => showPlacement(row, now),
      );
    });
  }

  days(id: string, from: string, to: string): Promise<CareDaysDto> {
    checkSpan(from, to);
    return this.db.read(async (tx) => {
      await this.one(tx, id);
      const rows = await tx.sql<CareDayRow>(DAYS_OF_PLACEMENT, [id, from, to]);
      return { items: rows.map(showCareDay) };
    });
  }

  async one(tx: Tx, id: string): Promise<PlacementRow> {
    const [row] = await tx.prepared<PlacementRow>(PLACEMENT_BY_ID, [id]);
    if (!row || !maySee(row.siteId)) throw notFound('placement', id);
    return row;
  }

  /** Locks the groups that are touched, in their order, and then the placement. */
  async lock(tx: Tx, id: string, otherGroupId?: string): Promise<PlacementRow> {
    const seen = await this.one(tx, id);
    await tx.prepared(GROUPS_FOR_UPDATE, [[seen.groupId, ...(otherGroupId ? [otherGroupId] : [])]]);
    const [row] = await tx.prepared<PlacementRow>(PLACEMENT_FOR_UPDATE, [id]);
    return row as PlacementRow;
  }

  private async cut(tx: Tx, row: PlacementRow, on: string, reason: string): Promise<PlacementRow> {
    const [ended] = await refusing(async () => {
      await tx.prepared(DROP_DAYS_FROM, [row.id, on]);
      return tx.prepared<PlacementRow>(END_PLACEMENT, [row.id, on, reason]);
    });
    tx.tell(placementEnded(ended as PlacementRow, this.clock.now()));
    return ended as PlacementRow;
  }
}

export function assertStanding({ status }: PlacementRow): void {
  if (status === 'standing') return;
  throw new DomainError('conflict', `placement_${status}`, `The placement is ${status}.`, {
    mend: status === 'offered' ? 'Accept the offer first.' : 'Apply for a new place.',
  });
}

/** A place that was taken up, also when its end is settled already. */
export function assertTaken(row: PlacementRow): void {
  if (row.status !== 'ended') assertStanding(row);
}

function outside({ from, to }: PlacementRow): DomainError {
  return new DomainError(
    'invalid',
    'outside_placement',
    `The placement lasts from ${from} until before ${to}.`,
    {
      field: 'from',
      mend: 'Choose a day within it.',
    },
  );
}

function notTemporary(): DomainError {
  return new DomainError('invalid', 'terms_invalid', 'Temporary days are taken as they are.', {
    field: 'mode',
    mend: 'End these days and take others with POST /v1/placements.',
  });
}

function tooFarApart(): DomainError {
  return new DomainError('invalid', 'days_too_far_apart', 'Temporary days lie within a month.', {
    field: 'days',
    mend: 'Take them in parts.',
  });
}

export function closedOn(day: string): DomainError {
  return new DomainError('conflict', 'closed', `${day} is a public holiday.`, {
    mend: 'Choose another day.',
  });
}
