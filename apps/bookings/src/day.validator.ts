import { isDay } from '@doorstep/kernel';
import { buildMessage, ValidateBy, type ValidationOptions } from 'class-validator';

/** A real day of the calendar, `YYYY-MM-DD`: 2026-02-30 is none. */
export function IsDay(options?: ValidationOptions): PropertyDecorator {
  return ValidateBy(
    {
      name: 'isDay',
      validator: {
        validate: (value) => typeof value === 'string' && isDay(value),
        defaultMessage: buildMessage(
          (each) => `${each}$property must be a day of the calendar, YYYY-MM-DD`,
          options,
        ),
      },
    },
    options,
  );
}
