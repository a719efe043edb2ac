import { SERVICE_MODES } from '@doorstep/contracts';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn, IsInt, IsOptional, IsString, IsUUID, Matches, Max, MaxLength, Min } from 'class-validator';
import { BookingPriceDto } from './booking-price.dto';
import { PackageChoiceField, PackageWishField } from './package-choice.field';
import { ATTENDED_MINUTES_MAX, BOOKING_STATUSES, type BookingStatus } from './booking';

const ID = '019a3f6e-0c1d-7b7e-9a55-5b8f6d3c2b1a';
export const PARTY_SIZE_MAX = 100;

export class BookDto {
  @ApiProperty({ description: 'What is booked.', format: 'uuid', example: ID })
  @IsUUID()
  offeringId: string;

  @ApiProperty({
    description: 'Which session of it, from GET /v1/availability.',
    format: 'uuid',
    example: ID,
  })
  @IsUUID()
  sessionId: string;

  @ApiProperty({ description: 'The resident whom the service is for.', format: 'uuid', example: ID })
  @IsUUID()
  residentId: string;

  @ApiPropertyOptional({
    description: 'How many come, the resident included; seats and places are taken for each.',
    type: 'integer',
    minimum: 1,
    maximum: PARTY_SIZE_MAX,
    default: 1,
  })
  @IsInt()
  @Min(1)
  @Max(PARTY_SIZE_MAX)
  partySize: number = 1;

  @PackageChoiceField()
  packageId?: string;

  @ApiPropertyOptional({
    description: "For the staff; kept under the resident's own key.",
    maxLength: 500,
    example: 'needs a chair with arms',
  })
  @IsOptional()
  @IsString()
  @MaxLength(500)
  note?: string;
}

export class RescheduleDto {
  @ApiProperty({ description: 'The session to move to.', format: 'uuid', example: ID })
  @IsUUID()
  sessionId: string;

  @ApiPropertyOptional({
    description: 'What the session is one of, when it is another offering; left out: the same as now.',
    format: 'uuid',
    example: ID,
  })
  @IsOptional()
  @IsUUID()
  offeringId?: string;

  @ApiPropertyOptional({
    description: 'How many come; left out: as many as now.',
    type: 'integer',
    minimum: 1,
    maximum: PARTY_SIZE_MAX,
    example: 2,
  })
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(PARTY_SIZE_MAX)
  partySize?: number;

  @PackageChoiceField('as the booking has it now')
  packageId?: string;
}

export class CancelBookingDto {
  @ApiProperty({
    description: 'Why, as a code: it is told to other services, so it never carries personal data.',
    pattern: '^[a-z][a-z0-9_]{1,59}$',
    example: 'changed_plans',
  })
  @Matches(/^[a-z][a-z0-9_]{1,59}$/)
  reason: string;

  @ApiPropertyOptional({
    description: 'Who cancels: left out, the resident when a front-end asks, else the operator.',
    enum: ['resident', 'operator'],
    example: 'resident',
  })
  @IsOptional()
  @IsIn(['resident', 'operator'])
  by?: 'resident' | 'operator';
}

export class AttendanceDto {
  @ApiProperty({
    description: 'Whether the resident came.',
    enum: ['attended', 'no_show'],
    example: 'attended',
  })
  @IsIn(['attended', 'no_show'])
  outcome: 'attended' | 'no_show';

  @ApiPropertyOptional({
    description: "Minutes attended; left out: the session's length.",
    type: 'integer',
    minimum: 1,
    maximum: ATTENDED_MINUTES_MAX,
    example: 90,
  })
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(ATTENDED_MINUTES_MAX)
  minutes?: number;

  @ApiPropertyOptional({
    description: 'Why the resident did not come, as a code; what the rule excuses costs nothing.',
    pattern: '^[a-z][a-z0-9_]{1,59}$',
    example: 'illness',
  })
  @IsOptional()
  @Matches(/^[a-z][a-z0-9_]{1,59}$/)
  reason?: string;
}

export class RefusalDto {
  @ApiProperty({ description: 'Why, in words.', example: 'No use of the package is left.' })
  reason: string;

  @ApiPropertyOptional({ description: 'What would help.', example: 'Name another package, or buy one.' })
  mend?: string;
}

export class BookingDto {
  @ApiProperty({ description: 'The booking.', format: 'uuid', example: ID })
  id: string;

  @ApiProperty({ description: 'The operator that runs the site.', format: 'uuid', example: ID })
  operatorId: string;

  @ApiProperty({ description: 'The operating contract that it falls under.', format: 'uuid', example: ID })
  contractId: string;

  @ApiProperty({ description: 'Where.', format: 'uuid', example: ID })
  siteId: string;

  @ApiProperty({ description: 'What.', format: 'uuid', example: ID })
  offeringId: string;

  @ApiProperty({ description: 'Which session of it.', format: 'uuid', example: ID })
  sessionId: string;

  @ApiProperty({ description: 'Whom it is for.', format: 'uuid', example: ID })
  residentId: string;

  @ApiProperty({ description: 'Kind of service.', example: 'meals' })
  kind: string;

  @ApiProperty({ description: 'How it is taken up.', enum: SERVICE_MODES, example: 'session' })
  mode: string;

  @ApiProperty({ description: 'Start, UTC.', format: 'date-time', example: '2026-11-02T03:00:00.000Z' })
  start: string;

  @ApiProperty({
    description: 'End, UTC; half-open.',
    format: 'date-time',
    example: '2026-11-02T04:30:00.000Z',
  })
  end: string;

  @ApiProperty({ description: 'Site-local day of the start.', format: 'date', example: '2026-11-02' })
  serviceDay: string;

  @ApiProperty({ description: 'How many come.', type: 'integer', example: 1 })
  partySize: number;

  @ApiProperty({ description: 'Where it is in its life.', enum: BOOKING_STATUSES, example: 'confirmed' })
  status: BookingStatus;

  @ApiPropertyOptional({ description: 'Why it ended as it did, as a code.', example: 'changed_plans' })
  statusReason?: string;

  @ApiPropertyOptional({
    description: 'When the charge was declined: why, in words, and what would help.',
    type: RefusalDto,
  })
  refusal?: RefusalDto;

  @ApiPropertyOptional({
    description:
      'While held: when its capacity is given back unless billing has answered. While offered: until when the offer can be accepted.',
    format: 'date-time',
    example: '2026-11-02T01:05:00.000Z',
  })
  holdExpiresAt?: string;

  @ApiPropertyOptional({
    description:
      'Whose hold it is: only in the answer that made it. Another API client sends it as Hold-Token to cancel what is held.',
    example: 'rJcQ0tDTxXv1Qj4Yk3l1m9T2yq6b0vWcJ0mVbqk2zXo',
  })
  holdToken?: string;

  @ApiPropertyOptional({
    description: 'Who pays what; once billing has authorised it.',
    type: BookingPriceDto,
  })
  price?: BookingPriceDto;

  @ApiPropertyOptional({
    description: 'True while it stands without a price: billing was not reached; the price follows.',
    example: true,
  })
  unpriced?: boolean;

  @ApiPropertyOptional({ description: 'Who comes, for visits.', format: 'uuid', example: ID })
  caregiverId?: string;

  @ApiPropertyOptional({
    description:
      'For visits: six digits that the client shows to the carer. Only owners and front-ends see it.',
    example: '042917',
  })
  visitCode?: string;

  @ApiPropertyOptional({ description: 'Minutes of service; once delivered.', type: 'integer', example: 90 })
  minutes?: number;

  @ApiPropertyOptional({
    description: 'What the resident owes for cancelling late, or for not coming.',
    type: 'integer',
    example: 800,
  })
  feeFen?: number;

  @ApiPropertyOptional({
    description: 'The booking that this one takes the place of.',
    format: 'uuid',
    example: ID,
  })
  replaces?: string;

  @PackageWishField()
  packageId?: string;

  @ApiPropertyOptional({
    description: 'The carer who booked: a resident on record, or an account of the front-end.',
    format: 'uuid',
    example: ID,
  })
  bookedBy?: string;

  @ApiPropertyOptional({
    description: 'Meals: how many the resident had on that day when this was booked, this one included.',
    type: 'integer',
    example: 1,
  })
  mealOfDay?: number;

  @ApiPropertyOptional({
    description: 'For the staff; shown in GET /v1/bookings/{id} alone.',
    example: 'needs a chair',
  })
  note?: string;

  @ApiProperty({ description: 'Counts its changes, from 1.', type: 'integer', example: 2 })
  version: number;

  @ApiProperty({ description: 'When it was made.', format: 'date-time', example: '2026-11-02T01:00:00.000Z' })
  createdAt: string;
}
