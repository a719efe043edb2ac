import { type ArgumentMetadata, Injectable, type PipeTransform } from '@nestjs/common';
import { DomainError } from '@doorstep/kernel';
import { isUsableDay } from './day.validator';

/** A day in the path; 30 February is a 400 that names it. */
@Injectable()
export class DayParam implements PipeTransform<string, string> {
  transform(value: string, { data = 'day' }: ArgumentMetadata): string {
    if (isUsableDay(value)) return value;
    throw malformed(data, 'a day of the calendar before 9999-12-31, YYYY-MM-DD');
  }
}

@Injectable()
export class MonthParam implements PipeTransform<string, string> {
  transform(value: string, { data = 'month' }: ArgumentMetadata): string {
    if (/^\d{4}-\d{2}$/.test(value) && value < '9999-12' && isUsableDay(`${value}-01`)) return value;
    throw malformed(data, 'a month, YYYY-MM');
  }
}

function malformed(field: string, what: string): DomainError {
  return new DomainError('malformed', 'day_malformed', `${field} in the path must be ${what}.`, {
    field,
    mend: 'Write it as described.',
  });
}
