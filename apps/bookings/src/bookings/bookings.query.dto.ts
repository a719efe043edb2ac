import { PageQuery } from '@doorstep/platform';
import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn, IsOptional, IsUUID } from 'class-validator';
import { IsDay } from '../day.validator';
import { BOOKING_STATUSES, type BookingStatus } from './booking';

const ID = '019a3f6e-0c1d-7b7e-9a55-5b8f6d3c2b1a';

export class BookingsQuery extends PageQuery {
  @ApiPropertyOptional({ description: 'Bookings at this site.', format: 'uuid', example: ID })
  @IsOptional()
  @IsUUID()
  siteId?: string;

  @ApiPropertyOptional({ description: 'Bookings of this resident.', format: 'uuid', example: ID })
  @IsOptional()
  @IsUUID()
  residentId?: string;

  @ApiPropertyOptional({ description: 'Bookings of this session: its roster.', format: 'uuid', example: ID })
  @IsOptional()
  @IsUUID()
  sessionId?: string;

  @ApiPropertyOptional({
    description: 'Bookings in this state.',
    enum: BOOKING_STATUSES,
    example: 'confirmed',
  })
  @IsOptional()
  @IsIn(BOOKING_STATUSES)
  status?: BookingStatus;

  @ApiPropertyOptional({ description: 'First site-local day.', format: 'date', example: '2026-11-02' })
  @IsOptional()
  @IsDay()
  from?: string;

  @ApiPropertyOptional({
    description: 'First site-local day that is out.',
    format: 'date',
    example: '2026-11-09',
  })
  @IsOptional()
  @IsDay()
  to?: string;
}
