import { PageQuery } from '@doorstep/platform';
import { Amount, Choice, DayField, Id, Instant, MonthField, Text, WholeNumber } from '../shared/fields.dto';
import { FAPIAO_COLOURS, FAPIAO_STATUSES, PERSON, type FapiaoColour, type FapiaoStatus } from './fapiao';

const TAX_NO = /^[0-9A-HJ-NPQRTUWXY]{15,20}$/;
const NUMBER = /^\d{8,20}$/;

export class RequestFapiaoDto {
  @Id('Invoice, issued; what remains of it after credit notes is put on the fapiao.')
  invoiceId: string;

  @Text("An organisation's title. A person is never named: leave it out.", {
    optional: true,
    max: 100,
    example: PERSON,
  })
  buyerTitle: string = PERSON;

  @Text("The organisation's tax number.", {
    optional: true,
    max: 20,
    pattern: TAX_NO,
    example: '91350200MA2YJ1XR9G',
  })
  buyerTaxNo?: string;

  @Text('What was sold, as it is to stand there.', {
    optional: true,
    max: 100,
    example: '*生活服务*社区服务费',
  })
  content: string = '*生活服务*社区服务费';
}

export class ReverseFapiaoDto {
  @Amount('What is taken back; left out: all that is left.', { optional: true, min: 1, example: 500 })
  amountFen?: number;

  @Text('Why.', { max: 200, example: '服务中止' })
  reason: string;
}

export class FapiaoIssuedDto {
  @Text('Number that the tax platform gave.', { max: 20, pattern: NUMBER, example: '26312000000012345678' })
  fapiaoNumber: string;

  @DayField('Day of issue.')
  issuedOn: string;
}

export class FapiaoRejectedDto {
  @Text('Why.', { max: 500, example: '购买方税号有误' })
  reason: string;
}

export class FapiaoQuery extends PageQuery {
  @Id('Only of this invoice.', { optional: true })
  invoiceId?: string;

  @Choice('Only in this state.', FAPIAO_STATUSES, { optional: true })
  status?: FapiaoStatus;
}

export class FapiaoDto {
  @Id('Id.')
  id: string;

  @Id('Operator.')
  operatorId: string;

  @Id('Invoice.')
  invoiceId: string;

  @Choice('blue: for an invoice. red: takes a blue one back.', FAPIAO_COLOURS)
  colour: FapiaoColour;

  @Id('The blue one that a red one takes back.', { nullable: true })
  reversesId: string | null;

  @Choice('Where it is in its life.', FAPIAO_STATUSES)
  status: FapiaoStatus;

  @Amount('What stands on it; a red one takes it back.', { example: 31_200 })
  amountFen: number;

  @Amount('Of a blue one: taken back by red ones.', { example: 0 })
  reversedFen: number;

  @Text('Title of the buyer.', { example: PERSON })
  buyerTitle: string;

  @Text("The buyer's tax number.", { nullable: true, example: null })
  buyerTaxNo: string | null;

  @Text('What was sold.', { example: '*生活服务*社区服务费' })
  content: string;

  @Text('Number that the tax platform gave.', { nullable: true, example: null })
  fapiaoNumber: string | null;

  @DayField('Day of issue.', { nullable: true })
  issuedOn: string | null;

  @Text('Why it was taken back or rejected.', { nullable: true, example: null })
  reason: string | null;

  @Instant('When it was asked for.')
  createdAt: Date;

  @Instant('When it last changed.')
  changedAt: Date;

  @WholeNumber('Grows by one with each change.', { example: 1 })
  version: number;
}

export class FapiaoExcessesQuery extends PageQuery {
  @Id('Only of invoices under this contract.', { optional: true })
  contractId?: string;

  @MonthField('Only of invoices of this month.', { optional: true })
  period?: string;
}

export class FapiaoExcessDto {
  @Id('Fapiao, blue and issued.')
  fapiaoId: string;

  @Text('Number that the tax platform gave.', { example: '26312000000012345678' })
  fapiaoNumber: string;

  @Id('Invoice.')
  invoiceId: string;

  @Text('Its number.', { example: 'INV-2026-000017' })
  invoiceNumber: string;

  @Id('Contract.')
  contractId: string;

  @MonthField('Month of the invoice.')
  period: string;

  @Amount('What the fapiao says, less what red ones take back.', { example: 31_200 })
  saysFen: number;

  @Amount('What credit notes and corrections have left of the invoice.', { example: 30_700 })
  remainsFen: number;

  @Amount('What the fapiao says too much: as much a red one has to take back.', { example: 500 })
  excessFen: number;
}
