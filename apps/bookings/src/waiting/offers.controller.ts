import { Controller, Headers, HttpCode, Param, Post, Res } from '@nestjs/common';
import { Access, UuidParam } from '@doorstep/platform';
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
import { HOLD_TOKEN } from '../bookings/hold-owners.service';
import { BookingDto } from '../bookings/bookings.dto';
import { Waiting } from './waiting.service';

const ID = { name: 'id', description: 'The booking that is offered.', format: 'uuid' };

@ApiTags('waiting lists')
@Controller('v1/bookings/:id')
export class OffersController {
  constructor(
    private readonly waiting: Waiting,
    private readonly answers: BookingAnswers,
  ) {}

  @Post('accept')
  @Access('bookings:create')
  @ApiOperation({ summary: 'Take an offered place; waits for the outcome as POST /v1/bookings does' })
  @ApiParam(ID)
  @ApiHeader(PREFER)
  @ApiHeader(HOLD_TOKEN)
  @ApiCreatedResponse({ type: BookingDto, description: 'Confirmed.' })
  @ApiAcceptedResponse({
    type: BookingDto,
    description: 'Held; Location says where to look for the outcome.',
  })
  @ApiConflictResponse({ description: 'The offer has ended, or the charge was declined; code says why.' })
  async accept(
    @Param('id', UuidParam) id: string,
    @Res({ passthrough: true }) reply: FastifyReply,
    @Headers('hold-token') token?: string,
  ): Promise<BookingDto> {
    return this.answers.created(reply, await this.waiting.accept(id, waitFor(reply), token));
  }

  @Post('decline')
  @HttpCode(200)
  @Access('bookings:cancel')
  @ApiOperation({ summary: 'Leave an offered place to the next' })
  @ApiParam(ID)
  @ApiHeader(HOLD_TOKEN)
  @ApiOkResponse({ type: BookingDto, description: 'The offer as it ended.' })
  async decline(
    @Param('id', UuidParam) id: string,
    @Headers('hold-token') token?: string,
  ): Promise<BookingDto> {
    return this.answers.show(await this.waiting.decline(id, token));
  }
}
