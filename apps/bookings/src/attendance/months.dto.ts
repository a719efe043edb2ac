import { type Language, LANGUAGES } from '@doorstep/kernel';
import { FileLanguage } from '@doorstep/platform';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn, IsOptional } from 'class-validator';
import { CARE_MODES, type CareMode } from '../placements/placement';
import type { Totals } from './attendance';

const ID = '019a3f6e-0c1d-7b7e-9a55-5b8f6d3c2b1a';
const count = (description: string, example: number) =>
  ({ description, type: 'integer', minimum: 0, example }) as const;

export const SHEET_FORMATS = ['json', 'csv', 'xlsx'] as const;
export type SheetFormat = (typeof SHEET_FORMATS)[number];

export class AttendanceSheetQuery {
  @ApiPropertyOptional({ description: 'The form.', enum: SHEET_FORMATS, default: 'json' })
  @IsOptional()
  @IsIn(SHEET_FORMATS)
  format: SheetFormat = 'json';

  @FileLanguage()
  language: Language = LANGUAGES[0];
}

export class AttendanceTotalsDto implements Totals {
  @ApiProperty(count('Planned and reserved days.', 23))
  daysPlanned: number;

  @ApiProperty(count('Days there.', 19))
  daysAttended: number;

  @ApiProperty(count('Sick, or not let in.', 2))
  daysSick: number;

  @ApiProperty(count('Absent, told in time.', 1))
  daysAbsentPlanned: number;

  @ApiProperty(count('Absent, told too late or never.', 1))
  daysAbsentUnplanned: number;

  @ApiProperty(count('Closed by the site.', 0))
  daysClosed: number;

  @ApiProperty(count('Closed by force majeure.', 0))
  daysForceMajeure: number;

  @ApiProperty(count('Minutes there.', 9980))
  minutesAttended: number;

  @ApiProperty(count('Late pick-ups.', 1))
  latePickups: number;

  @ApiProperty(count('Minutes of them.', 22))
  latePickupMinutes: number;

  @ApiProperty(count('Minutes out of the contingent.', 0))
  minutesReserved: number;

  @ApiProperty(count('Days out of the contingent.', 0))
  daysReserved: number;
}

export class AttendanceLineDto {
  @ApiProperty({ description: 'The placement.', format: 'uuid', example: ID })
  placementId: string;

  @ApiProperty({ description: 'The child.', format: 'uuid', example: ID })
  residentId: string;

  @ApiPropertyOptional({ description: 'Its name, masked; left out once it was erased.', example: '王*' })
  name?: string;

  @ApiProperty({ description: 'How care is taken up.', enum: CARE_MODES, example: 'full_day' })
  mode: CareMode;

  @ApiProperty({ description: 'First day of the placement.', format: 'date', example: '2026-12-01' })
  from: string;

  @ApiProperty({ description: 'First day that is out.', format: 'date', example: '2027-08-14' })
  to: string;

  @ApiProperty({
    description: 'From 1 once the month is closed; each correction has the next.',
    type: 'integer',
    example: 0,
  })
  revision: number;

  @ApiProperty(count('Days that the pattern has in the whole month.', 23))
  patternDays: number;

  @ApiProperty({
    description: 'The month in numbers; days to come are not in it.',
    type: AttendanceTotalsDto,
  })
  totals: AttendanceTotalsDto;

  @ApiProperty({
    description: 'Whether the child was there on at least half of the workdays.',
    example: true,
  })
  attendedHalf: boolean;

  @ApiProperty({
    description:
      'A mark for each day of the month: A attended, S sick or not let in, P absent told in time, U absent without notice, ' +
      'C closed, F force majeure, - planned and not over, empty: not planned.',
    type: [String],
    example: ['A', '', 'S'],
  })
  marks: string[];
}

export class AttendanceSheetDto {
  @ApiProperty({ description: 'The group.', format: 'uuid', example: ID })
  groupId: string;

  @ApiProperty({ description: 'The month.', example: '2026-12' })
  month: string;

  @ApiProperty(count("The country's workdays in the month.", 23))
  workdays: number;

  @ApiProperty({ description: 'Closed months take corrections alone.', example: false })
  closed: boolean;

  @ApiPropertyOptional({
    description: 'When it was closed.',
    format: 'date-time',
    example: '2027-01-02T01:00:00Z',
  })
  closedAt?: string;

  @ApiProperty({ description: 'One line for each placement.', type: [AttendanceLineDto] })
  items: AttendanceLineDto[];
}
