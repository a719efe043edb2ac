import { Injectable } from '@nestjs/common';
import { AbsenceReplaced, event } from '@doorstep/contracts';
import { DomainError, namedDay, notFound } from '@doorstep/kernel';
import { Clock, Database, type Tx } from '@doorstep/platform';
import { noticeHoursOf } from '../absences/absence';
import { Holds } from '../bookings/holds.service';
import { addDays } from '../sessions/calendar';
import { standardOn } from '../standards/standard';
import { standardsFor } from '../standards/standards.queries';
import { dayOfHours, dayOfPart, minutesBetweenTimes, type PlannedDay } from './placement';
import { careDayGivenBack, careDayReserved, placementFact } from './placement.events';
import { showCareDay } from './placement.view';
import type { CareDayDto, ReserveDto } from './placements.dto';
import {
  BUMP,
  type CareDayRow,
  DAYS_OF_PLACEMENT,
  DROP_DAY,
  type PlacementRow,
  REPLACE_ABSENCE,
} from './placements.queries';
import { assertTaken, closedOn, Placements } from './placements.service';
import { Places } from './places.service';
import { refusing } from './refusals';

const BEGINS = `SELECT ($1::date + $2::time) AT TIME ZONE $3 AS "at"`;

/** Days of a placement taken one by one: out of a contingent, or in the place of an absence. */
@Injectable()
export class Reservations {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly placements: Placements,
    private readonly places: Places,
    private readonly holds: Holds,
  ) {}

  reserve(id: string, command: ReserveDto): Promise<CareDayDto> {
    const { day } = command;
    return this.db.write(async (tx) => {
      const row = await this.placements.lock(tx, id);
      assertTaken(row);
      const [known] = await this.dayOf(tx, id, day);
      const absent = known !== undefined && known.absenceKind !== null;
      if (row.mode !== 'timed' && !absent) throw known ? plannedAlready() : notPlanned();
      const wanted = wantedDay(row, command, known);
      await this.assertAhead(tx, row, wanted);
      if (namedDay(day) === 'holiday') throw closedOn(day);
      await this.places.assertDayMayBeTaken(tx, row, day);
      await this.holds.expireOf(tx, row.residentId);
      await refusing(async () => {
        if (absent) await this.replace(tx, row, wanted);
        else await this.places.plan(tx, row, [wanted], false);
      });
      // A day of the pattern is as it was planned; of any other nobody knows the hours.
      if (row.mode === 'timed' || row.mode === 'temporary')
        tx.tell(careDayReserved(await this.bumped(tx, id), this.clock.now(), wanted));
      const [reserved] = await this.dayOf(tx, id, day);
      return showCareDay(reserved as CareDayRow);
    });
  }

  /** Gives a reserved day back to the contingent, in time; later it is an absence. */
  giveBack(id: string, day: string): Promise<CareDayDto> {
    return this.db.write(async (tx) => {
      const row = await this.placements.lock(tx, id);
      const [known] = await this.dayOf(tx, id, day);
      if (!known || row.mode !== 'timed' || known.absenceKind !== null) throw notFound('reservation', day);
      const { noticeHours } = standardOn(await standardsFor(tx, row.regionCode), day);
      if (noticeHoursOf(this.clock.now(), known.beginsAt) < noticeHours) throw tooLate(noticeHours);
      await refusing(() => tx.prepared(DROP_DAY, [id, day]));
      tx.tell(careDayGivenBack(await this.bumped(tx, id), this.clock.now(), day));
      return showCareDay(known);
    });
  }

  private dayOf(tx: Tx, id: string, day: string): Promise<CareDayRow[]> {
    return tx.prepared<CareDayRow>(DAYS_OF_PLACEMENT, [id, day, addDays(day, 1)]);
  }

  private async replace(tx: Tx, row: PlacementRow, wanted: PlannedDay): Promise<void> {
    await tx.prepared(REPLACE_ABSENCE, [row.id, JSON.stringify(wanted)]);
    const fact = placementFact(await this.bumped(tx, row.id), this.clock.now());
    tx.tell(event(AbsenceReplaced, { ...fact, days: [wanted.day] }));
  }

  /** The placement in its next version, for a fact that is told of it. */
  private async bumped(tx: Tx, id: string): Promise<PlacementRow> {
    const [told] = await tx.prepared<PlacementRow>(BUMP, [id]);
    return told as PlacementRow;
  }

  private async assertAhead(tx: Tx, { timeZone }: PlacementRow, { day, toAt }: PlannedDay): Promise<void> {
    const [end] = await tx.sql<{ at: Date }>(BEGINS, [day, toAt, timeZone]);
    if (end && end.at > this.clock.now()) return;
    throw new DomainError('invalid', 'day_past', `${day} ${toAt} has passed.`, {
      field: 'day',
      mend: 'Choose a later day.',
    });
  }
}

/** A day out of a contingent by the hour or by the day; a standing day comes back as it was planned. */
function wantedDay(
  row: PlacementRow,
  { day, fromAt, toAt, part }: ReserveDto,
  known: CareDayRow | undefined,
): PlannedDay & { spentMinutes?: number } {
  if (row.mode !== 'timed') {
    const { halves, fromAt: from, toAt: to } = known as CareDayRow;
    return { day, halves, fromAt: from, toAt: to };
  }
  if (row.contingentMinutes === null) {
    if (fromAt !== undefined || toAt !== undefined) throw otherUnit('part', 'by the day');
    const planned = dayOfPart(day, part ?? 'day', row);
    return { ...planned, spentMinutes: minutesBetweenTimes(planned.fromAt, planned.toAt) };
  }
  if (fromAt === undefined || toAt === undefined || part !== undefined)
    throw otherUnit('fromAt', 'by the hour');
  return { ...dayOfHours(day, fromAt, toAt, row), spentMinutes: minutesBetweenTimes(fromAt, toAt) };
}

function otherUnit(field: string, unit: string): DomainError {
  return new DomainError('invalid', 'terms_invalid', `This contingent is used ${unit}.`, {
    field,
    mend: unit === 'by the hour' ? 'Give fromAt and toAt, and no part.' : 'Leave fromAt and toAt out.',
  });
}

function plannedAlready(): DomainError {
  return new DomainError('conflict', 'day_planned', 'The child is planned for that day already.', {
    mend: 'Nothing is left to do.',
  });
}

function notPlanned(): DomainError {
  return new DomainError('invalid', 'day_not_planned', "The day isn't one of the child's pattern.", {
    field: 'day',
    mend: 'Take it as a temporary day with POST /v1/placements.',
  });
}

function tooLate(noticeHours: number): DomainError {
  return new DomainError('conflict', 'notice_too_short', `A day is given back ${noticeHours} hours ahead.`, {
    mend: 'Record an absence instead.',
  });
}
