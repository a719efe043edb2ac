import { Body, Controller, Get, HttpCode, Param, Post, Query, type StreamableFile } from '@nestjs/common';
import { ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Access, ApiDownload, ApiPage, download, UuidParam, type Page } from '@doorstep/platform';
import {
  AgreeSettlementDto,
  ContractSettlementDto,
  DrawSettlementDto,
  SettlementDto,
  SettlementFileQuery,
  SettlementPreviewDto,
  SettlementPreviewQuery,
  SettlementsQuery,
} from './contract-settlements.dto';
import { ContractSettlementsService } from './contract-settlements.service';
import { SettlementPapers } from './settlement-papers.service';

@ApiTags('contract settlements')
@Controller('v1/contract-settlements')
export class ContractSettlementsController {
  constructor(
    private readonly settlements: ContractSettlementsService,
    private readonly papers: SettlementPapers,
  ) {}

  @Post()
  @Access('contract-settlements:draw')
  @ApiOperation({
    summary: 'Draw the next settlement of a contract',
    description:
      "Fee, share of revenue, rent and deposit due through the cycle's end, less what was settled before. Every month of it has to be closed, and the settlement before it agreed.",
  })
  @ApiCreatedResponse({ type: SettlementDto, description: 'The draft.' })
  draw(@Body() body: DrawSettlementDto): Promise<SettlementDto> {
    return this.settlements.draw(body);
  }

  @Get()
  @Access('contract-settlements:read')
  @ApiOperation({ summary: "List contracts' settlements" })
  @ApiPage(ContractSettlementDto)
  list(@Query() query: SettlementsQuery): Promise<Page<ContractSettlementDto>> {
    return this.settlements.list(query);
  }

  @Get('preview')
  @Access('contract-settlements:draw')
  @ApiOperation({
    summary: 'See what the next settlement of a contract comes to',
    description: 'As the books stand; nothing is written.',
  })
  @ApiOkResponse({ type: SettlementPreviewDto, description: 'The figures, and what is to be done first.' })
  preview(@Query() query: SettlementPreviewQuery): Promise<SettlementPreviewDto> {
    return this.settlements.preview(query.contractId);
  }

  @Get(':id')
  @Access('contract-settlements:read')
  @ApiOperation({ summary: 'See a settlement with its lines' })
  @ApiOkResponse({ type: SettlementDto, description: 'The settlement.' })
  one(@Param('id', UuidParam) id: string): Promise<SettlementDto> {
    return this.settlements.one(id);
  }

  @Get(':id/paper')
  @Access('contract-settlements:read')
  @ApiOperation({
    summary: 'Take a settlement along',
    description: 'Made from its rows: what is owed, how it comes about, and places to sign.',
  })
  @ApiDownload('The paper.', 'pdf', 'xlsx')
  async paper(
    @Param('id', UuidParam) id: string,
    @Query() query: SettlementFileQuery,
  ): Promise<StreamableFile> {
    const { name, bytes } = await this.papers.paper(id, query.format, query.language);
    return download(bytes, name, query.format);
  }

  @Post(':id/agree')
  @HttpCode(200)
  @Access('contract-settlements:agree')
  @ApiOperation({
    summary: 'Agree to a settlement',
    description:
      'With the authority’s word, never by the account that drew it: it is numbered, booked, and expected at the bank.',
  })
  @ApiOkResponse({ type: SettlementDto, description: 'The agreed settlement.' })
  agree(@Param('id', UuidParam) id: string, @Body() body: AgreeSettlementDto): Promise<SettlementDto> {
    return this.settlements.agree(id, body);
  }

  @Post(':id/withdraw')
  @HttpCode(200)
  @Access('contract-settlements:draw')
  @ApiOperation({ summary: 'Withdraw a draft', description: 'The cycle can be drawn again.' })
  @ApiOkResponse({ type: SettlementDto, description: 'The withdrawn draft.' })
  withdraw(@Param('id', UuidParam) id: string): Promise<SettlementDto> {
    return this.settlements.withdraw(id);
  }
}
