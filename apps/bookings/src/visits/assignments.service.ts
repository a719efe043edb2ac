import { Injectable } from '@nestjs/common';
import { event, VisitReassigned } from '@doorstep/contracts';
import { DomainError, notFound } from '@doorstep/kernel';
import { Clock, Database, type Tx } from '@doorstep/platform';
import { factOf } from '../bookings/booking.events';
import { type BookingRow, BOOKINGS_BY_ID, LOCK } from '../bookings/bookings.queries';
import { Bookings } from '../bookings/bookings.service';
import { maySee } from '../bookings/may-see.context';
import { Raced } from '../bookings/raced';
import type { AssignDto, CandidateDto } from './assignments.dto';
import { ASSIGN, type CandidateRow, CANDIDATES } from './assignments.queries';

const RACES = ['booking_caregiver_once', 'booking_caregiver_way'];

/** Who goes on a visit: chosen when it is booked, and again when somebody is ill. */
@Injectable()
export class Assignments {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly bookings: Bookings,
  ) {}

  candidates(bookingId: string): Promise<CandidateDto[]> {
    return this.db.read(async (tx) => {
      const [row] = await tx.prepared<BookingRow>(BOOKINGS_BY_ID, [[bookingId]]);
      if (!row || !maySee(row.siteId)) throw notFound('booking', bookingId);
      return this.find(tx, row);
    });
  }

  /** To the one who is named, else to the fittest other; under the same lock as booking, so that nobody is sent twice. */
  assign(bookingId: string, { caregiverId }: AssignDto): Promise<BookingRow> {
    return this.db.write(async (tx) => {
      const row = await this.bookings.lock(tx, bookingId);
      assertAssignable(row);
      if (caregiverId === row.caregiverId) return row;
      await tx.prepared(LOCK, [`carers ${row.siteId}`]);
      const [fittest] = await this.find(tx, row, caregiverId);
      if (!fittest) throw nobodyFree(caregiverId);
      await tx.sql(ASSIGN, [bookingId, fittest.staffId]).catch((error: Error & { constraint?: string }) => {
        throw RACES.includes(error.constraint ?? '') ? new Raced('no_caregiver') : error;
      });
      const [moved] = (await tx.prepared<BookingRow>(BOOKINGS_BY_ID, [[bookingId]])) as [BookingRow];
      tx.tell(
        event(VisitReassigned, {
          ...factOf(moved, this.clock.now()),
          caregiverId: fittest.staffId,
          ...(row.caregiverId && { formerCaregiverId: row.caregiverId }),
        }),
      );
      return moved;
    });
  }

  private find(tx: Tx, row: BookingRow, only?: string): Promise<CandidateRow[]> {
    const who = [only ?? null, row.caregiverId];
    return tx.sql<CandidateRow>(CANDIDATES, [
      this.clock.now(),
      row.sessionId,
      row.id,
      row.residentId,
      ...who,
    ]);
  }
}

function assertAssignable({ status, caregiverId }: BookingRow): void {
  if (caregiverId === null) {
    throw new DomainError('conflict', 'no_carer_needed', 'Nobody in particular is sent for this booking.', {
      mend: 'Only bookings of a caregiver’s time are assigned.',
    });
  }
  if (status === 'confirmed' || status === 'held') return;
  throw new DomainError(
    'conflict',
    `booking_${status}`,
    `A booking that is ${status} is not assigned anew.`,
    {
      mend: 'Only visits that are still to come are.',
      state: status,
    },
  );
}

function nobodyFree(asked: string | undefined): DomainError {
  return new DomainError(
    'conflict',
    'no_caregiver',
    asked
      ? 'This carer lacks the skills, is not on shift, or is elsewhere then.'
      : 'Nobody else with the skills is free then.',
    {
      mend: 'GET /v1/bookings/{id}/caregivers says who could go; or reschedule the visit.',
      ...(asked && { field: 'caregiverId' }),
    },
  );
}
