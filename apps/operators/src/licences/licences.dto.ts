import { PageQuery } from '@doorstep/platform';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import {
  IsObject,
  IsIn,
  IsInt,
  IsOptional,
  IsString,
  IsUUID,
  Matches,
  Max,
  MaxLength,
  Min,
  MinLength,
  ValidateNested,
} from 'class-validator';
import { DAY, DAY_MESSAGE } from '../contracts/contracts.dto';
import { DOCUMENT_TYPES, type DocumentType } from '@doorstep/kernel';
import { LICENCE_TYPES, type LicenceState } from './licence';

const LICENCE_ID = '019a3f6e-0c1d-7b7e-9a55-5b8f6d3c2b50';
const SITE_ID = '019a3f6e-0c1d-7b7e-9a55-5b8f6d3c2b1c';
export const LICENCE_TYPE = /^[a-z][a-z0-9_]{1,39}$/;
const STATES = ['upcoming', 'valid', 'lapsed', 'revoked'] as const;

export class DocumentUploadDto {
  @ApiProperty({ description: 'Name of the file.', example: '食品经营许可证.pdf', maxLength: 200 })
  @IsString()
  @MinLength(1)
  @MaxLength(200)
  name: string;

  @ApiProperty({ enum: DOCUMENT_TYPES, description: 'What it is.', example: 'application/pdf' })
  @IsIn(DOCUMENT_TYPES)
  contentType: DocumentType;

  @ApiProperty({ description: 'The file as base64, at most 700 KiB of it.', example: 'JVBERi0xLjcK' })
  @IsString()
  @MaxLength(1_000_000)
  contentBase64: string;
}

class LicencePaperDto {
  @ApiPropertyOptional({ description: 'Who issued it.', example: '黄浦区市场监督管理局', maxLength: 200 })
  @IsOptional()
  @IsString()
  @MaxLength(200)
  issuer?: string;

  @ApiProperty({ format: 'date', description: 'First day on which it holds.', example: '2022-01-01' })
  @Matches(DAY, DAY_MESSAGE)
  validFrom: string;

  @ApiPropertyOptional({
    format: 'date',
    description: 'First day on which it does not hold any more; left out: it never runs out.',
    example: '2027-01-01',
  })
  @IsOptional()
  @Matches(DAY, DAY_MESSAGE)
  validTo?: string;

  @ApiPropertyOptional({ type: DocumentUploadDto, description: 'The scan of the paper.' })
  @IsOptional()
  @IsObject()
  @ValidateNested()
  @Type(() => DocumentUploadDto)
  document?: DocumentUploadDto;
}

export class EnterLicenceDto extends LicencePaperDto {
  @ApiProperty({ format: 'uuid', description: 'The site that it is for.', example: SITE_ID })
  @IsUUID()
  siteId: string;

  @ApiProperty({
    description: `Type: ${LICENCE_TYPES.join(', ')}, or another word that a city uses.`,
    example: 'food_business',
  })
  @Matches(LICENCE_TYPE, { message: 'type must be a word such as food_business' })
  type: string;

  @ApiProperty({ description: 'Number on the paper.', example: 'JY23101010000001', maxLength: 100 })
  @IsString()
  @MinLength(1)
  @MaxLength(100)
  number: string;
}

export class RenewLicenceDto extends LicencePaperDto {
  @ApiPropertyOptional({
    description: 'Number on the new paper; default: the same.',
    example: 'JY23101010000001',
    maxLength: 100,
  })
  @IsOptional()
  @IsString()
  @MinLength(1)
  @MaxLength(100)
  number?: string;
}

export class RevokeLicenceDto {
  @ApiPropertyOptional({
    format: 'date',
    description: 'First day without it; default: today.',
    example: '2026-12-05',
  })
  @IsOptional()
  @Matches(DAY, DAY_MESSAGE)
  on?: string;

  @ApiProperty({ description: 'Why.', example: '后厨停业整顿', maxLength: 500 })
  @IsString()
  @MinLength(1)
  @MaxLength(500)
  reason: string;
}

export class LicencesQuery extends PageQuery {
  @ApiPropertyOptional({ format: 'uuid', description: 'Only of this site.', example: SITE_ID })
  @IsOptional()
  @IsUUID()
  siteId?: string;

  @ApiPropertyOptional({ description: 'Only of this type.', example: 'food_business' })
  @IsOptional()
  @Matches(LICENCE_TYPE)
  type?: string;

  @ApiPropertyOptional({
    type: 'integer',
    minimum: 0,
    maximum: 3650,
    description:
      'Only those that run out or are taken away within so many days and that no other one replaces, and those that have ended while an offering of the site takes no bookings for want of one.',
    example: 90,
  })
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(0)
  @Max(3650)
  dueWithinDays?: number;
}

export class DocumentDto {
  @ApiProperty({ description: 'Name of the file.', example: '食品经营许可证.pdf' })
  name: string;

  @ApiProperty({ enum: DOCUMENT_TYPES, description: 'What it is.', example: 'application/pdf' })
  contentType: DocumentType;

  @ApiProperty({ type: 'integer', description: 'Size.', example: 345_678 })
  bytes: number;

  @ApiProperty({
    description: 'SHA-256 of the content.',
    example: '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
  })
  sha256: string;
}

export class LicenceDto {
  @ApiProperty({ format: 'uuid', description: 'Id.', example: LICENCE_ID })
  id: string;

  @ApiProperty({ format: 'uuid', description: 'The site.', example: SITE_ID })
  siteId: string;

  @ApiProperty({ description: 'Type.', example: 'food_business' })
  type: string;

  @ApiProperty({ description: 'Number on the paper.', example: 'JY23101010000001' })
  number: string;

  @ApiProperty({
    type: String,
    nullable: true,
    description: 'Who issued it.',
    example: '黄浦区市场监督管理局',
  })
  issuer: string | null;

  @ApiProperty({ format: 'date', description: 'First day on which it holds.', example: '2022-01-01' })
  validFrom: string;

  @ApiProperty({
    type: String,
    format: 'date',
    nullable: true,
    description: 'First day without; null: it never runs out.',
    example: '2027-01-01',
  })
  validTo: string | null;

  @ApiProperty({ enum: STATES, description: 'How it stands today.', example: 'valid' })
  state: LicenceState;

  @ApiProperty({
    type: String,
    format: 'date',
    nullable: true,
    description: 'First day without, because it was taken away.',
    example: null,
  })
  revokedOn: string | null;

  @ApiProperty({ type: String, nullable: true, description: 'Why it was taken away.', example: null })
  revokedReason: string | null;

  @ApiProperty({
    type: String,
    format: 'uuid',
    nullable: true,
    description: 'The licence that it took the place of.',
    example: null,
  })
  renews: string | null;

  @ApiProperty({ type: DocumentDto, nullable: true, description: 'The scan of the paper.' })
  document: DocumentDto | null;

  @ApiProperty({ type: 'integer', description: 'Grows by one with each change.', example: 1 })
  version: number;

  @ApiProperty({
    format: 'date-time',
    description: 'When it was entered.',
    example: '2026-11-02T01:00:00.000Z',
  })
  createdAt: Date;
}
