import { Body, Controller, Delete, Get, Headers, HttpCode, Param, Post, Query, Res } from '@nestjs/common';
import { Access, ApiPage, type Page, PageQuery, UuidParam } from '@doorstep/platform';
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
import { BookingAnswers, PREFER, waitFor } from '../bookings/booking.answers';
import { BookingDto, CancelBookingDto } from '../bookings/bookings.dto';
import { HOLD_TOKEN } from '../bookings/hold-owners.service';
import { CarerBookings } from './carer-bookings.service';
import { CarerGrants } from './carer-grants.service';
import { BookForResidentDto, CaredForDto, CarerGrantDto, GrantCarerDto } from './carers.dto';

const RESIDENT = { name: 'id', description: 'The resident.', format: 'uuid' };
const CARER = {
  name: 'carerId',
  description: 'The carer: a resident on record, or an account of the front-end.',
  format: 'uuid',
};
const CARED_FOR = { name: 'residentId', description: 'Whom the carer acts for.', format: 'uuid' };

@ApiTags('carers')
@Controller('v1')
export class CarersController {
  constructor(
    private readonly grants: CarerGrants,
    private readonly bookings: CarerBookings,
    private readonly answers: BookingAnswers,
  ) {}

  @Post('residents/:id/carers')
  @Access('carers:grant')
  @ApiOperation({
    summary: 'Entitle somebody to book for a resident',
    description:
      "By the resident's own consent, under 14 by the guardian's; for a time, or until it is withdrawn.",
  })
  @ApiParam(RESIDENT)
  @ApiCreatedResponse({ type: CarerGrantDto, description: 'The entitlement.' })
  grant(@Param('id', UuidParam) id: string, @Body() body: GrantCarerDto): Promise<CarerGrantDto> {
    return this.grants.grant(id, body);
  }

  @Get('residents/:id/carers')
  @Access('residents:read')
  @ApiOperation({ summary: 'List who may book for a resident, and who might before' })
  @ApiParam(RESIDENT)
  @ApiPage(CarerGrantDto, 'Entitlements in the order in which they were given.')
  list(@Param('id', UuidParam) id: string, @Query() query: PageQuery): Promise<Page<CarerGrantDto>> {
    return this.grants.ofResident(id, query);
  }

  @Delete('residents/:id/carers/:grantId')
  @Access('carers:grant')
  @ApiOperation({ summary: 'Withdraw an entitlement; what was booked by it stands' })
  @ApiParam(RESIDENT)
  @ApiParam({ name: 'grantId', description: 'The entitlement.', format: 'uuid' })
  @ApiOkResponse({ type: CarerGrantDto, description: 'Withdrawn.' })
  withdraw(
    @Param('id', UuidParam) id: string,
    @Param('grantId', UuidParam) grantId: string,
  ): Promise<CarerGrantDto> {
    return this.grants.withdraw(id, grantId);
  }

  @Get('carers/:carerId/residents')
  @Access('carers:act')
  @ApiOperation({ summary: 'List whom a carer may act for now, masked' })
  @ApiParam(CARER)
  @ApiPage(CaredForDto, 'Residents in the order in which they entitled the carer.')
  caredFor(
    @Param('carerId', UuidParam) carerId: string,
    @Query() query: PageQuery,
  ): Promise<Page<CaredForDto>> {
    return this.grants.caredForBy(carerId, query);
  }

  @Get('carers/:carerId/residents/:residentId/bookings')
  @Access('carers:act')
  @ApiOperation({ summary: 'List bookings of a resident, as a carer who may view them' })
  @ApiParam(CARER)
  @ApiParam(CARED_FOR)
  @ApiPage(BookingDto, 'Bookings in the order of their start.')
  async bookingsOf(
    @Param('carerId', UuidParam) carerId: string,
    @Param('residentId', UuidParam) residentId: string,
    @Query() query: PageQuery,
  ): Promise<Page<BookingDto>> {
    const { items, nextCursor } = await this.bookings.list(carerId, residentId, query);
    return { items: items.map((row) => this.answers.show(row)), nextCursor };
  }

  @Post('carers/:carerId/residents/:residentId/bookings')
  @Access('carers:act')
  @ApiOperation({
    summary: 'Book for a resident, as a carer who may',
    description: 'As POST /v1/bookings does, in the name of the carer; the booking says who booked.',
  })
  @ApiParam(CARER)
  @ApiParam(CARED_FOR)
  @ApiHeader(PREFER)
  @ApiCreatedResponse({ type: BookingDto, description: 'Confirmed.' })
  @ApiAcceptedResponse({
    type: BookingDto,
    description: 'Held; Location says where to look for the outcome.',
  })
  @ApiConflictResponse({ description: 'Not bookable now, or the charge was declined; code says why.' })
  async book(
    @Param('carerId', UuidParam) carerId: string,
    @Param('residentId', UuidParam) residentId: string,
    @Body() body: BookForResidentDto,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<BookingDto> {
    return this.answers.created(reply, await this.bookings.book(carerId, residentId, body, waitFor(reply)));
  }

  @Post('carers/:carerId/residents/:residentId/bookings/:bookingId/cancel')
  @HttpCode(200)
  @Access('carers:act')
  @ApiOperation({ summary: 'Cancel a booking of a resident, as a carer who may' })
  @ApiParam(CARER)
  @ApiParam(CARED_FOR)
  @ApiParam({ name: 'bookingId', description: 'The booking.', format: 'uuid' })
  @ApiHeader(HOLD_TOKEN)
  @ApiOkResponse({ type: BookingDto, description: 'The cancelled booking.' })
  async cancel(
    @Param('carerId', UuidParam) carerId: string,
    @Param('residentId', UuidParam) residentId: string,
    @Param('bookingId', UuidParam) bookingId: string,
    @Body() { reason }: CancelBookingDto,
    @Headers('hold-token') token?: string,
  ): Promise<BookingDto> {
    const ask = { reason, token };
    return this.answers.show(await this.bookings.cancel(carerId, residentId, bookingId, ask));
  }
}
