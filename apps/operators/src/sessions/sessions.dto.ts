import type { Actor } from '@doorstep/platform';
import { ApiProperty } from '@nestjs/swagger';
import { IsString, MaxLength, MinLength } from 'class-validator';

/** Generous bounds: what doesn't fit is wrong, and is refused as wrong, not as malformed. */
const SECRET_LENGTH_MAX = 1000;

export class LogInDto {
  @ApiProperty({ description: 'Log-in, in any case.', example: 'li.na@linli.example' })
  @IsString()
  @MinLength(1)
  @MaxLength(SECRET_LENGTH_MAX)
  login: string;

  @ApiProperty({ description: 'Password.', example: 'correct horse battery staple' })
  @IsString()
  @MinLength(1)
  @MaxLength(SECRET_LENGTH_MAX)
  password: string;
}

export class RefreshDto {
  @ApiProperty({ description: 'The newest refresh token of the log-in.', example: 'dsr_…' })
  @IsString()
  @MinLength(1)
  @MaxLength(SECRET_LENGTH_MAX)
  refreshToken: string;
}

export class VerifyKeyDto {
  @ApiProperty({ description: 'API key as the front-end sent it.', example: 'dsk_…' })
  @IsString()
  @MinLength(1)
  @MaxLength(SECRET_LENGTH_MAX)
  key: string;
}

export class ResolveIdentityDto {
  @ApiProperty({
    description: 'Issuer of a token that the gateway has verified.',
    example: 'https://id.example.gov.cn',
  })
  @IsString()
  @MinLength(1)
  @MaxLength(SECRET_LENGTH_MAX)
  issuer: string;

  @ApiProperty({ description: 'Who the token is about.', example: '248289761001' })
  @IsString()
  @MinLength(1)
  @MaxLength(SECRET_LENGTH_MAX)
  subject: string;
}

export class ActorDto implements Actor {
  @ApiProperty({
    format: 'uuid',
    description: 'Person or API client.',
    example: '019a3f6e-0c1d-7b7e-9a55-5b8f6d3c2b1b',
  })
  id: string;

  @ApiProperty({ enum: ['person', 'client', 'system'], description: 'What acts.', example: 'person' })
  kind: Actor['kind'];

  @ApiProperty({
    type: String,
    nullable: true,
    description: 'Its organisation.',
    example: '019a3f6e-0c1d-7b7e-9a55-5b8f6d3c2b1a',
  })
  organisationId: string | null;

  @ApiProperty({
    type: String,
    nullable: true,
    description: 'Its tenant.',
    example: '019a3f6e-0c1d-7b7e-9a55-5b8f6d3c2b1a',
  })
  operatorId: string | null;

  @ApiProperty({ type: String, nullable: true, description: "An authority's region.", example: null })
  regionPrefix: string | null;

  @ApiProperty({ type: [String], description: 'Roles.', example: ['owner'] })
  roles: Actor['roles'];

  @ApiProperty({ type: [String], required: false, description: 'Only these sites.', example: [] })
  siteIds?: string[];

  @ApiProperty({
    type: [String],
    required: false,
    description: 'Only these permissions.',
    example: ['bookings:*'],
  })
  scopes?: string[];
}

export class ResolvedDto {
  @ApiProperty({ type: ActorDto, description: 'Who acts from now on.' })
  actor: ActorDto;
}

export class SessionDto extends ResolvedDto {
  @ApiProperty({ description: 'Opens the next session, once.', example: 'dsr_…' })
  refreshToken: string;

  @ApiProperty({
    description: 'A one-time password was used: nothing but the own password may be changed.',
    example: false,
  })
  mustChangePassword: boolean;
}

export class VerifiedClientDto extends ResolvedDto {
  @ApiProperty({
    format: 'uuid',
    description: 'The API client.',
    example: '019a3f6e-0c1d-7b7e-9a55-5b8f6d3c2b1d',
  })
  clientId: string;
}
