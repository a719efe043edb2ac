import { DOCUMENT_TYPES, type DocumentType } from '@doorstep/kernel';
import { ApiProperty } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsIn, IsObject, IsString, MaxLength, MinLength, ValidateNested } from 'class-validator';

const ID = '019a3f6e-0c1d-7b7e-9a55-5b8f6d3c2b1a';
const INSTANT = '2026-11-02T05:00:00.000Z';

export class EvidenceFileDto {
  @ApiProperty({ description: 'Name of the file.', minLength: 1, maxLength: 200, example: '签字.png' })
  @IsString()
  @MinLength(1)
  @MaxLength(200)
  name: string;

  @ApiProperty({ description: 'What it is.', enum: DOCUMENT_TYPES, example: 'image/png' })
  @IsIn(DOCUMENT_TYPES)
  contentType: DocumentType;

  @ApiProperty({ description: 'The file as base64, at most 700 KiB of it.', example: 'iVBORw0KGgo=' })
  @IsString()
  @MaxLength(1_000_000)
  contentBase64: string;
}

export class AddEvidenceDto {
  @ApiProperty({ description: 'What it shows.', enum: ['photo', 'signature'], example: 'signature' })
  @IsIn(['photo', 'signature'])
  kind: 'photo' | 'signature';

  @ApiProperty({ description: 'The file.', type: EvidenceFileDto })
  @IsObject()
  @ValidateNested()
  @Type(() => EvidenceFileDto)
  document: EvidenceFileDto;
}

export class EvidenceDto {
  @ApiProperty({ description: 'The file.', format: 'uuid', example: ID })
  id: string;

  @ApiProperty({ description: 'What it shows.', enum: ['photo', 'signature'], example: 'signature' })
  kind: 'photo' | 'signature';

  @ApiProperty({ description: 'Name of the file.', example: '签字.png' })
  name: string;

  @ApiProperty({ description: 'What it is.', enum: DOCUMENT_TYPES, example: 'image/png' })
  contentType: DocumentType;

  @ApiProperty({ description: 'Its length.', type: 'integer', example: 20_480 })
  bytes: number;

  @ApiProperty({ description: 'SHA-256 of the file, in hex.', example: 'e3b0c44298fc1c149afbf4c8996fb924…' })
  sha256: string;

  @ApiProperty({ description: 'When it was added.', format: 'date-time', example: INSTANT })
  addedAt: string;
}
