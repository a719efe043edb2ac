import { PageQuery } from '@doorstep/platform';
import { ApiProperty, ApiPropertyOptional, PartialType } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import {
  IsBoolean,
  IsIn,
  IsInt,
  IsOptional,
  IsString,
  IsUUID,
  Length,
  Matches,
  Max,
  Min,
  ValidateIf,
} from 'class-validator';
import { PRINTABLE } from '../name.dto';

const KIND = /^[a-z][a-z0-9_]{1,39}$/;

export class CreateSpaceDto {
  @ApiProperty({
    description: 'Name, unique on the site.',
    minLength: 1,
    maxLength: 100,
    example: '羽毛球场 1',
  })
  @IsString()
  @Length(1, 100)
  @Matches(PRINTABLE)
  name: string;

  @ApiProperty({
    description: 'What it is: room, hall, court, bed, seats, kitchen, vehicle, or a word of your own.',
    pattern: KIND.source,
    example: 'court',
  })
  @Matches(KIND)
  kind: string;

  @ApiPropertyOptional({
    description: 'The space that it is part of: who uses the one keeps the other free of everybody else.',
    format: 'uuid',
    nullable: true,
    example: '019a3f6e-0c1d-7b7e-9a55-5b8f6d3c2b1a',
  })
  @ValidateIf((_object, value) => value !== undefined && value !== null)
  @IsUUID()
  parentId?: string | null;

  @ApiProperty({
    description: 'People that it holds.',
    type: 'integer',
    minimum: 1,
    maximum: 10000,
    example: 4,
  })
  @IsInt()
  @Min(1)
  @Max(10_000)
  capacity: number;
}

export class ChangeSpaceDto extends PartialType(CreateSpaceDto, { skipNullProperties: false }) {
  @ApiPropertyOptional({ description: 'False takes it out of use.', example: false })
  @ValidateIf((_object, value) => value !== undefined)
  @IsBoolean()
  active?: boolean;
}

export class SpacesQuery extends PageQuery {
  @ApiPropertyOptional({
    description: 'Only spaces in use, or only those out of use.',
    enum: ['true', 'false'],
  })
  @IsOptional()
  @IsIn(['true', 'false'])
  @Type(() => String)
  active?: 'true' | 'false';
}

export class SpaceDto {
  @ApiProperty({ description: 'Id.', format: 'uuid', example: '019a3f6e-0c1d-7b7e-9a55-5b8f6d3c2b1a' })
  id: string;

  @ApiProperty({
    description: 'The site that it belongs to.',
    format: 'uuid',
    example: '019a3f6e-0c1d-7b7e-9a55-5b8f6d3c2b1b',
  })
  siteId: string;

  @ApiProperty({ description: 'Name.', example: '羽毛球场 1' })
  name: string;

  @ApiProperty({ description: 'What it is.', example: 'court' })
  kind: string;

  @ApiProperty({
    description: 'The space that it is part of.',
    type: 'string',
    format: 'uuid',
    nullable: true,
    example: null,
  })
  parentId: string | null;

  @ApiProperty({ description: 'People that it holds.', type: 'integer', example: 4 })
  capacity: number;

  @ApiProperty({ description: 'False: out of use.', example: true })
  active: boolean;

  @ApiProperty({ description: 'Rises with each change.', type: 'integer', example: 1 })
  version: number;
}
