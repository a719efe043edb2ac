import { AroundQuery, IsInstant } from '@doorstep/platform';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsInt, IsOptional, IsUUID, Max, Min } from 'class-validator';
import { PARTY_SIZE_MAX } from '../bookings/bookings.dto';
import { AvailabilityDto } from './availability.dto';

const ID = '019a3f6e-0c1d-7b7e-9a55-5b8f6d3c2b1a';

export class FirstFreeQuery extends AroundQuery {
  @ApiPropertyOptional({
    description: 'Not before this instant; left out: from now on.',
    format: 'date-time',
    example: '2026-11-02T03:00:00Z',
  })
  @IsOptional()
  @IsInstant()
  from?: string;

  @ApiPropertyOptional({
    description: 'How many days ahead to look.',
    type: 'integer',
    minimum: 1,
    maximum: 31,
    default: 7,
  })
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(31)
  days: number = 7;

  @ApiPropertyOptional({
    description: 'Whom it is for: age, care level, consent and other bookings count then.',
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
}

export class SiteNameDto {
  @ApiProperty({ description: 'In Chinese.', example: '东华门社区服务中心' })
  zh: string;

  @ApiPropertyOptional({ description: 'In English.', example: 'Donghuamen' })
  en?: string;
}

export class FirstFreeDto {
  @ApiProperty({ description: 'The site.', format: 'uuid', example: ID })
  siteId: string;

  @ApiProperty({ description: 'Its name.', type: SiteNameDto })
  name: SiteNameDto;

  @ApiProperty({ description: 'Metres on foot.', type: 'integer', example: 420 })
  distanceM: number;

  @ApiProperty({ description: 'Minutes on foot, rounded up.', type: 'integer', example: 6 })
  walkMinutes: number;

  @ApiProperty({ description: 'Its first session that can be booked.', type: AvailabilityDto })
  first: AvailabilityDto;
}
