import {
  CAPACITY_MODELS,
  type CapacityModel,
  CARE_LEVELS,
  type CareLevel,
  DELIVERIES,
  type DeliveryPlace,
  SERVICE_MODES,
  type ServiceMode,
  UNPRICED_POLICIES,
  type UnpricedPolicy,
} from '@doorstep/contracts';
import { ApiProperty, ApiPropertyOptional, PartialType } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayMinSize,
  IsArray,
  IsBoolean,
  IsIn,
  IsInt,
  IsObject,
  IsString,
  IsUUID,
  Length,
  Matches,
  Max,
  Min,
  ValidateIf,
  ValidateNested,
} from 'class-validator';
import { NameDto, PRINTABLE, WarningDto } from '../name.dto';
import { WALL_CLOCK } from '../sites/wall-clock';

/** A field that may be left out or be null, both meaning none; in a change, null takes the value away. */
const Nullable = () => ValidateIf((_object, value) => value !== undefined && value !== null);
const integer = (description: string, example: number | null, minimum = 0) =>
  ({ description, type: 'integer', minimum, example }) as const;
const noneOr = (options: object) => ({ ...options, nullable: true });
const YEAR_MINUTES = 525_600;

export class WindowDto {
  @ApiProperty({
    description: 'ISO weekday, 1 = Monday.',
    type: 'integer',
    minimum: 1,
    maximum: 7,
    example: 1,
  })
  @IsInt()
  @Min(1)
  @Max(7)
  weekday: number;

  @ApiProperty({ description: 'Starts, site-local, HH:MM.', pattern: WALL_CLOCK.source, example: '11:00' })
  @Matches(WALL_CLOCK)
  starts: string;

  @ApiProperty({
    description: 'Ends on the same day; 24:00 is its end.',
    pattern: WALL_CLOCK.source,
    example: '12:30',
  })
  @Matches(WALL_CLOCK)
  ends: string;

  @ApiPropertyOptional(
    integer('Cuts the window into slots of so many minutes; left out: one session.', 30, 5),
  )
  @ValidateIf((_object, value) => value !== undefined)
  @IsInt()
  @Min(5)
  @Max(1440)
  slotMinutes?: number;
}

export class CreateOfferingDto {
  @ApiProperty({ description: 'Code, unique on the site.', minLength: 1, maxLength: 60, example: 'LUNCH' })
  @IsString()
  @Length(1, 60)
  @Matches(PRINTABLE)
  code: string;

  @ApiProperty({ description: 'Name.', type: NameDto, example: { zh: '社区午餐', en: 'Community lunch' } })
  @IsObject()
  @ValidateNested()
  @Type(() => NameDto)
  name: NameDto;

  @ApiProperty({ description: 'Kind of service; GET /v1/kinds lists them.', example: 'meals' })
  @Matches(/^[a-z][a-z0-9_]{1,39}$/)
  kind: string;

  @ApiProperty({ description: 'How it is taken up.', enum: SERVICE_MODES, example: 'session' })
  @IsIn(SERVICE_MODES)
  mode: ServiceMode;

  @ApiProperty({ description: 'Where it reaches the resident.', enum: DELIVERIES, example: 'on_site' })
  @IsIn(DELIVERIES)
  delivery: DeliveryPlace;

  @ApiProperty({
    description:
      "What limits it. seats: the party counts against a session; exclusive: one booking per slot; places: seats bounded by staff; caregiver: a person's time.",
    enum: CAPACITY_MODELS,
    example: 'seats',
  })
  @IsIn(CAPACITY_MODELS)
  capacityModel: CapacityModel;

  @ApiProperty({
    ...integer('Seats or places of a session; 1 for exclusive; visits at once for caregivers.', 30, 1),
    maximum: 10_000,
  })
  @IsInt()
  @Min(1)
  @Max(10_000)
  capacity: number;

  @ApiPropertyOptional(
    noneOr(integer('Places: most for one member of staff. Capacity is at most ratio × count.', null, 1)),
  )
  @Nullable()
  @IsInt()
  @Min(1)
  @Max(100)
  staffRatio?: number | null;

  @ApiPropertyOptional(noneOr(integer('Places: members of staff on duty.', null)))
  @Nullable()
  @IsInt()
  @Min(0)
  @Max(1000)
  staffCount?: number | null;

  @ApiPropertyOptional(
    noneOr({
      description: 'The space that it takes place in.',
      type: 'string',
      format: 'uuid',
      example: null,
    }),
  )
  @Nullable()
  @IsUUID()
  spaceId?: string | null;

  @ApiPropertyOptional(noneOr(integer('Youngest age in months that may take part.', null)))
  @Nullable()
  @IsInt()
  @Min(0)
  @Max(1800)
  ageMonthsMin?: number | null;

  @ApiPropertyOptional(
    noneOr(integer('First age in months that is out: 36 ends at the third birthday.', null, 1)),
  )
  @Nullable()
  @IsInt()
  @Min(1)
  @Max(1800)
  ageMonthsMax?: number | null;

  @ApiPropertyOptional(
    noneOr({
      description: 'For residents with at least this loss of ability (GB/T 42195-2022).',
      enum: CARE_LEVELS,
      type: 'string',
      example: null,
    }),
  )
  @Nullable()
  @IsIn(CARE_LEVELS)
  careLevelMin?: CareLevel | null;

  @ApiPropertyOptional({
    description: 'What the member of staff must be able to do; at least one for caregivers.',
    type: [String],
    maxItems: 20,
    example: [],
  })
  @ValidateIf((_object, value) => value !== undefined)
  @IsArray()
  @ArrayMaxSize(20)
  @Matches(/^[a-z][a-z0-9_]{1,39}$/, { each: true })
  skills?: string[];

  @ApiPropertyOptional({
    description:
      'Types of licence that it needs besides those that its kind needs anyway (GET /v1/licence-requirements).',
    type: [String],
    maxItems: 20,
    example: [],
  })
  @ValidateIf((_object, value) => value !== undefined)
  @IsArray()
  @ArrayMaxSize(20)
  @Matches(/^[a-z][a-z0-9_]{1,39}$/, { each: true })
  licences?: string[];

  @ApiProperty({ description: 'When it runs, site-local.', type: [WindowDto], minItems: 1, maxItems: 100 })
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(100)
  @IsObject({ each: true })
  @ValidateNested({ each: true })
  @Type(() => WindowDto)
  schedule: WindowDto[];

  @ApiPropertyOptional({
    ...integer('Booking opens so many minutes before the start; 0: always open.', 0),
    default: 0,
  })
  @ValidateIf((_object, value) => value !== undefined)
  @IsInt()
  @Min(0)
  @Max(YEAR_MINUTES)
  leadMinutes?: number;

  @ApiPropertyOptional({ ...integer('Booking ends so many minutes before the start.', 60), default: 0 })
  @ValidateIf((_object, value) => value !== undefined)
  @IsInt()
  @Min(0)
  @Max(YEAR_MINUTES)
  cutoffMinutes?: number;

  @ApiPropertyOptional({ ...integer('Kept free after a booking of a space or a caregiver.', 0), default: 0 })
  @ValidateIf((_object, value) => value !== undefined)
  @IsInt()
  @Min(0)
  @Max(1440)
  bufferMinutes?: number;

  @ApiPropertyOptional({
    description: 'While billing is silent: bookings stay held and expire, or are confirmed and priced later.',
    ...{ enum: UNPRICED_POLICIES, default: 'hold' },
  })
  @ValidateIf((_object, value) => value !== undefined)
  @IsIn(UNPRICED_POLICIES)
  unpricedPolicy?: UnpricedPolicy;
}

export class ChangeOfferingDto extends PartialType(CreateOfferingDto, { skipNullProperties: false }) {
  @ApiPropertyOptional({ description: 'False takes it off: no new sessions.', example: false })
  @ValidateIf((_object, value) => value !== undefined)
  @IsBoolean()
  active?: boolean;

  @ApiPropertyOptional({
    ...integer('The version that the change was made from; refused when it has changed since.', 3, 1),
  })
  @ValidateIf((_object, value) => value !== undefined)
  @IsInt()
  @Min(1)
  version?: number;
}

export class OfferingDto extends CreateOfferingDto {
  @ApiProperty({ description: 'Id.', format: 'uuid', example: '019a3f6e-0c1d-7b7e-9a55-5b8f6d3c2b1a' })
  id: string;

  @ApiProperty({
    description: 'The operator that runs it.',
    format: 'uuid',
    example: '019a3f6e-0c1d-7b7e-9a55-5b8f6d3c2b1b',
  })
  operatorId: string;

  @ApiProperty({
    description: 'The site that offers it.',
    format: 'uuid',
    example: '019a3f6e-0c1d-7b7e-9a55-5b8f6d3c2b1c',
  })
  siteId: string;

  @ApiProperty({ description: 'False: taken off.', example: true })
  active: boolean;

  @ApiProperty(integer('Rises with each change.', 1, 1))
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

export class OfferingWithWarningsDto extends OfferingDto {
  @ApiProperty({ description: 'What guidelines would like to be different.', type: [WarningDto] })
  warnings: WarningDto[];
}
