import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { Access, ApiPage, type Page, UuidParam } from '@doorstep/platform';
import { ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiParam, ApiTags } from '@nestjs/swagger';
import { EndRuleDto } from '../shared/regional-rules.dto';
import { ChecklistDto, ChecklistsQuery, SetChecklistDto } from './checklists.dto';
import { ChecklistsService } from './checklists.service';

@ApiTags('inspections')
@Controller('v1/checklists')
export class ChecklistsController {
  constructor(private readonly checklists: ChecklistsService) {}

  @Post()
  @Access('checklists:write')
  @ApiOperation({ summary: 'Set what inspections of a region look at from a day on' })
  @ApiCreatedResponse({ type: ChecklistDto, description: 'Set.' })
  set(@Body() body: SetChecklistDto): Promise<ChecklistDto> {
    return this.checklists.set(body);
  }

  @Get()
  @Access('checklists:read')
  @ApiOperation({ summary: 'List what inspections look at' })
  @ApiPage(ChecklistDto, 'Checklists in the order of their entry.')
  list(@Query() query: ChecklistsQuery): Promise<Page<ChecklistDto>> {
    return this.checklists.list(query);
  }

  @Post(':id/end')
  @HttpCode(200)
  @Access('checklists:write')
  @ApiOperation({ summary: 'Use a checklist no longer from a day on' })
  @ApiParam({ name: 'id', format: 'uuid', description: "The checklist's id." })
  @ApiOkResponse({ type: ChecklistDto, description: 'The checklist with its end.' })
  end(@Param('id', UuidParam) id: string, @Body() body: EndRuleDto): Promise<ChecklistDto> {
    return this.checklists.end(id, body);
  }
}
