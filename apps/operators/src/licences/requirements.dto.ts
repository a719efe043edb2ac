import { PageQuery } from '@doorstep/platform';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn, IsOptional, Matches } from 'class-validator';
import { DAY, DAY_MESSAGE } from '../contracts/contracts.dto';
import { KIND, KIND_MESSAGE } from '../contracts/terms.dto';
import { LICENCE_TYPE } from './licences.dto';
import { type Enforcement, ENFORCEMENTS } from './standing';

export class RequireLicenceDto {
  @ApiProperty({ description: 'Kind of service.', example: 'meals' })
  @Matches(KIND, KIND_MESSAGE)
  kind: string;

  @ApiProperty({ description: 'Type of licence that it needs.', example: 'food_business' })
  @Matches(LICENCE_TYPE, { message: 'licenceType must be a word such as food_business' })
  licenceType: string;

  @ApiPropertyOptional({ description: 'Only there; left out: everywhere.', example: '3101' })
  @IsOptional()
  @Matches(/^(\d{2}|\d{4}|\d{6}|\d{9}|\d{12})$/, { message: 'regionCode must be 2, 4, 6, 9 or 12 digits' })
  regionCode?: string;

  @ApiProperty({ format: 'date', description: 'First day on which it is asked for.', example: '2027-01-01' })
  @Matches(DAY, DAY_MESSAGE)
  from: string;

  @ApiProperty({
    enum: ENFORCEMENTS,
    description:
      'lapsed: only a licence that has run out or was revoked stops bookings; missing: so does one never had.',
    example: 'lapsed',
  })
  @IsIn(ENFORCEMENTS)
  enforcement: Enforcement;
}

export class EndRequirementDto {
  @ApiProperty({
    format: 'date',
    description: 'First day on which it is not asked for any more.',
    example: '2028-01-01',
  })
  @Matches(DAY, DAY_MESSAGE)
  on: string;
}

export class RequirementsQuery extends PageQuery {
  @ApiPropertyOptional({ description: 'Only of this kind.', example: 'meals' })
  @IsOptional()
  @Matches(KIND, KIND_MESSAGE)
  kind?: string;
}

export class RequirementDto {
  @ApiProperty({ format: 'uuid', description: 'Id.', example: '019a3f6e-0c1d-7b7e-9a55-5b8f6d3c2b60' })
  id: string;

  @ApiProperty({ description: 'Kind of service.', example: 'meals' })
  kind: string;

  @ApiProperty({ description: 'Type of licence that it needs.', example: 'food_business' })
  licenceType: string;

  @ApiProperty({ type: String, nullable: true, description: 'Only there; null: everywhere.', example: null })
  regionCode: string | null;

  @ApiProperty({ format: 'date', description: 'First day.', example: '2020-01-01' })
  from: string;

  @ApiProperty({
    type: String,
    format: 'date',
    nullable: true,
    description: 'First day that is out.',
    example: null,
  })
  to: string | null;

  @ApiProperty({ enum: ENFORCEMENTS, description: 'What stops bookings.', example: 'lapsed' })
  enforcement: Enforcement;
}

export class StandingsQuery extends PageQuery {}

export class BlockDto {
  @ApiProperty({ description: 'Kind that takes no new bookings.', example: 'meals' })
  kind: string;

  @ApiProperty({ description: 'Type of the licence that is wanting.', example: 'food_business' })
  licenceType: string;

  @ApiProperty({ enum: ENFORCEMENTS, description: 'Why.', example: 'lapsed' })
  reason: Enforcement;

  @ApiPropertyOptional({ format: 'date', description: 'First day without it.', example: '2027-01-01' })
  since?: string;

  @ApiPropertyOptional({
    format: 'uuid',
    description: 'Only this offering, which needs it by its own word; absent: all of the kind.',
    example: '019a3f6e-0c1d-7b7e-9a55-5b8f6d3c2b71',
  })
  offeringId?: string;
}

export class StandingDto {
  @ApiProperty({ format: 'uuid', description: 'The site.', example: '019a3f6e-0c1d-7b7e-9a55-5b8f6d3c2b1c' })
  siteId: string;

  @ApiProperty({ type: [BlockDto], description: 'What takes no new bookings there.' })
  blocks: BlockDto[];
}
