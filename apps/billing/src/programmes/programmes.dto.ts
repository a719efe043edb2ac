import { ApiProperty, OmitType } from '@nestjs/swagger';
import { PageQuery } from '@doorstep/platform';
import { Type } from 'class-transformer';
import { ValidateNested } from 'class-validator';
import { Amount, Choice, DayField, Id, Instant, RegionField, Text, WholeNumber } from '../shared/fields.dto';
import { TermsDto } from './terms.dto';

const CODE = /^[A-Za-z0-9][A-Za-z0-9_.-]*$/;

export class NameDto {
  @Text('Name in Chinese.', { example: '老年助餐补贴' })
  zh: string;

  @Text('Name in English.', { optional: true, example: 'Meal subsidy for the elderly' })
  en?: string;
}

export class CreateProgrammeDto extends TermsDto {
  @Text('Short code, unique on the platform; traces and exclusions name it.', {
    max: 50,
    pattern: CODE,
    example: 'MEAL-60',
  })
  code: string;

  @ApiProperty({ description: 'Name for people.', type: NameDto })
  @ValidateNested()
  @Type(() => NameDto)
  name: NameDto;

  @Id('Organisation that pays: a funder, an authority, or an operator for its own concession.')
  funderId: string;

  @RegionField('It is for services at sites of this region.', { example: '3101' })
  regionPrefix: string;
}

export class ProgrammesQuery extends PageQuery {
  @Id('Only of this funder.', { optional: true })
  funderId?: string;

  @Text('Only with this code.', { optional: true, max: 50, example: 'MEAL-60' })
  code?: string;

  @Text('Only with terms for this kind of service.', { optional: true, max: 50, example: 'meals' })
  kind?: string;
}

export class StoredTermsDto extends OmitType(TermsDto, [
  'to',
  'modes',
  'rateBp',
  'fixedFen',
  'minimumGrossFen',
]) {
  @Id('Id of these terms; charges keep it.')
  id: string;

  @DayField('First service day on which they no longer hold; null: until further notice.', {
    nullable: true,
    example: null,
  })
  to: string | null;

  @ApiProperty({ description: 'Modes; null: every mode.', type: [String], nullable: true, example: null })
  modes: string[] | null;

  @WholeNumber('Share of the base in basis points; null when a fixed amount is given.', {
    nullable: true,
    example: null,
  })
  rateBp: number | null;

  @Amount('Fixed amount for each use; null when a rate is given.', { nullable: true, example: 200 })
  fixedFen: number | null;

  @Amount("Nothing is given when the resident's own cost is below this.", { nullable: true, example: 1500 })
  minimumGrossFen: number | null;
}

export class ProgrammeDto {
  @Id('Id.')
  id: string;

  @Text('Short code.', { example: 'MEAL-60' })
  code: string;

  @ApiProperty({ description: 'Name for people.', type: NameDto })
  name: NameDto;

  @Id('Organisation that pays.')
  funderId: string;

  @Choice('funder: claimed from it. operator: its own concession.', ['funder', 'operator'])
  payer: 'funder' | 'operator';

  @RegionField('It is for services at sites of this region.', { example: '3101' })
  regionPrefix: string;

  @ApiProperty({ description: 'Its rules in time, oldest first.', type: [StoredTermsDto] })
  terms: StoredTermsDto[];

  @Instant('When it was set up.')
  createdAt: Date;

  @WholeNumber('Grows by one with each change.', { example: 1 })
  version: number;
}

export class SetBudgetDto {
  @Text('Year or month whose services draw on it.', {
    max: 7,
    pattern: /^\d{4}(-(0[1-9]|1[0-2]))?$/,
    example: '2026-11',
  })
  period: string;

  @RegionField("Smaller region than the programme's; left out: all of it.", {
    optional: true,
    example: '310101',
  })
  regionPrefix?: string;

  @Amount('Amount in fen.', { example: 100_000_00 })
  amountFen: number;
}

export class ChangeBudgetDto {
  @Amount('New amount; not below what is reserved and spent.', { example: 120_000_00 })
  amountFen: number;
}

export class BudgetsQuery extends PageQuery {
  @Text('Only of this period.', {
    optional: true,
    max: 7,
    pattern: /^\d{4}(-(0[1-9]|1[0-2]))?$/,
    example: '2026-11',
  })
  period?: string;
}

export class BudgetDto {
  @Id('Id.')
  id: string;

  @Id('Programme.')
  programmeId: string;

  @Text('Year or month.', { example: '2026-11' })
  period: string;

  @RegionField('Region.', { example: '3101' })
  regionPrefix: string;

  @Amount('What the funder has set aside.', { example: 100_000_00 })
  amountFen: number;

  @Amount('Of it: held by authorised charges.', { example: 2_000_00 })
  reservedFen: number;

  @Amount('Of it: captured.', { example: 31_500_00 })
  spentFen: number;

  @Amount('What is left to reserve.', { example: 66_500_00 })
  leftFen: number;

  @WholeNumber('Grows by one with each change of the amount.', { example: 1 })
  version: number;
}
