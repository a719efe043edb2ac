import { Body, Controller, Get, Param, Post, Query } from '@nestjs/common';
import { ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Access, ApiPage, UuidParam, type Page } from '@doorstep/platform';
import { ReconcileDto, ReconciliationDto, ReconciliationsQuery } from './reconciliations.dto';
import { ReconciliationsService } from './reconciliations.service';

@ApiTags('reconciliations')
@Controller('v1/reconciliations')
export class ReconciliationsController {
  constructor(private readonly reconciliations: ReconciliationsService) {}

  @Post()
  @Access('reconciliations:create')
  @ApiOperation({
    summary: "Reconcile a channel's file",
    description:
      'Ties every line to a payment or refund, and names every difference as an exception, to the fen.',
  })
  @ApiCreatedResponse({ type: ReconciliationDto, description: 'The outcome.' })
  reconcile(@Body() body: ReconcileDto): Promise<ReconciliationDto> {
    return this.reconciliations.reconcile(body);
  }

  @Get()
  @Access('reconciliations:read')
  @ApiOperation({ summary: 'List reconciliations' })
  @ApiPage(ReconciliationDto)
  list(@Query() query: ReconciliationsQuery): Promise<Page<ReconciliationDto>> {
    return this.reconciliations.list(query);
  }

  @Get(':id')
  @Access('reconciliations:read')
  @ApiOperation({ summary: 'See a reconciliation' })
  @ApiOkResponse({ type: ReconciliationDto, description: 'The outcome.' })
  find(@Param('id', UuidParam) id: string): Promise<ReconciliationDto> {
    return this.reconciliations.find(id);
  }
}
