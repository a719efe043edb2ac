import { IsInstant, LocationDto, PageQuery } from '@doorstep/platform';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import {
  IsIn,
  IsObject,
  IsOptional,
  IsString,
  IsUUID,
  Matches,
  MaxLength,
  MinLength,
  ValidateNested,
} from 'class-validator';
import { BookingDto } from '../bookings/bookings.dto';
import { EvidenceDto } from './evidence.dto';
import { type Signal, SIGNALS } from './signals';
import { VISIT_STATUSES, type VisitStatus } from './visit';

const ID = '019a3f6e-0c1d-7b7e-9a55-5b8f6d3c2b1a';
const INSTANT = '2026-11-02T05:00:00.000Z';
const PROOFS = ['code', 'qr', 'position'] as const;

/** A step at the door. A check-in needs one proof of the three, a check-out none; what is given must be right. */
export class VisitStepDto {
  @ApiPropertyOptional({
    description: 'The six digits that the client shows.',
    pattern: '^\\d{6}$',
    example: '042917',
  })
  @IsOptional()
  @Matches(/^\d{6}$/)
  code?: string;

  @ApiPropertyOptional({
    description: 'What the QR code holds that the client shows.',
    maxLength: 1000,
    example: 'eyJhbGciOiJIUzI1NiJ9…',
  })
  @IsOptional()
  @IsString()
  @MaxLength(1000)
  qr?: string;

  @ApiPropertyOptional({
    description: 'Where the device is. Only its distance from the home is kept.',
    type: LocationDto,
  })
  @IsOptional()
  @IsObject()
  @ValidateNested()
  @Type(() => LocationDto)
  position?: LocationDto;

  @ApiPropertyOptional({
    description:
      'When the device noted it without a connection; left out: now. The step is marked as offline, and counts at this time.',
    format: 'date-time',
    example: INSTANT,
  })
  @IsOptional()
  @IsInstant()
  deviceTime?: string;

  @ApiPropertyOptional({
    description: 'What the device calls itself; a digest of it is kept.',
    maxLength: 200,
    example: 'b6d1c1a2',
  })
  @IsOptional()
  @IsString()
  @MaxLength(200)
  deviceId?: string;
}

export class ShowQrDto {
  @ApiPropertyOptional({
    description: "What the client's device calls itself; the carer's must be another.",
    maxLength: 200,
    example: 'f01c77e3',
  })
  @IsOptional()
  @IsString()
  @MaxLength(200)
  deviceId?: string;
}

export class VisitQrDto {
  @ApiProperty({ description: 'What the QR code is to hold.', example: 'eyJhbGciOiJIUzI1NiJ9…' })
  qr: string;

  @ApiProperty({ description: 'Until when it counts.', format: 'date-time', example: INSTANT })
  expiresAt: string;
}

export class VisitedBookingDto extends BookingDto {
  @ApiProperty({
    description: 'What is odd about the visit: it is on review then, and nobody is charged yet.',
    enum: SIGNALS,
    isArray: true,
    example: [],
  })
  flags: Signal[];
}

export class VisitsQuery extends PageQuery {
  @ApiPropertyOptional({
    description: 'Visits in this state.',
    enum: VISIT_STATUSES,
    example: 'on_review',
  })
  @IsOptional()
  @IsIn(VISIT_STATUSES)
  status?: VisitStatus;

  @ApiPropertyOptional({ description: 'Visits from this site.', format: 'uuid', example: ID })
  @IsOptional()
  @IsUUID()
  siteId?: string;

  @ApiPropertyOptional({ description: 'Visits of this carer.', format: 'uuid', example: ID })
  @IsOptional()
  @IsUUID()
  caregiverId?: string;
}

export class DecideDto {
  @ApiProperty({
    description: 'approve: the service counts as delivered. reject: nobody is charged.',
    enum: ['approve', 'reject'],
    example: 'reject',
  })
  @IsIn(['approve', 'reject'])
  outcome: 'approve' | 'reject';

  @ApiProperty({
    description: 'Why; without personal data.',
    minLength: 3,
    maxLength: 500,
    example: 'The client says that nobody came.',
  })
  @IsString()
  @MinLength(3)
  @MaxLength(500)
  reason: string;
}

export class FindingDto {
  @ApiProperty({ description: 'What is odd.', enum: SIGNALS, example: 'overlapping' })
  signal: Signal;

  @ApiPropertyOptional({ description: 'The other visit that it shows against.', format: 'uuid', example: ID })
  bookingId?: string;

  @ApiPropertyOptional({
    description: 'What was measured: minutes, km/h or metres.',
    type: 'integer',
    example: 12,
  })
  measured?: number;

  @ApiPropertyOptional({ description: 'What the rule allows.', type: 'integer', example: 30 })
  allowed?: number;
}

export class DoorStepDto {
  @ApiProperty({ description: 'When, as it counts.', format: 'date-time', example: INSTANT })
  at: string;

  @ApiProperty({ description: 'What proves it.', enum: PROOFS, isArray: true, example: ['code'] })
  proofs: string[];

  @ApiProperty({ description: 'Whether the time is the device’s.', example: false })
  offline: boolean;

  @ApiProperty({
    description: 'Distance of the position from the home; null where none was given or no home is known.',
    type: 'integer',
    nullable: true,
    example: 35,
  })
  metresFromHome: number | null;
}

export class FormerDecisionDto {
  @ApiProperty({ description: 'What was decided.', enum: ['approved'], example: 'approved' })
  outcome: string;

  @ApiProperty({ description: 'Who decided.', format: 'uuid', example: ID })
  by: string;

  @ApiProperty({ description: 'When.', format: 'date-time', example: INSTANT })
  at: string;

  @ApiProperty({ description: 'Why.', example: 'The client confirms the visit by telephone.' })
  reason: string;
}

export class VisitDto {
  @ApiProperty({ description: 'The booking of the visit; names the visit too.', format: 'uuid', example: ID })
  bookingId: string;

  @ApiProperty({ description: 'The operator.', format: 'uuid', example: ID })
  operatorId: string;

  @ApiProperty({ description: 'The site that it goes out from.', format: 'uuid', example: ID })
  siteId: string;

  @ApiProperty({ description: 'What service.', format: 'uuid', example: ID })
  offeringId: string;

  @ApiProperty({ description: 'Whom it is for.', format: 'uuid', example: ID })
  residentId: string;

  @ApiPropertyOptional({ description: 'Who went.', format: 'uuid', example: ID })
  caregiverId?: string;

  @ApiProperty({ description: 'Booked start.', format: 'date-time', example: INSTANT })
  start: string;

  @ApiProperty({ description: 'Booked end.', format: 'date-time', example: '2026-11-02T06:00:00.000Z' })
  end: string;

  @ApiProperty({ description: 'Where it is in its life.', enum: VISIT_STATUSES, example: 'on_review' })
  status: VisitStatus;

  @ApiPropertyOptional({ description: 'How the carer came in.', type: DoorStepDto })
  checkedIn?: DoorStepDto;

  @ApiPropertyOptional({ description: 'How the carer left.', type: DoorStepDto })
  checkedOut?: DoorStepDto;

  @ApiPropertyOptional({ description: 'Whole minutes between the two.', type: 'integer', example: 58 })
  minutes?: number;

  @ApiProperty({ description: 'What is odd about it.', type: FindingDto, isArray: true })
  findings: FindingDto[];

  @ApiProperty({ description: 'Photos and signatures.', type: EvidenceDto, isArray: true })
  evidence: EvidenceDto[];

  @ApiPropertyOptional({ description: 'When somebody decided.', format: 'date-time', example: INSTANT })
  decidedAt?: string;

  @ApiPropertyOptional({ description: 'Who decided.', format: 'uuid', example: ID })
  decidedBy?: string;

  @ApiPropertyOptional({ description: 'Why.', example: 'The client confirms the visit by telephone.' })
  reason?: string;

  @ApiPropertyOptional({
    description: 'Decisions of before another visit contradicted this one.',
    type: FormerDecisionDto,
    isArray: true,
  })
  formerDecisions?: FormerDecisionDto[];
}
