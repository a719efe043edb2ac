import { Body, Controller, Get, Post, Query } from '@nestjs/common';
import { Access, ApiPage, type Page, PageQuery } from '@doorstep/platform';
import { ApiCreatedResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { SetVisitRuleDto, VisitRuleDto } from './visit-rules.dto';
import { VisitRules } from './visit-rules.service';

@ApiTags('visits')
@Controller('v1/visit-rules')
export class VisitRulesController {
  constructor(private readonly rules: VisitRules) {}

  @Post()
  @Access('visit-rules:write')
  @ApiOperation({ summary: 'Set what a place asks of visits, from a day on' })
  @ApiCreatedResponse({ type: VisitRuleDto, description: 'Set.' })
  set(@Body() body: SetVisitRuleDto): Promise<VisitRuleDto> {
    return this.rules.set(body);
  }

  @Get()
  @Access('visit-rules:read')
  @ApiOperation({ summary: 'List what places ask of visits' })
  @ApiPage(
    VisitRuleDto,
    'Rules in the order of their entry; of the longest region code that fits, the newest.',
  )
  list(@Query() query: PageQuery): Promise<Page<VisitRuleDto>> {
    return this.rules.list(query);
  }
}
