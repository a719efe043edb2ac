import { anAmountFen } from '@doorstep/testing';
import fc from 'fast-check';
import { dealAcross, everyOpenLine, matchLines, type PayableLine } from './remittance';

const line = (id: string, acceptedFen: number | null, remittedFen = 0): PayableLine => ({
  id,
  acceptedFen,
  remittedFen,
});
const sum = (list: readonly { amountFen: number }[]) =>
  list.reduce((total, each) => total + each.amountFen, 0);

describe('a remittance that names lines', () => {
  it('meets them to the cent and names nothing when it fits', () => {
    expect(
      matchLines(
        [line('a', 300), line('b', -100)],
        [
          { lineId: 'a', amountFen: 300 },
          { lineId: 'b', amountFen: -100 },
        ],
      ),
    ).toEqual({
      allocations: [
        { lineId: 'a', amountFen: 300 },
        { lineId: 'b', amountFen: -100 },
      ],
      differences: [],
    });
  });

  it.each([
    ['short_paid', line('a', 300), 299, 299, -1],
    ['over_paid', line('a', 300), 301, 300, 1],
    ['over_paid', line('a', 300, 300), 300, 0, 300],
    ['not_accepted', line('a', null), 300, 0, 300],
    ['unknown_line', line('x', 300), 300, 0, 300],
    ['over_paid', line('a', -100), 50, 0, 150],
    ['short_paid', line('a', -100), -60, -60, 40],
  ])('names %s', (kind, open, saidFen, takenFen, differenceFen) => {
    const { allocations, differences } = matchLines([open], [{ lineId: 'a', amountFen: saidFen }]);
    expect(sum(allocations)).toBe(takenFen);
    expect(differences).toMatchObject([{ kind, lineId: 'a', saidFen, differenceFen }]);
  });
});

describe('a remittance that names claims', () => {
  it('pays their lines in order, up to the amount and never beyond a line', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.boolean(), anAmountFen(1, 10_000)), { maxLength: 10 }),
        fc.integer({ min: -50_000, max: 50_000 }),
        (drawn, amountFen) => {
          const lines = drawn.map(([back, fen], index) => line(String(index), back ? -fen : fen));
          const dealt = dealAcross(everyOpenLine(lines), amountFen);
          const open = new Map(lines.map(({ id, acceptedFen }) => [id, acceptedFen as number]));
          for (const { lineId, amountFen: fen } of dealt)
            expect(Math.abs(fen)).toBeLessThanOrEqual(Math.abs(open.get(lineId) as number));
          const wholeFen = [...open.values()].reduce((a, b) => a + b, 0);
          const backFen = lines.reduce((fen, one) => fen + Math.min(0, one.acceptedFen as number), 0);
          // What gives back is taken whole; no more is paid than came.
          expect(sum(dealt)).toBe(Math.max(backFen, Math.min(amountFen, wholeFen)));
        },
      ),
    );
  });
});
