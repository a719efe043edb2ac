import {
  FEE_MODELS,
  SERVICE_MODES,
  SETTLEMENT_CYCLES,
  type FeeModel,
  type SettlementCycle,
} from '@doorstep/contracts';
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
  Matches,
  Max,
  MaxLength,
  Min,
  MinLength,
  ValidateNested,
} from 'class-validator';

export const KIND = /^[a-z][a-z0-9_]{1,39}$/;
export const KIND_MESSAGE = { message: '$property must be a kind of service, such as meals or elderly_care' };
const FEN_MAX = Number.MAX_SAFE_INTEGER;

export class ServiceTermsDto {
  @ApiProperty({ description: 'Kind of service that may run.', example: 'meals' })
  @Matches(KIND, KIND_MESSAGE)
  kind: string;

  @ApiPropertyOptional({
    enum: SERVICE_MODES,
    description: 'Only this mode; left out: every mode.',
    example: 'timed',
  })
  @IsOptional()
  @IsIn(SERVICE_MODES)
  mode?: string;

  @ApiPropertyOptional({ description: 'Only in this region; left out: everywhere.', example: '310101' })
  @IsOptional()
  @Matches(/^\d{2,12}$/)
  regionCode?: string;

  @ApiPropertyOptional({
    type: 'integer',
    minimum: 0,
    description: 'The most it may cost, in fen.',
    example: 2500,
  })
  @IsOptional()
  @IsInt()
  @Min(0)
  @Max(FEN_MAX)
  priceCeilingFen?: number;
}

export class FeeDto {
  @ApiProperty({ enum: FEE_MODELS, description: 'How the operator earns.', example: 'management_fee' })
  @IsIn(FEE_MODELS)
  model: FeeModel;

  @ApiPropertyOptional({
    type: 'integer',
    minimum: 0,
    description: 'In fen for each settlement cycle.',
    example: 5_000_000,
  })
  @IsOptional()
  @IsInt()
  @Min(0)
  @Max(FEN_MAX)
  amountFen?: number;

  @ApiPropertyOptional({
    type: 'integer',
    minimum: 0,
    maximum: 10_000,
    description: "The operator's part of revenue in basis points; for revenue_share.",
    example: 8500,
  })
  @IsOptional()
  @IsInt()
  @Min(0)
  @Max(10_000)
  operatorShareBp?: number;
}

export class RentDto {
  @ApiProperty({ type: 'integer', minimum: 0, description: 'Rent in fen a month.', example: 100_000 })
  @IsInt()
  @Min(0)
  @Max(FEN_MAX)
  amountFenPerMonth: number;

  @ApiPropertyOptional({
    type: 'integer',
    minimum: 0,
    description: 'What the space costs on the market.',
    example: 900_000,
  })
  @IsOptional()
  @IsInt()
  @Min(0)
  @Max(FEN_MAX)
  marketFenPerMonth?: number;
}

export class KpiTargetDto {
  @ApiProperty({ description: 'Figure that is measured.', example: 'utilisation_bp' })
  @Matches(/^[a-z][a-z0-9_]{1,59}$/)
  metric: string;

  @ApiProperty({ type: 'integer', description: 'What it shall reach.', example: 6000 })
  @IsInt()
  target: number;
}

/** The terms as a body gives them, beside the head of the contract. */
export class ContractTermsDto {
  @ApiProperty({
    description: 'Title of the contract.',
    example: '嵌入式社区服务设施连锁运营合同',
    maxLength: 300,
  })
  @IsString()
  @MinLength(1)
  @MaxLength(300)
  title: string;

  @ApiProperty({ type: [ServiceTermsDto], description: 'What may run, and for how much.' })
  @IsArray()
  @ArrayNotEmpty()
  @ArrayMaxSize(500)
  @ValidateNested({ each: true })
  @Type(() => ServiceTermsDto)
  services: ServiceTermsDto[];

  @ApiProperty({ enum: SETTLEMENT_CYCLES, description: 'How often the parties settle.', example: 'monthly' })
  @IsIn(SETTLEMENT_CYCLES)
  settlementCycle: SettlementCycle;

  @ApiPropertyOptional({
    type: FeeDto,
    nullable: true,
    description: 'How the operator earns; null: by nothing agreed.',
  })
  @IsOptional()
  @ValidateNested()
  @Type(() => FeeDto)
  fee?: FeeDto | null;

  @ApiPropertyOptional({
    type: RentDto,
    nullable: true,
    description: 'What the space costs the operator; null: nothing.',
  })
  @IsOptional()
  @ValidateNested()
  @Type(() => RentDto)
  rent?: RentDto | null;

  @ApiPropertyOptional({
    type: 'integer',
    minimum: 0,
    nullable: true,
    description: 'Deposit in fen; null: none.',
    example: 20_000_000,
  })
  @IsOptional()
  @IsInt()
  @Min(0)
  @Max(FEN_MAX)
  depositFen?: number | null;

  @ApiPropertyOptional({
    type: [KpiTargetDto],
    nullable: true,
    description: 'What the operator promised to reach.',
    example: [],
  })
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(50)
  @ValidateNested({ each: true })
  @Type(() => KpiTargetDto)
  kpis?: KpiTargetDto[] | null;
}
