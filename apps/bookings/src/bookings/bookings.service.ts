import { Injectable } from '@nestjs/common';
import { DomainError, newId, notFound } from '@doorstep/kernel';
import { Clock, currentActor, Database, decodeCursor, type Page, page, type Tx } from '@doorstep/platform';
import { BookingsConfig } from '../config';
import type { FeeDue } from '../cancellations/cancellation';
import { Fees } from '../cancellations/fees.service';
import { ResidentKeys } from '../residents/resident-keys.service';
import {
  type Attendance,
  type Booking,
  type CancelledBy,
  cancelBooking,
  isVisit,
  recordAttendance,
  statusNow,
} from './booking';
import { bookingNoShow, serviceDelivered } from './booking.events';
import {
  BOOKING_FOR_UPDATE,
  BOOKING_WITH_NOTE,
  type BookingRow,
  BOOKINGS_BY_ID,
  MOVE_ON,
} from './bookings.queries';
import { listBookings } from './bookings-list.queries';
import { HoldOwners } from './hold-owners.service';
import { Holds } from './holds.service';
import { maySee } from './may-see.context';
import { LOOK_MS, Outcomes, type Waiting } from './outcomes.service';

export interface BookCommand {
  offeringId: string;
  sessionId: string;
  residentId: string;
  partySize: number;
  packageId?: string;
  note?: string;
}

export interface BookingFilters {
  siteId?: string;
  residentId?: string;
  sessionId?: string;
  status?: string;
  from?: string;
  to?: string;
}

@Injectable()
export class Bookings {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly holds: Holds,
    private readonly owners: HoldOwners,
    private readonly outcomes: Outcomes,
    private readonly keys: ResidentKeys,
    private readonly fees: Fees,
    private readonly config: BookingsConfig,
  ) {}

  /**
   * Holds capacity, then waits up to `waitSeconds` for billing's answer: a confirmed booking, or one that is still held.
   * A hold that was declined or lapsed meanwhile is a refusal that names the booking.
   */
  book(command: BookCommand, waitSeconds: number): Promise<BookingRow> {
    return this.settled(waitSeconds, async (tx, bookingId) => {
      const { note, ...rest } = command;
      const noteSealed = note ? await this.keys.sealNote(tx, command.residentId, bookingId, note) : null;
      return this.holds.hold(tx, { ...rest, bookingId, noteSealed, replaces: null });
    });
  }

  /** Runs a write that holds a new booking, and waits for what becomes of it. */
  settled(
    waitSeconds: number,
    work: (tx: Tx, bookingId: string) => Promise<BookingRow>,
  ): Promise<BookingRow> {
    const bookingId = newId(this.clock.now().getTime());
    return this.settledAs(bookingId, waitSeconds, (tx) => work(tx, bookingId));
  }

  /** The same for a booking whose id is known: an offer that becomes a hold. */
  async settledAs(
    bookingId: string,
    waitSeconds: number,
    work: (tx: Tx) => Promise<BookingRow>,
  ): Promise<BookingRow> {
    const deadline = Date.now() + waitSeconds * 1000;
    // Listening begins before the hold is committed, so that no answer is too fast to be heard.
    const waiting = this.outcomes.await(bookingId, Math.min(LOOK_MS, waitSeconds * 1000));
    try {
      const held = await this.db.write(work);
      const isRepeat = held.id !== bookingId;
      if (waitSeconds === 0 && !isRepeat) return held;
      return await this.outcomeOf(held, deadline, isRepeat ? undefined : waiting);
    } finally {
      waiting.forget();
    }
  }

  /** Cancels for whoever asks: what is only held is ended by its owner. @param token of the hold, where it was given */
  cancelAs(by: CancelledBy, id: string, reason: string, token: string | undefined): Promise<BookingRow> {
    return this.db.write(async (tx) => {
      await this.owners.assertOwnerOf(tx, await this.lock(tx, id), token);
      return this.cancel(id, by, reason);
    });
  }

  /** Cancels before or after confirmation; capacity is given back once. */
  async cancel(id: string, by: CancelledBy, reason: string): Promise<BookingRow> {
    return this.db.write(async (tx) => {
      const row = await this.lock(tx, id);
      cancelBooking(stateOf(row), this.clock.now());
      const [ended] = await this.holds.end(tx, [{ id, status: 'cancelled', reason, by }], [row.status]);
      return ended as BookingRow;
    });
  }

  async attend(id: string, attendance: Attendance): Promise<BookingRow> {
    return this.db.write(async (tx) => {
      const row = await this.lock(tx, id);
      const now = this.clock.now();
      const early = this.config.attendanceEarlyMinutesMax;
      const attended = recordAttendance(stateOf(row), attendance, now, early);
      const minutes = attended.status === 'delivered' ? attended.minutes : null;
      const { reason } = attendance;
      const fee = attended.status === 'no_show' ? await this.fees.ofNoShow(tx, id, reason) : undefined;
      const moved = await this.moveOn(tx, row, attended.status, minutes, { ...fee, reason });
      tx.tell(
        attended.status === 'delivered'
          ? serviceDelivered(moved, now, 'attendance')
          : bookingNoShow(moved, now),
      );
      return moved;
    });
  }

  /** Locks a booking that the actor may see; with its hold. */
  async lock(tx: Tx, id: string): Promise<BookingRow> {
    const [row] = await tx.prepared<BookingRow>(BOOKING_FOR_UPDATE, [[id]]);
    if (!row || !maySee(row.siteId)) throw notFound('booking', id);
    return row;
  }

  /** Writes the next state of a booking that this transaction has locked. */
  async moveOn(
    tx: Tx,
    row: BookingRow,
    to: BookingRow['status'],
    minutes: number | null,
    { feeFen, ruleId, reason }: Partial<FeeDue> & { reason?: string } = {},
  ): Promise<BookingRow> {
    const details = [minutes, feeFen ?? null, ruleId ?? null, reason ?? null];
    const [moved] = await tx.prepared<BookingRow>(MOVE_ON, [row.id, row.status, to, ...details]);
    if (!moved) throw new Error(`assertion failed: booking ${row.id} stays ${row.status} while it is locked`);
    return moved;
  }

  /** One booking, with its note where the resident's key still opens it. */
  async one(id: string): Promise<BookingRow & { note?: string }> {
    return this.db.read(async (tx) => {
      const [row] = await tx.prepared<BookingRow & { noteSealed: Buffer | null }>(BOOKING_WITH_NOTE, [id]);
      if (!row || !maySee(row.siteId)) throw notFound('booking', id);
      const { noteSealed, ...booking } = row;
      const note = noteSealed && (await this.keys.openNote(tx, row.residentId, id, noteSealed));
      return { ...booking, ...(note && { note }) };
    });
  }

  async list(filters: BookingFilters, limit: number, cursor?: string): Promise<Page<BookingRow>> {
    const after = decodeCursor(cursor, 2) ?? [null, null];
    const { siteIds, operatorId } = currentActor();
    const narrowed = { ...filters, operatorId: operatorId ?? undefined };
    const rows = await this.db.read((tx) =>
      tx.sql<BookingRow>(listBookings(narrowed), [
        JSON.stringify(narrowed),
        this.clock.now(),
        ...after,
        limit + 1,
        siteIds ?? null,
      ]),
    );
    return page(rows, limit, (row) => [row.start.toISOString(), row.id]);
  }

  private async outcomeOf(held: BookingRow, deadline: number, first?: Waiting): Promise<BookingRow> {
    let waiting = first;
    for (;;) {
      const woken = await waiting?.outcome;
      if (woken) return standingOrRefused(woken);
      const leftMs = Math.max(0, deadline - Date.now());
      // Listening begins again before looking, so that nothing falls between the two.
      waiting = this.outcomes.await(held.id, Math.min(leftMs, LOOK_MS));
      const row = await this.look(held.id);
      if (row.status === 'held' && leftMs > 0) continue;
      waiting.forget();
      return standingOrRefused(row);
    }
  }

  /** The booking as it is now; a hold past its expiry is expired. */
  private async look(id: string): Promise<BookingRow> {
    const [row] = await this.db.read((tx) => tx.prepared<BookingRow>(BOOKINGS_BY_ID, [[id]]));
    if (!row) throw notFound('booking', id);
    return { ...row, status: statusNow(stateOf(row), this.clock.now()) };
  }
}

/** What decisions look at. */
export function stateOf(row: BookingRow): Booking {
  const { status, start, end, holdExpiresAt = null, delivery, mode } = row;
  return { status, start, end, holdExpiresAt, isVisit: isVisit(delivery, mode) };
}

const QUOTE_SAYS = 'POST /v1/quotes says what the booking would cost and who would pay.';

/** A booking that never came to stand is the refusal that the caller gets, and names the booking. */
function standingOrRefused(row: BookingRow): BookingRow {
  if (row.status === 'expired') {
    throw new DomainError('conflict', 'hold_expired', 'No answer about the charge came in time.', {
      mend: 'Book again; what was held is free again.',
      bookingId: row.id,
    });
  }
  if (row.status === 'declined') {
    const { reason = 'The charge was declined.', mend = QUOTE_SAYS } = row.refusal ?? {};
    throw new DomainError('conflict', row.statusReason ?? 'declined', reason, {
      mend,
      bookingId: row.id,
    });
  }
  return row;
}
