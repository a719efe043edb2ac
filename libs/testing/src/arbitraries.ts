import fc from 'fast-check';

/** Integer fen up to ten million yuan. */
export const anAmountFen = (min = 0, max = 1_000_000_000): fc.Arbitrary<number> => fc.integer({ min, max });

/** A calendar day 'YYYY-MM-DD'. */
export const aDay = (from = '2024-01-01', to = '2029-12-31'): fc.Arbitrary<string> =>
  fc
    .date({ min: new Date(`${from}T00:00:00Z`), max: new Date(`${to}T00:00:00Z`), noInvalidDate: true })
    .map((date) => date.toISOString().slice(0, 10));
