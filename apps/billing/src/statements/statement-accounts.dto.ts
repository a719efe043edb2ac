import { ApiProperty, PartialType, PickType } from '@nestjs/swagger';
import { BodyExample, PageQuery } from '@doorstep/platform';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  IsArray,
  IsBoolean,
  IsObject,
  IsOptional,
  IsString,
  Length,
  ValidateNested,
} from 'class-validator';
import { Choice, Id, Instant, Text, WholeNumber } from '../shared/fields.dto';
import type { MappedColumns, Mapping } from './mapping';

export const ACCOUNT_KINDS = ['bank', 'channel', 'funder'] as const;
export const STATEMENT_LAYOUTS = ['camt053', 'wechat_fund_flow', 'mapped'] as const;
export type StatementLayout = (typeof STATEMENT_LAYOUTS)[number];
const OWN_CHANNELS = ['wechat', 'alipay'] as const;
const DAY_ORDERS = ['ymd', 'dmy', 'mdy'] as const;

/** Short, because it stands in the ledger. */
const CODE = /^[a-z0-9][a-z0-9-]{1,31}$/;
const ACCOUNT_NO = /^[A-Za-z0-9._@-]{4,40}$/;

@BodyExample({
  ...{ day: '交易日期', credit: '贷方发生额', debit: '借方发生额', balance: '余额', text: '摘要' },
  ...{ counterparty: '对方户名', bankRef: '流水号' },
})
export class MappedColumnsDto implements MappedColumns {
  @Text('Day on which it was booked.', { max: 60, example: '交易日期' })
  day: string;

  @Text('The amount, with its sign or with direction beside it.', {
    optional: true,
    max: 60,
    example: '交易金额',
  })
  amount?: string;

  @Text('Whether money came in or went out.', { optional: true, max: 60, example: '借贷标志' })
  direction?: string;

  @Text('Money in, when it has a column of its own.', { optional: true, max: 60, example: '贷方发生额' })
  credit?: string;

  @Text('Money out, when it has a column of its own.', { optional: true, max: 60, example: '借方发生额' })
  debit?: string;

  @Text('Balance after the line.', { optional: true, max: 60, example: '余额' })
  balance?: string;

  @Text("The other side's number: an order, a claim.", { optional: true, max: 60, example: '业务编号' })
  referenceNo?: string;

  @Text('What it was for.', { optional: true, max: 60, example: '摘要' })
  text?: string;

  @Text('Who was on the other side.', { optional: true, max: 60, example: '对方户名' })
  counterparty?: string;

  @Text("The bank's own number of the line.", { optional: true, max: 60, example: '流水号' })
  bankRef?: string;
}

export class MappingDto implements Mapping {
  @ApiProperty({ description: 'Names of columns, by what they hold.', type: MappedColumnsDto })
  @IsObject()
  @ValidateNested()
  @Type(() => MappedColumnsDto)
  columns: MappedColumnsDto;

  @Choice('Order of year, month and day.', DAY_ORDERS)
  dayOrder: Mapping['dayOrder'];

  @Text('With direction: the word that means money in.', { optional: true, max: 20, example: '贷' })
  creditWord?: string;

  @ApiProperty({
    description: 'Lines that begin so are sums or remarks.',
    type: [String],
    required: false,
    example: ['合计'],
  })
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(10)
  @IsString({ each: true })
  @Length(1, 40, { each: true })
  skip?: string[];

  @ApiProperty({
    description: 'The newest line stands first.',
    type: Boolean,
    required: false,
    example: false,
  })
  @IsOptional()
  @IsBoolean()
  newestFirst?: boolean;
}

export class PayerNameDto {
  @Choice('Channel that appears so.', OWN_CHANNELS)
  channel: string;

  @Text("Part of the counterparty's name.", { max: 60, example: '财付通' })
  name: string;
}

abstract class AccountFields {
  @Text('Short name, also in the ledger.', { max: 32, pattern: CODE, example: 'icbc-0109' })
  code: string;

  @Text('Name for people.', { max: 100, example: '工商银行 基本户' })
  name: string;

  @Choice(
    "bank · channel: the operator's account at a payment channel · funder: a funder's lists of what it paid.",
    ACCOUNT_KINDS,
  )
  kind: (typeof ACCOUNT_KINDS)[number];

  @Text('Number of the account, as its statements name it.', {
    max: 40,
    pattern: ACCOUNT_NO,
    example: '1001200109',
  })
  accountNo: string;

  @Choice('How its statements are written; mapped: CSV or XLSX by the mapping.', STATEMENT_LAYOUTS)
  layout: StatementLayout;
}

@BodyExample({
  ...{ code: 'icbc-0109', name: '工商银行 基本户', kind: 'bank', accountNo: '1001200109', layout: 'camt053' },
  payerNames: [{ channel: 'wechat', name: '财付通' }],
})
export class OpenAccountDto extends AccountFields {
  @Choice('Whose account it is, of kind channel.', OWN_CHANNELS, { optional: true })
  channel?: string;

  @Id('Whose lists they are, of kind funder.', { optional: true })
  funderId?: string;

  @ApiProperty({
    description: 'Which column holds what; needed for mapped.',
    type: MappingDto,
    required: false,
  })
  @IsOptional()
  @IsObject()
  @ValidateNested()
  @Type(() => MappingDto)
  mapping?: MappingDto;

  @ApiProperty({
    description: 'How channels appear on its statements.',
    type: [PayerNameDto],
    required: false,
  })
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(20)
  @ValidateNested({ each: true })
  @Type(() => PayerNameDto)
  payerNames?: PayerNameDto[];
}

/** What is changed is for the files to come; those that are in keep theirs. */
export class ChangeAccountDto extends PartialType(
  PickType(OpenAccountDto, ['name', 'mapping', 'payerNames'] as const),
) {}

export class StatementAccountsQuery extends PageQuery {
  @Choice('Only of this kind.', ACCOUNT_KINDS, { optional: true })
  kind?: string;
}

export class StatementAccountDto extends AccountFields {
  @Id('Id.')
  id: string;

  @Id('Operator.')
  operatorId: string;

  @Choice('Channel.', OWN_CHANNELS, { nullable: true })
  channel: string | null;

  @Id('Funder.', { nullable: true })
  funderId: string | null;

  @ApiProperty({ description: 'Which column holds what.', type: MappingDto, nullable: true })
  mapping: Mapping | null;

  @ApiProperty({ description: 'How channels appear on its statements.', type: [PayerNameDto] })
  payerNames: PayerNameDto[];

  @Instant('When it was entered.')
  createdAt: Date;

  @WholeNumber('Grows by one with each change.', { example: 1 })
  version: number;
}
