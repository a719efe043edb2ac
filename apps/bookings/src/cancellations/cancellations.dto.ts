import { BodyExample, PageQuery } from '@doorstep/platform';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayUnique,
  IsInt,
  IsObject,
  IsOptional,
  IsString,
  Length,
  Matches,
  Max,
  Min,
  ValidateNested,
} from 'class-validator';
import { IsDay } from '../day.validator';

const ID = '019a3f6e-0c1d-7b7e-9a55-5b8f6d3c2b1a';
const CODE = /^[a-z][a-z0-9_]{1,59}$/;
const REGION = /^(\d{2}|\d{4}|\d{6}|\d{9})?$/;
const WEEKS_MINUTES = 60 * 24 * 60;

@BodyExample({ shareBp: 5_000 })
export class FeeTermsDto {
  @ApiPropertyOptional({
    description: 'Share of what the resident would have paid, in basis points; or feeFen.',
    type: 'integer',
    minimum: 0,
    maximum: 10_000,
    example: 5000,
  })
  @IsOptional()
  @IsInt()
  @Min(0)
  @Max(10_000)
  shareBp?: number;

  @ApiPropertyOptional({
    description: "A sum, never more than the resident's part of the price; or shareBp.",
    type: 'integer',
    minimum: 0,
    maximum: 10_000_000,
    example: 1000,
  })
  @IsOptional()
  @IsInt()
  @Min(0)
  @Max(10_000_000)
  feeFen?: number;
}

export class SetCancellationRuleDto {
  @ApiProperty({ description: "Region that it holds for; '': the whole country.", example: '3101' })
  @Matches(REGION)
  regionCode: string;

  @ApiPropertyOptional({
    description: 'Kind of service; left out: every kind without a rule of its own.',
    example: 'meals',
  })
  @IsOptional()
  @Matches(CODE)
  kind?: string;

  @ApiProperty({
    description: 'First day of service that it holds for, today at the earliest.',
    format: 'date',
    example: '2027-01-01',
  })
  @IsDay()
  validFrom: string;

  @ApiProperty({
    description: 'Cancelling is free until so many minutes before the start.',
    type: 'integer',
    minimum: 0,
    maximum: WEEKS_MINUTES,
    example: 1440,
  })
  @IsInt()
  @Min(0)
  @Max(WEEKS_MINUTES)
  freeMinutes: number;

  @ApiPropertyOptional({
    description: 'What a later cancellation by the resident costs; left out: nothing.',
    type: FeeTermsDto,
  })
  @IsOptional()
  @IsObject()
  @ValidateNested()
  @Type(() => FeeTermsDto)
  late?: FeeTermsDto;

  @ApiPropertyOptional({ description: 'What not coming costs; left out: nothing.', type: FeeTermsDto })
  @IsOptional()
  @IsObject()
  @ValidateNested()
  @Type(() => FeeTermsDto)
  noShow?: FeeTermsDto;

  @ApiPropertyOptional({
    description: 'Reasons, as codes, that never cost anything.',
    type: 'array',
    items: { type: 'string', pattern: CODE.source },
    maxItems: 20,
    example: ['illness', 'bereavement'],
  })
  @ArrayMaxSize(20)
  @ArrayUnique()
  @Matches(CODE, { each: true })
  exemptReasons: string[] = [];

  @ApiProperty({ description: 'The paper that says so.', maxLength: 200, example: '沪民规〔2026〕3号' })
  @IsString()
  @Length(1, 200)
  source: string;
}

export class CancellationRuleDto {
  @ApiProperty({ description: 'The rule.', format: 'uuid', example: ID })
  id: string;

  @ApiProperty({ description: "Region that it holds for; '': the whole country.", example: '3101' })
  regionCode: string;

  @ApiPropertyOptional({ description: 'Kind of service; left out: every kind.', example: 'meals' })
  kind?: string;

  @ApiProperty({
    description: 'First day of service that it holds for.',
    format: 'date',
    example: '2027-01-01',
  })
  validFrom: string;

  @ApiPropertyOptional({ description: 'First day that is out.', format: 'date', example: '2028-01-01' })
  validTo?: string;

  @ApiProperty({
    description: 'Cancelling is free until so many minutes before the start.',
    type: 'integer',
    example: 1440,
  })
  freeMinutes: number;

  @ApiProperty({ description: 'What a later cancellation by the resident costs.', type: FeeTermsDto })
  late: FeeTermsDto;

  @ApiProperty({ description: 'What not coming costs.', type: FeeTermsDto })
  noShow: FeeTermsDto;

  @ApiProperty({
    description: 'Reasons that never cost anything.',
    type: 'array',
    items: { type: 'string' },
    example: ['illness'],
  })
  exemptReasons: string[];

  @ApiProperty({ description: 'The paper that says so.', example: '沪民规〔2026〕3号' })
  source: string;
}

export class CancellationRulesQuery extends PageQuery {
  @ApiPropertyOptional({ description: 'Rules that hold in this region.', example: '310101002001' })
  @IsOptional()
  @Matches(/^\d{2}(\d{2}(\d{2}(\d{3}(\d{3})?)?)?)?$/)
  regionCode?: string;

  @ApiPropertyOptional({ description: 'Rules that hold for this kind of service.', example: 'meals' })
  @IsOptional()
  @Matches(CODE)
  kind?: string;
}

export class CancellationTermsDto {
  @ApiPropertyOptional({
    description: 'The rule that holds; left out: none, and cancelling is free.',
    format: 'uuid',
    example: ID,
  })
  ruleId?: string;

  @ApiPropertyOptional({
    description: 'Until when cancelling is free, UTC; left out: until the session is over.',
    format: 'date-time',
    example: '2026-11-02T03:00:00.000Z',
  })
  freeUntil?: string;

  @ApiProperty({ description: 'What the resident owes who cancels now.', type: 'integer', example: 0 })
  feeNowFen: number;

  @ApiProperty({ description: 'What the resident owes who does not come.', type: 'integer', example: 1000 })
  noShowFeeFen: number;

  @ApiProperty({
    description: 'Reasons that cost nothing.',
    type: 'array',
    items: { type: 'string' },
    example: ['illness'],
  })
  exemptReasons: string[];
}
