import { CONTRACT_LINE_KINDS, type ContractLineKind } from '@doorstep/contracts';
import { ApiProperty } from '@nestjs/swagger';
import { FileLanguage, PageQuery } from '@doorstep/platform';
import { Type } from 'class-transformer';
import { ArrayMaxSize, ArrayUnique, IsArray, IsOptional, ValidateNested } from 'class-validator';
import { LANGUAGES, type Language } from '../papers/words';
import { Amount, Choice, DayField, Id, Instant, MonthField, Text, WholeNumber } from '../shared/fields.dto';
import {
  SETTLEMENT_STATUSES,
  type Party,
  type Part,
  type SettlementLine,
  type SettlementStatus,
} from './contract-settlement';
import type { Cycle } from './cycle';

const PARTIES: readonly Party[] = ['authority', 'operator'];
const CYCLES: readonly Cycle['kind'][] = ['monthly', 'quarterly', 'closing'];

export class SettlementPreviewQuery {
  @Id('Operating contract.')
  contractId: string;
}

export class SettledElsewhereDto {
  @Choice('What it was owed for.', CONTRACT_LINE_KINDS)
  kind: ContractLineKind;

  @Amount('What was settled of it in all; of the deposit: what lies at the authority.', {
    example: 6_900_000,
  })
  amountFen: number;
}

export class DrawSettlementDto {
  @Id('Operating contract.')
  contractId: string;

  @MonthField("The cycle's last month; cycles are settled one after the other.")
  period: string;

  @ApiProperty({
    description:
      'With the first settlement alone, where cycles before it were settled elsewhere: what was settled of each kind. What is not named counts as not settled.',
    type: [SettledElsewhereDto],
    required: false,
  })
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(CONTRACT_LINE_KINDS.length)
  @ArrayUnique(({ kind }: SettledElsewhereDto) => kind)
  @ValidateNested({ each: true })
  @Type(() => SettledElsewhereDto)
  settledElsewhere?: SettledElsewhereDto[];
}

export class AgreeSettlementDto {
  @Text("The authority's word for its consent, such as the number of its letter.", {
    example: '民函〔2026〕118号',
  })
  reference: string;
}

export class SettlementsQuery extends PageQuery {
  @Id('Only of this contract.', { optional: true })
  contractId?: string;

  @Choice('Only in this state.', SETTLEMENT_STATUSES, { optional: true })
  status?: SettlementStatus;
}

export class SettlementFileQuery {
  @Choice('pdf to read and sign, xlsx to reckon with.', ['pdf', 'xlsx'])
  format: 'pdf' | 'xlsx';

  @FileLanguage()
  language: Language = LANGUAGES[0];
}

export class SettlementPartDto implements Part {
  @WholeNumber('Revision of the terms.', { example: 1 })
  revision: number;

  @DayField('First day.', { example: '2026-11-01' })
  from: string;

  @DayField('First day that is out.', { example: '2026-12-01' })
  to: string;

  @WholeNumber('Days that count, where it goes by days.', { optional: true, example: 30 })
  days?: number;

  @WholeNumber('Of so many days of the month or quarter.', { optional: true, example: 30 })
  ofDays?: number;

  @WholeNumber("The authority's part of revenue in basis points, where it goes by revenue.", {
    optional: true,
    example: 1500,
  })
  rateBp?: number;

  @WholeNumber('What the days or the rate apply to: an amount for the whole month or quarter, or revenue.', {
    example: 5_000_000,
  })
  baseFen: number;

  @WholeNumber('What it comes to.', { example: 5_000_000 })
  amountFen: number;
}

export class SettlementLineDto implements SettlementLine {
  @Choice('What is owed.', CONTRACT_LINE_KINDS)
  kind: ContractLineKind;

  @Choice('Who owes it.', PARTIES)
  payer: Party;

  @WholeNumber("Due from the contract's first day through the cycle's last.", { example: 10_000_000 })
  dueFen: number;

  @WholeNumber('Of it: settled before.', { example: 5_000_000 })
  earlierFen: number;

  @WholeNumber('Of that, in the first settlement: settled elsewhere, as it was said.', { example: 0 })
  elsewhereFen: number;

  @WholeNumber('Of the days of this cycle.', { example: 5_000_000 })
  ownFen: number;

  @WholeNumber('What earlier days have become since they were settled.', { example: 0 })
  changeFen: number;

  @WholeNumber('What is settled: due less settled before. Below zero it goes back.', { example: 5_000_000 })
  amountFen: number;

  @WholeNumber('Rent: by how much less than the market the space cost in this cycle.', { example: 0 })
  concessionFen: number;

  @ApiProperty({ description: 'How the amount of this cycle comes about.', type: [SettlementPartDto] })
  parts: SettlementPartDto[];
}

class SettlementOfCycle {
  @Id('Operating contract.')
  contractId: string;

  @WholeNumber('Within the contract, from 1.', { example: 2 })
  sequence: number;

  @MonthField("The cycle's last month.")
  period: string;

  @Choice('closing: of no days, for what came to light after the last cycle.', CYCLES)
  cycle: Cycle['kind'];

  @DayField('First day.', { example: '2026-11-01' })
  from: string;

  @DayField('First day that is out.', { example: '2026-12-01' })
  to: string;

  @ApiProperty({ description: 'The contract stood no longer.', type: Boolean, example: false })
  last: boolean;

  @WholeNumber('Above zero the authority pays the operator, below zero the operator pays.', {
    example: 4_900_000,
  })
  netFen: number;
}

export class ContractSettlementDto extends SettlementOfCycle {
  @Id('Id.')
  id: string;

  @Id('Operator.')
  operatorId: string;

  @Id('Authority that is party to the contract.')
  authorityId: string;

  @Text('What is paid by, gapless per operator and year; null until it is agreed.', {
    nullable: true,
    example: 'CS-2026-000002',
  })
  number: string | null;

  @Choice('Where it is in its life; settled: seen at the bank.', SETTLEMENT_STATUSES)
  status: SettlementStatus;

  @WholeNumber('Of the net: seen at the bank.', { example: 0 })
  paidFen: number;

  @WholeNumber('Of the net: given up.', { example: 0 })
  givenUpFen: number;

  @Id('Account that drew it.')
  drawnBy: string;

  @Instant('When it was drawn.')
  drawnAt: Date;

  @Id('Account that agreed to it, another one.', { nullable: true })
  agreedBy: string | null;

  @Instant('When it was agreed.', { nullable: true })
  agreedAt: Date | null;

  @Text("The authority's word for its consent.", { nullable: true, example: '民函〔2026〕118号' })
  reference: string | null;

  @Id('Account that withdrew it.', { nullable: true })
  withdrawnBy: string | null;

  @Instant('When it was withdrawn.', { nullable: true })
  withdrawnAt: Date | null;

  @WholeNumber('Grows by one with each change.', { example: 2 })
  version: number;
}

export class SettlementDto extends ContractSettlementDto {
  @ApiProperty({ description: 'What is owed, by what it is owed for.', type: [SettlementLineDto] })
  lines: SettlementLineDto[];
}

export class SettlementObstacleDto {
  @Text('Stable code.', { example: 'months_open' })
  code: string;

  @Text('In words.', { example: 'Not every month is closed: 2026-11.' })
  reason: string;
}

export class SettlementPreviewDto extends SettlementOfCycle {
  @ApiProperty({ description: 'What is owed, by what it is owed for.', type: [SettlementLineDto] })
  lines: SettlementLineDto[];

  @ApiProperty({ description: 'What is to be done before it can be drawn.', type: [SettlementObstacleDto] })
  obstacles: SettlementObstacleDto[];
}
