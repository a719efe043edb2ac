import { BodyExample, IsInstant } from '@doorstep/platform';
import { ApiProperty, ApiPropertyOptional, OmitType } from '@nestjs/swagger';
import { ArrayMaxSize, ArrayNotEmpty, ArrayUnique, IsIn, IsOptional, IsUUID, Matches } from 'class-validator';
import { BookDto } from '../bookings/bookings.dto';
import { GRANTED_BY } from '../residents/residents.dto';
import { CARER_SCOPES, type CarerScope } from './carer-grant';

const ID = '019a3f6e-0c1d-7b7e-9a55-5b8f6d3c2b1a';
const INSTANT = '2026-11-02T01:00:00.000Z';

@BodyExample({
  carerId: '019a3f6e-0c1d-7b7e-9a55-5b8f6d3c2b1a',
  scopes: ['view', 'book'],
  to: '2027-11-02T01:00:00.000Z',
})
export class GrantCarerDto {
  @ApiPropertyOptional({
    description: 'A family carer: an adult resident on record. Either this or accountId.',
    format: 'uuid',
    example: ID,
  })
  @IsOptional()
  @IsUUID()
  carerId?: string;

  @ApiPropertyOptional({
    description: "A user of the front-end that asks, by the front-end's own id; nobody else can act as them.",
    format: 'uuid',
    example: ID,
  })
  @IsOptional()
  @IsUUID()
  accountId?: string;

  @ApiProperty({
    description: 'What they may do.',
    enum: CARER_SCOPES,
    isArray: true,
    example: ['view', 'book'],
  })
  @ArrayNotEmpty()
  @ArrayMaxSize(CARER_SCOPES.length)
  @ArrayUnique()
  @IsIn(CARER_SCOPES, { each: true })
  scopes: CarerScope[];

  @ApiPropertyOptional({ description: 'From when; left out: now.', format: 'date-time', example: INSTANT })
  @IsOptional()
  @IsInstant()
  from?: string;

  @ApiPropertyOptional({
    description: 'Until when, half-open; left out: until it is withdrawn.',
    format: 'date-time',
    example: '2027-11-02T01:00:00.000Z',
  })
  @IsOptional()
  @IsInstant()
  to?: string;

  @ApiPropertyOptional({
    description:
      "Who grants. Under 14: the guardian's resident id, or 'guardian' for one who is not on record. Left out: the resident.",
    pattern: GRANTED_BY.source,
    example: 'guardian',
  })
  @IsOptional()
  @Matches(GRANTED_BY)
  grantedBy?: string;
}

export class CarerGrantDto {
  @ApiProperty({ description: 'The entitlement.', format: 'uuid', example: ID })
  id: string;

  @ApiProperty({ description: 'Whom it is about.', format: 'uuid', example: ID })
  residentId: string;

  @ApiProperty({ description: 'Who may act.', format: 'uuid', example: ID })
  carerId: string;

  @ApiProperty({
    description: 'A resident on record, or an account of a front-end.',
    enum: ['resident', 'account'],
    example: 'resident',
  })
  kind: 'resident' | 'account';

  @ApiProperty({
    description: 'What they may do.',
    enum: CARER_SCOPES,
    isArray: true,
    example: ['view', 'book'],
  })
  scopes: CarerScope[];

  @ApiProperty({ description: "'self', 'guardian', or the guardian's resident id.", example: 'self' })
  grantedBy: string;

  @ApiProperty({ description: 'From when.', format: 'date-time', example: INSTANT })
  from: string;

  @ApiPropertyOptional({ description: 'Until when.', format: 'date-time', example: INSTANT })
  to?: string;

  @ApiPropertyOptional({ description: 'When it was withdrawn.', format: 'date-time', example: INSTANT })
  withdrawnAt?: string;
}

export class CaredForDto {
  @ApiProperty({ description: 'The entitlement that stands.', type: CarerGrantDto })
  grant: CarerGrantDto;

  @ApiPropertyOptional({ description: 'Masked, as everywhere: the surname alone.', example: '王*' })
  name?: string;
}

export class BookForResidentDto extends OmitType(BookDto, ['residentId'] as const) {}
