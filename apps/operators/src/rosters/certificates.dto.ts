import { PageQuery } from '@doorstep/platform';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsIn, IsInt, IsOptional, IsString, IsUUID, Matches, Max, MaxLength, Min } from 'class-validator';
import { LICENCE_TYPE } from '../licences/licences.dto';
import { type Enforcement, ENFORCEMENTS } from '../licences/standing';
import { IsDay } from '../shared/day.validator';
import { RegionalRuleDto, ShownRuleDto } from '../shared/regional-rules.dto';

const STAFF_ID = '019a3f6e-0c1d-7b7e-9a55-5b8f6d3c2b30';
const SKILL = /^[a-z][a-z0-9_]{1,59}$/;
const SKILL_MESSAGE = { message: '$property must be a word such as bedside_care' };
const TYPE_MESSAGE = { message: '$property must be a word such as health' };

export class EnterCertificateDto {
  @ApiProperty({ format: 'uuid', description: 'The member of staff.', example: STAFF_ID })
  @IsUUID()
  staffId: string;

  @ApiProperty({
    description: 'Type: health, care_worker, childcare_worker, or another word.',
    example: 'health',
  })
  @Matches(LICENCE_TYPE, TYPE_MESSAGE)
  type: string;

  @ApiProperty({ description: 'Number on the paper.', example: '310101202600123', maxLength: 100 })
  @IsString()
  @Matches(/\S/, { message: 'number must not be empty' })
  @MaxLength(100)
  number: string;

  @ApiProperty({ format: 'date', description: 'First day on which it holds.', example: '2026-03-01' })
  @IsDay()
  validFrom: string;

  @ApiPropertyOptional({
    format: 'date',
    description: 'First day on which it does not hold any more; left out: it never runs out.',
    example: '2027-03-01',
  })
  @IsOptional()
  @IsDay()
  validTo?: string;
}

export class RevokeCertificateDto {
  @ApiPropertyOptional({
    format: 'date',
    description: 'First day without it; default: today.',
    example: '2026-12-05',
  })
  @IsOptional()
  @IsDay()
  on?: string;
}

export class CertificatesQuery extends PageQuery {
  @ApiPropertyOptional({ format: 'uuid', description: 'Only of this member of staff.', example: STAFF_ID })
  @IsOptional()
  @IsUUID()
  staffId?: string;

  @ApiPropertyOptional({
    type: 'integer',
    minimum: 0,
    maximum: 3650,
    description: 'Only those that run out within so many days, or have, and that no other one replaces.',
    example: 90,
  })
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(0)
  @Max(3650)
  dueWithinDays?: number;
}

export class CertificateDto {
  @ApiProperty({ format: 'uuid', description: 'Id.', example: '019a3f6e-0c1d-7b7e-9a55-5b8f6d3c2bb0' })
  id: string;

  @ApiProperty({ format: 'uuid', description: 'The member of staff.', example: STAFF_ID })
  staffId: string;

  @ApiProperty({ description: 'Type.', example: 'health' })
  type: string;

  @ApiProperty({
    description: 'Number; an authority sees its last four characters.',
    example: '310101202600123',
  })
  number: string;

  @ApiProperty({ format: 'date', description: 'First day.', example: '2026-03-01' })
  validFrom: string;

  @ApiProperty({
    type: String,
    format: 'date',
    nullable: true,
    description: 'First day without.',
    example: '2027-03-01',
  })
  validTo: string | null;

  @ApiProperty({
    type: String,
    format: 'date',
    nullable: true,
    description: 'First day without, because it was taken away.',
    example: null,
  })
  revokedOn: string | null;

  @ApiProperty({ type: 'integer', description: 'Grows by one with each change.', example: 1 })
  version: number;
}

export class RequireSkillDto extends RegionalRuleDto {
  @ApiProperty({ description: 'What somebody does.', example: 'bedside_care' })
  @Matches(SKILL, SKILL_MESSAGE)
  skill: string;

  @ApiProperty({ description: 'The certificate that it needs.', example: 'health' })
  @Matches(LICENCE_TYPE, TYPE_MESSAGE)
  certificateType: string;

  @ApiProperty({
    enum: ENFORCEMENTS,
    description:
      'lapsed: only one that has run out or was revoked takes the skill away; missing: so does one never had.',
    example: 'lapsed',
  })
  @IsIn(ENFORCEMENTS)
  enforcement: Enforcement;
}

export class SkillRequirementDto extends ShownRuleDto {
  @ApiProperty({ description: 'What somebody does.', example: 'bedside_care' })
  skill: string;

  @ApiProperty({ description: 'The certificate that it needs.', example: 'health' })
  certificateType: string;

  @ApiProperty({ enum: ENFORCEMENTS, description: 'What takes the skill away.', example: 'lapsed' })
  enforcement: Enforcement;
}
