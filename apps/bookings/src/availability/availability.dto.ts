import { ApiProperty, ApiPropertyOptional, OmitType } from '@nestjs/swagger';
import { PageQuery } from '@doorstep/platform';
import { Type } from 'class-transformer';
import { IsInt, IsOptional, IsUUID, Max, Min } from 'class-validator';
import { PARTY_SIZE_MAX } from '../bookings/bookings.dto';
import { IsDay } from '../day.validator';
import { type Reason, REASONS } from './availability';

const ID = '019a3f6e-0c1d-7b7e-9a55-5b8f6d3c2b1a';
/** A month of one site's sessions fits one answer. */
export const AVAILABILITY_LIMIT_MAX = 1000;

export class AvailabilityQuery extends OmitType(PageQuery, ['limit'] as const) {
  @ApiPropertyOptional({
    description: 'Sessions of this offering; this or siteId.',
    format: 'uuid',
    example: ID,
  })
  @IsOptional()
  @IsUUID()
  offeringId?: string;

  @ApiPropertyOptional({ description: 'Sessions of all that this site offers.', format: 'uuid', example: ID })
  @IsOptional()
  @IsUUID()
  siteId?: string;

  @ApiProperty({ description: 'First site-local day.', format: 'date', example: '2026-11-02' })
  @IsDay()
  from: string;

  @ApiProperty({
    description: 'First site-local day that is out; 62 days after from at most.',
    format: 'date',
    example: '2026-11-09',
  })
  @IsDay()
  to: string;

  @ApiPropertyOptional({
    description: 'Whether this resident can book: age, care level, consent, other bookings.',
    format: 'uuid',
    example: ID,
  })
  @IsOptional()
  @IsUUID()
  residentId?: string;

  @ApiPropertyOptional({
    description: 'For how many.',
    type: 'integer',
    minimum: 1,
    maximum: PARTY_SIZE_MAX,
    default: 1,
  })
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(PARTY_SIZE_MAX)
  partySize: number = 1;

  @ApiPropertyOptional({
    description: 'Most items in one answer.',
    type: 'integer',
    minimum: 1,
    maximum: AVAILABILITY_LIMIT_MAX,
    default: 200,
  })
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(AVAILABILITY_LIMIT_MAX)
  limit: number = 200;
}

export class AvailabilityDto {
  @ApiProperty({ description: 'The session; POST /v1/bookings takes it.', format: 'uuid', example: ID })
  sessionId: string;

  @ApiProperty({ description: 'What it is a session of.', format: 'uuid', example: ID })
  offeringId: string;

  @ApiProperty({ description: 'Where.', format: 'uuid', example: ID })
  siteId: string;

  @ApiProperty({ description: 'Start, UTC.', format: 'date-time', example: '2026-11-02T03:00:00.000Z' })
  start: string;

  @ApiProperty({
    description: 'End, UTC; half-open.',
    format: 'date-time',
    example: '2026-11-02T04:30:00.000Z',
  })
  end: string;

  @ApiProperty({ description: 'Site-local day of the start.', format: 'date', example: '2026-11-02' })
  day: string;

  @ApiProperty({ description: 'How many it holds.', type: 'integer', example: 30 })
  capacity: number;

  @ApiProperty({ description: 'How many more it holds now.', type: 'integer', example: 12 })
  free: number;

  @ApiProperty({ description: 'Whether a booking would be accepted now.', example: true })
  bookable: boolean;

  @ApiProperty({
    description: 'Why not, the most fundamental reason first; empty when it can be booked.',
    enum: Object.keys(REASONS),
    isArray: true,
    example: [],
  })
  reasons: Reason[];
}
