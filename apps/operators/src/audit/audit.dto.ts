import { IsInstant, PageQuery } from '@doorstep/platform';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn, IsOptional, IsUUID, Matches } from 'class-validator';

const ACTOR_KINDS = ['person', 'client', 'system'];
const ACTION = /^[a-z][a-z-]*:[a-z][a-z-]*$/;
const ID = '019a3f6e-0c1d-7b7e-9a55-5b8f6d3c2b1b';

export class AuditQuery extends PageQuery {
  @ApiPropertyOptional({ format: 'uuid', description: 'Only what happened to this.', example: ID })
  @IsOptional()
  @IsUUID()
  entityId?: string;

  @ApiPropertyOptional({
    description: 'Only what happened to this, where it goes by a code: a region, a kind of service.',
    maxLength: 60,
    example: 'meals',
  })
  @IsOptional()
  @Matches(/^[a-z0-9_]{1,60}$/)
  entityCode?: string;

  @ApiPropertyOptional({ format: 'uuid', description: 'Only what this person or client did.', example: ID })
  @IsOptional()
  @IsUUID()
  actorId?: string;

  @ApiPropertyOptional({ enum: ACTOR_KINDS, description: 'Only what such an actor did.', example: 'person' })
  @IsOptional()
  @IsIn(ACTOR_KINDS)
  actorKind?: string;

  @ApiPropertyOptional({ description: 'Only this action.', example: 'contracts:sign' })
  @IsOptional()
  @Matches(ACTION, { message: 'action must look like contracts:sign' })
  action?: string;

  @ApiPropertyOptional({
    format: 'date-time',
    description: 'From this instant on.',
    example: '2026-11-01T00:00:00Z',
  })
  @IsOptional()
  @IsInstant()
  from?: string;

  @ApiPropertyOptional({
    format: 'date-time',
    description: 'Before this instant.',
    example: '2026-12-01T00:00:00Z',
  })
  @IsOptional()
  @IsInstant()
  to?: string;
}

export class AuditEntryDto {
  @ApiProperty({ format: 'uuid', description: 'Id.', example: ID })
  id: string;

  @ApiProperty({ format: 'date-time', description: 'When.', example: '2026-11-20T02:00:00.000Z' })
  at: Date;

  @ApiProperty({ format: 'uuid', description: 'Who: a person, an API client, or the system.', example: ID })
  actorId: string;

  @ApiProperty({ enum: ACTOR_KINDS, description: 'What acted.', example: 'person' })
  actorKind: string;

  @ApiProperty({
    type: String,
    format: 'uuid',
    nullable: true,
    description: 'Their organisation.',
    example: ID,
  })
  actorOrganisationId: string | null;

  @ApiProperty({ description: 'What they did.', example: 'contracts:sign' })
  action: string;

  @ApiProperty({
    type: String,
    format: 'uuid',
    nullable: true,
    description: 'What it was done to; null where that goes by a code.',
    example: ID,
  })
  entityId: string | null;

  @ApiProperty({
    type: String,
    nullable: true,
    description: 'Code of what it was done to, where it has no id: a region, a kind of service.',
    example: null,
  })
  entityCode: string | null;

  @ApiProperty({
    type: 'object',
    additionalProperties: true,
    description: 'What a reader needs to understand it; no personal data.',
    example: { party: 'operator' },
  })
  facts: Record<string, unknown>;

  @ApiProperty({ description: 'The request that it was part of.', example: ID })
  correlationId: string;
}
