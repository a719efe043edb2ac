import { isDay } from '@doorstep/kernel';
import { buildMessage, ValidateBy, type ValidationOptions } from 'class-validator';

/** The last day that can be written: spans are half-open, and this one has no next to end before. */
const LAST_DAY = '9999-12-31';

export function isUsableDay(text: string): boolean {
  return isDay(text) && text < LAST_DAY;
}

/** A real day of the calendar, `YYYY-MM-DD`, that has a next one: 2026-02-30 is none. */
export function IsDay(options?: ValidationOptions): PropertyDecorator {
  return ValidateBy(
    {
      name: 'isDay',
      validator: {
        validate: (value) => typeof value === 'string' && isUsableDay(value),
        defaultMessage: buildMessage(
          (each) => `${each}$property must be a day of the calendar before ${LAST_DAY}, YYYY-MM-DD`,
          options,
        ),
      },
    },
    options,
  );
}
