import { Injectable, type PipeTransform } from '@nestjs/common';
import { DomainError, isDay } from '@doorstep/kernel';

/** A day in a path. */
@Injectable()
export class DayParam implements PipeTransform<string, string> {
  transform(value: string): string {
    if (isDay(value)) return value;
    throw new DomainError(
      'malformed',
      'validation_failed',
      'The day in the path is no day of the calendar.',
      {
        field: 'day',
        mend: 'Write days as YYYY-MM-DD.',
      },
    );
  }
}
