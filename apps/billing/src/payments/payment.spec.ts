import fc from 'fast-check';
import { deal, takeBack, type Payable } from './payment';

const payable = (residentFen: number, changes: Partial<Payable> = {}): Payable => ({
  chargeId: 'c',
  owed: true,
  residentFen,
  paidFen: 0,
  ...changes,
});

describe('dealing a payment out', () => {
  it.each<[string, number, Payable[], number[]]>([
    ['exactly', 300, [payable(100), payable(200)], [100, 200]],
    ['too little, in the order given', 250, [payable(100), payable(200)], [100, 150]],
    ['too much', 400, [payable(100), payable(200)], [100, 200]],
    ['past what is paid already', 300, [payable(100, { paidFen: 60 }), payable(200)], [40, 200]],
    ['past what nobody owes', 300, [payable(100, { owed: false }), payable(200)], [0, 200]],
  ])('%s', (_name, amount, payables, expected) => expect(deal(amount, payables)).toEqual(expected));
});

describe('taking a refund back', () => {
  const standing = (allocations: [number, boolean][], advanceFen = 0, refundedFen = 0) => {
    const allocatedFen = allocations.reduce((sum, [fen]) => sum + fen, 0);
    return {
      amountFen: allocatedFen + advanceFen + refundedFen,
      allocatedFen,
      refundedFen,
      allocations: allocations.map(([amountFen, applied], i) => ({ id: String(i), amountFen, applied })),
    };
  };

  it.each<[string, ReturnType<typeof standing>, number, number[]]>([
    ['from the advance first', standing([[100, false]], 50), 50, [0]],
    [
      'then from the latest service to come',
      standing(
        [
          [100, false],
          [100, false],
        ],
        50,
      ),
      170,
      [20, 100],
    ],
    [
      'then from delivered services',
      standing([
        [100, true],
        [100, false],
      ]),
      130,
      [30, 100],
    ],
    [
      'all of it',
      standing(
        [
          [100, true],
          [100, false],
        ],
        5,
      ),
      205,
      [100, 100],
    ],
  ])('%s', (_name, payment, refund, taken) => expect(takeBack(payment, refund)).toEqual(taken));

  it('is refused beyond what is left', () => {
    expect(() => takeBack(standing([[100, true]], 0, 20), 101)).toThrow('Only 100 fen');
  });

  it('never takes more than there is, and always the whole refund', () => {
    const drawn = fc.array(fc.tuple(fc.integer({ min: 1, max: 500 }), fc.boolean()), { maxLength: 6 });
    fc.assert(
      fc.property(drawn, fc.nat(300), fc.nat(4000), (allocations, advance, wish) => {
        const payment = standing(allocations, advance);
        const refund = Math.min(wish, payment.amountFen);
        const taken = takeBack(payment, refund);
        taken.forEach((fen, i) => expect(fen).toBeLessThanOrEqual(allocations[i][0]));
        expect(taken.reduce((a, b) => a + b, 0)).toBe(Math.max(0, refund - advance));
        if (taken.some((fen, i) => fen > 0 && allocations[i][1]))
          taken.forEach((fen, i) => !allocations[i][1] && expect(fen).toBe(allocations[i][0]));
      }),
    );
  });
});
