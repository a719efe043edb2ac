import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  IsArray,
  IsIn,
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
import { PRINTABLE, WarningDto } from '../name.dto';
import { FUNDING_SOURCES, type FundingSource } from './project';

const DAY = /^\d{4}-\d{2}-\d{2}$/;
/** Ten billion yuan: more than any site costs, so a slipped unit is seen. */
const FEN_MAX = 1_000_000_000_000;
const day = (description: string, example: string) =>
  ({ description, type: 'string', format: 'date', nullable: true, example }) as const;

export class FundingDto {
  @ApiProperty({ description: 'Where it comes from.', enum: FUNDING_SOURCES, example: 'central_budget' })
  @IsIn(FUNDING_SOURCES)
  source: FundingSource;

  @ApiProperty({ description: 'How much, in fen.', type: 'integer', minimum: 1, example: 180_000_000 })
  @IsInt()
  @Min(1)
  @Max(FEN_MAX)
  amountFen: number;

  @ApiPropertyOptional({
    description: 'The paper that says so.',
    maxLength: 200,
    example: '发改投资〔2026〕88号',
  })
  @IsOptional()
  @IsString()
  @Length(1, 200)
  @Matches(PRINTABLE)
  note?: string;
}

class ProjectFields {
  @ApiPropertyOptional({
    description: 'What it costs altogether, in fen; null or left out: not known yet.',
    type: 'integer',
    minimum: 0,
    nullable: true,
    example: 300_000_000,
  })
  @IsOptional()
  @IsInt()
  @Min(0)
  @Max(FEN_MAX)
  costFen?: number | null;

  @ApiPropertyOptional({ description: 'Who pays for it.', type: [FundingDto], maxItems: 50 })
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(50)
  @IsObject({ each: true })
  @ValidateNested({ each: true })
  @Type(() => FundingDto)
  funding?: FundingDto[];

  @ApiPropertyOptional(day('When work is planned to begin.', '2026-03-01'))
  @IsOptional()
  @Matches(DAY)
  plannedStart?: string | null;

  @ApiPropertyOptional(day('When it is planned to open.', '2026-12-01'))
  @IsOptional()
  @Matches(DAY)
  plannedOpening?: string | null;
}

export class SetProjectDto extends ProjectFields {
  @ApiPropertyOptional({
    description: 'The version that the change was made from; refused when it has changed since.',
    type: 'integer',
    minimum: 0,
    example: 1,
  })
  @IsOptional()
  @IsInt()
  @Min(0)
  version?: number;
}

export class ProjectDto extends ProjectFields {
  @ApiProperty({ description: 'The site.', format: 'uuid', example: '019a3f6e-0c1d-7b7e-9a55-5b8f6d3c2b1a' })
  siteId: string;

  @ApiProperty({ description: 'The sources together, in fen.', type: 'integer', example: 300_000_000 })
  fundedFen: number;

  @ApiProperty({ description: 'Floor area of the site in m².', type: 'number', example: 860 })
  areaM2: number;

  @ApiProperty({
    description: 'Cost for each m² in fen; null while the cost is not known.',
    type: 'integer',
    nullable: true,
    example: 348_837,
  })
  costPerM2Fen: number | null;

  @ApiProperty({
    description: 'Rises with each change; 0: nothing has been entered.',
    type: 'integer',
    example: 1,
  })
  version: number;

  @ApiProperty({
    description: 'What somebody should look at; nothing is refused for it.',
    type: [WarningDto],
  })
  warnings: WarningDto[];
}
