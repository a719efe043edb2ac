import { Body, Controller, Param, Post, Res } from '@nestjs/common';
import { DomainError, notFound } from '@doorstep/kernel';
import { Access, type Tx, UuidParam } from '@doorstep/platform';
import {
  ApiAcceptedResponse,
  ApiConflictResponse,
  ApiCreatedResponse,
  ApiHeader,
  ApiOperation,
  ApiParam,
  ApiTags,
} from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { isVisit } from '../bookings/booking';
import { BookingAnswers, PREFER, waitFor } from '../bookings/booking.answers';
import { BookingDto } from '../bookings/bookings.dto';
import { Bookings } from '../bookings/bookings.service';
import { Holds } from '../bookings/holds.service';
import { WalkInDto } from './walk-ins.dto';

interface Door {
  offeringId: string;
  delivery: string;
  mode: string;
}

const DOOR = `
  SELECT s.offering_id AS "offeringId", o.delivery, o.mode FROM session s JOIN offering o ON o.id = s.offering_id
  WHERE s.id = $1`;

/**
 * Who comes without having booked: to a reading room, an open court, a day room, a table that is free. They join a session
 * that goes on; its places, ages, licences and prices hold for them as for everybody.
 */
@ApiTags('bookings')
@Controller('v1/sessions/:id/walk-ins')
export class WalkInsController {
  constructor(
    private readonly bookings: Bookings,
    private readonly holds: Holds,
    private readonly answers: BookingAnswers,
  ) {}

  @Post()
  @Access('bookings:attend')
  @ApiOperation({
    summary: 'Let somebody in who has not booked, while the session goes on',
    description:
      'A booking like any other, only later: until the session is over. Waits for the charge as POST /v1/bookings does; ' +
      'then attendance is recorded.',
  })
  @ApiParam({ name: 'id', description: 'The session.', format: 'uuid' })
  @ApiHeader(PREFER)
  @ApiCreatedResponse({ type: BookingDto, description: 'Confirmed.' })
  @ApiAcceptedResponse({
    type: BookingDto,
    description: 'Held; Location says where to look for the outcome.',
  })
  @ApiConflictResponse({ description: 'There is no place, or the charge was declined; code says why.' })
  async join(
    @Param('id', UuidParam) sessionId: string,
    @Body() body: WalkInDto,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<BookingDto> {
    const booked = await this.bookings.settled(waitFor(reply), async (tx, bookingId) => {
      const offeringId = await offeringAtDoor(tx, sessionId);
      const ask = { ...body, bookingId, sessionId, offeringId, noteSealed: null, replaces: null };
      return this.holds.hold(tx, { ...ask, walkIn: true });
    });
    return this.answers.created(reply, booked);
  }
}

/** Nobody walks into a visit at their own home. */
async function offeringAtDoor(tx: Tx, sessionId: string): Promise<string> {
  const [door] = await tx.sql<Door>(DOOR, [sessionId]);
  if (!door) throw notFound('session', sessionId);
  if (!isVisit(door.delivery, door.mode) && door.mode !== 'order') return door.offeringId;
  throw new DomainError('conflict', 'no_door', 'Nobody walks into what is brought to them.', {
    mend: 'Book another session with POST /v1/bookings.',
  });
}
