import { AroundQuery, IsInstant } from '@doorstep/platform';
import { ApiProperty, ApiPropertyOptional, PickType } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsInt, IsOptional, Max, Min } from 'class-validator';
import { OfferingDto } from '../offerings/offerings.dto';
import { SiteDto } from '../sites/sites.dto';

export class NearbyQuery extends AroundQuery {
  @ApiPropertyOptional({
    description:
      'Only services that cost at most so many fen by the price ceiling of the operating contract. Those without a ceiling are left out.',
    type: 'integer',
    minimum: 0,
    maximum: 100_000_000,
    example: 2000,
  })
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(0)
  @Max(100_000_000)
  priceMaxFen?: number;

  @ApiPropertyOptional({
    description: 'Only sites that are open at this instant.',
    format: 'date-time',
    example: '2026-11-02T03:30:00Z',
  })
  @IsOptional()
  @IsInstant()
  at?: string;
}

export class NearbySiteDto extends PickType(SiteDto, [
  'id',
  'operatorId',
  'code',
  'name',
  'regionCode',
  'form',
  'tier',
  'location',
  'timeZone',
] as const) {}

export class NearbyOfferingDto extends PickType(OfferingDto, [
  'id',
  'code',
  'name',
  'kind',
  'mode',
  'delivery',
  'capacityModel',
  'ageMonthsMin',
  'ageMonthsMax',
  'careLevelMin',
] as const) {
  @ApiProperty({
    description:
      'The most that it may cost by the operating contract in force, in fen; null: no contract says. POST /v1/quotes tells the price itself.',
    type: 'integer',
    nullable: true,
    example: 2000,
  })
  priceCeilingFen: number | null;
}

export class NearbyDto {
  @ApiProperty({ description: 'The site.', type: NearbySiteDto })
  site: NearbySiteDto;

  @ApiProperty({ description: 'Metres on foot.', type: 'integer', example: 420 })
  distanceM: number;

  @ApiProperty({ description: 'Minutes on foot, rounded up.', type: 'integer', example: 6 })
  walkMinutes: number;

  @ApiProperty({
    description: 'True: by the straight line with a detour, not along streets.',
    example: false,
  })
  estimated: boolean;

  @ApiProperty({
    description: 'Whether it is open: at the instant that was asked for, else now.',
    example: true,
  })
  open: boolean;

  @ApiProperty({
    description: 'What it offers, of the kind and mode that were asked for.',
    type: [NearbyOfferingDto],
  })
  offerings: NearbyOfferingDto[];
}
