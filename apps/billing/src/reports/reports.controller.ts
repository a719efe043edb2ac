import { Controller, Get, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Access } from '@doorstep/platform';
import { TiesDto, TiesQuery } from './reports.dto';
import { ReportsService } from './reports.service';

@ApiTags('reports')
@Controller('v1/reports')
export class ReportsController {
  constructor(private readonly reports: ReportsService) {}

  @Get('ties')
  @Access('ledger:read')
  @ApiOperation({
    summary: 'Tie the books of a month',
    description:
      'Each figure comes from its own table; a difference other than 0 is something that somebody must explain.',
  })
  @ApiOkResponse({ type: TiesDto, description: 'Pair by pair.' })
  ties(@Query() query: TiesQuery): Promise<TiesDto> {
    return this.reports.ties(query);
  }
}
