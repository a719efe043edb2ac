import { Injectable } from '@nestjs/common';
import { DomainError, newId, notFound } from '@doorstep/kernel';
import { Clock, currentActor, Database, decodeCursor, type Page, pageOf, type Tx } from '@doorstep/platform';
import { Absences } from '../absences/absences.service';
import { refusalOf } from '../availability/availability';
import { Holds, maySee } from '../bookings/holds.service';
import { CHILDCARE } from '../groups/group';
import { type GroupRow, OFFERING_FOR_GROUP } from '../groups/groups.queries';
import { assertNotPast, Groups } from '../groups/groups.service';
import { assertConsent, checkTerms, patternOf, weekdaysOf } from '../placements/placement';
import { placementBegun } from '../placements/placement.events';
import {
  ACCEPT_OFFER,
  DROP_OFFERED,
  PLACEMENT_FOR_UPDATE,
  type PlacementRow,
} from '../placements/placements.queries';
import type { PlacementDto } from '../placements/placements.dto';
import { showPlacement } from '../placements/placement.view';
import { Places } from '../placements/places.service';
import { refusing } from '../placements/refusals';
import { termsOfDto } from '../placements/terms.dto';
import { localDay } from '../sessions/calendar';
import {
  applicationLife,
  applicationNow,
  type ApplicationStatus,
  assertNotTooLong,
  assertStands,
  checkDates,
  checkDue,
  offerOver,
} from './application';
import type {
  ApplicationDto,
  ApplicationsQuery,
  ApplyDto,
  ChangeApplicationDto,
  OfferPlacesDto,
} from './applications.dto';
import {
  APPLICATION_BY_ID,
  APPLICATION_FOR_UPDATE,
  type ApplicationRow,
  APPLY,
  CHANGE,
  LIST_APPLICATIONS,
  LOCK_GROUP_OF_OFFER,
  QUEUE_LENGTH,
  SETTLE,
} from './applications.queries';
import { Enrolment } from './enrolment.service';

/** Applying for a place, and answering the offer of one. */
@Injectable()
export class Applications {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly groups: Groups,
    private readonly places: Places,
    private readonly enrolment: Enrolment,
    private readonly holds: Holds,
    private readonly absences: Absences,
  ) {}

  apply(command: ApplyDto): Promise<ApplicationDto> {
    const { offeringId, residentId, wishedStart, dueOn, priority } = command;
    const terms = checkTerms(termsOfDto(command));
    if (terms.mode === 'temporary') throw temporaryNotApplied();
    if (priority > 0 && currentActor().kind === 'client') throw priorityNotYours();
    return this.db.write(async (tx) => {
      const [offering] = await tx.sql<GroupRow>(OFFERING_FOR_GROUP, [offeringId]);
      if (!offering || offering.kind !== CHILDCARE || !maySee(offering.siteId))
        throw notFound('offering', offeringId);
      const now = this.clock.now();
      const today = localDay(now, offering.timeZone);
      checkDates(wishedStart, dueOn, today);
      assertConsent(await this.places.child(tx, residentId), today);
      const [queue] = await tx.sql<{ length: number }>(QUEUE_LENGTH, [offeringId]);
      assertNotTooLong(queue?.length ?? 0);
      const id = newId(now.getTime());
      const applied = await tx.sql(APPLY, [
        id,
        offering.operatorId,
        offering.siteId,
        offeringId,
        residentId,
        terms.mode,
        patternOf(terms.pattern),
        terms.contingentMinutes,
        terms.contingentDays,
        wishedStart,
        dueOn,
        priority,
        now,
      ]);
      if (applied.length === 0) throw appliedAlready();
      return this.shown(tx, id);
    });
  }

  find(id: string): Promise<ApplicationDto> {
    return this.db.read((tx) => this.shown(tx, id));
  }

  list({ offeringId, residentId, status, limit, cursor }: ApplicationsQuery): Promise<Page<ApplicationDto>> {
    const [after] = decodeCursor(cursor, 1) ?? [null];
    const { siteIds = null } = currentActor();
    const params = [offeringId ?? null, residentId ?? null, status ?? null, after, limit + 1, siteIds];
    return this.db.read(async (tx) => {
      const rows = await tx.sql<ApplicationRow>(LIST_APPLICATIONS, params);
      return pageOf(
        rows,
        limit,
        (row) => [row.place],
        (row) => this.show(row),
      );
    });
  }

  /** Another priority, or a longer wait. */
  change(id: string, { priority, dueOn }: ChangeApplicationDto): Promise<ApplicationDto> {
    if (priority !== undefined && currentActor().kind === 'client') throw priorityNotYours();
    return this.db.write(async (tx) => {
      const row = await this.lock(tx, id);
      const today = localDay(this.clock.now(), row.timeZone);
      applicationLife.next(this.statusOf(row), 'change');
      if (dueOn !== undefined) checkDue(dueOn, today);
      await tx.sql(CHANGE, [id, priority ?? null, dueOn ?? null]);
      return this.shown(tx, id);
    });
  }

  /** Waits no more; an offer that stands goes to the next. */
  withdraw(id: string): Promise<ApplicationDto> {
    return this.db.write(async (tx) => {
      const row = await this.lock(tx, id);
      const now = this.clock.now();
      const next = applicationLife.next(this.statusOf(row), 'withdraw');
      if (next === 'withdrawn') await tx.sql(SETTLE, [id, next, now]);
      else await this.enrolment.settle(tx, await this.offered(tx, row), 'declined');
      return this.shown(tx, id);
    });
  }

  /** Takes the offered place: from here on the child has it. */
  accept(id: string): Promise<PlacementDto> {
    return this.db.write(async (tx) => {
      const row = await this.lock(tx, id);
      applicationLife.next(row.status, 'accept');
      const now = this.clock.now();
      const offered = await this.offered(tx, row);
      assertStands(offered.acceptBy, now);
      const today = localDay(now, row.timeZone);
      assertConsent(await this.places.child(tx, row.residentId), today);
      if (offered.to <= today) throw offerOver();
      // What the place was offered under may have lapsed since.
      const reasons = await this.places.against(tx, offered, offered.from > today ? offered.from : today);
      if (reasons.length > 0) throw refusalOf(reasons);
      // Days that passed while the family thought it over are nobody's absence.
      await tx.prepared(DROP_OFFERED, [offered.id, today]);
      await this.holds.expireOf(tx, row.residentId);
      const [placed] = await refusing(() => tx.prepared<PlacementRow>(ACCEPT_OFFER, [offered.id, today]));
      await tx.sql(SETTLE, [id, 'accepted', now]);
      tx.tell(placementBegun(placed as PlacementRow, now));
      await this.absences.tellOfOffer(tx, offered.id);
      return showPlacement(placed as PlacementRow, now);
    });
  }

  decline(id: string): Promise<ApplicationDto> {
    return this.db.write(async (tx) => {
      const row = await this.lock(tx, id);
      applicationLife.next(this.statusOf(row), 'decline');
      await this.enrolment.settle(tx, await this.offered(tx, row), 'declined');
      return this.shown(tx, id);
    });
  }

  /** Offers places of a group to the head of the queue. */
  offerPlaces(groupId: string, command: OfferPlacesDto): Promise<PlacementDto[]> {
    return this.db.write(async (tx) => {
      const group = await this.groups.lock(tx, groupId);
      const now = this.clock.now();
      assertNotPast(command.freeFrom, localDay(now, group.timeZone));
      await this.enrolment.expireIn(tx, groupId);
      const made = await this.enrolment.offer(tx, group, command);
      return made.map((row) => showPlacement(row, now));
    });
  }

  private async lock(tx: Tx, id: string): Promise<ApplicationRow> {
    await tx.prepared(LOCK_GROUP_OF_OFFER, [id]);
    const [row] = await tx.prepared<ApplicationRow>(APPLICATION_FOR_UPDATE, [id]);
    if (!row || !maySee(row.siteId)) throw notFound('application', id);
    return row;
  }

  private async offered(tx: Tx, { placementId }: ApplicationRow): Promise<PlacementRow> {
    const [row] = await tx.prepared<PlacementRow>(PLACEMENT_FOR_UPDATE, [placementId]);
    if (!row) throw notFound('placement', String(placementId));
    return row;
  }

  private async shown(tx: Tx, id: string): Promise<ApplicationDto> {
    const [row] = await tx.sql<ApplicationRow>(APPLICATION_BY_ID, [id]);
    if (!row || !maySee(row.siteId)) throw notFound('application', id);
    return this.show(row);
  }

  private statusOf(row: ApplicationRow): ApplicationStatus {
    const now = this.clock.now();
    return applicationNow(row, localDay(now, row.timeZone), now);
  }

  private show(row: ApplicationRow): ApplicationDto {
    const { operatorId: _operator, timeZone: _zone, place: _place, acceptBy: _acceptBy, ...shown } = row;
    const { pattern, position, placementId, ...rest } = shown;
    const status = this.statusOf(row);
    return {
      ...rest,
      pattern: weekdaysOf(pattern),
      status,
      ...(status === 'waiting' && typeof position === 'number' && { position }),
      ...(placementId !== null && { placementId }),
      appliedAt: row.appliedAt.toISOString(),
    };
  }
}

function priorityNotYours(): DomainError {
  return new DomainError('forbidden', 'priority_not_yours', 'A front-end gives no priority.', {
    field: 'priority',
    mend: "Leave priority out; the operator's people may set it.",
  });
}

function temporaryNotApplied(): DomainError {
  return new DomainError('invalid', 'terms_invalid', 'Nobody waits for temporary care.', {
    field: 'mode',
    mend: 'Take the days with POST /v1/placements.',
  });
}

function appliedAlready(): DomainError {
  return new DomainError('conflict', 'applied_already', 'The child waits for this offering already.', {
    mend: 'GET /v1/childcare-applications shows the application.',
  });
}
