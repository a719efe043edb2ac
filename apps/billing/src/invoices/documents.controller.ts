import { Body, Controller, Get, Param, Post, Query } from '@nestjs/common';
import { ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Access, ApiPage, UuidParam, type Page } from '@doorstep/platform';
import { CreditNoteDetailDto, CreditNoteDto, CreditNotesQuery } from './credit-notes.dto';
import { CreditNotesService } from './credit-notes.service';
import { IssueReceiptDto, ReceiptDto, ReceiptsQuery } from './receipts.dto';
import { ReceiptsService } from './receipts.service';
import { StatementDto, StatementMonthQuery } from './statements.dto';
import { StatementsService } from './statements.service';

@ApiTags('invoices')
@Controller('v1')
export class DocumentsController {
  constructor(
    private readonly credits: CreditNotesService,
    private readonly receiptsService: ReceiptsService,
    private readonly statements: StatementsService,
  ) {}

  @Get('credit-notes')
  @Access('invoices:read')
  @ApiOperation({ summary: 'List credit notes', description: 'Oldest first.' })
  @ApiPage(CreditNoteDto)
  creditNotes(@Query() query: CreditNotesQuery): Promise<Page<CreditNoteDto>> {
    return this.credits.list(query);
  }

  @Get('credit-notes/:id')
  @Access('invoices:read')
  @ApiOperation({ summary: 'See a credit note with its lines' })
  @ApiOkResponse({ type: CreditNoteDetailDto, description: 'The credit note.' })
  creditNote(@Param('id', UuidParam) id: string): Promise<CreditNoteDetailDto> {
    return this.credits.find(id);
  }

  @Post('receipts')
  @Access('payments:create')
  @ApiOperation({ summary: 'Issue the receipt of a payment', description: 'One for each payment.' })
  @ApiCreatedResponse({ type: ReceiptDto, description: 'The receipt.' })
  issueReceipt(@Body() body: IssueReceiptDto): Promise<ReceiptDto> {
    return this.receiptsService.issue(body);
  }

  @Get('receipts')
  @Access('invoices:read')
  @ApiOperation({ summary: 'List receipts', description: 'Oldest first.' })
  @ApiPage(ReceiptDto)
  receipts(@Query() query: ReceiptsQuery): Promise<Page<ReceiptDto>> {
    return this.receiptsService.list(query);
  }

  @Get('receipts/:id')
  @Access('invoices:read')
  @ApiOperation({ summary: 'See a receipt' })
  @ApiOkResponse({ type: ReceiptDto, description: 'The receipt.' })
  receipt(@Param('id', UuidParam) id: string): Promise<ReceiptDto> {
    return this.receiptsService.find(id);
  }

  @Get('statements')
  @Access('invoices:read')
  @ApiOperation({
    summary: "See a resident's statement of a month",
    description:
      'What was owed before, what was due, paid and taken back, what is owed after: as the ledger has it.',
  })
  @ApiOkResponse({ type: StatementDto, description: 'The statement.' })
  statement(@Query() query: StatementMonthQuery): Promise<StatementDto> {
    return this.statements.statement(query);
  }
}
