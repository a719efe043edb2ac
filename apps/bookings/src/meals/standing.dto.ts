import type { Day } from '@doorstep/kernel';
import { PageQuery } from '@doorstep/platform';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import {
  ArrayMaxSize,
  ArrayMinSize,
  ArrayUnique,
  IsArray,
  IsInt,
  IsOptional,
  IsUUID,
  Matches,
  Max,
  Min,
} from 'class-validator';
import { PARTY_SIZE_MAX } from '../bookings/bookings.dto';
import { IsDay } from '../day.validator';

const ID = '019a3f6e-0c1d-7b7e-9a55-5b8f6d3c2b1a';
const TIME = /^([01]\d|2[0-3]):[0-5]\d$/;

export class PlaceStandingDto {
  @ApiProperty({ description: 'Which meal: a sitting, take-away or delivery.', format: 'uuid', example: ID })
  @IsUUID()
  offeringId: string;

  @ApiProperty({ description: 'Whom it is for.', format: 'uuid', example: ID })
  @IsUUID()
  residentId: string;

  @ApiProperty({
    description: 'ISO weekdays, 1 = Monday.',
    isArray: true,
    type: 'integer',
    example: [1, 2, 3, 4, 5],
  })
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(7)
  @ArrayUnique()
  @IsInt({ each: true })
  @Min(1, { each: true })
  @Max(7, { each: true })
  weekdays: number[];

  @ApiProperty({ description: 'Start of the sitting, site-local.', pattern: TIME.source, example: '11:00' })
  @Matches(TIME)
  time: string;

  @ApiPropertyOptional({
    description: 'How many portions each time.',
    type: 'integer',
    minimum: 1,
    maximum: PARTY_SIZE_MAX,
    default: 1,
  })
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(PARTY_SIZE_MAX)
  partySize: number = 1;

  @ApiProperty({ description: 'First day.', format: 'date', example: '2026-11-09' })
  @IsDay()
  from: string;

  @ApiPropertyOptional({
    description: 'First day that is out; left out: until it is ended.',
    format: 'date',
    example: '2027-01-01',
  })
  @IsOptional()
  @IsDay()
  to?: string;
}

export class PauseDto {
  @ApiProperty({ description: 'First day without a meal.', format: 'date', example: '2026-11-16' })
  @IsDay()
  from: string;

  @ApiProperty({ description: 'First day with one again.', format: 'date', example: '2026-11-23' })
  @IsDay()
  to: string;
}

export class ChangeStandingDto {
  @ApiPropertyOptional({
    description: 'First day without a meal; left out: today.',
    format: 'date',
    example: '2026-12-01',
  })
  @IsOptional()
  @IsDay()
  from?: string;
}

export class StandingQuery extends PageQuery {
  @ApiPropertyOptional({ description: 'Standing orders of this resident.', format: 'uuid', example: ID })
  @IsOptional()
  @IsUUID()
  residentId?: string;
}

export class StandingDayDto {
  @ApiProperty({ description: 'The day.', format: 'date', example: '2026-11-09' })
  day: Day;

  @ApiProperty({ description: 'What became of it.', enum: ['booked', 'skipped'], example: 'booked' })
  status: 'booked' | 'skipped';

  @ApiPropertyOptional({ description: 'Its booking.', format: 'uuid', example: ID })
  bookingId?: string;

  @ApiPropertyOptional({ description: 'Where the booking is in its life.', example: 'confirmed' })
  bookingStatus?: string;

  @ApiPropertyOptional({
    description: 'Why it was skipped: paused, no_session, or what stood against the booking.',
    isArray: true,
    type: String,
    example: ['kitchen_full'],
  })
  reasons?: string[];
}

export class StandingDto {
  @ApiProperty({ description: 'The standing order.', format: 'uuid', example: ID })
  id: string;

  @ApiProperty({ description: 'The operator.', format: 'uuid', example: ID })
  operatorId: string;

  @ApiProperty({ description: 'The site.', format: 'uuid', example: ID })
  siteId: string;

  @ApiProperty({ description: 'Which meal.', format: 'uuid', example: ID })
  offeringId: string;

  @ApiProperty({ description: 'Whom it is for.', format: 'uuid', example: ID })
  residentId: string;

  @ApiProperty({ description: 'ISO weekdays.', isArray: true, type: 'integer', example: [1, 2, 3, 4, 5] })
  weekdays: number[];

  @ApiProperty({ description: 'Start of the sitting, site-local.', example: '11:00' })
  time: string;

  @ApiProperty({ description: 'Portions each time.', type: 'integer', example: 1 })
  partySize: number;

  @ApiProperty({ description: 'First day.', format: 'date', example: '2026-11-09' })
  from: Day;

  @ApiPropertyOptional({ description: 'First day that is out.', format: 'date', example: '2027-01-01' })
  to?: Day;

  @ApiPropertyOptional({ description: 'Days without a meal.', type: PauseDto })
  pause?: PauseDto;

  @ApiProperty({ description: 'Whether it goes on.', enum: ['active', 'ended'], example: 'active' })
  status: 'active' | 'ended';

  @ApiProperty({
    description: 'What became of its days, from a week ago on; when one order is shown.',
    type: StandingDayDto,
    isArray: true,
  })
  days: StandingDayDto[];

  @ApiProperty({ description: 'Counts its changes, from 1.', type: 'integer', example: 1 })
  version: number;

  @ApiProperty({
    description: 'When it was placed.',
    format: 'date-time',
    example: '2026-11-02T01:00:00.000Z',
  })
  createdAt: string;

  @ApiPropertyOptional({
    description:
      'Whose order it is: only in the answer that placed it. Another API client sends it as Hold-Token to end or pause the ' +
      'order while any of its bookings there is held.',
    example: 'rJcQ0tDTxXv1Qj4Yk3l1m9T2yq6b0vWcJ0mVbqk2zXo',
  })
  holdToken?: string;
}
