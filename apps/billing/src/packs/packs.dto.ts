import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { ArrayMaxSize, IsArray, IsOptional, ValidateNested } from 'class-validator';
import { NameDto } from '../programmes/programmes.dto';
import { CapsDto } from '../programmes/terms.dto';
import { Amount, DayField, Id, RegionField, Text, WholeNumber } from '../shared/fields.dto';

export class PackFundersDto {
  @Id('Pays for meals. Left out: these are not installed, as with the others.', { optional: true })
  meals?: string;

  @Id('Pays for childcare.', { optional: true })
  childcare?: string;

  @Id('Pays by the voucher of elderly care.', { optional: true })
  voucher?: string;

  @Id('Long-term care insurance.', { optional: true })
  insurance?: string;
}

export class PackRateDto {
  @Text('Programme of the pack.', { max: 50, example: 'SH-VOUCHER' })
  code: string;

  @WholeNumber('Its rate in basis points, within the range that the pack leaves open.', {
    min: 0,
    max: 10_000,
    example: 4000,
  })
  rateBp: number;
}

export class InstallPackDto {
  @ApiProperty({ description: 'Who pays for which part.', type: PackFundersDto })
  @ValidateNested()
  @Type(() => PackFundersDto)
  funders: PackFundersDto;

  @DayField('First service day on which the programmes hold. Left out: the day of the pack.', {
    optional: true,
    example: '2026-01-01',
  })
  from?: string;

  @ApiPropertyOptional({ description: 'Rates that the pack leaves open.', type: [PackRateDto] })
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(50)
  @ValidateNested({ each: true })
  @Type(() => PackRateDto)
  rates?: PackRateDto[];
}

export class InstalledProgrammeDto {
  @Id('Programme.')
  id: string;

  @Text('Its code.', { example: 'SH-MEAL-60' })
  code: string;
}

export class InstalledPackDto {
  @ApiProperty({
    description: 'Set up now; each needs a budget to give anything.',
    type: [InstalledProgrammeDto],
  })
  installed: InstalledProgrammeDto[];

  @ApiProperty({
    description: 'Codes that were there before and stay as they are.',
    type: [String],
    example: [],
  })
  standing: string[];
}

export class RateRangeDto {
  @WholeNumber('Lowest.', { example: 3000 })
  min: number;

  @WholeNumber('Highest.', { example: 6000 })
  max: number;
}

export class PackProgrammeDto {
  @Text('Code.', { example: 'SH-MEAL-60' })
  code: string;

  @ApiProperty({ description: 'Name.', type: NameDto })
  name: NameDto;

  @Text('Which part of the pack it belongs to.', { example: 'meals' })
  funder: string;

  @WholeNumber('Share in basis points; null when a fixed amount is given.', { nullable: true, example: null })
  rateBp: number | null;

  @Amount('Fixed amount for each use; null when a rate is given.', { nullable: true, example: 200 })
  fixedFen: number | null;

  @ApiProperty({ description: 'The most that one resident gets.', type: CapsDto })
  caps: CapsDto;

  @Text('Where the figures come from, or that they are configuration.', {
    max: 1000,
    example: 'Configuration.',
  })
  source: string;

  @ApiProperty({
    description: 'Rates that an installation may set; null: none.',
    type: RateRangeDto,
    nullable: true,
  })
  rateRangeBp: RateRangeDto | null;
}

export class PackDto {
  @Text('Code.', { example: 'shanghai' })
  code: string;

  @ApiProperty({ description: 'Name.', type: NameDto })
  name: NameDto;

  @RegionField('It is for services at sites of this region.', { example: '31' })
  regionPrefix: string;

  @DayField('Day from which the figures are meant.', { example: '2026-01-01' })
  asOf: string;

  @ApiProperty({ description: 'Its programmes.', type: [PackProgrammeDto] })
  programmes: PackProgrammeDto[];
}
