import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Access, ApiPage, UuidParam, type Page } from '@doorstep/platform';
import {
  AllocateRemittanceDto,
  RecordRemittanceDto,
  RemittanceDto,
  RemittanceOutcomeDto,
  RemittancesQuery,
} from './remittances.dto';
import { RemittancesService } from './remittances.service';

@ApiTags('remittances')
@Controller('v1/remittances')
export class RemittancesController {
  constructor(private readonly remittances: RemittancesService) {}

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
}
