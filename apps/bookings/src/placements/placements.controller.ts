import { Body, Controller, Delete, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { Access, ApiPage, type Page, UuidParam } from '@doorstep/platform';
import { ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiParam, ApiTags } from '@nestjs/swagger';
import { AbsenceDto, TellAbsenceDto } from '../absences/absences.dto';
import { Absences } from '../absences/absences.service';
import { DayParam } from '../day.pipe';
import { DaysQuery } from '../groups/groups.dto';
import {
  CareDayDto,
  CareDaysDto,
  ChangePlacementDto,
  EndPlacementDto,
  PlacementDto,
  PlacementsQuery,
  ReserveDto,
  TakeDaysDto,
} from './placements.dto';
import { Placements } from './placements.service';
import { Reservations } from './reservations.service';

const ID = { name: 'id', description: 'The placement.', format: 'uuid' };
const DAY = { name: 'day', description: 'The day, YYYY-MM-DD.', example: '2026-12-01' };

@ApiTags('childcare')
@Controller('v1/placements')
export class PlacementsController {
  constructor(
    private readonly placements: Placements,
    private readonly reservations: Reservations,
    private readonly absences: Absences,
  ) {}

  @Post()
  @Access('placements:apply')
  @ApiOperation({ summary: 'Take some days of temporary care, places of absent children among them' })
  @ApiCreatedResponse({ type: PlacementDto, description: 'The placement for these days.' })
  takeDays(@Body() body: TakeDaysDto): Promise<PlacementDto> {
    return this.placements.takeDays(body);
  }

  @Get()
  @Access('placements:read')
  @ApiOperation({ summary: 'List placements by site, group, child, state or day' })
  @ApiPage(PlacementDto, 'Placements in the order in which they came to be.')
  list(@Query() query: PlacementsQuery): Promise<Page<PlacementDto>> {
    return this.placements.list(query);
  }

  @Get(':id')
  @Access('placements:read')
  @ApiOperation({ summary: 'See one placement' })
  @ApiParam(ID)
  @ApiOkResponse({ type: PlacementDto, description: 'The placement.' })
  find(@Param('id', UuidParam) id: string): Promise<PlacementDto> {
    return this.placements.find(id);
  }

  @Get(':id/days')
  @Access('placements:read')
  @ApiOperation({ summary: 'See planned and reserved days, absences, and what was recorded' })
  @ApiParam(ID)
  @ApiOkResponse({ type: CareDaysDto, description: 'The days of the span.' })
  days(@Param('id', UuidParam) id: string, @Query() { from, to }: DaysQuery): Promise<CareDaysDto> {
    return this.placements.days(id, from, to);
  }

  @Post(':id/change')
  @Access('placements:write')
  @ApiOperation({ summary: 'Other terms or another group from a day on' })
  @ApiParam(ID)
  @ApiCreatedResponse({ type: PlacementDto, description: 'The placement that goes on from there.' })
  change(@Param('id', UuidParam) id: string, @Body() body: ChangePlacementDto): Promise<PlacementDto> {
    return this.placements.change(id, body);
  }

  @Post(':id/end')
  @HttpCode(200)
  @Access('placements:write')
  @ApiOperation({ summary: 'End a placement; the place is offered to who waits' })
  @ApiParam(ID)
  @ApiOkResponse({ type: PlacementDto, description: 'The placement with its end.' })
  end(@Param('id', UuidParam) id: string, @Body() body: EndPlacementDto): Promise<PlacementDto> {
    return this.placements.end(id, body);
  }

  @Post(':id/reservations')
  @Access('placements:apply')
  @ApiOperation({ summary: 'Reserve a day out of the contingent, or in the place of an absence' })
  @ApiParam(ID)
  @ApiCreatedResponse({ type: CareDayDto, description: 'The day.' })
  reserve(@Param('id', UuidParam) id: string, @Body() body: ReserveDto): Promise<CareDayDto> {
    return this.reservations.reserve(id, body);
  }

  @Delete(':id/reservations/:day')
  @Access('placements:apply')
  @ApiOperation({ summary: 'Give a reserved day back in time' })
  @ApiParam(ID)
  @ApiParam(DAY)
  @ApiOkResponse({ type: CareDayDto, description: 'The day as it was.' })
  giveBack(@Param('id', UuidParam) id: string, @Param('day', DayParam) day: string): Promise<CareDayDto> {
    return this.reservations.giveBack(id, day);
  }

  @Post(':id/absences')
  @Access('placements:apply')
  @ApiOperation({ summary: 'Tell that a child stays away' })
  @ApiParam(ID)
  @ApiCreatedResponse({ type: AbsenceDto, description: 'The absence, with how each day counts.' })
  absent(@Param('id', UuidParam) id: string, @Body() body: TellAbsenceDto): Promise<AbsenceDto> {
    return this.absences.tell(id, body);
  }
}
