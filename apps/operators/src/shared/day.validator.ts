import { isDay } from '@doorstep/kernel';
import { ValidateBy, type ValidationOptions } from 'class-validator';

/** A real day of the calendar, written YYYY-MM-DD. */
export function IsDay(options?: ValidationOptions): PropertyDecorator {
  const validator = {
    validate: (value: unknown) => typeof value === 'string' && isDay(value),
    defaultMessage: () => '$property must be a day of the calendar: YYYY-MM-DD',
  };
  return ValidateBy({ name: 'isDay', validator }, options);
}
