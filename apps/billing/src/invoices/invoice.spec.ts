import { anAmountFen } from '@doorstep/testing';
import fc from 'fast-check';
import { creditAcross, creditOf, documentNumber, invoiceLife, type CreditableLine } from './invoice';

const amounts = fc.array(anAmountFen(1, 1_000_000), { minLength: 1, maxLength: 12 });
const cuts = fc.array(fc.nat(1_000_000), { maxLength: 8 });
const sum = (list: readonly number[]) => list.reduce((a, b) => a + b, 0);
const fresh = (list: readonly number[]): CreditableLine[] =>
  list.map((amountFen, index) => ({ id: String(index), amountFen, creditedFen: 0 }));

/** Gives fen by fen to the line that is furthest behind its exact share of what remains. Slow and plainly right. */
function naive(lines: CreditableLine[], amountFen: number): number[] {
  const remaining = lines.map((line) => BigInt(line.amountFen - line.creditedFen));
  const whole = remaining.reduce((a, b) => a + b, 0n);
  const exact = remaining.map((each) => each * BigInt(amountFen));
  const given = exact.map((each) => each / whole);
  for (let left = BigInt(amountFen) - given.reduce((a, b) => a + b, 0n); left > 0n; left--) {
    let best = 0;
    exact.forEach((each, i) => {
      if (each - given[i] * whole > exact[best] - given[best] * whole) best = i;
    });
    given[best] += 1n;
  }
  return given.map(Number);
}

describe('credit notes', () => {
  it('telescope: whatever is credited in between, the last one closes the invoice to the fen', () => {
    fc.assert(
      fc.property(amounts, cuts, (list, wanted) => {
        const lines = fresh(list);
        let creditedFen = 0;
        const credit = (amountFen: number) => {
          const expected = naive(lines, amountFen);
          const parts = creditAcross(lines, amountFen);
          expect(sum(parts.map((part) => part.amountFen))).toBe(amountFen);
          expect(lines.map(({ id }) => parts.find((part) => part.id === id)?.amountFen ?? 0)).toEqual(
            expected,
          );
          for (const { id, amountFen: fen } of parts) {
            const line = lines[Number(id)];
            line.creditedFen += fen;
            expect(line.creditedFen).toBeLessThanOrEqual(line.amountFen);
          }
          creditedFen += amountFen;
        };
        for (const fen of wanted) {
          const amountFen = Math.min(fen, sum(list) - creditedFen);
          if (amountFen > 0) credit(amountFen);
        }
        if (sum(list) > creditedFen) credit(sum(list) - creditedFen);
        expect(lines.map((line) => line.creditedFen)).toEqual(list);
      }),
    );
  });

  it('never exceed what is left, of the whole or of a line', () => {
    expect(() => creditAcross(fresh([100, 50]), 151)).toThrow('Only 150 fen are left');
    expect(() => creditOf(fresh([100, 50]), [{ id: '1', amountFen: 51 }])).toThrow('Only 50 fen are left');
    expect(() => creditOf(fresh([100]), [{ id: '7', amountFen: 1 }])).toThrow('not on the invoice');
  });
});

describe('an invoice', () => {
  it('is issued once, and voided or credited afterwards', () => {
    expect(invoiceLife.next('draft', 'issue')).toBe('issued');
    expect(() => invoiceLife.next('issued', 'issue')).toThrow("can't be asked to issue");
    expect(() => invoiceLife.next('draft', 'credit')).toThrow("can't be asked to credit");
    expect(invoiceLife.finals).toEqual(['void']);
  });

  it('has a number that sorts as it counts', () => {
    expect(documentNumber('invoice', 2026, 17)).toBe('INV-2026-000017');
  });
});
