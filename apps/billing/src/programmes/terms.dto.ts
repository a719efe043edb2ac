import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { CARE_LEVELS, REGISTRATIONS, SERVICE_MODES, type Registration } from '@doorstep/contracts';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayNotEmpty,
  IsArray,
  IsBoolean,
  IsIn,
  IsOptional,
  IsString,
  Length,
  Matches,
  ValidateNested,
} from 'class-validator';
import { Amount, Choice, DayField, WholeNumber } from '../shared/fields.dto';
import { BASES, type Base } from './programme';

const AGE_YEARS_MAX = 150;
const AGE_MONTHS_MAX = 1800;

/** Every condition that is given must hold. */
export class EligibilityDto {
  @WholeNumber('Youngest age in whole years, inclusive.', {
    optional: true,
    min: 0,
    max: AGE_YEARS_MAX,
    example: 60,
  })
  ageYearsMin?: number;

  @WholeNumber('Oldest age in whole years, inclusive: 79 holds until the day before the 80th birthday.', {
    optional: true,
    min: 0,
    max: AGE_YEARS_MAX,
    example: 79,
  })
  ageYearsMax?: number;

  @WholeNumber('Youngest age in whole months, inclusive.', {
    optional: true,
    min: 0,
    max: AGE_MONTHS_MAX,
    example: 6,
  })
  ageMonthsMin?: number;

  @WholeNumber('First age in months that is too old: 36 ends on the third birthday.', {
    optional: true,
    min: 1,
    max: AGE_MONTHS_MAX,
    example: 36,
  })
  ageMonthsMax?: number;

  @ApiPropertyOptional({
    description: 'Ability levels of GB/T 42195-2022 that it is for.',
    enum: CARE_LEVELS,
    isArray: true,
    example: ['moderate', 'severe', 'total'],
  })
  @IsOptional()
  @ArrayNotEmpty()
  @IsIn(CARE_LEVELS, { each: true })
  careLevels?: string[];

  @WholeNumber('The ability level must have been assessed less than so many months ago.', {
    optional: true,
    min: 1,
    max: 120,
    example: 12,
  })
  assessedMonthsMax?: number;

  @ApiPropertyOptional({ description: 'true: only in hardship; false: only without.', example: true })
  @IsOptional()
  @IsBoolean()
  hardship?: boolean;

  @ApiPropertyOptional({ description: 'true: only with a disability; false: only without.', example: true })
  @IsOptional()
  @IsBoolean()
  disability?: boolean;

  @WholeNumber('Lowest number of the child in its family: 2 is from the second child on.', {
    optional: true,
    min: 1,
    max: 20,
    example: 2,
  })
  birthOrderMin?: number;

  @ApiPropertyOptional({
    description: 'Household registration: in the city of residence, or elsewhere.',
    enum: REGISTRATIONS,
    example: 'local',
  })
  @IsOptional()
  @IsIn(REGISTRATIONS)
  registration?: Registration;

  @ApiPropertyOptional({
    description: 'Region codes, any of which the household is registered in.',
    type: [String],
    example: ['310101'],
  })
  @IsOptional()
  @ArrayNotEmpty()
  @ArrayMaxSize(100)
  @Matches(/^(\d{2}|\d{4}|\d{6}|\d{9}|\d{12})$/, { each: true })
  registeredIn?: string[];

  @WholeNumber(
    'Services by the month: attended on at least this share of its workdays, in basis points (5000 = half).',
    { optional: true, min: 1, max: 10_000, example: 5000 },
  )
  attendedBpMin?: number;

  @WholeNumber('The site has at least so many stars on the service day (GET /v1/site-ratings).', {
    optional: true,
    min: 1,
    max: 5,
    example: 3,
  })
  siteStarsMin?: number;
}

/** The most that one resident gets. */
export class CapsDto {
  @Amount('For one use.', { optional: true, example: 200 })
  perUseFen?: number;

  @Amount('In one service day.', { optional: true, example: 400 })
  perDayFen?: number;

  @WholeNumber('Uses of a service day that get anything.', { optional: true, min: 0, max: 1000, example: 1 })
  perDayUses?: number;

  @Amount('In one calendar month.', { optional: true, example: 80_000 })
  perMonthFen?: number;

  @Amount('In one calendar year.', { optional: true, example: 960_000 })
  perYearFen?: number;
}

/** The rules of a programme while they hold. */
export class TermsDto {
  @DayField('First service day on which they hold.')
  from: string;

  @DayField('First service day on which they no longer hold; left out or null: until further notice.', {
    optional: true,
    nullable: true,
    example: '2027-01-01',
  })
  to?: string | null;

  @ApiProperty({ description: 'Kinds of service.', type: [String], example: ['meals'] })
  @ArrayNotEmpty()
  @ArrayMaxSize(50)
  @IsString({ each: true })
  @Length(1, 50, { each: true })
  kinds: string[];

  @ApiPropertyOptional({
    description: 'Modes; left out or null: every mode.',
    enum: SERVICE_MODES,
    isArray: true,
    nullable: true,
    example: ['full_day', 'half_day'],
  })
  @IsOptional()
  @ArrayNotEmpty()
  @IsIn(SERVICE_MODES, { each: true })
  modes?: string[] | null;

  @ApiPropertyOptional({
    description: 'Who it is for; left out: every resident who consents.',
    type: EligibilityDto,
  })
  @IsOptional()
  @ValidateNested()
  @Type(() => EligibilityDto)
  eligibility?: EligibilityDto;

  @Choice('What a rate is taken of: the whole cost, or what earlier programmes have left of it.', BASES)
  base: Base;

  @WholeNumber('Share of the base in basis points (10000 = all of it). Either this or fixedFen.', {
    optional: true,
    nullable: true,
    min: 0,
    max: 10_000,
    example: 3000,
  })
  rateBp?: number | null;

  @Amount('Fixed amount for each use. Either this or rateBp.', {
    optional: true,
    nullable: true,
    example: null,
  })
  fixedFen?: number | null;

  @Amount("Nothing is given when the resident's own cost is below this.", {
    optional: true,
    nullable: true,
    example: 1500,
  })
  minimumGrossFen?: number | null;

  @ApiPropertyOptional({ description: 'The most that one resident gets; left out: no caps.', type: CapsDto })
  @IsOptional()
  @ValidateNested()
  @Type(() => CapsDto)
  caps?: CapsDto;

  @WholeNumber('Programmes are asked from the lowest order up, equal ones by code.', {
    min: 0,
    max: 10_000,
    example: 10,
  })
  order: number;

  @ApiPropertyOptional({
    description: 'Codes of programmes that this one is not combined with, whichever comes first.',
    type: [String],
    example: ['MEAL-60'],
  })
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(100)
  @IsString({ each: true })
  excludes?: string[];
}
