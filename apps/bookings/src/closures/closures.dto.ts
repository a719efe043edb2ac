import { IsInstant, PageQuery } from '@doorstep/platform';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsBoolean, IsInt, IsOptional, IsUUID, Matches, Min } from 'class-validator';

const ID = '019a3f6e-0c1d-7b7e-9a55-5b8f6d3c2b1a';
const FROM = '2026-11-02T23:00:00Z';
const TO = '2026-11-03T13:00:00Z';

export class CloseDto {
  @ApiProperty({ description: 'The site that closes.', format: 'uuid', example: ID })
  @IsUUID()
  siteId: string;

  @ApiPropertyOptional({
    description: 'Only this offering of it; left out: all.',
    format: 'uuid',
    example: ID,
  })
  @IsOptional()
  @IsUUID()
  offeringId?: string;

  @ApiProperty({ description: 'From when, UTC.', format: 'date-time', example: FROM })
  @IsInstant()
  from: string;

  @ApiProperty({ description: 'Until when, UTC; half-open.', format: 'date-time', example: TO })
  @IsInstant()
  to: string;

  @ApiProperty({
    description: 'Why, as a code: it is told with each cancelled booking.',
    pattern: '^[a-z][a-z0-9_]{1,59}$',
    example: 'water_damage',
  })
  @Matches(/^[a-z][a-z0-9_]{1,59}$/)
  reason: string;

  @ApiPropertyOptional({ description: 'True counts what would happen and changes nothing.', default: false })
  @IsOptional()
  @IsBoolean()
  preview: boolean = false;

  @ApiPropertyOptional({
    description: 'Bookings that the preview counted; refused when they have become more since.',
    type: 'integer',
    minimum: 0,
    example: 12,
  })
  @IsOptional()
  @IsInt()
  @Min(0)
  bookingsExpected?: number;
}

export class ClosuresQuery extends PageQuery {
  @ApiPropertyOptional({ description: 'Closures of this site.', format: 'uuid', example: ID })
  @IsOptional()
  @IsUUID()
  siteId?: string;
}

export class ClosureCountsDto {
  @ApiProperty({ description: 'Sessions that take nobody any more.', type: 'integer', example: 6 })
  sessions: number;

  @ApiProperty({ description: 'Bookings that are cancelled.', type: 'integer', example: 12 })
  bookings: number;

  @ApiProperty({ description: 'People in these bookings.', type: 'integer', example: 15 })
  people: number;

  @ApiProperty({ description: 'Entries of waiting lists that end.', type: 'integer', example: 2 })
  waiting: number;
}

export class ClosureDto {
  @ApiPropertyOptional({ description: 'The closure; left out in a preview.', format: 'uuid', example: ID })
  id?: string;

  @ApiProperty({ description: 'Whether this is only what would happen.', example: false })
  preview: boolean;

  @ApiProperty({ description: 'The site.', format: 'uuid', example: ID })
  siteId: string;

  @ApiPropertyOptional({ description: 'Only this offering of it.', format: 'uuid', example: ID })
  offeringId?: string;

  @ApiProperty({ description: 'From when, UTC.', format: 'date-time', example: FROM })
  from: string;

  @ApiProperty({ description: 'Until when, UTC; half-open.', format: 'date-time', example: TO })
  to: string;

  @ApiProperty({ description: 'Why.', example: 'water_damage' })
  reason: string;

  @ApiProperty({ description: 'What happened, or would.', type: ClosureCountsDto })
  counts: ClosureCountsDto;

  @ApiPropertyOptional({ description: 'When it was lifted.', format: 'date-time', example: TO })
  liftedAt?: string;
}
