import { Body, Controller, Get, Post, Query } from '@nestjs/common';
import { Access, ApiPage, type Page } from '@doorstep/platform';
import { ApiCreatedResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { SetStandardDto, StandardDto, StandardsQuery } from './standards.dto';
import { Standards } from './standards.service';

@ApiTags('childcare')
@Controller('v1/childcare-standards')
export class StandardsController {
  constructor(private readonly standards: Standards) {}

  @Post()
  @Access('childcare-standards:write')
  @ApiOperation({ summary: "Set a city's own classes, ratios and door rules from a day on" })
  @ApiCreatedResponse({ type: StandardDto, description: 'The one before it ends where it begins.' })
  set(@Body() body: SetStandardDto): Promise<StandardDto> {
    return this.standards.set(body);
  }

  @Get()
  @Access('childcare-standards:read')
  @ApiOperation({ summary: 'List childcare standards, past and future ones too' })
  @ApiPage(StandardDto, "The country's first.")
  list(@Query() query: StandardsQuery): Promise<Page<StandardDto>> {
    return this.standards.list(query);
  }
}
