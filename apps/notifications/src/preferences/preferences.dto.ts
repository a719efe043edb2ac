import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { PageQuery } from '@doorstep/platform';
import { Type } from 'class-transformer';
import { IsBoolean, IsIn, IsOptional, IsUUID, Matches, ValidateNested } from 'class-validator';
import { LANGUAGES, type Language, RESIDENT_CHANNELS, type ResidentChannel } from './preference';
import type { PreferenceRow } from './preference.entity';

const WALL_CLOCK = /^([01]\d|2[0-3]):[0-5]\d$/;
const RESIDENT = {
  description: 'The resident.',
  format: 'uuid',
  example: '0199a6c2-5e00-7011-8a11-0f5c2d7e4b11',
};
const CHANNEL = {
  description: 'The way of reaching the resident.',
  enum: RESIDENT_CHANNELS,
  example: 'email',
};

export class QuietHoursDto {
  @ApiProperty({ description: 'Begin, site-local, HH:MM.', pattern: WALL_CLOCK.source, example: '21:30' })
  @Matches(WALL_CLOCK)
  from: string;

  @ApiProperty({
    description: 'End, site-local, HH:MM; at or before the begin means the next morning.',
    pattern: WALL_CLOCK.source,
    example: '08:00',
  })
  @Matches(WALL_CLOCK)
  to: string;
}

export class SetPreference {
  @ApiProperty(RESIDENT)
  @IsUUID()
  residentId: string;

  @ApiProperty(CHANNEL)
  @IsIn(RESIDENT_CHANNELS)
  channel: ResidentChannel;

  @ApiProperty({ description: 'false: nothing is sent by this channel.', example: true })
  @IsBoolean()
  enabled: boolean;

  @ApiPropertyOptional({
    description: "Language of the messages; left out: the one of the resident's contact data.",
    enum: LANGUAGES,
    example: 'zh-CN',
  })
  @IsOptional()
  @IsIn(LANGUAGES)
  language?: Language;

  @ApiPropertyOptional({
    description: 'Messages wait for the end of these hours, unless they would come too late.',
    type: QuietHoursDto,
  })
  @IsOptional()
  @ValidateNested()
  @Type(() => QuietHoursDto)
  quietHours?: QuietHoursDto;
}

export class PreferenceQuery extends PageQuery {
  @ApiPropertyOptional({ ...RESIDENT, description: 'Only of this resident.' })
  @IsOptional()
  @IsUUID()
  residentId?: string;
}

export class Preference {
  @ApiProperty(RESIDENT)
  residentId: string;

  @ApiProperty(CHANNEL)
  channel: string;

  @ApiProperty({ description: 'false: nothing is sent by this channel.', example: true })
  enabled: boolean;

  @ApiProperty({
    description: "Language of the messages; null: the one of the resident's contact data.",
    type: String,
    enum: LANGUAGES,
    nullable: true,
    example: 'zh-CN',
  })
  language: string | null;

  @ApiProperty({
    description: 'When messages wait, site-local; null: never.',
    type: QuietHoursDto,
    nullable: true,
  })
  quietHours: QuietHoursDto | null;

  @ApiProperty({ description: 'When it was set.', format: 'date-time', example: '2026-11-20T06:15:30.120Z' })
  updatedAt: string;
}

export function showPreference(row: PreferenceRow): Preference {
  const { residentId, channel, enabled, language, quietFrom, quietTo, updatedAt } = row;
  const quietHours = quietFrom && quietTo ? { from: quietFrom, to: quietTo } : null;
  return { residentId, channel, enabled, language, quietHours, updatedAt: updatedAt.toISOString() };
}
