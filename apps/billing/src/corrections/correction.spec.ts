import fc from 'fast-check';
import { concession, freed, fundersFenOf } from './correction';

const amount = fc.integer({ min: 0, max: 1_000_000 });

describe('a difference', () => {
  it('is whole: a concession takes from the resident what the operator carries', () => {
    expect(fundersFenOf(concession('c', 300))).toBe(0);
  });

  it('that is not whole is a defect', () => {
    expect(() => fundersFenOf({ ...concession('c', 300), grossFen: 1 })).toThrow('make its whole');
  });
});

describe('what is paid too much', () => {
  it('is freed from the latest allocation on, exactly and never more', () => {
    fc.assert(
      fc.property(fc.array(amount, { maxLength: 6 }), amount, (paid, owedFen) => {
        const allocations = paid.map((amountFen, index) => ({ id: String(index), amountFen }));
        const taken = freed(allocations, owedFen);
        const left = paid.reduce((sum, each, index) => sum + each - taken[index], 0);
        expect(left).toBe(
          Math.min(
            owedFen,
            paid.reduce((a, b) => a + b, 0),
          ),
        );
        const first = taken.findIndex((fen) => fen > 0);
        // Whatever lies behind the first one touched is freed whole.
        if (first >= 0) expect(taken.slice(first + 1)).toEqual(paid.slice(first + 1));
      }),
    );
  });
});
