import { SERVICE_MODES } from '@doorstep/contracts';
import { PageQuery } from '@doorstep/platform';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsOptional, IsUUID } from 'class-validator';
import { IsDay } from '../day.validator';

const ID = '019a3f6e-0c1d-7b7e-9a55-5b8f6d3c2b1a';

export class SessionsQuery extends PageQuery {
  @ApiPropertyOptional({ description: 'Sessions at this site.', format: 'uuid', example: ID })
  @IsOptional()
  @IsUUID()
  siteId?: string;

  @ApiPropertyOptional({ description: 'Sessions of this offering.', format: 'uuid', example: ID })
  @IsOptional()
  @IsUUID()
  offeringId?: string;

  @ApiPropertyOptional({
    description: 'First site-local day; left out: today.',
    format: 'date',
    example: '2026-11-02',
  })
  @IsOptional()
  @IsDay()
  from?: string;

  @ApiPropertyOptional({
    description: 'First site-local day that is out; left out: a week after from. 62 days at most.',
    format: 'date',
    example: '2026-11-09',
  })
  @IsOptional()
  @IsDay()
  to?: string;
}

export class SessionDto {
  @ApiProperty({ description: 'The session.', format: 'uuid', example: ID })
  id: string;

  @ApiProperty({ description: 'The operator that runs the site.', format: 'uuid', example: ID })
  operatorId: string;

  @ApiProperty({ description: 'Where.', format: 'uuid', example: ID })
  siteId: string;

  @ApiProperty({ description: 'What it is a session of.', format: 'uuid', example: ID })
  offeringId: string;

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
  day: string;

  @ApiProperty({
    description:
      'closed: it takes no more bookings, because hours or schedule have changed. shut: because of a closure.',
    enum: ['open', 'closed', 'shut'],
    example: 'open',
  })
  status: string;

  @ApiProperty({
    description: 'Seats, places, visits at a time; 1 for an exclusive space.',
    type: 'integer',
    example: 30,
  })
  capacity: number;

  @ApiProperty({ description: 'How much of the capacity is taken now.', type: 'integer', example: 18 })
  taken: number;

  @ApiProperty({ description: 'People whose booking waits for billing.', type: 'integer', example: 1 })
  held: number;

  @ApiProperty({ description: 'People who were offered a freed place.', type: 'integer', example: 0 })
  offered: number;

  @ApiProperty({ description: 'People expected.', type: 'integer', example: 15 })
  confirmed: number;

  @ApiProperty({ description: 'People who are there, for visits.', type: 'integer', example: 0 })
  checkedIn: number;

  @ApiProperty({
    description: 'People whose visit is looked at before it is billed.',
    type: 'integer',
    example: 0,
  })
  onReview: number;

  @ApiProperty({ description: 'People who came.', type: 'integer', example: 2 })
  delivered: number;

  @ApiProperty({ description: 'People who did not come.', type: 'integer', example: 0 })
  noShow: number;

  @ApiProperty({ description: 'People who cancelled.', type: 'integer', example: 3 })
  cancelled: number;
}
