import { Body, Controller, Get, Param, Patch, Post, Put, Query } from '@nestjs/common';
import { Access, ApiPage, type Page, PageQuery, UuidParam } from '@doorstep/platform';
import { ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiParam, ApiTags } from '@nestjs/swagger';
import { MilestoneDto, RecordMilestoneDto } from './milestones.dto';
import { MilestonesService } from './milestones.service';
import { HoursDto, HoursQuery } from './opening-hours.dto';
import { ProjectDto, SetProjectDto } from './projects.dto';
import { ProjectsService } from './projects.service';
import { ChangeSiteDto, CreateSiteDto, SiteDto, SiteWithWarningsDto } from './sites.dto';
import { SitesQuery } from './sites.query.dto';
import { SitesService } from './sites.service';

const ID = { name: 'id', format: 'uuid', description: "The site's id." };

@ApiTags('sites')
@Controller('v1/sites')
export class SitesController {
  constructor(
    private readonly sites: SitesService,
    private readonly milestones: MilestonesService,
    private readonly projects: ProjectsService,
  ) {}

  @Post()
  @Access('sites:create')
  @ApiOperation({ summary: 'Enter a site' })
  @ApiCreatedResponse({ type: SiteWithWarningsDto, description: 'The site, with gentle warnings.' })
  create(@Body() body: CreateSiteDto): Promise<SiteWithWarningsDto> {
    return this.sites.create(body);
  }

  @Get()
  @Access('sites:read')
  @ApiOperation({ summary: 'List sites' })
  @ApiPage(SiteDto, 'Sites in the order in which they were entered.')
  list(@Query() query: SitesQuery): Promise<Page<SiteDto>> {
    return this.sites.list(query);
  }

  @Get(':id')
  @Access('sites:read')
  @ApiOperation({ summary: 'See one site' })
  @ApiParam(ID)
  @ApiOkResponse({ type: SiteWithWarningsDto, description: 'The site, with gentle warnings.' })
  find(@Param('id', UuidParam) id: string): Promise<SiteWithWarningsDto> {
    return this.sites.find(id);
  }

  @Patch(':id')
  @Access('sites:update')
  @ApiOperation({ summary: 'Change a site or its opening hours' })
  @ApiParam(ID)
  @ApiOkResponse({
    type: SiteWithWarningsDto,
    description: 'The site after the change, with gentle warnings.',
  })
  change(@Param('id', UuidParam) id: string, @Body() body: ChangeSiteDto): Promise<SiteWithWarningsDto> {
    return this.sites.change(id, body);
  }

  @Get(':id/hours')
  @Access('sites:read')
  @ApiOperation({
    summary: 'See day by day when a site opens: weekly hours, exceptions and holidays together',
  })
  @ApiParam(ID)
  @ApiOkResponse({ type: HoursDto, description: 'The days that were asked for.' })
  hours(@Param('id', UuidParam) id: string, @Query() query: HoursQuery): Promise<HoursDto> {
    return this.sites.hours(id, query);
  }

  @Post(':id/milestones')
  @Access('sites:update')
  @ApiOperation({ summary: 'Record what happens to a site: from plan to operation, suspension, closure' })
  @ApiParam(ID)
  @ApiCreatedResponse({ type: SiteDto, description: 'The site with its new status.' })
  record(@Param('id', UuidParam) id: string, @Body() body: RecordMilestoneDto): Promise<SiteDto> {
    return this.milestones.record(id, body);
  }

  @Get(':id/milestones')
  @Access('sites:read')
  @ApiOperation({ summary: 'List what happened to a site' })
  @ApiParam(ID)
  @ApiPage(MilestoneDto, 'Milestones in the order in which they were recorded.')
  listMilestones(@Param('id', UuidParam) id: string, @Query() query: PageQuery): Promise<Page<MilestoneDto>> {
    return this.milestones.list(id, query);
  }

  @Put(':id/project')
  @Access('projects:write')
  @ApiOperation({ summary: 'Enter what building a site costs, who pays for it and when it is to open' })
  @ApiParam(ID)
  @ApiOkResponse({ type: ProjectDto, description: 'The project, with gentle warnings.' })
  setProject(@Param('id', UuidParam) id: string, @Body() body: SetProjectDto): Promise<ProjectDto> {
    return this.projects.set(id, body);
  }

  @Get(':id/project')
  @Access('projects:read')
  @ApiOperation({ summary: 'See what building a site costs and who pays for it' })
  @ApiParam(ID)
  @ApiOkResponse({ type: ProjectDto, description: 'The project, with gentle warnings.' })
  findProject(@Param('id', UuidParam) id: string): Promise<ProjectDto> {
    return this.projects.find(id);
  }
}
