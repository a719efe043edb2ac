import { assertClosable, checklist, type ClosingFigures } from './checklist';

const done: ClosingFigures = {
  ...{
    earlierOpenMonths: 0,
    undecidedCharges: 0,
    unchargedDeliveries: 0,
    unreconciledFiles: 0,
    unexplainedPayments: 0,
  },
  ...{
    unmatchedLines: 0,
    openExceptions: 0,
    waitingVoids: 0,
    disputedExceptions: 0,
    uncoveredDays: 0,
    draftClaims: 0,
  },
  ...{ unclaimedShares: 0, overstatedFapiao: 0, differenceFen: 0 },
};
const closable = (changes: Partial<ClosingFigures>, today = '2026-12-01') =>
  assertClosable(checklist({ ...done, ...changes }, '2026-12-01', today));

describe('a month', () => {
  it('can be closed when nothing that blocks is left', () => {
    expect(() => closable({})).not.toThrow();
    expect(() =>
      closable({
        disputedExceptions: 2,
        uncoveredDays: 3,
        draftClaims: 1,
        unclaimedShares: 5,
        overstatedFapiao: 1,
      }),
    ).not.toThrow();
  });

  it.each<[string, Partial<ClosingFigures>]>([
    ['earlier_months_closed', { earlierOpenMonths: 1 }],
    ['charges_decided', { undecidedCharges: 1 }],
    ['deliveries_charged', { unchargedDeliveries: 1 }],
    ['files_reconciled', { unreconciledFiles: 1 }],
    ['payments_explained', { unexplainedPayments: 1 }],
    ['statements_matched', { unmatchedLines: 1 }],
    ['exceptions_settled', { openExceptions: 1 }],
    ['voids_decided', { waitingVoids: 1 }],
    ['books_tie', { differenceFen: 1 }],
  ])('waits for %s', (name, changes) => expect(() => closable(changes)).toThrow(name));

  it('is closed when it is over', () => expect(() => closable({}, '2026-11-30')).toThrow('month_over'));
});
