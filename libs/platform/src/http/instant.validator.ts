import { isDay } from '@doorstep/kernel';
import { buildMessage, ValidateBy, type ValidationOptions } from 'class-validator';

const INSTANT =
  /^(\d{4}-\d{2}-\d{2})[T ](?:[01]\d|2[0-3]):[0-5]\d(?::[0-5]\d(?:\.\d{1,9})?)?(?:Z|[+-]\d{2}:?\d{2})$/;

/** An instant that means the same everywhere: ISO 8601 with its offset, of a real day. */
export function isInstant(text: string): boolean {
  const [, day] = INSTANT.exec(text) ?? [];
  return day !== undefined && isDay(day) && !Number.isNaN(Date.parse(text));
}

/** Without its offset a time would be one of whatever zone the server happens to run in. */
export function IsInstant(options?: ValidationOptions): PropertyDecorator {
  return ValidateBy(
    {
      name: 'isInstant',
      validator: {
        validate: (value) => typeof value === 'string' && isInstant(value),
        defaultMessage: buildMessage(
          (each) => `${each}$property must be an instant with its offset, such as 2026-11-02T03:30:00Z`,
          options,
        ),
      },
    },
    options,
  );
}
