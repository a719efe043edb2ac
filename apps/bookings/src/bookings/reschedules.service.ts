import { Injectable } from '@nestjs/common';
import type { DomainEvent } from '@doorstep/contracts';
import { DomainError } from '@doorstep/kernel';
import { Clock, currentActor, type Received, type Tx } from '@doorstep/platform';
import { Fees } from '../cancellations/fees.service';
import { FOLLOW_RESCHEDULED } from '../series/series.queries';
import { cancelBooking, RELEASED } from './booking';
import { BEING_REPLACED, BOOKINGS_BY_ID, type BookingRow, TAKE_OVER } from './bookings.queries';
import { Bookings, stateOf } from './bookings.service';
import { Holds } from './holds.service';

export interface RescheduleCommand {
  sessionId: string;
  offeringId?: string;
  partySize?: number;
  packageId?: string;
}

/** Moving a booking: the old one is kept until the new one is confirmed, so nobody ends up with neither. */
@Injectable()
export class Reschedules {
  constructor(
    private readonly clock: Clock,
    private readonly bookings: Bookings,
    private readonly holds: Holds,
    private readonly fees: Fees,
  ) {}

  /** Holds the new booking beside the old one, and waits for billing's answer as a booking does. */
  reschedule(id: string, command: RescheduleCommand, waitSeconds: number): Promise<BookingRow> {
    return this.bookings.settled(waitSeconds, (tx, bookingId) => this.begin(tx, id, command, bookingId));
  }

  /** Holds the new booking beside the old one. */
  async begin(tx: Tx, id: string, command: RescheduleCommand, bookingId: string): Promise<BookingRow> {
    const old = await this.bookings.lock(tx, id);
    const now = this.clock.now();
    if (old.status !== 'confirmed') throw notConfirmed(old);
    cancelBooking(stateOf(old), now);
    if (old.sessionId === command.sessionId) throw sameSession();
    await this.assertStillFree(tx, id);
    const [other] = await tx.sql<{ id: string }>(BEING_REPLACED, [id, now]);
    if (other) throw beingReplaced(other.id);
    return this.holds.hold(tx, {
      bookingId,
      sessionId: command.sessionId,
      offeringId: command.offeringId ?? old.offeringId,
      residentId: old.residentId,
      partySize: command.partySize ?? old.partySize,
      noteSealed: null,
      replaces: id,
      packageId: command.packageId ?? old.packageId,
    });
  }

  /** A move when cancelling costs already would be a way around the fee; the operator's people may still move. */
  private async assertStillFree(tx: Tx, id: string): Promise<void> {
    if (currentActor().kind !== 'client') return;
    const asCancelled = { id, status: 'cancelled', reason: 'moved', by: 'resident' } as const;
    const fee = (await this.fees.ofCancellations(tx, [asCancelled])).get(id);
    if (fee) throw tooLateToMove();
  }

  /**
   * New bookings were confirmed: the old ones end and the new ones take over their whole time. A new one is cancelled
   * instead when the old one was used meanwhile, or was cancelled and its time is somebody else's now.
   *
   * @returns ids of the new bookings that lost
   */
  async takeOver(
    tx: Tx,
    confirmed: readonly BookingRow[],
    because: Map<string, Received<DomainEvent>>,
  ): Promise<Set<string>> {
    const replacing = confirmed.filter(({ replaces }) => replaces !== null);
    if (replacing.length === 0) return new Set();
    const oldIds = replacing.map(({ replaces }) => replaces as string);
    const cancelled = { status: 'cancelled', reason: 'rescheduled', by: 'resident', free: true } as const;
    await this.holds.end(
      tx,
      oldIds.map((id) => ({ id, ...cancelled })),
      ['confirmed'],
    );
    const olds = await tx.prepared<BookingRow>(BOOKINGS_BY_ID, [oldIds]);
    const gone = new Set(olds.filter(({ status }) => RELEASED.includes(status)).map(({ id }) => id));
    const ready = replacing.filter(({ replaces }) => gone.has(replaces as string)).map(({ id }) => id);
    const taken = await tx.sql<{ id: string }>(TAKE_OVER, [ready]);
    await tx.sql(FOLLOW_RESCHEDULED, [taken.map((row) => row.id)]);
    const lost = new Set(replacing.map(({ id }) => id));
    for (const { id } of taken) lost.delete(id);
    const tooLate = { status: 'cancelled' as const, reason: 'rescheduled_too_late', by: 'system' as const };
    await this.holds.end(
      tx,
      [...lost].map((id) => ({ id, ...tooLate })),
      ['confirmed'],
      because,
    );
    return lost;
  }
}

function notConfirmed(old: BookingRow): DomainError {
  return new DomainError(
    'conflict',
    `booking_${old.status}`,
    `A booking that is ${old.status} can't be moved.`,
    {
      mend: old.status === 'held' ? 'Wait until it is confirmed, or cancel it.' : 'Book anew.',
      state: old.status,
    },
  );
}

function tooLateToMove(): DomainError {
  return new DomainError('conflict', 'too_late_to_move', 'Moving is free only as long as cancelling is.', {
    mend: 'Cancel it and book anew, GET /v1/bookings/{id}/cancellation says for how much; or ask the site.',
  });
}

function sameSession(): DomainError {
  return new DomainError('invalid', 'same_session', 'The booking is in this session already.', {
    field: 'sessionId',
    mend: 'Choose another session.',
  });
}

function beingReplaced(bookingId: string): DomainError {
  return new DomainError('conflict', 'reschedule_in_progress', 'The booking is being moved already.', {
    mend: 'Wait for the outcome of the other booking, or cancel that one.',
    bookingId,
  });
}
