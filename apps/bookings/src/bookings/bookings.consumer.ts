import { Controller } from '@nestjs/common';
import { ChargeAuthorised, ChargeDeclined } from '@doorstep/contracts';
import { notFound } from '@doorstep/kernel';
import { Clock, Database, OnEvents, type Received, type Tx } from '@doorstep/platform';
import { statusNow } from './booking';
import { bookingConfirmed, bookingEnded } from './booking.events';
import { BOOKING_FOR_UPDATE, type BookingRow, CONFIRM, ENDED_AGAIN } from './bookings.queries';
import { Holds } from './holds.service';
import { Outcomes } from './outcomes.service';
import { Reschedules } from './reschedules.service';
import { SETTLE_UNPRICED, STANDING_UNPRICED } from './unpriced.queries';

/** Billing's answers to holds. */
@Controller()
export class BookingsConsumer {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly holds: Holds,
    private readonly reschedules: Reschedules,
    private readonly outcomes: Outcomes,
  ) {}

  @OnEvents(ChargeAuthorised)
  async authorised(batch: Received<ChargeAuthorised>[]): Promise<void> {
    const because = byBooking(batch);
    await this.db.write(async (tx) => {
      const now = this.clock.now();
      const charges = [...because.values()].map(({ data }) => data);
      const confirmed = await tx.prepared<BookingRow>(CONFIRM, [now, JSON.stringify(charges)]);
      for (const row of confirmed) tx.tell(bookingConfirmed(row, now), { because: because.get(row.id) });
      const lost = await this.reschedules.takeOver(tx, confirmed, because);
      tx.afterCommit(() => this.outcomes.settled(confirmed.filter(({ id }) => !lost.has(id))));
      const late = new Set(because.keys());
      for (const { id } of confirmed) late.delete(id);
      if (late.size > 0) {
        const missed = JSON.stringify(charges.filter(({ bookingId }) => late.has(bookingId)));
        for (const { id } of await tx.prepared<BookingRow>(SETTLE_UNPRICED, [missed])) late.delete(id);
      }
      if (late.size > 0) await this.answerLate(tx, [...late], now, because);
    });
  }

  @OnEvents(ChargeDeclined)
  async declined(batch: Received<ChargeDeclined>[]): Promise<void> {
    const because = byBooking(batch);
    await this.db.write(async (tx) => {
      const endings = [...because.values()].map(({ data }) => ({
        id: data.bookingId,
        status: 'declined' as const,
        reason: data.code,
        refusal: { reason: data.reason, ...(data.mend && { mend: data.mend }) },
      }));
      const ended = await this.holds.end(tx, endings, ['held'], because);
      const others = endings.filter(({ id }) => !ended.some((row) => row.id === id));
      if (others.length > 0) await this.cancelUnpriced(tx, others, because);
    });
  }

  /** Billing's no comes after the booking was confirmed without it: there is nobody who would pay. */
  private async cancelUnpriced(
    tx: Tx,
    declined: readonly { id: string; reason: string }[],
    because: Map<string, Received<ChargeDeclined>>,
  ): Promise<void> {
    const ids = declined.map(({ id }) => id);
    const standing = new Set((await tx.sql<{ id: string }>(STANDING_UNPRICED, [ids])).map(({ id }) => id));
    const endings = declined
      .filter(({ id }) => standing.has(id))
      .map(({ id, reason }) => ({ id, status: 'cancelled' as const, reason, by: 'system' as const }));
    await this.holds.end(tx, endings, ['confirmed'], because);
  }

  /**
   * A yes for a hold that is no more: billing has reserved budgets for it and has to hear that it ended, also when it
   * was told so before (its yes may come from a dead letter that was replayed).
   */
  private async answerLate(
    tx: Tx,
    ids: string[],
    now: Date,
    because: Map<string, Received<ChargeAuthorised>>,
  ): Promise<void> {
    const rows = await tx.prepared<BookingRow>(BOOKING_FOR_UPDATE, [ids]);
    const known = new Set(rows.map(({ id }) => id));
    for (const id of ids) if (!known.has(id)) throw notFound('booking', id);
    const lapsed = rows.filter(
      (row) =>
        row.status === 'held' &&
        statusNow({ ...row, holdExpiresAt: row.holdExpiresAt ?? null }, now) === 'expired',
    );
    const endings = lapsed.map(({ id }) => ({ id, status: 'expired' as const, reason: 'hold_expired' }));
    const ended = new Set((await this.holds.end(tx, endings, ['held'], because)).map(({ id }) => id));
    const before = rows.map(({ id }) => id).filter((id) => !ended.has(id));
    for (const row of await tx.prepared<BookingRow>(ENDED_AGAIN, [before])) {
      tx.tell(bookingEnded(row, now), { because: because.get(row.id) });
    }
  }
}

/** The last answer for each booking. */
function byBooking<E extends ChargeAuthorised | ChargeDeclined>(
  batch: Received<E>[],
): Map<string, Received<E>> {
  return new Map(batch.map((received) => [received.data.bookingId, received]));
}
