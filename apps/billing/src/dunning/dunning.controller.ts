import { Body, Controller, Get, Post, Query } from '@nestjs/common';
import { ApiCreatedResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Access, ApiPage, PageQuery, type Page } from '@doorstep/platform';
import { DunningPlanDto, ReminderDto, RemindersQuery, SetDunningPlanDto } from './dunning.dto';
import { DunningService } from './dunning.service';

@ApiTags('dunning')
@Controller('v1')
export class DunningController {
  constructor(private readonly dunning: DunningService) {}

  @Post('dunning-plans')
  @Access('dunning:write')
  @ApiOperation({ summary: 'Set the steps in which unpaid invoices are reminded of, from a day on' })
  @ApiCreatedResponse({ type: DunningPlanDto, description: 'The plan.' })
  setPlan(@Body() body: SetDunningPlanDto): Promise<DunningPlanDto> {
    return this.dunning.setPlan(body);
  }

  @Get('dunning-plans')
  @Access('dunning:read')
  @ApiOperation({ summary: 'List the plans' })
  @ApiPage(DunningPlanDto)
  plans(@Query() query: PageQuery): Promise<Page<DunningPlanDto>> {
    return this.dunning.plans(query);
  }

  @Get('dunning-reminders')
  @Access('dunning:read')
  @ApiOperation({ summary: 'List what was reminded of' })
  @ApiPage(ReminderDto)
  reminders(@Query() query: RemindersQuery): Promise<Page<ReminderDto>> {
    return this.dunning.reminders(query);
  }
}
