import { PageQuery } from '@doorstep/platform';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Transform } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayNotEmpty,
  IsArray,
  IsBoolean,
  IsOptional,
  IsString,
  IsUUID,
  MaxLength,
  MinLength,
} from 'class-validator';

const CLIENT_ID = '019a3f6e-0c1d-7b7e-9a55-5b8f6d3c2b1d';
const ORGANISATION_ID = '019a3f6e-0c1d-7b7e-9a55-5b8f6d3c2b1a';

export class IssueApiKeyDto {
  @ApiPropertyOptional({
    format: 'uuid',
    description: 'The operator whose sites the front-end books; default: your own organisation.',
    example: ORGANISATION_ID,
  })
  @IsOptional()
  @IsUUID()
  organisationId?: string;

  @ApiProperty({
    description: 'What the key is for.',
    example: 'Mini-program of the residents',
    maxLength: 100,
  })
  @IsString()
  @MinLength(1)
  @MaxLength(100)
  name: string;

  @ApiPropertyOptional({
    type: [String],
    description: 'Narrows the key to permissions or whole nouns; left out: all that a front-end may do.',
    example: ['availability:*', 'bookings:create'],
  })
  @IsOptional()
  @IsArray()
  @ArrayNotEmpty()
  @ArrayMaxSize(50)
  @IsString({ each: true })
  @MaxLength(60, { each: true })
  scopes?: string[];
}

export class ApiClientsQuery extends PageQuery {
  @ApiPropertyOptional({
    format: 'uuid',
    description: 'Only of this organisation.',
    example: ORGANISATION_ID,
  })
  @IsOptional()
  @IsUUID()
  organisationId?: string;

  @ApiPropertyOptional({
    type: Boolean,
    description: 'Only revoked ones, or only good ones.',
    example: false,
  })
  @IsOptional()
  @Transform(({ value }) => ({ true: true, false: false })[String(value)] ?? (value as unknown))
  @IsBoolean()
  revoked?: boolean;
}

export class ApiClientDto {
  @ApiProperty({ format: 'uuid', description: 'Id.', example: CLIENT_ID })
  id: string;

  @ApiProperty({ format: 'uuid', description: 'The operator.', example: ORGANISATION_ID })
  organisationId: string;

  @ApiProperty({ description: 'What the key is for.', example: 'Mini-program of the residents' })
  name: string;

  @ApiProperty({
    type: [String],
    nullable: true,
    description: 'Null: all that a front-end may do.',
    example: null,
  })
  scopes: string[] | null;

  @ApiProperty({
    type: String,
    format: 'date-time',
    nullable: true,
    description: 'To the hour.',
    example: '2026-11-02T01:00:00.000Z',
  })
  lastUsedAt: Date | null;

  @ApiProperty({
    type: String,
    format: 'date-time',
    nullable: true,
    description: 'Null while the key is good.',
    example: null,
  })
  revokedAt: Date | null;

  @ApiProperty({
    format: 'date-time',
    description: 'When it was issued.',
    example: '2026-11-02T01:00:00.000Z',
  })
  createdAt: Date;
}

export class IssuedApiKeyDto extends ApiClientDto {
  @ApiProperty({
    type: String,
    nullable: true,
    description: 'Send it as x-api-key. Shown in this answer only: null when the call is a repeat.',
    example: 'dsk_019a3f6e-0c1d-7b7e-9a55-5b8f6d3c2b1d_2rV…',
  })
  key: string | null;
}
