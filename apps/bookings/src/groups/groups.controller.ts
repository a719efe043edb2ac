import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { Access, ApiPage, type Page, UuidParam } from '@doorstep/platform';
import { ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiParam, ApiTags } from '@nestjs/swagger';
import { Absences } from '../absences/absences.service';
import {
  CareGroupDto,
  CloseGroupDto,
  DaysQuery,
  GroupClosedDto,
  GroupDaysDto,
  GroupsQuery,
  OpenGroupDto,
  GroupSizeDto,
} from './groups.dto';
import { Groups } from './groups.service';

const ID = { name: 'id', description: 'The group.', format: 'uuid' };

@ApiTags('childcare')
@Controller('v1/care-groups')
export class GroupsController {
  constructor(
    private readonly groups: Groups,
    private readonly absences: Absences,
  ) {}

  @Post()
  @Access('care-groups:write')
  @ApiOperation({ summary: 'Open a group of children of an age' })
  @ApiCreatedResponse({ type: CareGroupDto, description: 'The group.' })
  open(@Body() body: OpenGroupDto): Promise<CareGroupDto> {
    return this.groups.open(body);
  }

  @Get()
  @Access('care-groups:read')
  @ApiOperation({ summary: 'List groups of a site or an offering' })
  @ApiPage(CareGroupDto, 'Groups in the order in which they were opened.')
  list(@Query() query: GroupsQuery): Promise<Page<CareGroupDto>> {
    return this.groups.list(query);
  }

  @Get(':id')
  @Access('care-groups:read')
  @ApiOperation({ summary: 'See one group' })
  @ApiParam(ID)
  @ApiOkResponse({ type: CareGroupDto, description: 'The group.' })
  find(@Param('id', UuidParam) id: string): Promise<CareGroupDto> {
    return this.groups.find(id);
  }

  @Post(':id/sizes')
  @Access('care-groups:write')
  @ApiOperation({ summary: 'Set places and staff from a day on' })
  @ApiParam(ID)
  @ApiCreatedResponse({ type: CareGroupDto, description: 'The group with its sizes over time.' })
  resize(@Param('id', UuidParam) id: string, @Body() body: GroupSizeDto): Promise<CareGroupDto> {
    return this.groups.resize(id, body);
  }

  @Get(':id/days')
  @Access('care-groups:read')
  @ApiOperation({ summary: 'See, day by day, how many have a place, how many come and what is left' })
  @ApiParam(ID)
  @ApiOkResponse({ type: GroupDaysDto, description: 'Each day of the span.' })
  days(@Param('id', UuidParam) id: string, @Query() { from, to }: DaysQuery): Promise<GroupDaysDto> {
    return this.groups.days(id, from, to);
  }

  @Post(':id/closures')
  @HttpCode(200)
  @Access('care-groups:write')
  @ApiOperation({
    summary: 'Close a group for some days: every child is absent for it, whatever was told before',
  })
  @ApiParam(ID)
  @ApiOkResponse({ type: GroupClosedDto, description: 'Whom it touched.' })
  close(@Param('id', UuidParam) id: string, @Body() body: CloseGroupDto): Promise<GroupClosedDto> {
    return this.absences.closeGroup(id, body);
  }
}
