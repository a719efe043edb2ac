import { type ArgumentMetadata, Injectable, type PipeTransform } from '@nestjs/common';
import { DomainError, isDay } from '@doorstep/kernel';

/** A day in the path; 30 February is a 400 that names it. */
@Injectable()
export class DayParam implements PipeTransform<string, string> {
  transform(value: string, { data = 'day' }: ArgumentMetadata): string {
    if (isDay(value)) return value;
    throw malformed(data, 'a day of the calendar, YYYY-MM-DD');
  }
}

@Injectable()
export class MonthParam implements PipeTransform<string, string> {
  transform(value: string, { data = 'month' }: ArgumentMetadata): string {
    if (/^\d{4}-\d{2}$/.test(value) && isDay(`${value}-01`)) return value;
    throw malformed(data, 'a month, YYYY-MM');
  }
}

function malformed(field: string, what: string): DomainError {
  return new DomainError('malformed', 'day_malformed', `${field} in the path must be ${what}.`, {
    field,
    mend: 'Write it as described.',
  });
}
