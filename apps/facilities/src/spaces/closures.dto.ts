import { IsInstant, PageQuery } from '@doorstep/platform';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn, IsOptional, IsString, Length, Matches } from 'class-validator';
import { PRINTABLE } from '../name.dto';

export class CloseSpaceDto {
  @ApiProperty({ description: 'From this instant on.', format: 'date-time', example: '2026-11-09T00:00:00Z' })
  @IsInstant()
  startsAt: string;

  @ApiProperty({
    description: 'Usable again from this instant on.',
    format: 'date-time',
    example: '2026-11-10T00:00:00Z',
  })
  @IsInstant()
  endsAt: string;

  @ApiProperty({ description: 'Why, for people.', minLength: 1, maxLength: 200, example: '地板维修' })
  @IsString()
  @Length(1, 200)
  @Matches(PRINTABLE)
  reason: string;
}

export class ClosuresQuery extends PageQuery {
  @ApiPropertyOptional({
    description: 'coming: those that still lie ahead or go on; all: those that are over or cancelled too.',
    enum: ['coming', 'all'],
    default: 'coming',
  })
  @IsOptional()
  @IsIn(['coming', 'all'])
  show: 'coming' | 'all' = 'coming';
}

export class ClosureDto {
  @ApiProperty({ description: 'Id.', format: 'uuid', example: '019a3f6e-0c1d-7b7e-9a55-5b8f6d3c2b1a' })
  id: string;

  @ApiProperty({ description: 'The space.', format: 'uuid', example: '019a3f6e-0c1d-7b7e-9a55-5b8f6d3c2b1b' })
  spaceId: string;

  @ApiProperty({
    description: 'From this instant on.',
    format: 'date-time',
    example: '2026-11-09T00:00:00.000Z',
  })
  startsAt: Date;

  @ApiProperty({
    description: 'Usable again from this instant on.',
    format: 'date-time',
    example: '2026-11-10T00:00:00.000Z',
  })
  endsAt: Date;

  @ApiProperty({ description: 'Why.', example: '地板维修' })
  reason: string;

  @ApiProperty({
    description: 'When it was called off; null while it stands.',
    type: 'string',
    format: 'date-time',
    nullable: true,
    example: null,
  })
  cancelledAt: Date | null;
}
