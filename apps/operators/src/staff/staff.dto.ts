import { PageQuery } from '@doorstep/platform';
import { ApiProperty, ApiPropertyOptional, PartialType } from '@nestjs/swagger';
import { Transform } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayNotEmpty,
  IsArray,
  IsBoolean,
  IsOptional,
  IsString,
  IsUUID,
  Matches,
  MaxLength,
  MinLength,
} from 'class-validator';
import { SITES_PER_STAFF_MAX } from './staff';

const SITE_ID = '019a3f6e-0c1d-7b7e-9a55-5b8f6d3c2b1c';
const PERSON_ID = '019a3f6e-0c1d-7b7e-9a55-5b8f6d3c2b1b';
const SKILL = /^[a-z][a-z0-9_]{1,59}$/;

export class EnterStaffDto {
  @ApiProperty({ description: 'Name; it never leaves this service.', example: '王芳', maxLength: 100 })
  @IsString()
  @MinLength(1)
  @MaxLength(100)
  name: string;

  @ApiProperty({ description: 'What they are employed as.', example: 'caregiver', maxLength: 100 })
  @IsString()
  @MinLength(1)
  @MaxLength(100)
  jobTitle: string;

  @ApiProperty({
    type: [String],
    description: 'What they can do; offerings ask for it.',
    example: ['bedside_care'],
  })
  @IsArray()
  @ArrayMaxSize(50)
  @Matches(SKILL, { each: true, message: 'each of skills must be a word such as bedside_care' })
  skills: string[];

  @ApiProperty({
    type: [String],
    description: 'Where they work.',
    example: [SITE_ID],
    minItems: 1,
    maxItems: SITES_PER_STAFF_MAX,
  })
  @IsArray()
  @ArrayNotEmpty()
  @ArrayMaxSize(SITES_PER_STAFF_MAX)
  @IsUUID(undefined, { each: true })
  siteIds: string[];

  @ApiPropertyOptional({
    format: 'uuid',
    description: 'The account with which they log in.',
    example: PERSON_ID,
  })
  @IsOptional()
  @IsUUID()
  personId?: string;
}

export class ChangeStaffDto extends PartialType(EnterStaffDto, { skipNullProperties: false }) {
  @ApiPropertyOptional({ description: 'False once they have left.', example: false })
  @IsOptional()
  @IsBoolean()
  active?: boolean;

  @ApiPropertyOptional({
    description: 'False: their shifts are not kept here, and they may be asked for at any time.',
    example: true,
  })
  @IsOptional()
  @IsBoolean()
  rostered?: boolean;
}

export class StaffQuery extends PageQuery {
  @ApiPropertyOptional({ format: 'uuid', description: 'Only who works at this site.', example: SITE_ID })
  @IsOptional()
  @IsUUID()
  siteId?: string;

  @ApiPropertyOptional({ description: 'Only who can do this.', example: 'bedside_care' })
  @IsOptional()
  @Matches(SKILL)
  skill?: string;

  @ApiPropertyOptional({
    type: Boolean,
    description: 'Only who is there, or only who has left.',
    example: true,
  })
  @IsOptional()
  @Transform(({ value }) => ({ true: true, false: false })[String(value)] ?? (value as unknown))
  @IsBoolean()
  active?: boolean;
}

export class StaffDto {
  @ApiProperty({
    format: 'uuid',
    description: 'Id; events know them by it.',
    example: '019a3f6e-0c1d-7b7e-9a55-5b8f6d3c2b30',
  })
  id: string;

  @ApiProperty({
    format: 'uuid',
    description: 'Their employer.',
    example: '019a3f6e-0c1d-7b7e-9a55-5b8f6d3c2b1a',
  })
  operatorId: string;

  @ApiProperty({ type: String, format: 'uuid', nullable: true, description: 'Their account.', example: null })
  personId: string | null;

  @ApiProperty({ description: 'Name; an authority sees the surname alone.', example: '王芳' })
  name: string;

  @ApiProperty({ description: 'What they are employed as.', example: 'caregiver' })
  jobTitle: string;

  @ApiProperty({ type: [String], description: 'What they can do.', example: ['bedside_care'] })
  skills: string[];

  @ApiProperty({ type: [String], description: 'Where they work.', example: [SITE_ID] })
  siteIds: string[];

  @ApiProperty({ description: 'False once they have left.', example: true })
  active: boolean;

  @ApiProperty({
    description: 'Whether their shifts are kept here; they are then asked for within them alone.',
    example: false,
  })
  rostered: boolean;

  @ApiProperty({ type: 'integer', description: 'Grows by one with each change.', example: 1 })
  version: number;

  @ApiProperty({
    format: 'date-time',
    description: 'When they were entered.',
    example: '2026-11-02T01:00:00.000Z',
  })
  createdAt: Date;
}
