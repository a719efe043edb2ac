import { PageQuery } from '@doorstep/platform';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayNotEmpty,
  IsArray,
  IsIn,
  IsInt,
  IsOptional,
  IsString,
  IsUUID,
  Matches,
  Max,
  MaxLength,
  Min,
  ValidateNested,
} from 'class-validator';
import { COST_CLASSES, type CostClass } from '../portfolio/figure';
import { AMOUNT_FEN_MAX, KIND, MONTH } from './cost';

export const CONTRACT_ID = '019a3f6e-0c1d-7b7e-9a55-5b8f6d3c2b24';
export const SITE_ID = '019a3f6e-0c1d-7b7e-9a55-5b8f6d3c2b1c';
export const MONTH_MESSAGE = { message: '$property must be a month, YYYY-MM' };
const KIND_MESSAGE = { message: '$property must be a kind of service, such as meals' };
export const count = (description: string, example: number) =>
  ({ description, type: 'integer', minimum: 0, example }) as const;

export class EnterCostDto {
  @ApiProperty({ format: 'uuid', description: 'The site.', example: SITE_ID })
  @IsUUID()
  siteId: string;

  @ApiProperty({ description: 'The month in which it was used up.', example: '2026-11' })
  @Matches(MONTH, MONTH_MESSAGE)
  month: string;

  @ApiPropertyOptional({
    description: 'Only for this kind of service; left out: the whole site, spread by revenue.',
    example: 'meals',
  })
  @IsOptional()
  @Matches(KIND, KIND_MESSAGE)
  kind?: string;

  @ApiProperty({ enum: COST_CLASSES, description: 'Class.', example: 'base_labour' })
  @IsIn(COST_CLASSES)
  costClass: CostClass;

  @ApiProperty({
    type: 'integer',
    minimum: 0,
    maximum: AMOUNT_FEN_MAX,
    description: 'In fen; 0 takes it back.',
    example: 1_850_000,
  })
  @IsInt()
  @Min(0)
  @Max(AMOUNT_FEN_MAX)
  amountFen: number;

  @ApiPropertyOptional({ description: 'What it is made of.', example: '3名护理员工资', maxLength: 500 })
  @IsOptional()
  @IsString()
  @MaxLength(500)
  note?: string;
}

export class EnterCostsDto {
  @ApiProperty({ type: [EnterCostDto], description: 'Each site, month, kind and class once.' })
  @IsArray()
  @ArrayNotEmpty()
  @ArrayMaxSize(1000)
  @ValidateNested({ each: true })
  @Type(() => EnterCostDto)
  items: EnterCostDto[];
}

export class ImportCostsQuery {
  @ApiPropertyOptional({
    description: 'true: only say what would happen.',
    enum: ['true', 'false'],
    default: 'false',
  })
  @IsOptional()
  @IsIn(['true', 'false'])
  dryRun: 'true' | 'false' = 'false';
}

export class CostsWrittenDto {
  @ApiProperty(count('Rows read.', 320))
  rows: number;

  @ApiProperty(count('Costs that were not there.', 300))
  added: number;

  @ApiProperty(count('Costs whose amount or note is another now.', 15))
  changed: number;

  @ApiProperty(count('Costs that were the same already.', 5))
  unchanged: number;

  @ApiProperty({ description: 'True: nothing was written.', example: false })
  dryRun: boolean;
}

export class CostsQuery extends PageQuery {
  @ApiPropertyOptional({ format: 'uuid', description: 'Only of this site.', example: SITE_ID })
  @IsOptional()
  @IsUUID()
  siteId?: string;

  @ApiPropertyOptional({ description: 'Only for this kind of service.', example: 'meals' })
  @IsOptional()
  @Matches(KIND, KIND_MESSAGE)
  kind?: string;

  @ApiPropertyOptional({ enum: COST_CLASSES, description: 'Only of this class.', example: 'materials' })
  @IsOptional()
  @IsIn(COST_CLASSES)
  costClass?: CostClass;

  @ApiPropertyOptional({
    format: 'uuid',
    description: 'Only parts of the rent of this contract.',
    example: CONTRACT_ID,
  })
  @IsOptional()
  @IsUUID()
  contractId?: string;

  @ApiPropertyOptional({ description: 'From this month on.', example: '2026-01' })
  @IsOptional()
  @Matches(MONTH, MONTH_MESSAGE)
  from?: string;

  @ApiPropertyOptional({ description: 'Before this month.', example: '2027-01' })
  @IsOptional()
  @Matches(MONTH, MONTH_MESSAGE)
  to?: string;
}

export class CostDto {
  @ApiProperty({ format: 'uuid', description: 'The site.', example: SITE_ID })
  siteId: string;

  @ApiProperty({ description: "The site's own code.", example: 'HP-0001' })
  siteCode: string;

  @ApiProperty({ description: 'Its name.', example: '东门社区服务站' })
  siteName: string;

  @ApiProperty({ description: 'Month.', example: '2026-11' })
  month: string;

  @ApiProperty({
    type: String,
    nullable: true,
    description: 'Kind of service; null: the whole site.',
    example: 'meals',
  })
  kind: string | null;

  @ApiProperty({ enum: COST_CLASSES, description: 'Class.', example: 'base_labour' })
  costClass: CostClass;

  @ApiProperty({
    type: String,
    format: 'uuid',
    nullable: true,
    description: 'The contract whose rent it is a part of; null: entered.',
    example: null,
  })
  contractId: string | null;

  @ApiProperty({ type: 'integer', description: 'In fen.', example: 1_850_000 })
  amountFen: number;

  @ApiProperty({ type: String, nullable: true, description: 'What it is made of.', example: '3名护理员工资' })
  note: string | null;

  @ApiProperty({ type: 'integer', description: 'Grows by one with each change.', example: 1 })
  version: number;

  @ApiProperty({
    format: 'date-time',
    description: 'When it was entered or changed last.',
    example: '2026-12-02T01:00:00.000Z',
  })
  changedAt: string;
}
