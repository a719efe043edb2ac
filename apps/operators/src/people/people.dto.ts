import { PageQuery } from '@doorstep/platform';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import {
  ArrayMaxSize,
  ArrayNotEmpty,
  ArrayUnique,
  IsArray,
  IsIn,
  IsOptional,
  IsString,
  IsUrl,
  IsUUID,
  MaxLength,
  MinLength,
} from 'class-validator';
import { PASSWORD_LENGTH_MAX, PASSWORD_LENGTH_MIN } from './password';
import { PERSON_ROLES, type PersonRole, type PersonStatus, SITES_PER_PERSON_MAX } from './person';

const PERSON_ID = '019a3f6e-0c1d-7b7e-9a55-5b8f6d3c2b1b';
const ORGANISATION_ID = '019a3f6e-0c1d-7b7e-9a55-5b8f6d3c2b1a';
const SITE_ID = '019a3f6e-0c1d-7b7e-9a55-5b8f6d3c2b1c';
const STATUSES = ['active', 'disabled'] as const;

export class OpenAccountDto {
  @ApiPropertyOptional({
    format: 'uuid',
    description:
      'Where the person works; default: your own organisation. Left out by an administrator: a colleague administrator.',
    example: ORGANISATION_ID,
  })
  @IsOptional()
  @IsUUID()
  organisationId?: string;

  @ApiProperty({
    description: 'Unique log-in of 3 to 100 letters, digits and . _ @ + - ; kept in lower case.',
    example: 'li.na@linli.example',
  })
  @IsString()
  @MinLength(3)
  @MaxLength(100)
  login: string;

  @ApiProperty({ description: "The person's name.", example: '李娜', maxLength: 100 })
  @IsString()
  @MinLength(1)
  @MaxLength(100)
  name: string;

  @ApiProperty({
    enum: PERSON_ROLES,
    isArray: true,
    description: 'What the person may do. Operators, authorities and funders have roles of their own.',
    example: ['portfolio_manager'],
  })
  @IsArray()
  @ArrayNotEmpty()
  @ArrayMaxSize(PERSON_ROLES.length)
  @ArrayUnique()
  @IsIn(PERSON_ROLES, { each: true })
  roles: PersonRole[];

  @ApiPropertyOptional({
    type: [String],
    description: 'Sites that site managers and caregivers are bound to; nobody else gives any.',
    example: [SITE_ID],
    maxItems: SITES_PER_PERSON_MAX,
  })
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(SITES_PER_PERSON_MAX)
  @IsUUID(undefined, { each: true })
  siteIds?: string[];
}

export class ChangeAccountDto {
  @ApiPropertyOptional({ description: 'New name.', example: '李娜', maxLength: 100 })
  @IsOptional()
  @IsString()
  @MinLength(1)
  @MaxLength(100)
  name?: string;

  @ApiPropertyOptional({
    enum: PERSON_ROLES,
    isArray: true,
    description: 'All roles from now on.',
    example: ['owner'],
  })
  @IsOptional()
  @IsArray()
  @ArrayNotEmpty()
  @ArrayMaxSize(PERSON_ROLES.length)
  @ArrayUnique()
  @IsIn(PERSON_ROLES, { each: true })
  roles?: PersonRole[];

  @ApiPropertyOptional({ type: [String], description: 'All sites from now on.', example: [SITE_ID] })
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(SITES_PER_PERSON_MAX)
  @IsUUID(undefined, { each: true })
  siteIds?: string[];
}

export class PeopleQuery extends PageQuery {
  @ApiPropertyOptional({
    format: 'uuid',
    description: 'Only of this organisation.',
    example: ORGANISATION_ID,
  })
  @IsOptional()
  @IsUUID()
  organisationId?: string;

  @ApiPropertyOptional({ enum: PERSON_ROLES, description: 'Only who has this role.', example: 'owner' })
  @IsOptional()
  @IsIn(PERSON_ROLES)
  role?: PersonRole;

  @ApiPropertyOptional({ enum: STATUSES, description: 'Only accounts in this state.', example: 'active' })
  @IsOptional()
  @IsIn(STATUSES)
  status?: PersonStatus;
}

export class PersonDto {
  @ApiProperty({ format: 'uuid', description: 'Id.', example: PERSON_ID })
  id: string;

  @ApiProperty({
    type: String,
    format: 'uuid',
    nullable: true,
    description: 'Null for administrators.',
    example: ORGANISATION_ID,
  })
  organisationId: string | null;

  @ApiProperty({ description: 'Log-in.', example: 'li.na@linli.example' })
  login: string;

  @ApiProperty({ description: 'Name.', example: '李娜' })
  name: string;

  @ApiProperty({ enum: PERSON_ROLES, isArray: true, description: 'Roles.', example: ['portfolio_manager'] })
  roles: PersonRole[];

  @ApiProperty({
    type: [String],
    description: 'Sites it is bound to; empty: all of the tenant.',
    example: [],
  })
  siteIds: string[];

  @ApiProperty({ enum: STATUSES, description: 'A disabled account can not log in.', example: 'active' })
  status: PersonStatus;

  @ApiProperty({ description: 'The one-time password has not been replaced yet.', example: true })
  mustChangePassword: boolean;

  @ApiProperty({ type: 'integer', description: 'Grows by one with each change.', example: 1 })
  version: number;

  @ApiProperty({
    format: 'date-time',
    description: 'When it was opened.',
    example: '2026-11-02T01:00:00.000Z',
  })
  createdAt: Date;
}

export class OpenedAccountDto extends PersonDto {
  @ApiProperty({
    type: String,
    nullable: true,
    description:
      'Opens the account once, within 14 days, to set an own password. Shown in this answer only: null when the call is a repeat.',
    example: 'Xk4tR-9bWqe-Zp7Hc-m3VdN',
  })
  oneTimePassword: string | null;
}

export class ChangePasswordDto {
  @ApiProperty({ description: 'The present (or one-time) password.', example: 'Xk4tR-9bWqe-Zp7Hc-m3VdN' })
  @IsString()
  @MaxLength(PASSWORD_LENGTH_MAX)
  current: string;

  @ApiProperty({
    description: `The new one, ${PASSWORD_LENGTH_MIN} characters or more.`,
    minLength: PASSWORD_LENGTH_MIN,
    maxLength: PASSWORD_LENGTH_MAX,
    example: 'correct horse battery staple',
  })
  @IsString()
  @MaxLength(PASSWORD_LENGTH_MAX)
  next: string;
}

export class LinkIdentityDto {
  @ApiProperty({
    description: "The OIDC issuer's address, as in its tokens.",
    example: 'https://id.example.gov.cn',
  })
  @IsUrl({ require_tld: false, protocols: ['https', 'http'], require_protocol: true })
  @MaxLength(500)
  issuer: string;

  @ApiProperty({ description: 'Who the person is there: the subject claim.', example: '248289761001' })
  @IsString()
  @MinLength(1)
  @MaxLength(255)
  subject: string;
}

export class IdentityDto extends LinkIdentityDto {
  @ApiProperty({
    format: 'date-time',
    description: 'When it was linked.',
    example: '2026-11-02T01:00:00.000Z',
  })
  createdAt: Date;
}

export class IdentitiesDto {
  @ApiProperty({ type: [IdentityDto], description: 'One per issuer at most.' })
  items: IdentityDto[];
}

export class UnlinkIdentityQuery {
  @ApiProperty({ description: "The issuer's address.", example: 'https://id.example.gov.cn' })
  @IsString()
  @MaxLength(500)
  issuer: string;
}
