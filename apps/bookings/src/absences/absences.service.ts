import { Injectable } from '@nestjs/common';
import { AbsenceRecorded, event } from '@doorstep/contracts';
import { DomainError, newId } from '@doorstep/kernel';
import { Clock, currentActor, Database, type Tx } from '@doorstep/platform';
import { type ClosedSpan, Closures } from '../closures/closures.service';
import type { CloseGroupDto, GroupClosedDto } from '../groups/groups.dto';
import type { GroupRow } from '../groups/groups.queries';
import { Groups } from '../groups/groups.service';
import { placementFact } from '../placements/placement.events';
import {
  BUMP,
  type CareDayRow,
  DAYS_OF_PLACEMENT,
  PLACEMENT_FOR_UPDATE,
  type PlacementRow,
} from '../placements/placements.queries';
import { assertTaken, Placements } from '../placements/placements.service';
import { refusing } from '../placements/refusals';
import { addDays, localDay } from '../sessions/calendar';
import { type Standard, standardOn } from '../standards/standard';
import { standardsFor } from '../standards/standards.queries';
import { type AbsenceKind, checkAbsenceSpan, givesBack, kindOn, noticeHoursOf } from './absence';
import type { AbsenceDto, TellAbsenceDto } from './absences.dto';
import {
  ABSENCES_OF,
  type AbsenceOfOffer,
  type AbsentDay,
  GROUPS_AT,
  INSERT_ABSENCE,
  MARK_ABSENT,
  PLACED_IN,
} from './absences.queries';

interface Span {
  kind: AbsenceKind;
  from: string;
  to: string;
}

/** Planned days on which children don't come: told by families, or caused by the site. */
@Injectable()
export class Absences {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly groups: Groups,
    private readonly placements: Placements,
    closures: Closures,
  ) {
    closures.onClosed((tx, closed) => this.closeSite(tx, closed));
  }

  tell(placementId: string, command: TellAbsenceDto): Promise<AbsenceDto> {
    return this.db.write(async (tx) => {
      const row = await this.placements.lock(tx, placementId);
      assertTaken(row);
      checkAbsenceSpan(command.from, command.to, localDay(this.clock.now(), row.timeZone));
      const standards = await standardsFor(tx, row.regionCode);
      const told = await this.mark(tx, row, standards, command, ({ absenceKind }) => absenceKind === null);
      if (told) return told;
      throw new DomainError('conflict', 'nothing_planned', 'The child is not planned on any of these days.', {
        field: 'from',
        mend: 'GET /v1/placements/{id}/days shows what is planned.',
      });
    });
  }

  /** Nobody comes: what families had told before gives way, for it isn't their doing any more. */
  closeGroup(groupId: string, command: CloseGroupDto): Promise<GroupClosedDto> {
    return this.db.write(async (tx) => {
      const group = await this.groups.lock(tx, groupId);
      checkAbsenceSpan(command.from, command.to, localDay(this.clock.now(), group.timeZone));
      return this.closeDays(tx, group, command, ({ absenceKind }) => absenceKind !== command.kind);
    });
  }

  /** Days that were closed while the place was on offer: nobody heard of them before it was taken. */
  async tellOfOffer(tx: Tx, placementId: string): Promise<void> {
    for (const absence of await tx.sql<AbsenceOfOffer>(ABSENCES_OF, [placementId]))
      await this.tellOf(tx, placementId, absence);
  }

  /** A closure of the whole site, or of what it offers: days that it touches. */
  private async closeSite(tx: Tx, { siteId, offeringId, from, to }: ClosedSpan): Promise<void> {
    for (const { id } of await tx.sql<{ id: string }>(GROUPS_AT, [siteId, offeringId])) {
      const group = await this.groups.lock(tx, id);
      const span = {
        kind: 'closure' as const,
        from: localDay(from, group.timeZone),
        to: addDays(localDay(to, group.timeZone), 1),
      };
      const touched = ({ absenceKind, beginsAt, endsAt }: CareDayRow): boolean =>
        absenceKind !== 'closure' && absenceKind !== 'force_majeure' && beginsAt < to && endsAt > from;
      await this.closeDays(tx, group, span, touched);
    }
  }

  private async closeDays(
    tx: Tx,
    group: GroupRow,
    span: Span,
    touches: (day: CareDayRow) => boolean,
  ): Promise<GroupClosedDto> {
    const standards = await standardsFor(tx, group.regionCode);
    const closed: GroupClosedDto = { children: 0, days: 0 };
    for (const { id } of await tx.sql<{ id: string }>(PLACED_IN, [group.id, span.from, span.to])) {
      const [row] = await tx.prepared<PlacementRow>(PLACEMENT_FOR_UPDATE, [id]);
      const told = await this.mark(tx, row as PlacementRow, standards, span, touches);
      if (told) closed.children += 1;
      closed.days += told?.days.length ?? 0;
    }
    return closed;
  }

  /** Undefined: none of the days is there to be marked. Days that were recorded stay as they were. */
  private async mark(
    tx: Tx,
    row: PlacementRow,
    standards: readonly Standard[],
    { kind, from, to }: Span,
    touches: (day: CareDayRow) => boolean,
  ): Promise<AbsenceDto | undefined> {
    const now = this.clock.now();
    const planned = await tx.prepared<CareDayRow>(DAYS_OF_PLACEMENT, [row.id, from, to]);
    const days = planned
      .filter((day) => day.outcome === null && touches(day))
      .map((day): AbsentDay => {
        const noticeHours = noticeHoursOf(now, day.beginsAt);
        const { noticeHours: least } = standardOn(standards, day.day);
        return { day: day.day, kind: kindOn(kind, noticeHours, least), noticeHours };
      });
    if (days.length === 0) return undefined;
    const id = newId(now.getTime());
    await tx.sql(INSERT_ABSENCE, [id, row.operatorId, row.id, kind, from, to, now, currentActor().id]);
    const marked = days.map((day) => ({ ...day, givesBack: givesBack(day.kind) }));
    await refusing(() => tx.prepared(MARK_ABSENT, [row.id, id, JSON.stringify(marked)]));
    if (row.status !== 'offered') await this.tellOf(tx, row.id, { absenceId: id, days });
    return { id, placementId: row.id, days };
  }

  private async tellOf(tx: Tx, placementId: string, { absenceId, days }: AbsenceOfOffer): Promise<void> {
    const [told] = await tx.prepared<PlacementRow>(BUMP, [placementId]);
    const fact = placementFact(told as PlacementRow, this.clock.now());
    tx.tell(event(AbsenceRecorded, { ...fact, absenceId, days }));
  }
}
