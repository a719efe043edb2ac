import { Injectable } from '@nestjs/common';
import { notFound } from '@doorstep/kernel';
import { Database, type Page, type PageQuery } from '@doorstep/platform';
import { Bookings } from '../bookings/bookings.service';
import type { BookingRow } from '../bookings/bookings.queries';
import { HoldOwners } from '../bookings/hold-owners.service';
import { Holds } from '../bookings/holds.service';
import { ResidentKeys } from '../residents/resident-keys.service';
import { BOOKED_BY } from './carer-grants.queries';
import { CarerGrants } from './carer-grants.service';
import type { BookForResidentDto } from './carers.dto';

/** What carers do: the same as residents would, by an entitlement that is held while they do it. */
@Injectable()
export class CarerBookings {
  constructor(
    private readonly db: Database,
    private readonly grants: CarerGrants,
    private readonly bookings: Bookings,
    private readonly holds: Holds,
    private readonly keys: ResidentKeys,
    private readonly owners: HoldOwners,
  ) {}

  book(
    carerId: string,
    residentId: string,
    command: BookForResidentDto,
    waitSeconds: number,
  ): Promise<BookingRow> {
    return this.bookings.settled(waitSeconds, async (tx, bookingId) => {
      const grant = await this.grants.use(tx, carerId, residentId, 'book');
      const { note, ...what } = command;
      const noteSealed = note ? await this.keys.sealNote(tx, residentId, bookingId, note) : null;
      const held = await this.holds.hold(tx, { ...what, residentId, bookingId, noteSealed, replaces: null });
      await tx.sql(BOOKED_BY, [bookingId, grant.carerId, grant.id]);
      return { ...held, bookedBy: grant.carerId };
    });
  }

  /** What another front-end holds is ended with its token, whoever is said to ask. */
  cancel(
    carerId: string,
    residentId: string,
    bookingId: string,
    { reason, token }: { reason: string; token: string | undefined },
  ): Promise<BookingRow> {
    return this.db.write(async (tx) => {
      await this.grants.use(tx, carerId, residentId, 'cancel');
      const booking = await this.bookings.lock(tx, bookingId);
      if (booking.residentId !== residentId) throw notFound('booking', bookingId);
      await this.owners.assertOwnerOf(tx, booking, token);
      return this.bookings.cancel(bookingId, 'resident', reason);
    });
  }

  async list(carerId: string, residentId: string, { limit, cursor }: PageQuery): Promise<Page<BookingRow>> {
    await this.grants.see(carerId, residentId);
    return this.bookings.list({ residentId }, limit, cursor);
  }
}
