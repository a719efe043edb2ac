import { SITE_STATUSES, type SiteStatus } from '@doorstep/contracts';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn, IsOptional, IsString, Length, Matches } from 'class-validator';
import { PRINTABLE } from '../name.dto';
import { NOTE_CHARACTERS_MAX } from './milestone-notes';
import { SITE_COMMANDS, type SiteCommand } from './site';

export class RecordMilestoneDto {
  @ApiProperty({
    description:
      'What happens to the site: approve, build, accept, hand_over, open; suspend and resume; close, which is for ever.',
    enum: SITE_COMMANDS,
    example: 'suspend',
  })
  @IsIn(SITE_COMMANDS)
  command: SiteCommand;

  @ApiPropertyOptional({
    description: 'The day it happened; left out: today.',
    format: 'date',
    example: '2026-11-02',
  })
  @IsOptional()
  @Matches(/^\d{4}-\d{2}-\d{2}$/)
  day?: string;

  @ApiPropertyOptional({
    description: 'Why or under which paper.',
    maxLength: NOTE_CHARACTERS_MAX,
    example: '消防整改',
  })
  @IsOptional()
  @IsString()
  @Length(1, NOTE_CHARACTERS_MAX)
  @Matches(PRINTABLE)
  note?: string;
}

export class MilestoneDto {
  @ApiProperty({ description: 'Id.', format: 'uuid', example: '019a3f6e-0c1d-7b7e-9a55-5b8f6d3c2b1a' })
  id: string;

  @ApiProperty({
    description: 'What happened; enter: it came into the system.',
    enum: ['enter', ...SITE_COMMANDS],
    example: 'approve',
  })
  command: SiteCommand | 'enter';

  @ApiProperty({ description: 'What it became.', enum: SITE_STATUSES, example: 'approved' })
  status: SiteStatus;

  @ApiProperty({ description: 'The day it happened.', format: 'date', example: '2026-11-02' })
  day: string;

  @ApiProperty({
    description: 'Why or under which paper.',
    type: 'string',
    nullable: true,
    example: '消防整改',
  })
  note: string | null;

  @ApiProperty({
    description: 'When it was entered.',
    format: 'date-time',
    example: '2026-11-02T01:00:00.000Z',
  })
  recordedAt: Date;
}
