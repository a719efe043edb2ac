import { DAY_PARTS, type DayPart, SERVICE_MODES } from '@doorstep/contracts';
import { ApiProperty } from '@nestjs/swagger';

/** Of the days that were reserved one by one, so many are named. */
export const RESERVED_DAYS_SHOWN = 31;

class TouchedWeekdayDto {
  @ApiProperty({ type: 'integer', minimum: 1, maximum: 7, description: 'ISO weekday.', example: 1 })
  weekday: number;

  @ApiProperty({ enum: DAY_PARTS, description: 'The whole day or a half of it.', example: 'day' })
  part: DayPart;
}

class TouchedDayDto {
  @ApiProperty({ format: 'date', description: 'The day.', example: '2027-01-04' })
  day: string;

  @ApiProperty({ type: String, nullable: true, description: 'From, wall clock.', example: '09:00' })
  fromAt: string | null;

  @ApiProperty({ type: String, nullable: true, description: 'To, wall clock.', example: '11:30' })
  toAt: string | null;
}

/** A child's place in a care group, of which days to come are touched. */
export class TouchedPlacementDto {
  @ApiProperty({ format: 'uuid', description: 'The place.', example: '019a3f6e-0c1d-7b7e-9a55-5b8f6d3c2b72' })
  placementId: string;

  @ApiProperty({
    format: 'uuid',
    description: 'The offering.',
    example: '019a3f6e-0c1d-7b7e-9a55-5b8f6d3c2b71',
  })
  offeringId: string;

  @ApiProperty({
    type: String,
    format: 'uuid',
    nullable: true,
    description: 'The group; null: not told yet.',
    example: '019a3f6e-0c1d-7b7e-9a55-5b8f6d3c2b73',
  })
  groupId: string | null;

  @ApiProperty({ description: 'Kind.', example: 'childcare' })
  kind: string;

  @ApiProperty({
    enum: SERVICE_MODES,
    nullable: true,
    description: 'How care is taken up; null: not told yet.',
    example: 'full_day',
  })
  mode: string | null;

  @ApiProperty({ format: 'date', description: 'First day of the place.', example: '2026-09-01' })
  from: string;

  @ApiProperty({ format: 'date', description: 'First day after it.', example: '2028-02-01' })
  to: string;

  @ApiProperty({
    format: 'date',
    description:
      'First day that is touched: on which the child is to come, or of timed care, which it could be given.',
    example: '2027-01-04',
  })
  touchedFrom: string;

  @ApiProperty({
    type: [TouchedWeekdayDto],
    description: 'On which weekdays the child comes; none: days are reserved one by one.',
  })
  weekdays: TouchedWeekdayDto[];

  @ApiProperty({
    type: [TouchedDayDto],
    description: `Touched days that were reserved one by one (timed and temporary care), the next ${RESERVED_DAYS_SHOWN} of them.`,
  })
  reservedDays: TouchedDayDto[];

  @ApiProperty({ type: 'integer', description: 'How many such days there are.', example: 0 })
  reservedCount: number;
}
