import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayMinSize,
  IsArray,
  IsBoolean,
  IsObject,
  IsOptional,
  Matches,
  ValidateNested,
} from 'class-validator';
import { EditionDto, REGION_CODE } from './regions.dto';
import type { SuccessionKind } from './succession';

const KINDS = ['renamed', 'merged', 'split'];
const count = (description: string, example: number) =>
  ({ description, type: 'integer', minimum: 0, example }) as const;

export class SuccessionDto {
  @ApiProperty({ description: 'The code that is given up.', example: '310101013002' })
  @Matches(REGION_CODE)
  oldCode: string;

  @ApiProperty({ description: 'The code that takes its place, or a part of it.', example: '310101013001' })
  @Matches(REGION_CODE)
  newCode: string;
}

export class ReviseRegionsDto extends EditionDto {
  @ApiProperty({
    description: 'Renamed: one to one. Merged: several old codes, one new. Split: one old code, several new.',
    type: [SuccessionDto],
    minItems: 1,
    maxItems: 5000,
  })
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(5000)
  @IsObject({ each: true })
  @ValidateNested({ each: true })
  @Type(() => SuccessionDto)
  successions: SuccessionDto[];

  @ApiPropertyOptional({ description: 'True: only say what would happen.', default: false })
  @IsOptional()
  @IsBoolean()
  dryRun?: boolean;
}

export class RevisedDto extends EditionDto {
  @ApiProperty(count('Codes that were current until now.', 12))
  retired: number;

  @ApiProperty(count('Sites that moved to the only successor of their region.', 3))
  sitesMoved: number;

  @ApiProperty(count('Sites whose region was split: change each of them to the successor it stands in.', 1))
  sitesUndecided: number;

  @ApiProperty(count('Guidelines and kinds of service of the old codes: set them for the new ones too.', 0))
  rulesUndecided: number;

  @ApiProperty({ description: 'True: nothing was written.', example: false })
  dryRun: boolean;
}

export class RevisedByFileDto extends RevisedDto {
  @ApiProperty(count('Rows read.', 13))
  rows: number;
}

export class FormerNameDto {
  @ApiProperty({ description: 'The name that it had.', example: '外滩街道' })
  name: string;

  @ApiProperty({
    description: 'The region that it lay in.',
    type: 'string',
    nullable: true,
    example: '310101',
  })
  parentCode: string | null;

  @ApiProperty({ description: 'Where that was from.', example: 'NBS 2022' })
  source: string;

  @ApiProperty({ description: 'Year of the edition that said so.', type: 'integer', example: 2022 })
  year: number;

  @ApiProperty({ description: 'Year of the edition that says otherwise.', type: 'integer', example: 2023 })
  untilYear: number;
}

export class RelatedRegionDto {
  @ApiProperty({ description: 'Its code.', example: '310101013001' })
  code: string;

  @ApiProperty({ description: 'Year of the edition that says so.', type: 'integer', example: 2024 })
  year: number;

  @ApiProperty({ description: 'What happened.', enum: KINDS, example: 'merged' })
  kind: SuccessionKind;
}

export class RegionHistoryDto {
  @ApiProperty({ description: 'The region.', example: '310101013001' })
  code: string;

  @ApiProperty({
    description: 'Names and parents that it used to have, oldest first.',
    type: [FormerNameDto],
  })
  names: FormerNameDto[];

  @ApiProperty({ description: 'Codes whose place it took.', type: [RelatedRegionDto] })
  predecessors: RelatedRegionDto[];

  @ApiProperty({ description: 'Codes that took its place.', type: [RelatedRegionDto] })
  successors: RelatedRegionDto[];
}
