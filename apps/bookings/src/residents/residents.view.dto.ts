import { CARE_LEVELS, type Registration, REGISTRATIONS } from '@doorstep/contracts';
import { PointDto } from '@doorstep/platform';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { CarerGrantDto } from '../carers/carers.dto';
import { FoodDto } from '../meals/menus.dto';
import { BookingDto } from '../bookings/bookings.dto';
import { ChildcareExportDto } from './care-export.dto';
import { CONSENT_PURPOSES, type ConsentPurpose, SEXES, type Sex } from './resident';
import { ACCESS_ACTIONS } from './resident.entity';

const ID = '019a3f6e-0c1d-7b7e-9a55-5b8f6d3c2b1a';
const INSTANT = '2026-11-02T01:00:00.000Z';

export class ConsentDto {
  @ApiProperty({ description: 'What the data may be used for.', enum: CONSENT_PURPOSES, example: 'booking' })
  purpose: ConsentPurpose;

  @ApiProperty({ description: "'self', 'guardian', or the guardian's resident id.", example: 'self' })
  grantedBy: string;

  @ApiProperty({ description: 'Since when.', format: 'date-time', example: INSTANT })
  grantedAt: string;

  @ApiPropertyOptional({
    description: 'Until when; left out while it stands.',
    format: 'date-time',
    example: INSTANT,
  })
  withdrawnAt?: string;
}

export class ShownAttributesDto {
  @ApiPropertyOptional({
    description: 'Ability level, GB/T 42195-2022.',
    enum: CARE_LEVELS,
    example: 'moderate',
  })
  careLevel?: string;

  @ApiPropertyOptional({ description: 'Day of the assessment.', format: 'date', example: '2026-03-01' })
  careLevelAssessedOn?: string;

  @ApiProperty({ description: 'Recognised hardship.', example: false })
  hardship: boolean;

  @ApiProperty({ description: 'Recognised disability.', example: false })
  disability: boolean;

  @ApiPropertyOptional({
    description: 'For a child: 1 for the first child of its mother.',
    type: 'integer',
    example: 2,
  })
  birthOrder?: number;

  @ApiPropertyOptional({
    description: 'Household registration: in the city of residence or elsewhere; left out: not known.',
    enum: REGISTRATIONS,
    example: 'local',
  })
  registration?: Registration;

  @ApiPropertyOptional({ description: 'Where the household is registered.', example: '310101' })
  registeredIn?: string;
}

export class ResidentDto {
  @ApiProperty({ description: 'The resident.', format: 'uuid', example: ID })
  id: string;

  @ApiProperty({
    description: 'How much of the personal data is shown.',
    enum: ['masked', 'full'],
    example: 'masked',
  })
  view: 'masked' | 'full';

  @ApiPropertyOptional({ description: 'Masked: the surname alone. Left out after erasure.', example: '王*' })
  name?: string;

  @ApiPropertyOptional({ description: 'Mobile number.', example: '138****8000' })
  mobile?: string;

  @ApiPropertyOptional({ description: 'Citizen number.', example: '110105********002X' })
  idNumber?: string;

  @ApiPropertyOptional({ description: 'E-mail address.', example: 'w***@example.cn' })
  email?: string;

  @ApiPropertyOptional({ description: 'Address; masked: to the district.', example: '上海市黄浦区****' })
  address?: string;

  @ApiPropertyOptional({ description: 'Language of messages.', enum: ['zh', 'en'], example: 'zh' })
  language?: string;

  @ApiProperty({ description: 'Year of birth.', type: 'integer', example: 1949 })
  birthYear: number;

  @ApiPropertyOptional({
    description: 'Day of birth; in the full view alone.',
    format: 'date',
    example: '1949-12-31',
  })
  birthDate?: string;

  @ApiPropertyOptional({ description: 'As on the identity card.', enum: SEXES, example: 'female' })
  sex?: Sex;

  @ApiProperty({ description: 'Street or community of residence.', example: '310101002001' })
  regionCode: string;

  @ApiPropertyOptional({ description: 'Whom the resident lives with.', format: 'uuid', example: ID })
  householdId?: string;

  @ApiProperty({ description: 'What eligibility looks at.', type: ShownAttributesDto })
  attributes: ShownAttributesDto;

  @ApiProperty({ description: 'Consents that stand.', type: ConsentDto, isArray: true })
  consents: ConsentDto[];

  @ApiProperty({ description: 'True once the key was destroyed: nothing personal is left.', example: false })
  erased: boolean;

  @ApiPropertyOptional({
    description: 'Found to be the same person as this resident, who has everything now.',
    format: 'uuid',
    example: ID,
  })
  mergedInto?: string;

  @ApiProperty({ description: 'Counts the changes, from 1.', type: 'integer', example: 3 })
  version: number;

  @ApiProperty({ description: 'When the resident was registered.', format: 'date-time', example: INSTANT })
  createdAt: string;
}

export class FoundResidentsDto {
  @ApiProperty({ description: 'Residents who match, masked.', type: ResidentDto, isArray: true })
  items: ResidentDto[];
}

export class AccessDto {
  @ApiProperty({ description: 'Who looked.', format: 'uuid', example: ID })
  actorId: string;

  @ApiProperty({ description: 'What they are.', enum: ['person', 'client', 'system'], example: 'person' })
  actorKind: string;

  @ApiProperty({ description: 'What they did.', enum: ACCESS_ACTIONS, example: 'view_full' })
  action: (typeof ACCESS_ACTIONS)[number];

  @ApiProperty({ description: 'The request, as it stands in the logs.', example: ID })
  correlationId: string;

  @ApiProperty({ description: 'When.', format: 'date-time', example: INSTANT })
  at: string;
}

export class KeptEvidenceDto {
  @ApiProperty({ description: 'The booking of the visit.', format: 'uuid', example: ID })
  bookingId: string;

  @ApiProperty({ description: 'What it shows.', example: 'signature' })
  kind: string;

  @ApiProperty({ description: 'Name of the file.', example: '签字.png' })
  name: string;

  @ApiProperty({ description: 'SHA-256 of the file, in hex.', example: 'e3b0c44298fc1c149afbf4c8996fb924…' })
  sha256: string;
}

export class ResidentExportDto {
  @ApiProperty({ description: 'Everything that is stored about the person, unmasked.', type: ResidentDto })
  resident: ResidentDto;

  @ApiPropertyOptional({ description: 'The point of the home, WGS-84, where it was given.', type: PointDto })
  home?: PointDto;

  @ApiProperty({
    description: 'Who may book for them, and for whom they may, withdrawn or not.',
    type: CarerGrantDto,
    isArray: true,
  })
  carers: CarerGrantDto[];

  @ApiPropertyOptional({ description: 'What they do not bear, keep to, and can chew.', type: FoodDto })
  diet?: object;

  @ApiProperty({
    description:
      'Photos and signatures of visits, by their digests; the files: GET /v1/visits/{id}/evidence/{evidenceId}.',
    type: KeptEvidenceDto,
    isArray: true,
  })
  evidence: KeptEvidenceDto[];

  @ApiProperty({
    description: 'Consents given and withdrawn, oldest first.',
    type: ConsentDto,
    isArray: true,
  })
  consents: ConsentDto[];

  @ApiProperty({ description: 'Every booking, oldest first.', type: BookingDto, isArray: true })
  bookings: BookingDto[];

  @ApiProperty({ description: 'Places in childcare and what happened in them.', type: ChildcareExportDto })
  childcare: ChildcareExportDto;

  @ApiProperty({ description: 'Who saw the data unmasked, oldest first.', type: AccessDto, isArray: true })
  accesses: AccessDto[];
}
