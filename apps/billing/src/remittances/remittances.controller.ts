import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Access, ApiPage, PageQuery, UuidParam, type Page } from '@doorstep/platform';
import {
  AllocateRemittanceDto,
  CancelRemittanceDto,
  RecordRemittanceDto,
  RemittanceDto,
  RemittanceLineDto,
  RemittanceOutcomeDto,
  RemittancesQuery,
  UnallocateRemittanceDto,
} from './remittances.dto';
import { RemittancesService } from './remittances.service';
import { TakingBackService } from './taking-back.service';

@ApiTags('remittances')
@Controller('v1/remittances')
export class RemittancesController {
  constructor(
    private readonly remittances: RemittancesService,
    private readonly takingBack: TakingBackService,
  ) {}

  @Post()
  @Access('remittances:create')
  @ApiOperation({
    summary: "Record a funder's remittance",
    description: 'Met with the lines or claims that it names, to the cent; what does not meet is named.',
  })
  @ApiCreatedResponse({ type: RemittanceOutcomeDto, description: 'The remittance, and what does not meet.' })
  record(@Body() body: RecordRemittanceDto): Promise<RemittanceOutcomeDto> {
    return this.remittances.record(body);
  }

  @Get()
  @Access('remittances:read')
  @ApiOperation({ summary: 'List remittances' })
  @ApiPage(RemittanceDto)
  list(@Query() query: RemittancesQuery): Promise<Page<RemittanceDto>> {
    return this.remittances.list(query);
  }

  @Get(':id')
  @Access('remittances:read')
  @ApiOperation({ summary: 'See a remittance' })
  @ApiOkResponse({ type: RemittanceDto, description: 'The remittance.' })
  find(@Param('id', UuidParam) id: string): Promise<RemittanceDto> {
    return this.remittances.find(id);
  }

  @Post(':id/allocate')
  @HttpCode(200)
  @Access('remittances:create')
  @ApiOperation({ summary: 'Pay claim lines from what a remittance has left' })
  @ApiOkResponse({ type: RemittanceOutcomeDto, description: 'The remittance, and what does not meet.' })
  allocate(
    @Param('id', UuidParam) id: string,
    @Body() body: AllocateRemittanceDto,
  ): Promise<RemittanceOutcomeDto> {
    return this.remittances.allocate(id, body);
  }

  @Get(':id/lines')
  @Access('remittances:read')
  @ApiOperation({ summary: 'List the claim lines that a remittance pays, or has paid' })
  @ApiPage(RemittanceLineDto)
  lines(@Param('id', UuidParam) id: string, @Query() query: PageQuery): Promise<Page<RemittanceLineDto>> {
    return this.remittances.lines(id, query);
  }

  @Post(':id/unallocate')
  @HttpCode(200)
  @Access('remittances:cancel')
  @ApiOperation({
    summary: 'Take back what a remittance paid of lines that it was not meant for',
    description: "It waits as the funder's advance again; the lines are open, and claims it had settled too.",
  })
  @ApiOkResponse({ type: RemittanceDto, description: 'The remittance.' })
  unallocate(
    @Param('id', UuidParam) id: string,
    @Body() body: UnallocateRemittanceDto,
  ): Promise<RemittanceDto> {
    return this.takingBack.unallocate(id, body);
  }

  @Post(':id/cancel')
  @HttpCode(200)
  @Access('remittances:cancel')
  @ApiOperation({
    summary: 'Cancel a remittance that was recorded wrongly',
    description:
      'All of it is booked back and what it paid is open again; it stays readable, and its reference may be recorded again. Refused while the bank shows what it was expected to bring: undo that match first.',
  })
  @ApiOkResponse({ type: RemittanceDto, description: 'The cancelled remittance.' })
  cancel(@Param('id', UuidParam) id: string, @Body() body: CancelRemittanceDto): Promise<RemittanceDto> {
    return this.takingBack.cancel(id, body);
  }
}
