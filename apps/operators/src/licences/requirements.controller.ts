import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { Access, ApiPage, type Page, UuidParam } from '@doorstep/platform';
import { ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiParam, ApiTags } from '@nestjs/swagger';
import { EndRequirementDto, RequireLicenceDto, RequirementDto, RequirementsQuery } from './requirements.dto';
import { RequirementsService } from './requirements.service';

@ApiTags('licences')
@Controller('v1/licence-requirements')
export class RequirementsController {
  constructor(private readonly requirements: RequirementsService) {}

  @Post()
  @Access('licence-requirements:write')
  @ApiOperation({ summary: 'Ask for a type of licence for a kind of service, in a region, from a day on' })
  @ApiCreatedResponse({
    type: RequirementDto,
    description: 'Asked for; sites are judged anew within a minute.',
  })
  require(@Body() body: RequireLicenceDto): Promise<RequirementDto> {
    return this.requirements.require(body);
  }

  @Get()
  @Access('licence-requirements:read')
  @ApiOperation({ summary: 'List which kind of service needs which licence' })
  @ApiPage(RequirementDto, 'Requirements in the order of their entry.')
  list(@Query() query: RequirementsQuery): Promise<Page<RequirementDto>> {
    return this.requirements.list(query);
  }

  @Post(':id/end')
  @HttpCode(200)
  @Access('licence-requirements:write')
  @ApiOperation({ summary: 'Ask for it no longer from a day on' })
  @ApiParam({ name: 'id', format: 'uuid', description: "The requirement's id." })
  @ApiOkResponse({ type: RequirementDto, description: 'The requirement with its end.' })
  end(@Param('id', UuidParam) id: string, @Body() body: EndRequirementDto): Promise<RequirementDto> {
    return this.requirements.end(id, body);
  }
}
