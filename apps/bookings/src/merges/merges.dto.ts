import { PageQuery } from '@doorstep/platform';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Transform } from 'class-transformer';
import { ArrayMaxSize, ArrayUnique, IsBoolean, IsIn, IsInt, IsOptional, IsUUID, Min } from 'class-validator';
import { CONSENT_PURPOSES, type ConsentPurpose } from '../residents/resident';
import { ResidentDto } from '../residents/residents.view.dto';
import { CONFLICT_CODES, type ConflictCode, TAKEABLE, type Takeable } from './merge';

const ID = '019a3f6e-0c1d-7b7e-9a55-5b8f6d3c2b1a';
export const ALIKE_REASONS = ['same_mobile_and_birth_date', 'same_name_and_birth_date'] as const;

export class DuplicatesQuery extends PageQuery {
  @ApiPropertyOptional({
    description: 'true shows those too that were found not to be the same.',
    default: false,
  })
  @Transform(({ value }) => (value === 'true' ? true : value === 'false' ? false : (value as unknown)))
  @IsBoolean()
  dismissed: boolean = false;
}

export class DuplicateDto {
  @ApiProperty({
    description: 'The two, masked; the one registered first comes first.',
    type: ResidentDto,
    isArray: true,
  })
  residents: ResidentDto[];

  @ApiProperty({
    description: 'Why they may be one.',
    enum: ALIKE_REASONS,
    isArray: true,
    example: ['same_name_and_birth_date'],
  })
  reasons: (typeof ALIKE_REASONS)[number][];

  @ApiPropertyOptional({
    description: 'When they were found not to be the same.',
    format: 'date-time',
    example: '2026-11-02T01:00:00.000Z',
  })
  dismissedAt?: string;
}

export class DismissDto {
  @ApiProperty({ description: 'One of the two.', format: 'uuid', example: ID })
  @IsUUID()
  residentId: string;

  @ApiProperty({ description: 'The other one.', format: 'uuid', example: ID })
  @IsUUID()
  otherId: string;
}

export class DismissedDto extends DismissDto {
  @ApiProperty({ description: 'Whether they are held to be two people now.', example: true })
  distinct: boolean;
}

export class MergePreviewQuery {
  @ApiProperty({ description: 'The record that would go.', format: 'uuid', example: ID })
  @IsUUID()
  mergedId: string;
}

export class MergeDto {
  @ApiProperty({
    description: 'The record that goes; its id leads on from then.',
    format: 'uuid',
    example: ID,
  })
  @IsUUID()
  mergedId: string;

  @ApiPropertyOptional({
    description:
      'What the record that goes has right where the two say otherwise; the rest stays as the survivor says.',
    enum: TAKEABLE,
    isArray: true,
    default: [],
  })
  @ArrayMaxSize(TAKEABLE.length)
  @ArrayUnique()
  @IsIn(TAKEABLE, { each: true })
  take: Takeable[] = [];

  @ApiPropertyOptional({
    description: 'Version of the survivor that the preview showed; refused when it has changed since.',
    type: 'integer',
    minimum: 1,
    example: 3,
  })
  @IsOptional()
  @IsInt()
  @Min(1)
  version?: number;

  @ApiPropertyOptional({
    description: 'The same of the record that goes.',
    type: 'integer',
    minimum: 1,
    example: 1,
  })
  @IsOptional()
  @IsInt()
  @Min(1)
  mergedVersion?: number;
}

export class MovedDto {
  @ApiProperty({ description: 'What.', example: 'booking' })
  what: string;

  @ApiProperty({ description: 'How many.', type: 'integer', example: 12 })
  count: number;
}

export class DifferenceDto {
  @ApiProperty({ description: 'What the two say otherwise.', enum: TAKEABLE, example: 'mobile' })
  field: Takeable;

  @ApiProperty({
    description: 'What stands unless it is taken from the other; masked.',
    example: '138****8000',
  })
  survivor: string;

  @ApiProperty({ description: 'What the record that goes says; masked.', example: '139****9000' })
  merged: string;
}

export class ConflictDto {
  @ApiProperty({ description: 'What stands against it.', enum: CONFLICT_CODES, example: 'bookings_overlap' })
  code: ConflictCode;

  @ApiProperty({ description: 'The same in words.', example: 'Bookings of the two are at the same time.' })
  reason: string;

  @ApiProperty({ description: 'What to do about it.', example: 'Cancel one of each two.' })
  mend: string;

  @ApiProperty({ description: 'How often.', type: 'integer', example: 1 })
  count: number;

  @ApiProperty({
    description: 'Some of them: bookings, places, orders.',
    type: 'array',
    items: { type: 'string', format: 'uuid' },
    example: [ID],
  })
  ids: string[];
}

export class MergePreviewDto {
  @ApiProperty({ description: 'The record that stays, masked.', type: ResidentDto })
  survivor: ResidentDto;

  @ApiProperty({ description: 'The record that would go, masked.', type: ResidentDto })
  merged: ResidentDto;

  @ApiProperty({ description: 'What would move.', type: MovedDto, isArray: true })
  moves: MovedDto[];

  @ApiProperty({
    description: 'What the two say otherwise; choose with take.',
    type: DifferenceDto,
    isArray: true,
  })
  differences: DifferenceDto[];

  @ApiProperty({
    description: 'Consents that would end, because they were withdrawn on one of the two.',
    enum: CONSENT_PURPOSES,
    isArray: true,
    example: [],
  })
  consentsEnding: ConsentPurpose[];

  @ApiProperty({
    description: 'What has to be put right first; nothing: it can be done.',
    type: ConflictDto,
    isArray: true,
  })
  conflicts: ConflictDto[];
}
