import { tiesOf, type Figures } from './ties';

const tied: Figures = {
  deliveries: 2,
  capturedServices: 2,
  chargedGross: 3600,
  chargedResident: 3200,
  chargedFunders: 300,
  chargedOperator: 100,
  ledgerRevenue: 3600,
  ledgerConcessions: 100,
  ledgerDebits: 5200,
  ledgerCredits: 5200,
  residentsOpen: 1600,
  residentsPaid: 1600,
  claimed: 200,
  unclaimed: 100,
};

describe('the ties of a month', () => {
  it('have no difference when every book says the same', () => {
    expect(tiesOf(tied).map(({ difference }) => difference)).toEqual([0, 0, 0, 0, 0, 0]);
  });

  it.each([
    ['delivered_charged', { deliveries: 3 }, 1],
    ['charges_ledger', { ledgerRevenue: 3599 }, 1],
    ['residents', { residentsPaid: 1700 }, -100],
    ['funders', { unclaimed: 0 }, 100],
    ['operator', { ledgerConcessions: 0 }, 100],
    ['debits_credits', { ledgerCredits: 5100 }, 100],
  ] as const)('name %s when it does not hold, and nothing else', (name, changes, difference) => {
    const open = tiesOf({ ...tied, ...changes }).filter((tie) => tie.difference !== 0);
    expect(open).toMatchObject([{ name, difference }]);
  });
});
