import { Body, Controller, Delete, Get, Headers, HttpCode, Param, Post, Put, Query } from '@nestjs/common';
import { Access, ApiPage, type Page, UuidParam } from '@doorstep/platform';
import {
  ApiCreatedResponse,
  ApiHeader,
  ApiOkResponse,
  ApiOperation,
  ApiParam,
  ApiTags,
} from '@nestjs/swagger';
import { HOLD_TOKEN } from '../bookings/hold-owners.service';
import { ChangeStandingDto, PauseDto, PlaceStandingDto, StandingDto, StandingQuery } from './standing.dto';
import { StandingOrders } from './standing.service';

const ID = { name: 'id', description: 'The standing order.', format: 'uuid' };

@ApiTags('meals')
@Controller('v1/standing-orders')
export class StandingController {
  constructor(private readonly orders: StandingOrders) {}

  @Post()
  @Access('standing-orders:write')
  @ApiOperation({
    summary: 'Place a standing order: the same meal on the same weekdays until further notice',
  })
  @ApiCreatedResponse({
    type: StandingDto,
    description:
      'Placed; days are booked within a minute as far as sessions reach, later ones as they come up.',
  })
  place(@Body() body: PlaceStandingDto): Promise<StandingDto> {
    return this.orders.place(body);
  }

  @Get()
  @Access('standing-orders:read')
  @ApiOperation({ summary: 'List standing orders' })
  @ApiPage(StandingDto, 'Standing orders in the order in which they were placed, without their days.')
  list(@Query() query: StandingQuery): Promise<Page<StandingDto>> {
    return this.orders.list(query);
  }

  @Get(':id')
  @Access('standing-orders:read')
  @ApiOperation({ summary: 'See one standing order with its days; each that was skipped says why' })
  @ApiParam(ID)
  @ApiOkResponse({ type: StandingDto, description: 'The standing order.' })
  find(@Param('id', UuidParam) id: string): Promise<StandingDto> {
    return this.orders.find(id);
  }

  @Put(':id/pause')
  @Access('standing-orders:write')
  @ApiOperation({ summary: 'Pause a standing order; what is booked in the pause is cancelled' })
  @ApiParam(ID)
  @ApiHeader(HOLD_TOKEN)
  @ApiOkResponse({ type: StandingDto, description: 'Paused.' })
  pause(
    @Param('id', UuidParam) id: string,
    @Body() body: PauseDto,
    @Headers('hold-token') token?: string,
  ): Promise<StandingDto> {
    return this.orders.pause(id, body, token);
  }

  @Delete(':id/pause')
  @Access('standing-orders:write')
  @ApiOperation({ summary: 'Lift the pause of a standing order' })
  @ApiParam(ID)
  @ApiOkResponse({ type: StandingDto, description: 'Goes on.' })
  resume(@Param('id', UuidParam) id: string): Promise<StandingDto> {
    return this.orders.pause(id, null);
  }

  @Post(':id/end')
  @HttpCode(200)
  @Access('standing-orders:write')
  @ApiOperation({ summary: 'End a standing order' })
  @ApiParam(ID)
  @ApiHeader(HOLD_TOKEN)
  @ApiOkResponse({ type: StandingDto, description: 'Ended, or ending on that day.' })
  end(
    @Param('id', UuidParam) id: string,
    @Body() body: ChangeStandingDto,
    @Headers('hold-token') token?: string,
  ): Promise<StandingDto> {
    return this.orders.end(id, body, token);
  }
}
