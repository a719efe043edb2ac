import { applyDecorators } from '@nestjs/common';
import { ApiProperty, type ApiPropertyOptions } from '@nestjs/swagger';
import { PACKAGE_CHOICE } from '@doorstep/contracts';
import { Type } from 'class-transformer';
import {
  IsIn,
  IsInt,
  IsISO8601,
  IsOptional,
  IsString,
  IsUUID,
  Length,
  Matches,
  Max,
  Min,
  type ValidationOptions,
} from 'class-validator';

/*
 * Fields of requests and answers, each with its description for the API document and its validation in one line.
 * In queries numbers come as text, hence the conversion.
 */

interface FieldOptions {
  example?: unknown;
  /** May be left out of a request. */
  optional?: boolean;
  /** An answer says null when there is none. */
  nullable?: boolean;
}

/** Largest amount that the API takes: ten billion yuan. */
export const AMOUNT_FEN_MAX = 1_000_000_000_000;

const EXAMPLE_ID = '019a3f6e-0c1d-7b7e-9a55-5b8f6d3c2b1a';

function field(
  schema: ApiPropertyOptions,
  options: FieldOptions,
  ...rules: PropertyDecorator[]
): PropertyDecorator {
  const { example, optional = false, nullable } = options;
  return applyDecorators(
    ApiProperty({
      ...schema,
      required: !optional,
      ...(nullable && { nullable }),
      ...(example !== undefined && { example }),
    } as ApiPropertyOptions),
    ...(optional || nullable ? [IsOptional()] : []),
    ...rules,
  );
}

export function Id(description: string, options: FieldOptions = {}): PropertyDecorator {
  return field({ description, type: String, format: 'uuid' }, { example: EXAMPLE_ID, ...options }, IsUUID());
}

/** Which package is to pay: `auto`, `none`, or an id. */
export function PackageChoice(description: string): PropertyDecorator {
  const schema = { anyOf: [{ type: 'string', format: 'uuid' }, { enum: ['auto', 'none'] }] };
  return field(
    { description, ...schema } as ApiPropertyOptions,
    { optional: true, example: EXAMPLE_ID },
    Matches(PACKAGE_CHOICE, { message: '$property must be auto, none or the id of a package' }),
  );
}

/** An amount in fen. */
export function Amount(
  description: string,
  options: FieldOptions & { min?: number; max?: number } = {},
): PropertyDecorator {
  const { min = 0, max = AMOUNT_FEN_MAX } = options;
  return WholeNumber(description, { ...options, min, max });
}

export function WholeNumber(
  description: string,
  { min, max, ...options }: FieldOptions & { min?: number; max?: number } = {},
): PropertyDecorator {
  const bounds = { ...(min !== undefined && { minimum: min }), ...(max !== undefined && { maximum: max }) };
  return field(
    { description, type: 'integer', ...bounds },
    options,
    Type(() => Number),
    IsInt(),
    ...(min === undefined ? [] : [Min(min)]),
    ...(max === undefined ? [] : [Max(max)]),
  );
}

/** A day of the calendar, YYYY-MM-DD. */
export function DayField(description: string, options: FieldOptions = {}): PropertyDecorator {
  return field(
    { description, type: String, format: 'date' },
    { example: '2026-11-02', ...options },
    IsISO8601({ strict: true }),
    Matches(/^\d{4}-\d{2}-\d{2}$/, { message: '$property must be a day as YYYY-MM-DD' }),
  );
}

/** A month, YYYY-MM. */
export function MonthField(description: string, options: FieldOptions = {}): PropertyDecorator {
  return field(
    { description, type: String, pattern: '^\\d{4}-(0[1-9]|1[0-2])$' },
    { example: '2026-11', ...options },
    Matches(/^\d{4}-(0[1-9]|1[0-2])$/, { message: '$property must be a month as YYYY-MM' }),
  );
}

/** An instant with its offset from UTC. */
export function Instant(description: string, options: FieldOptions = {}): PropertyDecorator {
  return field(
    { description, type: String, format: 'date-time' },
    { example: '2026-11-02T03:15:00.000Z', ...options },
    IsISO8601({ strict: true }),
    Matches(/T.+(Z|[+-]\d{2}:?\d{2})$/, { message: '$property must be an instant with its offset from UTC' }),
  );
}

/** Something printable: not blank, no control characters. */
const PRINTABLE = /^(?!\s*$)[^\p{Cc}\uFFFD]+$/u;

export function Text(
  description: string,
  { max = 200, pattern, ...options }: FieldOptions & { max?: number; pattern?: RegExp } = {},
): PropertyDecorator {
  return field(
    { description, type: String, maxLength: max, ...(pattern && { pattern: pattern.source }) },
    options,
    IsString(),
    Length(1, max),
    Matches(pattern ?? PRINTABLE),
  );
}

export function Choice(
  description: string,
  values: readonly string[],
  options: FieldOptions = {},
  validation?: ValidationOptions,
): PropertyDecorator {
  return field(
    { description, enum: [...values] },
    { example: values[0], ...options },
    IsIn(values, validation),
  );
}

/** Leading digits of a statistics code: province, city, district, street or community. */
export function RegionField(description: string, options: FieldOptions = {}): PropertyDecorator {
  return field(
    { description, type: String, pattern: REGION.source },
    { example: '310101', ...options },
    Matches(REGION, { message: '$property must have 2, 4, 6, 9 or 12 digits' }),
  );
}

const REGION = /^(\d{2}|\d{4}|\d{6}|\d{9}|\d{12})$/;
