import { Body, Controller, Get, Param, Patch, Post, Query } from '@nestjs/common';
import { Access, ApiPage, type Page, UuidParam } from '@doorstep/platform';
import { ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiParam, ApiTags } from '@nestjs/swagger';
import { ChangeSpaceDto, CreateSpaceDto, SpaceDto, SpacesQuery } from './spaces.dto';
import { SpacesService } from './spaces.service';

const SITE = { name: 'siteId', format: 'uuid', description: "The site's id." };

@ApiTags('spaces')
@Controller('v1/sites/:siteId/spaces')
export class SpacesController {
  constructor(private readonly spaces: SpacesService) {}

  @Post()
  @Access('spaces:write')
  @ApiOperation({ summary: 'Enter a space of a site: a room, a court, a kitchen' })
  @ApiParam(SITE)
  @ApiCreatedResponse({ type: SpaceDto, description: 'The space.' })
  create(@Param('siteId', UuidParam) siteId: string, @Body() body: CreateSpaceDto): Promise<SpaceDto> {
    return this.spaces.create(siteId, body);
  }

  @Get()
  @Access('spaces:read')
  @ApiOperation({ summary: 'List the spaces of a site' })
  @ApiParam(SITE)
  @ApiPage(SpaceDto, 'Spaces in the order in which they were entered.')
  list(@Param('siteId', UuidParam) siteId: string, @Query() query: SpacesQuery): Promise<Page<SpaceDto>> {
    return this.spaces.list(siteId, query);
  }

  @Patch(':id')
  @Access('spaces:write')
  @ApiOperation({ summary: 'Change a space, move it to another parent, or take it out of use' })
  @ApiParam(SITE)
  @ApiParam({ name: 'id', format: 'uuid', description: "The space's id." })
  @ApiOkResponse({ type: SpaceDto, description: 'The space after the change.' })
  change(
    @Param('siteId', UuidParam) siteId: string,
    @Param('id', UuidParam) id: string,
    @Body() body: ChangeSpaceDto,
  ): Promise<SpaceDto> {
    return this.spaces.change(siteId, id, body);
  }
}
