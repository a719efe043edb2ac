import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsInt, IsOptional, IsUUID, Max, Min } from 'class-validator';
import { PARTY_SIZE_MAX } from '../bookings/bookings.dto';
import { PackageChoiceField, PackageWishField } from '../bookings/package-choice.field';
import { WAITING_STATUSES, type WaitingStatus } from './waiting';

const ID = '019a3f6e-0c1d-7b7e-9a55-5b8f6d3c2b1a';

export class JoinWaitingDto {
  @ApiProperty({ description: 'Who waits.', format: 'uuid', example: ID })
  @IsUUID()
  residentId: string;

  @ApiPropertyOptional({
    description: 'How many would come; an offer is made only when there is room for all of them.',
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

  @ApiPropertyOptional({
    description: 'Higher goes first; only the operator’s own people may give more than 0.',
    type: 'integer',
    minimum: 0,
    maximum: 9,
    default: 0,
  })
  @IsOptional()
  @IsInt()
  @Min(0)
  @Max(9)
  priority: number = 0;

  @PackageChoiceField()
  packageId?: string;
}

export class WaitingEntryDto {
  @ApiProperty({ description: 'The entry.', format: 'uuid', example: ID })
  id: string;

  @ApiProperty({ description: 'The session that is waited for.', format: 'uuid', example: ID })
  sessionId: string;

  @ApiProperty({ description: 'What it is a session of.', format: 'uuid', example: ID })
  offeringId: string;

  @ApiProperty({ description: 'Who waits.', format: 'uuid', example: ID })
  residentId: string;

  @ApiProperty({ description: 'How many would come.', type: 'integer', example: 1 })
  partySize: number;

  @ApiProperty({ description: 'Higher goes first.', type: 'integer', example: 0 })
  priority: number;

  @ApiProperty({
    description: 'Where it is; one offer at most is made to it.',
    enum: WAITING_STATUSES,
    example: 'waiting',
  })
  status: WaitingStatus;

  @ApiPropertyOptional({
    description: 'Place in the queue, from 1; while it waits.',
    type: 'integer',
    example: 3,
  })
  position?: number;

  @PackageWishField()
  packageId?: string;

  @ApiPropertyOptional({
    description: 'The place that was offered: POST /v1/bookings/{id}/accept or /decline answers the offer.',
    format: 'uuid',
    example: ID,
  })
  bookingId?: string;

  @ApiPropertyOptional({
    description:
      'Whose turn it is: only in the answer to joining. Another API client sends it as Hold-Token to leave, or to answer ' +
      'the offer.',
    example: 'rJcQ0tDTxXv1Qj4Yk3l1m9T2yq6b0vWcJ0mVbqk2zXo',
  })
  holdToken?: string;

  @ApiProperty({ description: 'Since when.', format: 'date-time', example: '2026-11-02T01:00:00.000Z' })
  joinedAt: string;
}
