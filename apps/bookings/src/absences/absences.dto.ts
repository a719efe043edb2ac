import { ApiProperty } from '@nestjs/swagger';
import { IsIn } from 'class-validator';
import { IsDay } from '../day.validator';
import { ABSENCE_KINDS, type AbsenceKind, FAMILY_ABSENCES } from './absence';

const ID = '019a3f6e-0c1d-7b7e-9a55-5b8f6d3c2b1a';

export class TellAbsenceDto {
  @ApiProperty({
    description: 'Why; a planned one that is told too late counts as unplanned.',
    enum: FAMILY_ABSENCES,
    example: 'sick',
  })
  @IsIn(FAMILY_ABSENCES)
  kind: (typeof FAMILY_ABSENCES)[number];

  @ApiProperty({ description: 'First day away.', format: 'date', example: '2026-12-07' })
  @IsDay()
  from: string;

  @ApiProperty({ description: 'First day that the child is back.', format: 'date', example: '2026-12-09' })
  @IsDay()
  to: string;
}

export class AbsentDayDto {
  @ApiProperty({ description: 'The day.', format: 'date', example: '2026-12-07' })
  day: string;

  @ApiProperty({ description: 'How it counts.', enum: ABSENCE_KINDS, example: 'sick' })
  kind: AbsenceKind;

  @ApiProperty({ description: 'Hours between the word and the day.', type: 'integer', example: 14 })
  noticeHours: number;
}

export class AbsenceDto {
  @ApiProperty({ description: 'The absence.', format: 'uuid', example: ID })
  id: string;

  @ApiProperty({ description: 'The placement.', format: 'uuid', example: ID })
  placementId: string;

  @ApiProperty({ description: 'The planned days that it touches.', type: [AbsentDayDto] })
  days: AbsentDayDto[];
}
