import { IsInstant, PageQuery } from '@doorstep/platform';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import {
  ArrayMaxSize,
  IsArray,
  IsBoolean,
  IsIn,
  IsInt,
  IsOptional,
  IsString,
  IsUUID,
  Matches,
  Max,
  MaxLength,
  Min,
} from 'class-validator';
import { BOOKING_STATUSES, type BookingStatus } from '../bookings/booking';
import { PARTY_SIZE_MAX } from '../bookings/bookings.dto';
import { PackageChoiceField, PackageWishField } from '../bookings/package-choice.field';

const ID = '019a3f6e-0c1d-7b7e-9a55-5b8f6d3c2b1a';
const LOCAL = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}$/;
const INSTANT = '2026-11-09T03:00:00.000Z';

export class BookSeriesDto {
  @ApiProperty({ description: 'What is booked.', format: 'uuid', example: ID })
  @IsUUID()
  offeringId: string;

  @ApiProperty({ description: 'The resident whom the service is for.', format: 'uuid', example: ID })
  @IsUUID()
  residentId: string;

  @ApiPropertyOptional({
    description: 'How many come each time.',
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

  @PackageChoiceField()
  packageId?: string;

  @ApiProperty({
    description: "First start, in the site's local time: DTSTART.",
    pattern: LOCAL.source,
    example: '2026-11-09T11:00',
  })
  @Matches(LOCAL)
  start: string;

  @ApiProperty({
    description:
      'RRULE of RFC 5545, by the day or slower, with COUNT or UNTIL; 366 occurrences in two years at most.',
    maxLength: 500,
    example: 'FREQ=WEEKLY;BYDAY=MO,WE;COUNT=24',
  })
  @IsString()
  @MaxLength(500)
  rule: string;

  @ApiPropertyOptional({
    description: 'Local starts to leave out: EXDATE.',
    isArray: true,
    type: String,
    example: ['2026-11-11T11:00'],
  })
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(366)
  @Matches(LOCAL, { each: true })
  except: string[] = [];

  @ApiPropertyOptional({
    description: 'Local starts besides the rule: RDATE.',
    isArray: true,
    type: String,
    example: ['2026-11-14T11:00'],
  })
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(366)
  @Matches(LOCAL, { each: true })
  besides: string[] = [];

  @ApiPropertyOptional({
    description:
      'When an occurrence can’t be booked: fail books nothing at all, skip leaves it out and says why.',
    enum: ['fail', 'skip'],
    default: 'fail',
  })
  @IsOptional()
  @IsIn(['fail', 'skip'])
  onConflict: 'fail' | 'skip' = 'fail';

  @ApiPropertyOptional({
    description: 'True shows what would become of each occurrence and books nothing.',
    default: false,
  })
  @IsOptional()
  @IsBoolean()
  preview: boolean = false;
}

export class CancelSeriesDto {
  @ApiProperty({
    description: 'Why, as a code: it is told with each cancelled booking.',
    pattern: '^[a-z][a-z0-9_]{1,59}$',
    example: 'moved_away',
  })
  @Matches(/^[a-z][a-z0-9_]{1,59}$/)
  reason: string;

  @ApiPropertyOptional({
    description:
      'Original start of the first occurrence to cancel: this and all that follow. Left out: all to come.',
    format: 'date-time',
    example: INSTANT,
  })
  @IsOptional()
  @IsInstant()
  from?: string;
}

export class MoveSeriesDto {
  @ApiPropertyOptional({
    description:
      'Original start of the first occurrence to move: this and all that follow. Left out: all to come.',
    format: 'date-time',
    example: INSTANT,
  })
  @IsOptional()
  @IsInstant()
  from?: string;

  @ApiPropertyOptional({
    description: 'Local time of day to move to; left out: as now.',
    pattern: '^([01]\\d|2[0-3]):[0-5]\\d$',
    example: '17:00',
  })
  @IsOptional()
  @Matches(/^([01]\d|2[0-3]):[0-5]\d$/)
  time?: string;

  @ApiPropertyOptional({
    description: 'Days to move by, back or forth.',
    type: 'integer',
    minimum: -30,
    maximum: 30,
    default: 0,
  })
  @IsOptional()
  @IsInt()
  @Min(-30)
  @Max(30)
  days: number = 0;

  @ApiPropertyOptional({
    description: 'When an occurrence can’t be moved: fail moves nothing at all, skip leaves it where it is.',
    enum: ['fail', 'skip'],
    default: 'fail',
  })
  @IsOptional()
  @IsIn(['fail', 'skip'])
  onConflict: 'fail' | 'skip' = 'fail';
}

export class SeriesQuery extends PageQuery {
  @ApiPropertyOptional({ description: 'Series of this resident.', format: 'uuid', example: ID })
  @IsOptional()
  @IsUUID()
  residentId?: string;
}

const OCCURRENCE_STATUSES = ['planned', 'booked', 'skipped', 'cancelled'] as const;

export class OccurrenceDto {
  @ApiProperty({
    description: 'As the rule made it: the key of the occurrence (RECURRENCE-ID).',
    format: 'date-time',
    example: INSTANT,
  })
  originalStart: string;

  @ApiProperty({ description: 'When it takes place.', format: 'date-time', example: INSTANT })
  start: string;

  @ApiProperty({
    description: 'planned: its session is not there yet and will be booked when it is.',
    enum: OCCURRENCE_STATUSES,
    example: 'booked',
  })
  status: (typeof OCCURRENCE_STATUSES)[number];

  @ApiPropertyOptional({ description: 'Its booking.', format: 'uuid', example: ID })
  bookingId?: string;

  @ApiPropertyOptional({
    description: 'Where the booking is in its life.',
    enum: BOOKING_STATUSES,
    example: 'confirmed',
  })
  bookingStatus?: BookingStatus;

  @ApiPropertyOptional({
    description: 'Why it was skipped, or not moved.',
    isArray: true,
    type: String,
    example: ['full'],
  })
  reasons?: string[];
}

export class SeriesDto {
  @ApiPropertyOptional({ description: 'The series; left out in a preview.', format: 'uuid', example: ID })
  id?: string;

  @ApiProperty({ description: 'Whether this is only what would happen.', example: false })
  preview: boolean;

  @ApiProperty({ description: 'What is booked.', format: 'uuid', example: ID })
  offeringId: string;

  @ApiProperty({ description: 'Whom it is for.', format: 'uuid', example: ID })
  residentId: string;

  @ApiProperty({ description: 'How many come each time.', type: 'integer', example: 1 })
  partySize: number;

  @PackageWishField()
  packageId?: string;

  @ApiProperty({
    description: 'DTSTART, RRULE, RDATE and EXDATE, as a calendar has them.',
    isArray: true,
    type: String,
    example: ['RRULE:FREQ=WEEKLY;BYDAY=MO,WE;COUNT=24'],
  })
  recurrence: string[];

  @ApiProperty({
    description: 'Every occurrence, in the order of its original start.',
    type: OccurrenceDto,
    isArray: true,
  })
  occurrences: OccurrenceDto[];

  @ApiPropertyOptional({
    description:
      'Whose bookings these are: only in the answer that made the series. Another API client sends it as Hold-Token to cancel ' +
      'the series while any of them is held.',
    example: 'rJcQ0tDTxXv1Qj4Yk3l1m9T2yq6b0vWcJ0mVbqk2zXo',
  })
  holdToken?: string;

  @ApiProperty({ description: 'Counts its changes, from 1.', type: 'integer', example: 1 })
  version: number;
}
