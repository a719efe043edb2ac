import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Access, ApiPage, PageQuery, UuidParam, type Page } from '@doorstep/platform';
import { CreditNoteDetailDto, IssueCreditNoteDto } from './credit-notes.dto';
import { CreditNotesService } from './credit-notes.service';
import { CreditAppliedDto, PaidInvoiceDto, PayInvoiceDto } from './invoice-payments.dto';
import { InvoicePaymentsService } from './invoice-payments.service';
import {
  DrawnDto,
  DrawUpInvoicesDto,
  InvoiceDto,
  InvoiceLineDto,
  InvoicesQuery,
  IssueInvoiceDto,
  IssueInvoicesDto,
  VoidInvoiceDto,
} from './invoices.dto';
import { InvoicesService } from './invoices.service';

@ApiTags('invoices')
@Controller('v1/invoices')
export class InvoicesController {
  constructor(
    private readonly invoices: InvoicesService,
    private readonly credits: CreditNotesService,
    private readonly payments: InvoicePaymentsService,
  ) {}

  @Post()
  @Access('invoices:issue')
  @ApiOperation({
    summary: "Draw up residents' invoices as drafts",
    description:
      'One for each resident, over the self-paid part of every captured charge that is on no invoice yet. Drafts of before are made anew.',
  })
  @ApiCreatedResponse({ type: DrawnDto, description: 'How many, and what they come to.' })
  drawUp(@Body() body: DrawUpInvoicesDto): Promise<DrawnDto> {
    return this.invoices.drawUp(body);
  }

  @Post('issue')
  @HttpCode(200)
  @Access('invoices:issue')
  @ApiOperation({
    summary: "Issue residents' invoices of a month",
    description: 'Draws up what is due at this moment and issues it; at most a thousand residents a call.',
  })
  @ApiOkResponse({ type: DrawnDto, description: 'How many, and what they come to.' })
  issueAll(@Body() body: IssueInvoicesDto): Promise<DrawnDto> {
    return this.invoices.issueAll(body);
  }

  @Get()
  @Access('invoices:read')
  @ApiOperation({ summary: 'List invoices', description: 'Oldest first.' })
  @ApiPage(InvoiceDto)
  list(@Query() query: InvoicesQuery): Promise<Page<InvoiceDto>> {
    return this.invoices.list(query);
  }

  @Get(':id')
  @Access('invoices:read')
  @ApiOperation({ summary: 'See an invoice' })
  @ApiOkResponse({ type: InvoiceDto, description: 'The invoice.' })
  find(@Param('id', UuidParam) id: string): Promise<InvoiceDto> {
    return this.invoices.find(id);
  }

  @Get(':id/lines')
  @Access('invoices:read')
  @ApiOperation({ summary: "List an invoice's lines", description: 'By the day of the service.' })
  @ApiPage(InvoiceLineDto)
  lines(@Param('id', UuidParam) id: string, @Query() query: PageQuery): Promise<Page<InvoiceLineDto>> {
    return this.invoices.lines(id, query);
  }

  @Post(':id/issue')
  @HttpCode(200)
  @Access('invoices:issue')
  @ApiOperation({
    summary: 'Issue one draft',
    description: 'Refused when something was corrected since it was drawn up.',
  })
  @ApiOkResponse({ type: InvoiceDto, description: 'The invoice with its number.' })
  issue(@Param('id', UuidParam) id: string, @Body() body: IssueInvoiceDto): Promise<InvoiceDto> {
    return this.invoices.issue(id, body.dueDays);
  }

  @Post(':id/void')
  @HttpCode(200)
  @Access('invoices:void')
  @ApiOperation({
    summary: 'Withdraw an invoice',
    description: 'An issued one is credited whole; its charges may be invoiced anew. Its number stays used.',
  })
  @ApiOkResponse({ type: InvoiceDto, description: 'The void invoice.' })
  void(@Param('id', UuidParam) id: string, @Body() body: VoidInvoiceDto): Promise<InvoiceDto> {
    return this.invoices.void(id, body);
  }

  @Post(':id/credit-notes')
  @Access('invoices:void')
  @ApiOperation({
    summary: 'Credit part of an invoice',
    description: 'The operator carries it; what was paid too much becomes credit of the resident.',
  })
  @ApiCreatedResponse({ type: CreditNoteDetailDto, description: 'The credit note.' })
  credit(@Param('id', UuidParam) id: string, @Body() body: IssueCreditNoteDto): Promise<CreditNoteDetailDto> {
    return this.credits.credit(id, body);
  }

  @Post(':id/payments')
  @Access('payments:create')
  @ApiOperation({
    summary: 'Record a payment on an invoice',
    description: 'Pays open lines in their order; what is left over is credit of the resident.',
  })
  @ApiCreatedResponse({ type: PaidInvoiceDto, description: 'The payment and the invoice.' })
  pay(@Param('id', UuidParam) id: string, @Body() body: PayInvoiceDto): Promise<PaidInvoiceDto> {
    return this.payments.pay(id, body);
  }

  @Post(':id/apply-credit')
  @HttpCode(200)
  @Access('payments:create')
  @ApiOperation({ summary: 'Pay an invoice from what the resident paid too much before' })
  @ApiOkResponse({ type: CreditAppliedDto, description: 'What was used, and the invoice.' })
  applyCredit(@Param('id', UuidParam) id: string): Promise<CreditAppliedDto> {
    return this.payments.applyCredit(id);
  }
}
