import { DomainError } from '@doorstep/kernel';
import { fourEyes } from '../shared/four-eyes';
import { monthOf, type Cycle } from './cycle';
import type { Figures } from './settlement-figures.service';

/** What stands in the way of drawing the next settlement, what comes first first. */
export function obstaclesOf(
  { contractId, openMonths, cycle, lines }: Figures,
  draftId: string | undefined,
): DomainError[] {
  return [
    ...(draftId ? [draftExists(contractId, draftId)] : []),
    ...(openMonths.length > 0 ? [monthsOpen(openMonths)] : []),
    ...(cycle.kind === 'closing' && lines.every(({ amountFen }) => amountFen === 0)
      ? [nothingToSettle()]
      : []),
  ];
}

export function draftExists(contractId: string, settlementId?: string): DomainError {
  return new DomainError(
    'conflict',
    'settlement_draft_exists',
    'A settlement of the contract is drawn already.',
    {
      mend: `Agree or withdraw it first: GET /v1/contract-settlements?contractId=${contractId}&status=draft.`,
      ...(settlementId && { settlementId }),
    },
  );
}

export function monthsOpen(months: readonly string[]): DomainError {
  return new DomainError('conflict', 'months_open', `Not every month is closed: ${months.join(', ')}.`, {
    mend: 'Close them first, the oldest first: POST /v1/periods/close.',
    months,
  });
}

export function nothingToSettle(): DomainError {
  return new DomainError(
    'conflict',
    'nothing_to_settle',
    'The contract has ended, and all of it is settled.',
    {
      mend: 'Nothing is left to do, unless something is booked for it later.',
    },
  );
}

/** Cycles are settled one after the other, each by the month that it ends with. */
export function wrongCycle(period: string, cycle: Cycle): DomainError {
  const next = monthOf(cycle);
  const mend = `The next one goes from ${cycle.from} and ends with ${next}: POST it with period ${next}.`;
  const of = { field: 'period', mend, next };
  if (period > next)
    return new DomainError(
      'conflict',
      'earlier_cycle_missing',
      `A cycle before ${period} is not agreed yet.`,
      of,
    );
  if (period >= cycle.from.slice(0, 7))
    return new DomainError('conflict', 'cycle_goes_on', `The cycle does not end with ${period}.`, of);
  return new DomainError(
    'conflict',
    'cycle_settled',
    `No cycle that ends with ${period} is left to settle.`,
    of,
  );
}

export function outdated(): DomainError {
  return new DomainError('conflict', 'settlement_outdated', 'Something else is due since it was drawn.', {
    mend: 'Withdraw it and draw it again: POST /v1/contract-settlements/{id}/withdraw.',
  });
}

export function drawnByYou(): DomainError {
  return fourEyes('Somebody else has to agree to what you drew.', 'contract-settlements:agree');
}
