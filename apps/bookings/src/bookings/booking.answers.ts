import { Injectable } from '@nestjs/common';
import { Clock, currentActor, currentContext } from '@doorstep/platform';
import type { FastifyReply } from 'fastify';
import { ResidentKeys } from '../residents/resident-keys.service';
import { showBooking } from './booking.view';
import type { BookingDto } from './bookings.dto';
import type { BookingRow } from './bookings.queries';

/** Seconds that a request waits for billing's answer unless it asks otherwise, and at most. */
export const WAIT_SECONDS = 2;
export const WAIT_SECONDS_MAX = 10;

/** For OpenAPI: the header that says how long to wait. */
export const PREFER = {
  name: 'Prefer',
  description: 'Seconds to wait for the outcome.',
  required: false,
  example: 'wait=5',
};

/** Bookings as answers to whoever asks. */
@Injectable()
export class BookingAnswers {
  constructor(
    private readonly clock: Clock,
    private readonly keys: ResidentKeys,
  ) {}

  show(row: BookingRow): BookingDto {
    const visitCode = (id: string): string => this.keys.ring.visitCode(id);
    return showBooking(row, { actor: currentActor(), now: this.clock.now(), visitCode });
  }

  /** 201 for what stands, 202 for what is held; both say where to look. */
  created(reply: FastifyReply, booking: BookingRow): BookingDto {
    void reply.header('location', `/v1/bookings/${booking.id}`);
    const held = booking.status === 'held';
    void reply.status(held ? 202 : 201);
    return { ...this.show(booking), ...(held && { holdToken: this.keys.ring.holdToken(booking.id) }) };
  }
}

/** How long to wait, as asked for (RFC 7240) and within bounds; an asked one is confirmed in the answer. */
export function waitFor(reply: FastifyReply): number {
  const asked = currentContext().wait;
  const wait = Math.min(asked ?? WAIT_SECONDS, WAIT_SECONDS_MAX);
  if (asked !== undefined) void reply.header('preference-applied', `wait=${wait}`);
  return wait;
}
