import { SERVICE_MODES, type ServiceMode } from '@doorstep/contracts';
import { PageQuery } from '@doorstep/platform';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import {
  ArrayUnique,
  IsArray,
  IsBoolean,
  IsIn,
  IsInt,
  IsObject,
  IsOptional,
  Matches,
  Max,
  Min,
  ValidateNested,
} from 'class-validator';
import { NameDto } from '../name.dto';

export class SetKindDto {
  @ApiProperty({
    description: 'What programs call it.',
    pattern: '^[a-z][a-z0-9_]{1,39}$',
    example: 'after_school',
  })
  @Matches(/^[a-z][a-z0-9_]{1,39}$/)
  code: string;

  @ApiProperty({ description: 'What people call it; English is required here.', type: NameDto })
  @IsObject()
  @ValidateNested()
  @Type(() => NameDto)
  name: NameDto;

  @ApiProperty({
    description:
      'Whether it is urgent and scarce, as elderly care, childcare, after-school care and meals are.',
    example: true,
  })
  @IsBoolean()
  urgentAndScarce: boolean;

  @ApiPropertyOptional({
    description: "The region whose own kind it is; left out: the whole country's.",
    example: '3101',
  })
  @IsOptional()
  @Matches(/^\d{2,12}$/)
  regionCode?: string;

  @ApiPropertyOptional({
    description: 'Modes that fit it; left out or empty: all.',
    enum: SERVICE_MODES,
    isArray: true,
    example: ['half_day', 'timed'],
  })
  @IsOptional()
  @IsArray()
  @ArrayUnique()
  @IsIn(SERVICE_MODES, { each: true })
  modes?: ServiceMode[];

  @ApiPropertyOptional({
    description: 'Order of listing.',
    type: 'integer',
    minimum: 1,
    maximum: 1000,
    default: 100,
  })
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(1000)
  place?: number;

  @ApiPropertyOptional({ description: 'False closes it for new offerings.', default: true })
  @IsOptional()
  @IsBoolean()
  active?: boolean;
}

export class KindsQuery extends PageQuery {
  @ApiPropertyOptional({
    description: "Kinds that may be offered in this region: the country's and its own.",
    example: '310101',
  })
  @IsOptional()
  @Matches(/^\d{2,12}$/)
  regionCode?: string;
}

export class KindDto {
  @ApiProperty({ description: 'What programs call it.', example: 'elderly_care' })
  code: string;

  @ApiProperty({ description: 'What people call it.', type: NameDto })
  name: NameDto;

  @ApiProperty({ description: 'Whether it is urgent and scarce.', example: true })
  urgentAndScarce: boolean;

  @ApiProperty({
    description: "The region whose own kind it is; null: the whole country's.",
    type: 'string',
    nullable: true,
    example: null,
  })
  regionCode: string | null;

  @ApiProperty({
    description: 'Modes that fit it; empty: all.',
    enum: SERVICE_MODES,
    isArray: true,
    example: [],
  })
  modes: string[];

  @ApiProperty({ description: 'False: closed for new offerings.', example: true })
  active: boolean;
}
