import { Injectable } from '@nestjs/common';
import { DomainError, newId, notFound } from '@doorstep/kernel';
import { Clock, currentActor, Database, decodeCursor, type Page, pageOf, type Tx } from '@doorstep/platform';
import { maySee } from '../bookings/holds.service';
import { refusing } from '../placements/refusals';
import { localDay } from '../sessions/calendar';
import { checkSpan } from '../sessions/day-span';
import { standardsFor } from '../standards/standards.queries';
import { assertHours, assertSize, CHILDCARE, placesFree, staffNeeded } from './group';
import type {
  CareGroupDto,
  GroupDayDto,
  GroupDaysDto,
  GroupsQuery,
  OpenGroupDto,
  GroupSizeDto,
} from './groups.dto';
import {
  CLOSE_SESSIONS,
  COUNT_NOW,
  CUT_SIZE,
  DAYS_OF_GROUP,
  DROP_SIZE,
  GROUP_BY_ID,
  type GroupDayRow,
  type GroupRow,
  GROUPS_FOR_UPDATE,
  INSERT_GROUP,
  INSERT_SIZE,
  LIST_GROUPS,
  NEXT_VERSION,
  OFFERING_FOR_GROUP,
} from './groups.queries';

const STAFF_LOAD = 1_000_000_000;

/** Groups of children by age: their hours, places and staff over time. */
@Injectable()
export class Groups {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
  ) {}

  open(command: OpenGroupDto): Promise<CareGroupDto> {
    const { offeringId, name, ageClass, opensAt, noonAt, closesAt, from, places, staff } = command;
    return this.db.write(async (tx) => {
      const [offering] = await tx.sql<GroupRow>(OFFERING_FOR_GROUP, [offeringId]);
      if (!offering || !maySee(offering.siteId)) throw notFound('offering', offeringId);
      if (offering.kind !== CHILDCARE) throw notChildcare();
      assertHours(opensAt, noonAt, closesAt);
      const { operatorId, siteId, regionCode, timeZone } = offering;
      const now = this.clock.now();
      assertNotPast(from, localDay(now, timeZone));
      assertSize(await standardsFor(tx, regionCode), ageClass, places, from);
      const id = newId(now.getTime());
      const row = [
        id,
        operatorId,
        siteId,
        offeringId,
        regionCode,
        name,
        ageClass,
        opensAt,
        noonAt,
        closesAt,
        now,
      ];
      if ((await tx.sql(INSERT_GROUP, row)).length === 0) throw nameTaken(name);
      await tx.sql(INSERT_SIZE, [id, operatorId, from, places, staff]);
      await tx.sql(CLOSE_SESSIONS, [offeringId]);
      return showGroup(await this.group(tx, id));
    });
  }

  /** Places and staff from a day on; fewer are refused while more children are planned. */
  resize(id: string, { from, places, staff }: GroupSizeDto): Promise<CareGroupDto> {
    return this.db.write(async (tx) => {
      const group = await this.lock(tx, id);
      assertNotPast(from, localDay(this.clock.now(), group.timeZone));
      assertSize(await standardsFor(tx, group.regionCode), group.ageClass, places, from);
      await refusing(async () => {
        await tx.sql(DROP_SIZE, [id, from]);
        await tx.sql(CUT_SIZE, [id, from]);
        await tx.sql(INSERT_SIZE, [id, group.operatorId, from, places, staff]);
        await tx.sql(COUNT_NOW);
      });
      await tx.sql(NEXT_VERSION, [id]);
      return showGroup(await this.group(tx, id));
    });
  }

  find(id: string): Promise<CareGroupDto> {
    return this.db.read(async (tx) => showGroup(await this.group(tx, id)));
  }

  list({ siteId, offeringId, limit, cursor }: GroupsQuery): Promise<Page<CareGroupDto>> {
    const [after] = decodeCursor(cursor, 1) ?? [null];
    const { siteIds = null } = currentActor();
    return this.db.read(async (tx) => {
      const params = [siteId ?? null, offeringId ?? null, after, limit + 1, siteIds];
      const rows = await tx.sql<GroupRow>(LIST_GROUPS, params);
      return pageOf(rows, limit, (row) => [row.id], showGroup);
    });
  }

  days(id: string, from: string, to: string): Promise<GroupDaysDto> {
    checkSpan(from, to);
    return this.db.read(async (tx) => {
      await this.group(tx, id);
      const rows = await tx.sql<GroupDayRow>(DAYS_OF_GROUP, [id, from, to]);
      return { items: rows.map(showDay) };
    });
  }

  async group(tx: Tx, id: string): Promise<GroupRow> {
    const [row] = await tx.sql<GroupRow>(GROUP_BY_ID, [id]);
    if (!row || !maySee(row.siteId)) throw notFound('care group', id);
    return row;
  }

  /** Who takes or gives back places of a group is alone in it until the end of the transaction. */
  async lock(tx: Tx, id: string): Promise<GroupRow> {
    const [row] = await tx.prepared<GroupRow>(GROUPS_FOR_UPDATE, [[id]]);
    if (!row || !maySee(row.siteId)) throw notFound('care group', id);
    return row;
  }
}

function showGroup(row: GroupRow): CareGroupDto {
  const { id, siteId, offeringId, name, ageClass, opensAt, noonAt, closesAt, sizes, version } = row;
  return { id, siteId, offeringId, name, ageClass, opensAt, noonAt, closesAt, sizes, version };
}

function showDay(row: GroupDayRow): GroupDayDto {
  const { day, places, claimedMorning, claimedAfternoon, expectedMorning, expectedAfternoon, over } = row;
  return {
    day,
    places,
    staff: Math.round(row.staffLoadMax / STAFF_LOAD),
    staffNeeded: staffNeeded(row),
    claimedMorning,
    claimedAfternoon,
    expectedMorning,
    expectedAfternoon,
    free: placesFree(row),
    over,
  };
}

export function assertNotPast(from: string, today: string): void {
  if (from >= today) return;
  throw new DomainError('invalid', 'day_past', `${from} has passed.`, {
    field: 'from',
    mend: `Give ${today} or a later day.`,
  });
}

function notChildcare(): DomainError {
  return new DomainError('invalid', 'not_childcare', 'Only childcare has groups by age.', {
    field: 'offeringId',
    mend: 'Choose an offering of kind childcare.',
  });
}

function nameTaken(name: string): DomainError {
  return new DomainError('conflict', 'group_exists', `The site has a group ${name} already.`, {
    field: 'name',
    mend: 'Choose another name, or change the size of that group.',
  });
}
