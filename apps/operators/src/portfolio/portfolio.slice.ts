import { DomainError } from '@doorstep/kernel';
import { currentActor, mayDo } from '@doorstep/platform';
import { DateTime } from 'luxon';
import type { Slice } from './portfolio.queries';

const MONTHS_MAX = 60;

export interface AskedSlice {
  from?: string;
  to?: string;
  contractId?: string;
  region?: string;
  siteId?: string;
  kind?: string;
}

/** Months as asked for, half-open: one month when only one is named, the current one when none is. */
export function monthsOf(
  { from, to }: Pick<AskedSlice, 'from' | 'to'>,
  today: string,
): { from: string; to: string } {
  const first = from ?? (to ? monthAfter(to, -1) : today.slice(0, 7));
  const out = to ?? monthAfter(first, 1);
  if (out <= first) {
    throw new DomainError('invalid', 'period_empty', `The span ends (${out}) before it begins (${first}).`, {
      field: 'to',
      mend: 'Give the first month that is out.',
    });
  }
  if (monthAfter(first, MONTHS_MAX) < out) {
    throw new DomainError('invalid', 'period_too_long', `More than ${MONTHS_MAX} months are asked for.`, {
      field: 'to',
      mend: 'Ask for fewer months at a time.',
    });
  }
  return { from: first, to: out };
}

/** The slice as the asker may see it: who is bound to sites sees these alone. */
export function sliceOf(asked: AskedSlice, today: string): Slice {
  const { operatorId, siteIds } = currentActor();
  const { from, to } = monthsOf(asked, today);
  const { contractId, region, siteId, kind } = asked;
  const own = siteId === undefined ? siteIds : !siteIds || siteIds.includes(siteId) ? [siteId] : [];
  return { operatorId, from: `${from}-01`, to: `${to}-01`, contractId, region, siteIds: own, kind };
}

/** Costs and margins are the operator's own affair: an authority of the region sees the rest. */
export function maySeeCosts(): boolean {
  return mayDo(currentActor(), 'portfolio:margins');
}

function monthAfter(month: string, months: number): string {
  return DateTime.fromISO(`${month}-01`, { zone: 'utc' }).plus({ months }).toFormat('yyyy-MM');
}
