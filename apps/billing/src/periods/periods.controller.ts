import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Access, ApiPage, UuidParam, type Page } from '@doorstep/platform';
import {
  AskReopeningDto,
  ChecklistDto,
  DecideReopeningDto,
  PeriodActDto,
  PeriodDto,
  PeriodOfDto,
  PeriodsQuery,
  ReopeningDto,
} from './periods.dto';
import { PeriodsService } from './periods.service';

@ApiTags('periods')
@Controller('v1/periods')
export class PeriodsController {
  constructor(private readonly periods: PeriodsService) {}

  @Get()
  @Access('periods:read')
  @ApiOperation({ summary: 'List months that were ever closed, the newest first' })
  @ApiPage(PeriodDto)
  list(@Query() query: PeriodsQuery): Promise<Page<PeriodDto>> {
    return this.periods.list(query);
  }

  @Get('checklist')
  @Access('periods:read')
  @ApiOperation({ summary: 'See what is left to do before a month can be closed' })
  @ApiOkResponse({ type: ChecklistDto, description: 'Check by check.' })
  checklist(@Query() query: PeriodOfDto): Promise<ChecklistDto> {
    return this.periods.checklist(query);
  }

  @Post('close')
  @HttpCode(200)
  @Access('periods:close')
  @ApiOperation({
    summary: 'Close a month of a contract',
    description:
      'Refused while something that blocks is left; what is booked later goes into the next open month.',
  })
  @ApiOkResponse({ type: PeriodDto, description: 'The month.' })
  close(@Body() body: PeriodOfDto): Promise<PeriodDto> {
    return this.periods.close(body);
  }

  @Get('acts')
  @Access('periods:read')
  @ApiOperation({ summary: 'See how months were closed and opened again' })
  @ApiPage(PeriodActDto)
  acts(@Query() query: PeriodsQuery): Promise<Page<PeriodActDto>> {
    return this.periods.acts(query);
  }

  @Post('reopenings')
  @Access('periods:reopen')
  @ApiOperation({ summary: 'Ask that a closed month is opened again' })
  @ApiCreatedResponse({ type: ReopeningDto, description: 'Waits for a second person.' })
  askReopening(@Body() body: AskReopeningDto): Promise<ReopeningDto> {
    return this.periods.askReopening(body);
  }

  @Get('reopenings')
  @Access('periods:read')
  @ApiOperation({ summary: 'List who asked that which month is opened again' })
  @ApiPage(ReopeningDto)
  reopenings(@Query() query: PeriodsQuery): Promise<Page<ReopeningDto>> {
    return this.periods.reopenings(query);
  }

  @Post('reopenings/:id/approve')
  @HttpCode(200)
  @Access('periods:reopen')
  @ApiOperation({ summary: 'Open a closed month again', description: 'Not by whoever asked.' })
  @ApiOkResponse({ type: ReopeningDto, description: 'What was decided.' })
  approve(@Param('id', UuidParam) id: string, @Body() body: DecideReopeningDto): Promise<ReopeningDto> {
    return this.periods.decide(id, true, body);
  }

  @Post('reopenings/:id/reject')
  @HttpCode(200)
  @Access('periods:reopen')
  @ApiOperation({ summary: 'Leave a closed month closed', description: 'Not by whoever asked.' })
  @ApiOkResponse({ type: ReopeningDto, description: 'What was decided.' })
  reject(@Param('id', UuidParam) id: string, @Body() body: DecideReopeningDto): Promise<ReopeningDto> {
    return this.periods.decide(id, false, body);
  }
}
