import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsOptional, Matches } from 'class-validator';
import { BookingDto } from '../bookings/bookings.dto';
import { VISIT_FLAGS, type VisitFlag } from './visit';

export class CheckInDto {
  @ApiProperty({
    description: 'The six digits that the client shows.',
    pattern: '^\\d{6}$',
    example: '042917',
  })
  @Matches(/^\d{6}$/)
  code: string;
}

export class CheckOutDto {
  @ApiPropertyOptional({
    description: 'The six digits again; left out where the client can no longer show them.',
    pattern: '^\\d{6}$',
    example: '042917',
  })
  @IsOptional()
  @Matches(/^\d{6}$/)
  code?: string;
}

export class VisitedBookingDto extends BookingDto {
  @ApiProperty({
    description: 'What makes the visit worth a second look.',
    enum: VISIT_FLAGS,
    isArray: true,
    example: [],
  })
  flags: VisitFlag[];
}
