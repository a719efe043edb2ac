import { DomainError } from '@doorstep/kernel';

/** Half-open span of instants in which a space can't be used. */
export interface Closure {
  startsAt: Date;
  endsAt: Date;
}

const DAY_MS = 86_400_000;
/** A space that stays shut for longer is taken out of use instead. */
const DAYS_MAX = 366;
/** Coming closures of one site; each is told with the offerings it touches. */
export const CLOSURES_PER_SITE_MAX = 200;

/** A closure must have a length, not be over, and not go on for ever. */
export function checkClosure({ startsAt, endsAt }: Closure, now: Date): void {
  if (endsAt <= startsAt) throw refusal('is not after startsAt', 'A closure ends after it begins.');
  if (endsAt <= now) throw refusal('has passed', 'Enter closures that are still to come or still going on.');
  if (endsAt.getTime() - startsAt.getTime() > DAYS_MAX * DAY_MS) {
    throw refusal(`is more than ${DAYS_MAX} days after startsAt`, 'Take the space out of use instead.');
  }
}

function refusal(reason: string, mend: string): DomainError {
  return new DomainError('invalid', 'closure_invalid', `endsAt ${reason}.`, { field: 'endsAt', mend });
}
