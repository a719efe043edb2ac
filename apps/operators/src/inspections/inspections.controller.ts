import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { Access, ApiPage, type Page, UuidParam } from '@doorstep/platform';
import { ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiParam, ApiTags } from '@nestjs/swagger';
import {
  CarryOutDto,
  InspectionDto,
  InspectionsQuery,
  PlanInspectionDto,
  ReasonDto,
} from './inspections.dto';
import { InspectionsService } from './inspections.service';

const ID = { name: 'id', format: 'uuid', description: "The inspection's id." };

@ApiTags('inspections')
@Controller('v1/inspections')
export class InspectionsController {
  constructor(private readonly inspections: InspectionsService) {}

  @Post()
  @Access('inspections:write')
  @ApiOperation({ summary: 'Plan an inspection of a site, or of one kind of service there' })
  @ApiCreatedResponse({ type: InspectionDto, description: 'Planned, with the checklist that holds there.' })
  plan(@Body() body: PlanInspectionDto): Promise<InspectionDto> {
    return this.inspections.plan(body);
  }

  @Get()
  @Access('inspections:read')
  @ApiOperation({ summary: 'List inspections' })
  @ApiPage(InspectionDto, 'Inspections in the order of their planning.')
  list(@Query() query: InspectionsQuery): Promise<Page<InspectionDto>> {
    return this.inspections.list(query);
  }

  @Get(':id')
  @Access('inspections:read')
  @ApiOperation({ summary: 'See one inspection' })
  @ApiParam(ID)
  @ApiOkResponse({ type: InspectionDto, description: 'The inspection.' })
  find(@Param('id', UuidParam) id: string): Promise<InspectionDto> {
    return this.inspections.find(id);
  }

  @Post(':id/carry-out')
  @HttpCode(200)
  @Access('inspections:write')
  @ApiOperation({ summary: 'Enter what was seen; a severe finding stops new bookings at once' })
  @ApiParam(ID)
  @ApiOkResponse({ type: InspectionDto, description: 'Carried out; closed when nothing was found.' })
  carryOut(@Param('id', UuidParam) id: string, @Body() body: CarryOutDto): Promise<InspectionDto> {
    return this.inspections.carryOut(id, body);
  }

  @Post(':id/cancel')
  @HttpCode(200)
  @Access('inspections:write')
  @ApiOperation({ summary: 'Give up a planned inspection' })
  @ApiParam(ID)
  @ApiOkResponse({ type: InspectionDto, description: 'Cancelled.' })
  cancel(@Param('id', UuidParam) id: string, @Body() { reason }: ReasonDto): Promise<InspectionDto> {
    return this.inspections.cancel(id, reason);
  }
}
