import { Body, Controller, Get, Headers, HttpCode, Param, Post, Query, Res } from '@nestjs/common';
import { DomainError } from '@doorstep/kernel';
import { Access, ApiPage, currentActor, type Page, UuidParam } from '@doorstep/platform';
import {
  ApiAcceptedResponse,
  ApiConflictResponse,
  ApiCreatedResponse,
  ApiHeader,
  ApiOkResponse,
  ApiOperation,
  ApiParam,
  ApiTags,
} from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { BookingAnswers, PREFER, WAIT_SECONDS, WAIT_SECONDS_MAX, waitFor } from './booking.answers';
import { AttendanceDto, BookDto, BookingDto, CancelBookingDto, RescheduleDto } from './bookings.dto';
import { BookingsQuery } from './bookings.query.dto';
import { Bookings } from './bookings.service';
import { HOLD_TOKEN } from './hold-owners.service';
import { Reschedules } from './reschedules.service';

const ID = { name: 'id', description: 'The booking.', format: 'uuid' };
@ApiTags('bookings')
@Controller('v1/bookings')
export class BookingsController {
  constructor(
    private readonly bookings: Bookings,
    private readonly reschedules: Reschedules,
    private readonly answers: BookingAnswers,
  ) {}

  @Post()
  @Access('bookings:create')
  @ApiOperation({
    summary: 'Book a session for a resident',
    description:
      'Capacity is taken at once; then the charge is priced and reserved with the funders. The answer waits for that ' +
      `as long as Prefer: wait=N says (RFC 7240; ${WAIT_SECONDS} s by default, ${WAIT_SECONDS_MAX} s at most).`,
  })
  @ApiHeader(PREFER)
  @ApiCreatedResponse({ type: BookingDto, description: 'Confirmed.' })
  @ApiAcceptedResponse({
    type: BookingDto,
    description: 'Held; Location says where to look for the outcome.',
  })
  @ApiConflictResponse({ description: 'Not bookable now, or the charge was declined; code says why.' })
  async book(@Body() body: BookDto, @Res({ passthrough: true }) reply: FastifyReply): Promise<BookingDto> {
    return this.answers.created(reply, await this.bookings.book(body, waitFor(reply)));
  }

  @Get()
  @Access('bookings:read')
  @ApiOperation({ summary: 'List bookings by site, resident, session, state or days' })
  @ApiPage(BookingDto, 'Bookings in the order of their start.')
  async list(@Query() query: BookingsQuery): Promise<Page<BookingDto>> {
    const { limit, cursor, ...filters } = query;
    const { items, nextCursor } = await this.bookings.list(filters, limit, cursor);
    return { items: items.map((row) => this.answers.show(row)), nextCursor };
  }

  @Get(':id')
  @Access('bookings:read')
  @ApiOperation({ summary: 'See one booking' })
  @ApiParam(ID)
  @ApiOkResponse({ type: BookingDto, description: 'The booking as it is now.' })
  async find(@Param('id', UuidParam) id: string): Promise<BookingDto> {
    return this.answers.show(await this.bookings.one(id));
  }

  @Post(':id/cancel')
  @HttpCode(200)
  @Access('bookings:cancel')
  @ApiOperation({ summary: 'Cancel a booking; its capacity is free again at once' })
  @ApiParam(ID)
  @ApiHeader(HOLD_TOKEN)
  @ApiOkResponse({ type: BookingDto, description: 'The cancelled booking.' })
  async cancel(
    @Param('id', UuidParam) id: string,
    @Body() body: CancelBookingDto,
    @Headers('hold-token') token?: string,
  ): Promise<BookingDto> {
    const isFrontEnd = currentActor().kind === 'client';
    if (isFrontEnd && body.by === 'operator') throw notTheOperator();
    const by = body.by ?? (isFrontEnd ? 'resident' : 'operator');
    return this.answers.show(await this.bookings.cancelAs(by, id, body.reason, token));
  }

  @Post(':id/attendance')
  @HttpCode(200)
  @Access('bookings:attend')
  @ApiOperation({ summary: 'Record that the resident came, or did not' })
  @ApiParam(ID)
  @ApiOkResponse({ type: BookingDto, description: 'The booking, delivered or a no-show.' })
  async attend(@Param('id', UuidParam) id: string, @Body() body: AttendanceDto): Promise<BookingDto> {
    return this.answers.show(await this.bookings.attend(id, body));
  }

  @Post(':id/reschedule')
  @Access('bookings:create')
  @ApiOperation({
    summary: 'Move a confirmed booking to another session',
    description:
      'A new booking is held, priced and confirmed like any other; only then the old one ends. Should the new one fail, ' +
      'the old one stands. Waits as POST /v1/bookings does.',
  })
  @ApiParam(ID)
  @ApiHeader(PREFER)
  @ApiCreatedResponse({
    type: BookingDto,
    description: 'The new booking, confirmed; the old one is cancelled.',
  })
  @ApiAcceptedResponse({ type: BookingDto, description: 'The new booking, held; the old one stands.' })
  @ApiConflictResponse({
    description: 'The new session is not bookable, or the charge was declined; code says why.',
  })
  async reschedule(
    @Param('id', UuidParam) id: string,
    @Body() body: RescheduleDto,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<BookingDto> {
    return this.answers.created(reply, await this.reschedules.reschedule(id, body, waitFor(reply)));
  }
}

/** Who cancels decides who pays: a front-end speaks for residents alone. */
function notTheOperator(): DomainError {
  return new DomainError('forbidden', 'not_the_operator', 'A front-end cancels for the resident.', {
    field: 'by',
    mend: 'Leave by out.',
  });
}
