import { PageQuery } from '@doorstep/platform';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsInt, IsOptional, IsUUID, Matches, Max, Min } from 'class-validator';

const SITE_ID = '019a3f6e-0c1d-7b7e-9a55-5b8f6d3c2b1c';
const BOOKING_ID = '019a3f6e-0c1d-7b7e-9a55-5b8f6d3c2b70';
const MONTH = /^\d{4}-(0[1-9]|1[0-2])$/;
const MONTH_MESSAGE = { message: '$property must be a month: YYYY-MM' };

export class RateServiceDto {
  @ApiProperty({ format: 'uuid', description: 'The delivered booking.', example: BOOKING_ID })
  @IsUUID()
  bookingId: string;

  @ApiProperty({
    type: 'integer',
    minimum: 1,
    maximum: 5,
    description: 'Stars; once per booking.',
    example: 5,
  })
  @IsInt()
  @Min(1)
  @Max(5)
  stars: number;
}

export class ServiceRatingDto {
  @ApiProperty({ format: 'uuid', description: 'The booking.', example: BOOKING_ID })
  bookingId: string;

  @ApiProperty({ format: 'uuid', description: 'The site.', example: SITE_ID })
  siteId: string;

  @ApiProperty({ description: 'Kind of service.', example: 'meals' })
  kind: string;

  @ApiProperty({ format: 'date', description: 'Day of the service.', example: '2026-12-04' })
  serviceDay: string;

  @ApiProperty({ type: 'integer', description: 'Stars.', example: 5 })
  stars: number;
}

export class QualityFiguresQuery extends PageQuery {
  @ApiProperty({ description: 'First month.', example: '2026-11' })
  @Matches(MONTH, MONTH_MESSAGE)
  from: string;

  @ApiProperty({ description: 'Last month; at most 24 in all.', example: '2026-12' })
  @Matches(MONTH, MONTH_MESSAGE)
  to: string;

  @ApiPropertyOptional({ format: 'uuid', description: 'Only this site.', example: SITE_ID })
  @IsOptional()
  @IsUUID()
  siteId?: string;
}

export class QualityFiguresDto {
  @ApiProperty({ format: 'uuid', description: 'The site.', example: SITE_ID })
  siteId: string;

  @ApiProperty({ description: 'The month: of the service, of the complaint.', example: '2026-12' })
  month: string;

  @ApiProperty({ type: 'integer', description: 'Bookings delivered.', example: 120 })
  delivered: number;

  @ApiProperty({ type: 'integer', description: 'Of them rated.', example: 37 })
  rated: number;

  @ApiProperty({
    type: 'integer',
    nullable: true,
    description: 'Mean of the stars in hundredths; null when nothing was rated.',
    example: 462,
  })
  starsMeanHundredths: number | null;

  @ApiProperty({
    type: [Number],
    description: 'Ratings with one, two, three, four and five stars.',
    example: [0, 1, 2, 7, 27],
  })
  ratingsByStars: number[];

  @ApiProperty({ type: 'integer', description: 'Complaints that came in.', example: 3 })
  complaints: number;

  @ApiProperty({ type: 'integer', description: 'Of them closed by now.', example: 2 })
  complaintsClosed: number;

  @ApiProperty({ type: 'integer', description: 'Of them that were right.', example: 1 })
  complaintsUpheld: number;

  @ApiProperty({ type: 'integer', description: 'Of them not answered in time, and still open.', example: 0 })
  complaintsOverdue: number;
}
