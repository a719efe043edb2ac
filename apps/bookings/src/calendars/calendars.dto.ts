import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn, IsUUID } from 'class-validator';
import { CALENDAR_SUBJECTS, type CalendarSubject } from './calendars.queries';

const ID = '019a3f6e-0c1d-7b7e-9a55-5b8f6d3c2b1a';
const INSTANT = '2026-11-02T01:00:00.000Z';

export class CreateFeedDto {
  @ApiProperty({ description: 'Whose calendar.', enum: CALENDAR_SUBJECTS, example: 'resident' })
  @IsIn(CALENDAR_SUBJECTS)
  subject: CalendarSubject;

  @ApiProperty({ description: 'Which resident, site or member of staff.', format: 'uuid', example: ID })
  @IsUUID()
  subjectId: string;
}

export class FeedDto {
  @ApiProperty({ description: 'The link.', format: 'uuid', example: ID })
  id: string;

  @ApiProperty({ description: 'Whose calendar.', enum: CALENDAR_SUBJECTS, example: 'resident' })
  subject: CalendarSubject;

  @ApiProperty({ description: 'Which resident, site or member of staff.', format: 'uuid', example: ID })
  subjectId: string;

  @ApiPropertyOptional({
    description: 'Where calendar programs subscribe. Shown once: only a hash of it is kept.',
    example: '/v1/calendars/3q2-7wAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA.ics',
  })
  path?: string;

  @ApiProperty({ description: 'When it was given out.', format: 'date-time', example: INSTANT })
  createdAt: string;

  @ApiPropertyOptional({ description: 'When it was revoked.', format: 'date-time', example: INSTANT })
  revokedAt?: string;
}
