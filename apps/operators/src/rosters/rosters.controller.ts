import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { Access, ApiPage, type Page, UuidParam } from '@doorstep/platform';
import { ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiParam, ApiTags } from '@nestjs/swagger';
import { EndRuleDto } from '../shared/regional-rules.dto';
import { AbsencesService } from './absences.service';
import {
  AbsenceDto,
  AbsencesQuery,
  EnterAbsenceDto,
  EnterShiftDto,
  PatternDto,
  PatternsQuery,
  PlanPatternDto,
  ShiftDto,
  ShiftsQuery,
} from './rosters.dto';
import { RostersService } from './rosters.service';

@ApiTags('rosters')
@Controller('v1/shift-patterns')
export class PatternsController {
  constructor(private readonly rosters: RostersService) {}

  @Post()
  @Access('rosters:write')
  @ApiOperation({ summary: 'Plan shifts that come again every week' })
  @ApiCreatedResponse({
    type: PatternDto,
    description: 'Planned; shifts of single days that are in the way hold.',
  })
  plan(@Body() body: PlanPatternDto): Promise<PatternDto> {
    return this.rosters.planPattern(body);
  }

  @Get()
  @Access('rosters:read')
  @ApiOperation({ summary: 'List weekly patterns' })
  @ApiPage(PatternDto, 'Patterns in the order of their entry.')
  list(@Query() query: PatternsQuery): Promise<Page<PatternDto>> {
    return this.rosters.patterns(query);
  }

  @Post(':id/end')
  @HttpCode(200)
  @Access('rosters:write')
  @ApiOperation({ summary: 'End a weekly pattern; its shifts from the day on are gone' })
  @ApiParam({ name: 'id', format: 'uuid', description: "The pattern's id." })
  @ApiOkResponse({ type: PatternDto, description: 'The pattern with its end.' })
  end(@Param('id', UuidParam) id: string, @Body() body: EndRuleDto): Promise<PatternDto> {
    return this.rosters.endPattern(id, body);
  }
}

@ApiTags('rosters')
@Controller('v1/shifts')
export class ShiftsController {
  constructor(private readonly rosters: RostersService) {}

  @Post()
  @Access('rosters:write')
  @ApiOperation({ summary: 'Enter a shift of a single day' })
  @ApiCreatedResponse({ type: ShiftDto, description: 'Entered.' })
  enter(@Body() body: EnterShiftDto): Promise<ShiftDto> {
    return this.rosters.enterShift(body);
  }

  @Get()
  @Access('rosters:read')
  @ApiOperation({ summary: 'List shifts, by site and member of staff' })
  @ApiPage(ShiftDto, 'Shifts by their start, cancelled ones too.')
  list(@Query() query: ShiftsQuery): Promise<Page<ShiftDto>> {
    return this.rosters.shifts(query);
  }

  @Post(':id/cancel')
  @HttpCode(200)
  @Access('rosters:write')
  @ApiOperation({ summary: 'Cancel a shift; its pattern does not make it again' })
  @ApiParam({ name: 'id', format: 'uuid', description: "The shift's id." })
  @ApiOkResponse({ type: ShiftDto, description: 'Cancelled.' })
  cancel(@Param('id', UuidParam) id: string): Promise<ShiftDto> {
    return this.rosters.cancelShift(id);
  }
}

@ApiTags('rosters')
@Controller('v1/absences')
export class AbsencesController {
  constructor(private readonly absences: AbsencesService) {}

  @Post()
  @Access('rosters:write')
  @ApiOperation({ summary: 'Enter when somebody is away' })
  @ApiCreatedResponse({ type: AbsenceDto, description: 'Entered; they are not asked for meanwhile.' })
  enter(@Body() body: EnterAbsenceDto): Promise<AbsenceDto> {
    return this.absences.enter(body);
  }

  @Get()
  @Access('rosters:read')
  @ApiOperation({ summary: 'List absences' })
  @ApiPage(AbsenceDto, 'Absences in the order of their entry.')
  list(@Query() query: AbsencesQuery): Promise<Page<AbsenceDto>> {
    return this.absences.list(query);
  }

  @Post(':id/cancel')
  @HttpCode(200)
  @Access('rosters:write')
  @ApiOperation({ summary: 'Cancel an absence' })
  @ApiParam({ name: 'id', format: 'uuid', description: "The absence's id." })
  @ApiOkResponse({ type: AbsenceDto, description: 'Cancelled.' })
  cancel(@Param('id', UuidParam) id: string): Promise<AbsenceDto> {
    return this.absences.cancel(id);
  }
}
