import { ApiProperty } from '@nestjs/swagger';
import { PageQuery } from '@doorstep/platform';
import { Amount, Choice, DayField, Id, Instant, MonthField, Text, WholeNumber } from '../shared/fields.dto';
import { INVOICE_STATUSES, type InvoiceStatus } from './invoice';

const DUE_DAYS = {
  optional: true,
  min: 0,
  max: 120,
  example: 14,
};

export class DrawUpInvoicesDto {
  @Id('Operating contract.')
  contractId: string;

  @MonthField('Month up to whose end charges are taken in.')
  period: string;

  @Id('Only for this resident.', { optional: true })
  residentId?: string;
}

export class IssueInvoicesDto extends DrawUpInvoicesDto {
  @WholeNumber('Days from the issue to the due day.', DUE_DAYS)
  dueDays: number = 14;
}

export class IssueInvoiceDto {
  @WholeNumber('Days from the issue to the due day.', DUE_DAYS)
  dueDays: number = 14;
}

export class VoidInvoiceDto {
  @Text('Why it is withdrawn; it stands on the invoice.', { max: 500, example: 'issued for the wrong month' })
  reason: string;
}

export class DrawnDto {
  @WholeNumber('How many invoices were made.', { example: 118 })
  invoices: number;

  @Amount('What they come to.', { example: 1_204_300 })
  amountFen: number;

  @WholeNumber('Credit notes for charges that were corrected downwards after they were invoiced.', {
    example: 2,
  })
  credited: number;

  @ApiProperty({ description: 'true: there are more residents; call again.', example: false })
  more: boolean;
}

export class InvoicesQuery extends PageQuery {
  @Id('Only of this contract.', { optional: true })
  contractId?: string;

  @Id('Only of this resident.', { optional: true })
  residentId?: string;

  @MonthField('Only of this month.', { optional: true })
  period?: string;

  @Choice('Only in this state.', INVOICE_STATUSES, { optional: true })
  status?: InvoiceStatus;
}

export class InvoiceDto {
  @Id('Id.')
  id: string;

  @Text('Number, gapless per operator and year; null while a draft.', {
    nullable: true,
    example: 'INV-2026-000017',
  })
  number: string | null;

  @Id('Operator.')
  operatorId: string;

  @Id('Contract.')
  contractId: string;

  @Id('Resident, by pseudonym.')
  residentId: string;

  @Id('As it is on the paper: other than residentId where two records became one since.')
  issuedTo: string;

  @Id('Site, when all its services were given at one.', { nullable: true })
  siteId: string | null;

  @MonthField('Month for which it was drawn up.')
  period: string;

  @Choice('Where it is in its life; paid follows from the payments.', INVOICE_STATUSES)
  status: InvoiceStatus;

  @DayField('Day of issue; null while a draft.', { nullable: true })
  issuedOn: string | null;

  @DayField('Day by which it is to be paid; null while a draft.', { nullable: true })
  dueOn: string | null;

  @WholeNumber('How many lines it has.', { example: 22 })
  lines: number;

  @Amount('What it came to when it was issued.', { example: 31_200 })
  amountFen: number;

  @Amount('Of it: taken back by credit notes.', { example: 0 })
  creditedFen: number;

  @Amount('Of it: paid.', { example: 31_200 })
  paidFen: number;

  @Amount('Of it: still to be paid.', { example: 0 })
  openFen: number;

  @Text('Why it is void.', { nullable: true, example: null })
  voidReason: string | null;

  @Instant('When it was drawn up.')
  createdAt: Date;

  @Instant('When it last changed.')
  changedAt: Date;

  @WholeNumber('Grows by one with each change.', { example: 2 })
  version: number;
}

export class InvoiceLineDto {
  @Id('Id.')
  id: string;

  @Id('Charge.')
  chargeId: string;

  @Id('Booking behind it.')
  bookingId: string;

  @WholeNumber('0: the charge; more: what a correction added to it later.', { example: 0 })
  sequence: number;

  @Id('Site.')
  siteId: string;

  @Text('Kind of service.', { example: 'meals' })
  kind: string;

  @Text('Mode of service.', { example: 'session' })
  mode: string;

  @DayField('Day of the service.')
  serviceDay: string;

  @WholeNumber('Minutes that were charged.', { example: 90 })
  minutes: number;

  @WholeNumber('People who pay by the head.', { example: 1 })
  quantity: number;

  @Amount('The whole price.', { example: 1800 })
  grossFen: number;

  @Amount('What funders pay of it.', { example: 300 })
  fundersFen: number;

  @Amount('What the operator grants.', { example: 0 })
  operatorFen: number;

  @Amount('What the resident pays.', { example: 1500 })
  amountFen: number;

  @Amount('Of it: taken back by credit notes.', { example: 0 })
  creditedFen: number;

  @Amount('Of it: paid.', { example: 1500 })
  paidFen: number;
}
