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
    validationError: { target: false, value: false },
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
  const named = faults.map((fault) => fault.field).slice(0, 5);
  const more = faults.length > named.length ? ` and ${faults.length - named.length} more` : '';
  return new DomainError('malformed', 'validation_failed', `Not as described: ${named.join(', ')}${more}.`, {
    mend: 'Correct the fields listed in errors; /v1/openapi.json describes each one.',
    errors: faults,
  });
}

function faultsOf(error: ValidationError, parent: string): FieldFault[] {
  const field = pathOf(parent, error.property);
  const own = Object.entries(error.constraints ?? {}).map(([rule, message]) =>
    faultOf(rule, message, field, error.property),
  );
  return [...own, ...(error.children ?? []).flatMap((child) => faultsOf(child, field))];
}

function pathOf(parent: string, property: string): string {
  if (/^\d+$/.test(property) && parent !== '') return `${parent}[${property}]`;
  return parent === '' ? property : `${parent}.${property}`;
}

function faultOf(rule: string, message: string, field: string, property: string): FieldFault {
  if (rule === 'whitelistValidation') {
    return { field, reason: `${field} is not a field of this operation.`, mend: 'Leave it out.' };
  }
  const said = message.startsWith(property) ? field + message.slice(property.length) : message;
  return { field, reason: `${said}.`, mend: `Give ${field} as /v1/openapi.json describes it.` };
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
