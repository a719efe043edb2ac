import { Body, Controller, Delete, Get, Param, Post, Query } from '@nestjs/common';
import { Access, ApiPage, type Page, UuidParam } from '@doorstep/platform';
import { ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiParam, ApiTags } from '@nestjs/swagger';
import { CloseSpaceDto, ClosureDto, ClosuresQuery } from './closures.dto';
import { ClosuresService } from './closures.service';

const SITE = { name: 'siteId', format: 'uuid', description: "The site's id." };
const SPACE = { name: 'spaceId', format: 'uuid', description: "The space's id." };

@ApiTags('spaces')
@Controller('v1/sites/:siteId/spaces/:spaceId/closures')
export class ClosuresController {
  constructor(private readonly closures: ClosuresService) {}

  @Post()
  @Access('spaces:write')
  @ApiOperation({ summary: 'Close a space for a while: it and whatever it blocks take no bookings then' })
  @ApiParam(SITE)
  @ApiParam(SPACE)
  @ApiCreatedResponse({ type: ClosureDto, description: 'The closure.' })
  close(
    @Param('siteId', UuidParam) siteId: string,
    @Param('spaceId', UuidParam) spaceId: string,
    @Body() body: CloseSpaceDto,
  ): Promise<ClosureDto> {
    return this.closures.close(siteId, spaceId, body);
  }

  @Get()
  @Access('spaces:read')
  @ApiOperation({ summary: 'List the closures of a space' })
  @ApiParam(SITE)
  @ApiParam(SPACE)
  @ApiPage(ClosureDto, 'Closures in the order in which they were entered.')
  list(
    @Param('siteId', UuidParam) siteId: string,
    @Param('spaceId', UuidParam) spaceId: string,
    @Query() query: ClosuresQuery,
  ): Promise<Page<ClosureDto>> {
    return this.closures.list(siteId, spaceId, query);
  }

  @Delete(':id')
  @Access('spaces:write')
  @ApiOperation({ summary: 'Call a closure off' })
  @ApiParam(SITE)
  @ApiParam(SPACE)
  @ApiParam({ name: 'id', format: 'uuid', description: "The closure's id." })
  @ApiOkResponse({ type: ClosureDto, description: 'The closure, called off.' })
  cancel(
    @Param('siteId', UuidParam) siteId: string,
    @Param('spaceId', UuidParam) spaceId: string,
    @Param('id', UuidParam) id: string,
  ): Promise<ClosureDto> {
    return this.closures.cancel(siteId, spaceId, id);
  }
}
