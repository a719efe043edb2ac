import { CARE_LEVELS, type CareLevel, type Registration, REGISTRATIONS } from '@doorstep/contracts';
import { BodyExample, PageQuery } from '@doorstep/platform';
import { ApiProperty, ApiPropertyOptional, OmitType, PartialType } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayUnique,
  IsBoolean,
  IsEmail,
  IsIn,
  IsInt,
  IsOptional,
  IsString,
  IsUUID,
  Matches,
  Max,
  MaxLength,
  Min,
  ValidateNested,
} from 'class-validator';
import { IsDay } from '../day.validator';
import { CONSENT_PURPOSES, type ConsentPurpose, SEXES, type Sex } from './resident';

const ID = '019a3f6e-0c1d-7b7e-9a55-5b8f6d3c2b1a';
/** Who consents, besides the resident. */
export const GRANTED_BY = /^(guardian|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12})$/;

export class AttributesDto {
  @ApiPropertyOptional({
    description: 'Ability level, GB/T 42195-2022.',
    enum: CARE_LEVELS,
    example: 'moderate',
  })
  @IsOptional()
  @IsIn(CARE_LEVELS)
  careLevel?: CareLevel;

  @ApiPropertyOptional({
    description: 'Day of the assessment; it is repeated every twelve months.',
    format: 'date',
    example: '2026-03-01',
  })
  @IsOptional()
  @IsDay()
  careLevelAssessedOn?: string;

  @ApiPropertyOptional({ description: 'Recognised hardship.', default: false })
  @IsOptional()
  @IsBoolean()
  hardship?: boolean;

  @ApiPropertyOptional({ description: 'Recognised disability.', default: false })
  @IsOptional()
  @IsBoolean()
  disability?: boolean;

  @ApiPropertyOptional({
    description: 'For a child: 1 for the first child of its mother.',
    type: 'integer',
    minimum: 1,
    maximum: 20,
    example: 2,
  })
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(20)
  birthOrder?: number;

  @ApiPropertyOptional({
    description:
      'Household registration: in the city of residence or elsewhere. Follows from registeredIn where that is given.',
    enum: REGISTRATIONS,
    example: 'local',
  })
  @IsOptional()
  @IsIn(REGISTRATIONS)
  registration?: Registration;

  @ApiPropertyOptional({
    description:
      'Where the household is registered: city (4 digits), district (6), street (9) or community (12).',
    example: '310101',
  })
  @IsOptional()
  @Matches(/^(\d{4}|\d{6}|\d{9}|\d{12})$/)
  registeredIn?: string;
}

export class GiveConsentDto {
  @ApiProperty({ description: 'What the data may be used for.', enum: CONSENT_PURPOSES, example: 'booking' })
  @IsIn(CONSENT_PURPOSES)
  purpose: ConsentPurpose;

  @ApiPropertyOptional({
    description:
      "Under 14: the guardian's resident id, or 'guardian' for one who is not on record. Left out: the resident.",
    pattern: GRANTED_BY.source,
    example: 'guardian',
  })
  @IsOptional()
  @Matches(GRANTED_BY)
  grantedBy?: string;
}

export class RegisterResidentDto {
  @ApiProperty({ description: 'As on the identity card.', maxLength: 100, example: '王芳' })
  @IsString()
  @MaxLength(100)
  name: string;

  @ApiPropertyOptional({ description: 'Mainland mobile number.', example: '13800138000' })
  @IsOptional()
  @IsString()
  @MaxLength(20)
  mobile?: string;

  @ApiPropertyOptional({
    description: 'Citizen number, GB 11643; checked against birth date and sex.',
    example: '11010519491231002X',
  })
  @IsOptional()
  @IsString()
  @MaxLength(20)
  idNumber?: string;

  @ApiPropertyOptional({ description: 'For messages.', example: 'wang.fang@example.cn' })
  @IsOptional()
  @IsEmail()
  @MaxLength(254)
  email?: string;

  @ApiPropertyOptional({
    description: 'Where visits go to.',
    maxLength: 300,
    example: '上海市黄浦区人民大道200号',
  })
  @IsOptional()
  @IsString()
  @MaxLength(300)
  address?: string;

  @ApiPropertyOptional({ description: 'Language of messages.', enum: ['zh', 'en'], example: 'zh' })
  @IsOptional()
  @IsIn(['zh', 'en'])
  language?: 'zh' | 'en';

  @ApiProperty({ description: 'Day of birth.', format: 'date', example: '1949-12-31' })
  @IsDay()
  birthDate: string;

  @ApiPropertyOptional({ description: 'As on the identity card.', enum: SEXES, example: 'female' })
  @IsOptional()
  @IsIn(SEXES)
  sex?: Sex;

  @ApiProperty({
    description: 'Street (9 digits) or community (12 digits) of residence.',
    example: '310101002001',
  })
  @Matches(/^\d{9}(\d{3})?$/)
  regionCode: string;

  @ApiPropertyOptional({ description: 'Whom the resident lives with.', format: 'uuid', example: ID })
  @IsOptional()
  @IsUUID()
  householdId?: string;

  @ApiPropertyOptional({ description: 'What eligibility looks at.', type: AttributesDto })
  @ValidateNested()
  @Type(() => AttributesDto)
  attributes: AttributesDto = new AttributesDto();

  @ApiPropertyOptional({
    description: 'Consents given with the registration, one per purpose.',
    type: GiveConsentDto,
    isArray: true,
  })
  @ArrayMaxSize(CONSENT_PURPOSES.length)
  @ArrayUnique((consent: GiveConsentDto) => consent.purpose)
  @ValidateNested({ each: true })
  @Type(() => GiveConsentDto)
  consents: GiveConsentDto[] = [];
}

/** What is left out stays; an empty text removes an optional one. */
export class ChangeResidentDto extends PartialType(
  OmitType(RegisterResidentDto, ['consents', 'attributes', 'email'] as const),
) {
  @ApiPropertyOptional({
    description: 'For messages; an empty text removes it.',
    example: 'wang.fang@example.cn',
  })
  @IsOptional()
  @Matches(/^$|^[^@\s]+@[^@\s]+$/)
  @MaxLength(254)
  email?: string;

  @ApiPropertyOptional({
    description: 'What eligibility looks at; what is left out stays.',
    type: AttributesDto,
  })
  @IsOptional()
  @ValidateNested()
  @Type(() => AttributesDto)
  attributes?: AttributesDto;

  @ApiPropertyOptional({
    description:
      'The version that the change was made from; refused when somebody else changed the resident since.',
    type: 'integer',
    minimum: 1,
    example: 3,
  })
  @IsOptional()
  @IsInt()
  @Min(1)
  version?: number;
}

@BodyExample({ mobile: '13800138000' })
export class LookUpResidentDto {
  @ApiPropertyOptional({ description: 'Mobile number; families often share one.', example: '13800138000' })
  @IsOptional()
  @IsString()
  @MaxLength(20)
  mobile?: string;

  @ApiPropertyOptional({ description: 'Citizen number.', example: '11010519491231002X' })
  @IsOptional()
  @IsString()
  @MaxLength(20)
  idNumber?: string;
}

export class ResidentsQuery extends PageQuery {
  @ApiPropertyOptional({ description: 'Those who live in this household.', format: 'uuid', example: ID })
  @IsOptional()
  @IsUUID()
  householdId?: string;
}

export class ResidentViewQuery {
  @ApiPropertyOptional({
    description: 'full shows everything unmasked; needs residents:read-full, and is logged.',
    enum: ['masked', 'full'],
    default: 'masked',
  })
  @IsOptional()
  @IsIn(['masked', 'full'])
  view: 'masked' | 'full' = 'masked';
}
