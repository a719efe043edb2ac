import fc from 'fast-check';

/** Integer fen up to ten million yuan. */
export const anAmountFen = (min = 0, max = 1_000_000_000): fc.Arbitrary<number> => fc.integer({ min, max });

/** Basis points, 0 to 100 %. */
export const aRateBp = (): fc.Arbitrary<number> => fc.integer({ min: 0, max: 10_000 });

/** A calendar day 'YYYY-MM-DD'. */
export const aDay = (from = '2024-01-01', to = '2029-12-31'): fc.Arbitrary<string> =>
  fc
    .date({ min: new Date(`${from}T00:00:00Z`), max: new Date(`${to}T00:00:00Z`), noInvalidDate: true })
    .map((date) => date.toISOString().slice(0, 10));

/** Two different days in order: a half-open period of at least one day. */
export const aPeriodOfDays = (): fc.Arbitrary<{ from: string; to: string }> =>
  fc
    .uniqueArray(aDay(), { minLength: 2, maxLength: 2 })
    .map((days) => days.sort())
    .map(([from, to]) => ({ from: from as string, to: to as string }));
