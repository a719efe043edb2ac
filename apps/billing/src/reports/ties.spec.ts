import { differenceOf, moneyTiesOf, tiesOf, type Figures, type MoneyFigures } from './ties';

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

const money: MoneyFigures = {
  ...{ paymentsRecorded: 3_600, paymentsSettled: 1_800, paymentsNamed: 1_000, paymentsWaiting: 800 },
  ...{
    filesSettled: 1_800,
    ledgerSettled: 1_800,
    payoutsExpected: 1_789,
    payoutsSeen: 789,
    payoutsOpen: 1_000,
  },
  ...{ transfersRecorded: 900, transfersSeen: 600, transfersOpen: 300 },
  ...{ claimsSubmitted: 200, claimsSeen: 0, claimsOpen: 200, bankMatched: 789, ledgerBank: 789 },
  ...{ settlementsAgreed: -70, settlementsBooked: -70, settlementsSeen: -50, settlementsOpen: -20 },
  ...{ heldForResidents: 500, ledgerHeld: 500 },
};

describe('the ties of channels and banks', () => {
  it('hold when every fen has its place', () => expect(differenceOf(moneyTiesOf(money))).toBe(0));

  it.each([
    ['payments_channels', { paymentsNamed: 999 }, 1],
    ['channels_ledger', { ledgerSettled: 1_799 }, 1],
    ['channels_bank', { payoutsOpen: 1_001 }, -1],
    ['transfers_bank', { transfersSeen: 500 }, 100],
    ['claims_bank', { claimsOpen: 0 }, 200],
    ['contracts_ledger', { settlementsBooked: -60 }, -10],
    ['contracts_bank', { settlementsOpen: -21 }, 1],
    ['bank_ledger', { ledgerBank: 0 }, 789],
  ] as const)('name %s when it does not hold, and nothing else', (name, changes, difference) => {
    const open = moneyTiesOf({ ...money, ...changes }).filter((tie) => tie.difference !== 0);
    expect(open).toMatchObject([{ name, difference }]);
  });
});
