import { type Day, DomainError, liesWithin } from '@doorstep/kernel';
import { currentActor } from '@doorstep/platform';
import { localDay } from '../sessions/calendar';

/** Rules of the law begin on days of the country's calendar. */
const LEGAL_ZONE = 'Asia/Shanghai';

/** An authority sets rules for its own region, an administrator everywhere. */
export function checkPlace(regionCode: string | null): void {
  const { roles, regionPrefix } = currentActor();
  if (roles.includes('administrator')) return;
  if (regionPrefix && regionCode && liesWithin(regionCode, regionPrefix)) return;
  throw new DomainError('forbidden', 'region_not_yours', 'You can only set rules for your own region.', {
    field: 'regionCode',
    mend: `Give a region code that begins with ${regionPrefix ?? 'yours'}.`,
  });
}

/** What is past was judged by the rules of its days. */
export function checkRuleDay(from: Day, now: Date): void {
  const today = localDay(now, LEGAL_ZONE);
  if (from >= today) return;
  throw new DomainError('invalid', 'day_past', `${from} is past.`, {
    field: 'from',
    mend: `Choose ${today} or a later day.`,
  });
}
