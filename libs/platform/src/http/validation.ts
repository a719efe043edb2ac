import { type ArgumentMetadata, Injectable, type PipeTransform, ValidationPipe } from '@nestjs/common';
import { DomainError } from '@doorstep/kernel';
import type { ValidationError } from 'class-validator';
import type { FieldFault } from './problem';

/** Validates every body and query: unknown fields are refused, and all faults are named at once. */
export function validationPipe(): ValidationPipe {
  return new WellFormedValidationPipe({
    whitelist: true,
    forbidNonWhitelisted: true,
    transform: true,
    stopAtFirstError: false,
    // The refusal shows an example of the field, which stands at the class; nothing of the object itself is said.
    validationError: { target: true, value: false },
    exceptionFactory: (errors) => validationProblem(errors),
  });
}

/**
 * Text that no database keeps and no validator expects is refused before anything reads it: NUL, and halves of surrogate
 * pairs, which JSON can spell and Unicode can't.
 */
class WellFormedValidationPipe extends ValidationPipe {
  override async transform(value: unknown, metadata: ArgumentMetadata): Promise<unknown> {
    const field =
      metadata.type === 'body' || metadata.type === 'query' ? illFormedText(value, '') : undefined;
    if (field !== undefined) {
      throw new DomainError(
        'malformed',
        'text_malformed',
        `${field || 'The body'} holds characters that are no text.`,
        {
          field: field || undefined,
          mend: 'Send Unicode text without NUL characters and without halves of surrogate pairs.',
        },
      );
    }
    return super.transform(value, metadata);
  }
}

// A lone surrogate is the only code point that \p{Surrogate} finds in unicode mode.
const NO_TEXT = /[\0\p{Surrogate}]/u;

/** The path of the first text that is none; undefined when all is well. */
function illFormedText(value: unknown, path: string): string | undefined {
  if (typeof value === 'string') return NO_TEXT.test(value) ? path : undefined;
  if (value === null || typeof value !== 'object') return undefined;
  // Class instances, such as an upload's stream, aren't parsed JSON.
  const prototype: unknown = Object.getPrototypeOf(value);
  if (!Array.isArray(value) && prototype !== Object.prototype && prototype !== null) return undefined;
  for (const [key, inner] of Object.entries(value)) {
    const found = NO_TEXT.test(key) ? path : illFormedText(inner, pathOf(path, key));
    if (found !== undefined) return found;
  }
  return undefined;
}

/** One 400 that names every field at fault. */
export function validationProblem(errors: ValidationError[]): DomainError {
  const faults = errors.flatMap((error) => faultsOf(error, ''));
  const fields = [...new Set(faults.map(({ field }) => field))];
  const named = fields.slice(0, 5);
  const more = fields.length > named.length ? ` and ${fields.length - named.length} more` : '';
  return new DomainError('malformed', 'validation_failed', `Not as described: ${named.join(', ')}${more}.`, {
    mend: 'Correct the fields listed in errors; /v1/openapi.json describes each one.',
    errors: faults,
  });
}

function faultsOf(error: ValidationError, parent: string): FieldFault[] {
  const field = pathOf(parent, error.property);
  const own = isMissing(error)
    ? [{ field, reason: `${field} is missing.`, mend: mendOf(field, error) }]
    : Object.entries(error.constraints ?? {}).map(([rule, message]) => faultOf(rule, message, field, error));
  return [...own, ...(error.children ?? []).flatMap((child) => faultsOf(child, field))];
}

/** Left out, so that every rule of the field speaks up at once; a rule between fields has words of its own, and keeps them. */
function isMissing({ target, property, constraints }: ValidationError): boolean {
  if ((target as Record<string, unknown> | undefined)?.[property] !== undefined || !constraints) return false;
  const plain = (message: string) =>
    message.startsWith(`${property} must `) || message.startsWith(`each value in ${property} must `);
  return Object.values(constraints).every(plain);
}

function pathOf(parent: string, property: string): string {
  if (/^\d+$/.test(property) && parent !== '') return `${parent}[${property}]`;
  return parent === '' ? property : `${parent}.${property}`;
}

function faultOf(rule: string, message: string, field: string, error: ValidationError): FieldFault {
  const { property } = error;
  if (rule === 'whitelistValidation') {
    return { field, reason: `${field} is not a field of this operation.`, mend: 'Leave it out.' };
  }
  const words = inWords(message);
  const said = words.startsWith(property) ? field + words.slice(property.length) : words;
  return { field, reason: `${said}.`, mend: mendOf(field, error) };
}

function mendOf(field: string, error: ValidationError): string {
  const example = exampleOf(error);
  const like = example === undefined ? '' : `, such as ${example}`;
  return `Give ${field} as /v1/openapi.json describes it${like}.`;
}

/** A validator's message without the regular expression that it went by, which says nothing to whoever filled in a field. */
export function inWords(message: string): string {
  return message.replace(/must match \/.*\/[a-z]* regular expression$/s, 'is not of the form asked for');
}

/** Under which @ApiProperty keeps what it was told; @nestjs/swagger does not export the name. */
const API_PROPERTY = 'swagger/apiModelProperties';
/** No longer than what is read at a glance. */
const EXAMPLE_MAX = 60;

/** What the API document shows as an example of the field that is at fault, as JSON. */
export function exampleOf({ target, property }: ValidationError): string | undefined {
  if (!target) return undefined;
  const described = Reflect.getMetadata(API_PROPERTY, target, property) as { example?: unknown } | undefined;
  const example = JSON.stringify(described?.example ?? undefined) as string | undefined;
  return example !== undefined && example.length <= EXAMPLE_MAX ? example : undefined;
}

/** For ids in the path: `@Param('id', UuidParam) id: string`. A malformed one is a 400 that names it. */
@Injectable()
export class UuidParam implements PipeTransform<string, string> {
  transform(value: string, metadata: ArgumentMetadata): string {
    if (isUuid(value)) return value.toLowerCase();
    const field = metadata.data ?? 'id';
    throw new DomainError('malformed', 'id_malformed', `${field} in the path must be a UUID.`, {
      field,
      mend: 'Take the id as it was given when the resource was created.',
    });
  }
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

export function isUuid(value: unknown): value is string {
  return typeof value === 'string' && UUID.test(value);
}
