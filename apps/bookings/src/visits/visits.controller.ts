import { Body, Controller, HttpCode, Param, Post } from '@nestjs/common';
import { Access, UuidParam } from '@doorstep/platform';
import { ApiOkResponse, ApiOperation, ApiParam, ApiTags } from '@nestjs/swagger';
import { BookingAnswers } from '../bookings/booking.answers';
import { CheckInDto, CheckOutDto, VisitedBookingDto } from './visits.dto';
import { Visits, type VisitStep } from './visits.service';

const ID = { name: 'id', description: 'The booking of the visit.', format: 'uuid' };

@ApiTags('visits')
@Controller('v1/bookings/:id')
export class VisitsController {
  constructor(
    private readonly visits: Visits,
    private readonly answers: BookingAnswers,
  ) {}

  @Post('check-in')
  @HttpCode(200)
  @Access('visits:check')
  @ApiOperation({ summary: 'Check a visit in with the code that the client shows' })
  @ApiParam(ID)
  @ApiOkResponse({ type: VisitedBookingDto, description: 'The visit has begun.' })
  async checkIn(@Param('id', UuidParam) id: string, @Body() body: CheckInDto): Promise<VisitedBookingDto> {
    return this.show(await this.visits.checkIn(id, body.code));
  }

  @Post('check-out')
  @HttpCode(200)
  @Access('visits:check')
  @ApiOperation({ summary: 'Check a visit out: the service is delivered' })
  @ApiParam(ID)
  @ApiOkResponse({ type: VisitedBookingDto, description: 'The visit is over; minutes count from check-in.' })
  async checkOut(@Param('id', UuidParam) id: string, @Body() body: CheckOutDto): Promise<VisitedBookingDto> {
    return this.show(await this.visits.checkOut(id, body.code));
  }

  private show({ booking, flags }: VisitStep): VisitedBookingDto {
    return { ...this.answers.show(booking), flags };
  }
}
