import { Injectable } from '@nestjs/common';
import { DomainError, newId, notFound } from '@doorstep/kernel';
import { Clock, type Tx } from '@doorstep/platform';
import { againstStanding, type Reason, refusalOf, type Standing } from '../availability/availability';
import { needsPresence } from '../bookings/booking';
import { Holds } from '../bookings/holds.service';
import { BookingsConfig } from '../config';
import { CHILDCARE } from '../groups/group';
import { type GroupRow, GROUPS_FOR_UPDATE } from '../groups/groups.queries';
import { localDay } from '../sessions/calendar';
import { standardsFor } from '../standards/standards.queries';
import { assertNotMerged } from '../residents/merged.queries';
import { assertConsent, patternOf, plannedDays, type PlannedDay, type Terms, termOf } from './placement';
import { placementBegun } from './placement.events';
import {
  CHILD,
  type ChildRow,
  INSERT_DAYS,
  INSERT_PLACEMENT,
  PLACE_STANDING,
  type PlacementRow,
} from './placements.queries';
import { refusing } from './refusals';

const FIRST_DAYS = 5;

export interface PlaceCommand {
  residentId: string;
  terms: Terms;
  from: string;
  /** First day that is out; null: until the child is too old for the group. */
  to: string | null;
  /** Temporary care: the very days. */
  days?: PlannedDay[];
  /** Until when the place is offered; null: it is taken at once. */
  acceptBy: Date | null;
  applicationId: string | null;
  continues: string | null;
}

type GivenPlace = Pick<PlacementRow, 'groupId' | 'mode'>;

interface PreparedPlace extends PlaceCommand {
  term: ReturnType<typeof termOf>;
  contractId: string;
}

/** Gives places: decides, writes the placement with all of its days, tells. */
@Injectable()
export class Places {
  constructor(
    private readonly clock: Clock,
    private readonly holds: Holds,
    private readonly config: BookingsConfig,
  ) {}

  /** Looks, decides and writes. @param group locked by this transaction */
  async give(tx: Tx, group: GroupRow, command: PlaceCommand): Promise<PlacementRow> {
    return this.write(tx, group, await this.prepare(tx, group, command));
  }

  /** What can be looked at and decided before the group is locked, so that others wait for as little as can be. */
  async prepare(tx: Tx, group: GroupRow, command: PlaceCommand): Promise<PreparedPlace> {
    const { terms, from, to } = command;
    const [child, standards] = await Promise.all([
      this.child(tx, command.residentId),
      standardsFor(tx, group.regionCode),
    ]);
    assertConsent(child, localDay(this.clock.now(), group.timeZone));
    const term = termOf(standards, group.ageClass, child.birthDate, from, to);
    // An offer stands beside bookings until it is accepted, and what it might expire would be told even if it is taken back.
    if (command.acceptBy === null && (await this.holds.anyLapsedOf(tx, command.residentId))) {
      // Groups are locked before bookings and sessions, everywhere.
      await tx.prepared(GROUPS_FOR_UPDATE, [[group.id]]);
      await this.holds.expireOf(tx, command.residentId);
    }
    return { ...command, term, contractId: await this.contract(tx, group.id, term.from, terms.mode) };
  }

  /** Takes the days, all or none, and tells. @param group locked by this transaction */
  async write(tx: Tx, group: GroupRow, prepared: PreparedPlace): Promise<PlacementRow> {
    const { residentId, terms, term, contractId, days, acceptBy, applicationId, continues } = prepared;
    const now = this.clock.now();
    const pattern = patternOf(terms.pattern);
    const id = newId(now.getTime());
    const { operatorId, siteId, offeringId } = group;
    const planned = days ?? plannedDays(pattern, group, term.from, term.to);
    const whose = { id, operatorId, groupId: group.id, residentId };
    // All travel together: whoever waits for the group waits for one round trip less.
    const [[placed]] = await refusing(() =>
      Promise.all([
        tx.prepared<PlacementRow>(INSERT_PLACEMENT, [
          id,
          operatorId,
          siteId,
          offeringId,
          group.id,
          residentId,
          contractId,
          terms.mode,
          pattern,
          terms.contingentMinutes,
          terms.contingentDays,
          term.from,
          term.to,
          term.because,
          acceptBy ? 'offered' : 'standing',
          acceptBy,
          applicationId,
          continues,
          now,
          needsPresence(CHILDCARE, terms.mode, this.config.overlappingKinds),
        ]),
        this.plan(tx, whose, planned, terms.mode !== 'temporary'),
      ]),
    );
    const row = placed as PlacementRow;
    tx.tell(placementBegun(row, now, days));
    return row;
  }

  /** Writes days of a placement; whether they fit is the database's to say. */
  async plan(
    tx: Tx,
    {
      id,
      operatorId,
      groupId,
      residentId,
    }: Pick<PlacementRow, 'id' | 'operatorId' | 'groupId' | 'residentId'>,
    days: readonly (PlannedDay & { spentMinutes?: number })[],
    standing: boolean,
  ): Promise<void> {
    // A full group mostly is so from the first days on: these go first, so that its no is quick.
    const parts = [days.slice(0, FIRST_DAYS), days.slice(FIRST_DAYS)].filter((part) => part.length > 0);
    await Promise.all(
      parts.map((part) =>
        tx.prepared(INSERT_DAYS, [JSON.stringify(part), operatorId, id, groupId, residentId, standing]),
      ),
    );
  }

  async child(tx: Tx, residentId: string): Promise<ChildRow> {
    const [child] = await tx.prepared<ChildRow>(CHILD, [residentId]);
    if (!child) throw notFound('resident', residentId);
    if (child.erased) await assertNotMerged(tx, residentId);
    return child;
  }

  /** What stands against giving a place of a group for a day: its site, contract, licences and inspections. */
  async against(tx: Tx, { groupId, mode }: GivenPlace, day: string): Promise<Reason[]> {
    return againstStanding(await this.standing(tx, groupId, day, mode));
  }

  /** A day of a place that stands, taken anew: an offering that takes no new families goes on for those it has. */
  async assertDayMayBeTaken(tx: Tx, place: GivenPlace, day: string): Promise<void> {
    const reasons = (await this.against(tx, place, day)).filter((reason) => reason !== 'offering_inactive');
    if (reasons.length > 0) throw refusalOf(reasons);
  }

  private async contract(tx: Tx, groupId: string, day: string, mode: string): Promise<string> {
    const standing = await this.standing(tx, groupId, day, mode);
    const reasons = againstStanding(standing);
    if (reasons.length > 0) throw refusalOf(reasons);
    return standing.contractId as string;
  }

  private async standing(tx: Tx, groupId: string, day: string, mode: string): Promise<Standing> {
    const [standing] = await tx.prepared<Standing>(PLACE_STANDING, [groupId, day, mode]);
    if (!standing) throw notFound('care group', groupId);
    return standing;
  }
}

/** A refusal that another child, day or group need not get; any other error is no answer to a question. */
export function isRefusal(error: unknown): error is DomainError {
  return error instanceof DomainError;
}
