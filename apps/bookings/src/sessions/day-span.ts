import { type Day, DomainError } from '@doorstep/kernel';
import { addDays } from './calendar';

/** The longest span of days of one question. */
export const SPAN_DAYS_MAX = 62;

/** Half-open, and not more days than one answer should look at. */
export function checkSpan(from: Day, to: Day): void {
  if (to > from && to <= addDays(from, SPAN_DAYS_MAX)) return;
  throw new DomainError('invalid', 'period_out_of_bounds', 'The days asked for are none, or too many.', {
    field: 'to',
    mend: `Give a day after from, ${SPAN_DAYS_MAX} days later at most; to is the first day that is out.`,
  });
}
