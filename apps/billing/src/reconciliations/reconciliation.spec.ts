import { tie, type Sums } from './reconciliation';

const sums = (changes: Partial<Sums> = {}): Sums => ({
  ...{ theirsFen: 5_000, theirFeesFen: 30, oursOfDayFen: 4_000, oursOfOtherDaysFen: 500, explainedFen: 500 },
  ...{ settledFen: 4_500, settledFeesFen: 27, openFeesFen: 3, lines: 3, matched: 2, exceptions: 1 },
  ...changes,
});
const settled = [
  { contractId: 'a', amountFen: 4_000, feeFen: 24 },
  { contractId: 'b', amountFen: 500, feeFen: 3 },
];

describe('a reconciliation', () => {
  it('ties when exceptions explain every fen', () => {
    expect(tie(sums(), settled)).toEqual({ oursFen: 4_500, differenceFen: 0, feeDifferenceFen: 0 });
  });

  it.each<[string, Partial<Sums>]>([
    ['a fen that nothing explains', { explainedFen: 499 }],
    ['a fee of no line', { theirFeesFen: 31 }],
    ['something settled that is not booked', { settledFen: 4_501 }],
    ['a settled fee that is not booked', { settledFeesFen: 26, openFeesFen: 4 }],
  ])('is not stored with %s', (_name, changes) =>
    expect(() => tie(sums(changes), settled)).toThrow('assertion failed'),
  );
});
