import { PageQuery } from '@doorstep/platform';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn, IsOptional, IsString, IsUUID, Matches, MaxLength, MinLength } from 'class-validator';
import { type Operation, OPERATIONS, ORGANISATION_KINDS, type OrganisationKind } from './organisation';

const HEAD_OFFICE_ID = '019a3f6e-0c1d-7b7e-9a55-5b8f6d3c2b1a';
const REGION = /^\d{2,12}$/;

export class RegisterOrganisationDto {
  @ApiProperty({
    enum: ORGANISATION_KINDS,
    description: 'authority lets sites be run, operator runs them, funder pays a share of the price.',
    example: 'operator',
  })
  @IsIn(ORGANISATION_KINDS)
  kind: OrganisationKind;

  @ApiPropertyOptional({
    format: 'uuid',
    description: 'The head office that this operator is a branch of; it shares its tenant.',
    example: HEAD_OFFICE_ID,
  })
  @IsOptional()
  @IsUUID()
  parentId?: string;

  @ApiPropertyOptional({
    enum: OPERATIONS,
    description: 'Operators only: chain runs many sites under its own brand, custody is entrusted with them.',
    example: 'chain',
  })
  @IsOptional()
  @IsIn(OPERATIONS)
  operation?: Operation;

  @ApiProperty({
    description: 'As on the business licence.',
    example: '邻里之家社区服务连锁有限公司',
    maxLength: 200,
  })
  @IsString()
  @MinLength(1)
  @MaxLength(200)
  name: string;

  @ApiProperty({
    description: 'Unified social credit code, GB 32100: 18 characters with a check character; unique.',
    example: '91350200MA2YJ1XR9G',
  })
  @IsString()
  @MaxLength(40)
  creditCode: string;

  @ApiPropertyOptional({
    description: 'Why a code that fails its check is taken all the same; kept with the organisation.',
    example: 'Licence of 2015 seen in the original',
    maxLength: 500,
  })
  @IsOptional()
  @IsString()
  @MaxLength(500)
  creditCodeOverrideReason?: string;

  @ApiPropertyOptional({
    description: 'Leading digits of the statistics code (2, 4, 6, 9 or 12): what an authority answers for.',
    example: '310101',
  })
  @IsOptional()
  @Matches(REGION, { message: 'regionCode must be 2, 4, 6, 9 or 12 digits' })
  regionCode?: string;
}

export class ChangeOrganisationDto {
  @ApiPropertyOptional({ description: 'New name.', example: '邻里之家集团', maxLength: 200 })
  @IsOptional()
  @IsString()
  @MinLength(1)
  @MaxLength(200)
  name?: string;

  @ApiPropertyOptional({ description: 'Corrected code; administrators only.', example: '91350200MA2YJ1XR9G' })
  @IsOptional()
  @IsString()
  @MaxLength(40)
  creditCode?: string;

  @ApiPropertyOptional({
    description: 'Needed when the corrected code fails its check.',
    maxLength: 500,
    example: 'Seen in the original',
  })
  @IsOptional()
  @IsString()
  @MaxLength(500)
  creditCodeOverrideReason?: string;

  @ApiPropertyOptional({ description: 'Corrected region; administrators only.', example: '310101' })
  @IsOptional()
  @Matches(REGION, { message: 'regionCode must be 2, 4, 6, 9 or 12 digits' })
  regionCode?: string;
}

export class OrganisationsQuery extends PageQuery {
  @ApiPropertyOptional({ enum: ORGANISATION_KINDS, description: 'Only this kind.', example: 'authority' })
  @IsOptional()
  @IsIn(ORGANISATION_KINDS)
  kind?: OrganisationKind;

  @ApiPropertyOptional({
    format: 'uuid',
    description: 'Only branches of this operator.',
    example: HEAD_OFFICE_ID,
  })
  @IsOptional()
  @IsUUID()
  parentId?: string;

  @ApiPropertyOptional({ description: 'Part of the name.', example: '邻里', maxLength: 100 })
  @IsOptional()
  @IsString()
  @MaxLength(100)
  name?: string;

  @ApiPropertyOptional({ description: 'Exactly this credit code.', example: '91350200MA2YJ1XR9G' })
  @IsOptional()
  @IsString()
  @MaxLength(40)
  creditCode?: string;
}

export class OrganisationDto {
  @ApiProperty({
    format: 'uuid',
    description: 'Id; for an operator also the id of its tenant.',
    example: '019a3f6e-0c1d-7b7e-9a55-5b8f6d3c2b1a',
  })
  id: string;

  @ApiProperty({
    type: String,
    format: 'uuid',
    nullable: true,
    description: 'Head office of a branch.',
    example: null,
  })
  parentId: string | null;

  @ApiProperty({ enum: ORGANISATION_KINDS, description: 'Part it plays.', example: 'operator' })
  kind: OrganisationKind;

  @ApiProperty({ enum: OPERATIONS, nullable: true, description: 'Operators only.', example: 'chain' })
  operation: Operation | null;

  @ApiProperty({ description: 'Name.', example: '邻里之家社区服务连锁有限公司' })
  name: string;

  @ApiProperty({ description: 'Unified social credit code.', example: '91350200MA2YJ1XR9G' })
  creditCode: string;

  @ApiProperty({
    type: String,
    nullable: true,
    description: 'Why a code that fails its check was taken.',
    example: null,
  })
  creditCodeOverrideReason: string | null;

  @ApiProperty({ type: String, nullable: true, description: 'Region it answers for.', example: null })
  regionCode: string | null;

  @ApiProperty({ type: 'integer', description: 'Grows by one with each change.', example: 1 })
  version: number;

  @ApiProperty({
    format: 'date-time',
    description: 'When it was registered.',
    example: '2026-11-02T01:00:00.000Z',
  })
  createdAt: Date;
}
