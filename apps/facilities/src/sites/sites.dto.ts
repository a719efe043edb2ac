import { SITE_STATUSES, type SiteStatus } from '@doorstep/contracts';
import { ApiProperty, ApiPropertyOptional, OmitType, PartialType } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  IsArray,
  IsIn,
  IsInt,
  IsNumber,
  IsObject,
  IsOptional,
  IsString,
  IsUUID,
  Length,
  Matches,
  Max,
  MaxLength,
  Min,
  ValidateIf,
  ValidateNested,
} from 'class-validator';
import type { Crs } from '@doorstep/kernel';
import { LocationDto, PointDto } from '@doorstep/platform';
import { NameDto, PRINTABLE, WarningDto } from '../name.dto';
import { HolidaysDto, OpeningExceptionDto, OpeningSpanDto } from './opening-hours.dto';
import {
  FIRST_STATUSES,
  type FirstStatus,
  SITE_FORMS,
  SITE_TIERS,
  type SiteForm,
  type SiteTier,
  SPACE_SOURCES,
  type SpaceSource,
} from './site';

class SiteFields {
  @ApiProperty({
    description:
      "The owner's own code for the site, as it stands in payment channels' files. Unique for the operator.",
    minLength: 1,
    maxLength: 60,
    example: 'SH-RJ-001',
  })
  @IsString()
  @Length(1, 60)
  @Matches(PRINTABLE)
  code: string;

  @ApiProperty({ description: 'Name.', type: NameDto })
  @IsObject()
  @ValidateNested()
  @Type(() => NameDto)
  name: NameDto;

  @ApiProperty({
    description: 'Street (9 digits) or community (12 digits) that it lies in.',
    example: '310101013001',
  })
  @Matches(/^(\d{9}|\d{12})$/)
  regionCode: string;

  @ApiProperty({
    description: 'A complex of several functions, or a point of one or two.',
    enum: SITE_FORMS,
    example: 'complex',
  })
  @IsIn(SITE_FORMS)
  form: SiteForm;

  @ApiProperty({ description: 'Street centre or community point.', enum: SITE_TIERS, example: 'street' })
  @IsIn(SITE_TIERS)
  tier: SiteTier;

  @ApiProperty({
    description:
      'How the space was found: 补改 supplement, 转型 convert idle stock, 划转 transfer idle public rooms, 配建 build_along with housing.',
    enum: SPACE_SOURCES,
    example: 'convert',
  })
  @IsIn(SPACE_SOURCES)
  spaceSource: SpaceSource;

  @ApiProperty({ description: 'Where it stands, with the coordinate system.', type: LocationDto })
  @IsObject()
  @ValidateNested()
  @Type(() => LocationDto)
  location: LocationDto;

  @ApiProperty({ description: 'IANA time zone; opening hours are read in it.', example: 'Asia/Shanghai' })
  @IsString()
  @MaxLength(60)
  timeZone: string;

  @ApiProperty({ description: 'Floor area in m².', type: 'number', example: 860 })
  @IsNumber({ maxDecimalPlaces: 2 })
  @Min(1)
  @Max(1_000_000)
  areaM2: number;

  @ApiProperty({ description: 'Weekly opening hours, site-local.', type: [OpeningSpanDto] })
  @IsArray()
  @ArrayMaxSize(100)
  @IsObject({ each: true })
  @ValidateNested({ each: true })
  @Type(() => OpeningSpanDto)
  openingHours: OpeningSpanDto[];

  @ApiPropertyOptional({
    description:
      'What holds instead on some days; the shortest period wins, among equals the one that begins later.',
    type: [OpeningExceptionDto],
  })
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(400)
  @IsObject({ each: true })
  @ValidateNested({ each: true })
  @Type(() => OpeningExceptionDto)
  openingExceptions?: OpeningExceptionDto[];

  @ApiPropertyOptional({
    description: 'How it keeps public holidays; left out: as usual.',
    type: HolidaysDto,
  })
  @ValidateIf((_object, value) => value !== undefined)
  @IsObject()
  @ValidateNested()
  @Type(() => HolidaysDto)
  holidays?: HolidaysDto;
}

export class CreateSiteDto extends SiteFields {
  @ApiPropertyOptional({
    description: 'The operator that runs it: for administrators and authorities, who belong to none.',
    format: 'uuid',
    example: '019a3f6e-0c1d-7b7e-9a55-5b8f6d3c2b1a',
  })
  @IsOptional()
  @IsUUID()
  operatorId?: string;

  @ApiPropertyOptional({
    description: 'A site that stands already is entered as operating, a project as planned.',
    enum: FIRST_STATUSES,
    default: 'operating',
  })
  @IsOptional()
  @IsIn(FIRST_STATUSES)
  status?: FirstStatus;
}

export class ChangeSiteDto extends PartialType(SiteFields, { skipNullProperties: false }) {
  @ApiPropertyOptional({
    description: 'The version that the change was made from; refused when the site has changed since.',
    type: 'integer',
    example: 3,
  })
  @IsOptional()
  @IsInt()
  @Min(1)
  version?: number;
}

export class MeasuredPointDto extends PointDto {
  @ApiProperty({
    description: 'The system that the pair was measured in.',
    enum: ['WGS84', 'GCJ02', 'BD09'],
    example: 'GCJ02',
  })
  crs: Crs;
}

export class SiteDto extends OmitType(SiteFields, ['location', 'openingExceptions', 'holidays']) {
  @ApiProperty({ description: 'Id.', format: 'uuid', example: '019a3f6e-0c1d-7b7e-9a55-5b8f6d3c2b1a' })
  id: string;

  @ApiProperty({
    description: 'The operator that runs it.',
    format: 'uuid',
    example: '019a3f6e-0c1d-7b7e-9a55-5b8f6d3c2b1b',
  })
  operatorId: string;

  @ApiProperty({ description: 'Where it is in its life.', enum: SITE_STATUSES, example: 'operating' })
  status: SiteStatus;

  @ApiProperty({ description: 'Where it stands, in WGS-84.', type: PointDto })
  location: PointDto;

  @ApiProperty({ description: 'The point as it was measured.', type: MeasuredPointDto })
  locationMeasured: MeasuredPointDto;

  @ApiProperty({
    description: 'What holds instead of the weekly hours on some days.',
    type: [OpeningExceptionDto],
  })
  openingExceptions: OpeningExceptionDto[];

  @ApiProperty({ description: 'How it keeps public holidays.', type: HolidaysDto })
  holidays: HolidaysDto;

  @ApiProperty({ description: 'Rises with each change.', type: 'integer', example: 1 })
  version: number;

  @ApiProperty({
    description: 'When it was entered.',
    format: 'date-time',
    example: '2026-11-02T01:00:00.000Z',
  })
  createdAt: Date;

  @ApiProperty({
    description: 'When it last changed.',
    format: 'date-time',
    example: '2026-11-02T01:00:00.000Z',
  })
  updatedAt: Date;
}

export class SiteWithWarningsDto extends SiteDto {
  @ApiProperty({
    description: 'What guidelines would like to be different; nothing is refused for it.',
    type: [WarningDto],
  })
  warnings: WarningDto[];
}
