import { Body, Controller, Get, Post, Query } from '@nestjs/common';
import { ApiCreatedResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Access, ApiPage, type Page } from '@doorstep/platform';
import { AbsenceRulesService } from './absence-rules.service';
import {
  AbsenceRuleDto,
  AbsenceRulesQuery,
  AttendanceMonthDto,
  AttendanceMonthsQuery,
  SetAbsenceRuleDto,
} from './monthly-fees.dto';

@ApiTags('monthly fees')
@Controller('v1')
export class MonthlyFeesController {
  constructor(private readonly rules: AbsenceRulesService) {}

  @Post('absence-rules')
  @Access('prices:write')
  @ApiOperation({
    summary: 'Say what a monthly fee becomes when a child was away',
    description: 'From a day on; the rule that holds until then ends on it. Charged months keep theirs.',
  })
  @ApiCreatedResponse({ type: AbsenceRuleDto, description: 'The rule.' })
  set(@Body() body: SetAbsenceRuleDto): Promise<AbsenceRuleDto> {
    return this.rules.set(body);
  }

  @Get('absence-rules')
  @Access('prices:read')
  @ApiOperation({ summary: 'List rules of absence' })
  @ApiPage(AbsenceRuleDto)
  list(@Query() query: AbsenceRulesQuery): Promise<Page<AbsenceRuleDto>> {
    return this.rules.list(query);
  }

  @Get('attendance-months')
  @Access('charges:read')
  @ApiOperation({
    summary: "List children's months and their charges",
    description: 'A month that can’t be charged yet waits and says why.',
  })
  @ApiPage(AttendanceMonthDto)
  months(@Query() query: AttendanceMonthsQuery): Promise<Page<AttendanceMonthDto>> {
    return this.rules.months(query);
  }
}
