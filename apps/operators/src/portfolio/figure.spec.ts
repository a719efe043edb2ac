import { anAmountFen } from '@doorstep/testing';
import fc from 'fast-check';
import { type Cell, type Cost, COST_CLASSES, monthOf, NO_COUNTS } from './figure';

const FUNDER = '019a3f6e-0000-7000-8000-000000000001';
const elsewhere = { contractId: 'c', regionCode: '310101001' };
const cell = (kind: string, changes: Partial<Cell> = {}): Cell => ({
  contractId: 'c',
  regionCode: '310101001',
  kind,
  ...NO_COUNTS,
  funders: [],
  ...changes,
});
const paid = (kind: string, residentFen: number, funderFen = 0, concessionFen = 0): Cell =>
  cell(kind, {
    grossFen: residentFen + funderFen + concessionFen,
    residentFen,
    fundersFen: funderFen,
    concessionFen,
    funders: funderFen === 0 ? [] : [{ funderId: FUNDER, amountFen: funderFen }],
  });
const cost = (kind: string, amountFen: number, costClass: Cost['costClass'] = 'materials'): Cost => ({
  kind,
  costClass,
  amountFen,
  contractId: null,
});
const shown = ({ margins }: ReturnType<typeof monthOf>) =>
  margins.map(({ kind, payer, revenueFen, costsFen }) => [kind, payer, revenueFen, costsFen.materials]);

describe('margins of a month', () => {
  it('a cost of a kind falls on who pays for it, a concession bears its part and brings nothing', () => {
    expect(shown(monthOf([paid('meals', 600, 300, 100)], [cost('meals', 500)], elsewhere))).toEqual([
      ['meals', 'resident', 600, 300],
      ['meals', 'funder', 300, 150],
      ['meals', 'concession', 0, 50],
    ]);
  });

  it('a cost of the whole site is spread over its kinds by gross revenue', () => {
    const month = monthOf([paid('meals', 300), paid('sports', 100)], [cost('', 101)], elsewhere);
    expect(shown(month)).toEqual([
      ['meals', 'resident', 300, 76],
      ['sports', 'resident', 100, 25],
    ]);
  });

  it('by capacity where nothing was earned, on nobody where nobody paid', () => {
    const idle = [cell('culture', { capacity: 30 }), cell('sports', { capacity: 10 })];
    expect(shown(monthOf(idle, [cost('', 40)], elsewhere))).toEqual([
      ['culture', 'none', 0, 30],
      ['sports', 'none', 0, 10],
    ]);
  });

  it('a rent falls on what stood under its contract, whatever the others earned', () => {
    const cells = [paid('meals', 300), { ...paid('meals', 100), contractId: 'd' }];
    const rents = ['c', 'd', 'e'].map((contractId) => ({ ...cost('', 100), contractId }));
    const { costs } = monthOf(cells, [cost('', 40), ...rents], elsewhere);
    const borne = costs.map(({ contractId, kind, costsFen }) => [contractId, kind, costsFen.materials]);
    expect(borne.sort()).toEqual([
      ['c', 'meals', 130],
      ['d', 'meals', 110],
      ['e', '', 100],
    ]);
  });

  it('meets no figures: it stays where the site stands, under its kind or none', () => {
    const month = monthOf([], [cost('', 40), cost('meals', 2)], elsewhere);
    expect(month.cells).toMatchObject([{ ...elsewhere, kind: 'meals', capacity: 0 }]);
    expect(shown(month)).toEqual([['meals', 'none', 0, 42]]);
    expect(shown(monthOf([], [cost('', 40)], elsewhere))).toEqual([['', 'none', 0, 40]]);
  });

  it('whatever comes, costs sum to what was entered and revenue to what was paid', () => {
    const aCell = fc.record({
      resident: anAmountFen(0, 1e6),
      funder: anAmountFen(0, 1e6),
      gift: anAmountFen(0, 1e5),
    });
    const aCost = fc.record({
      kind: fc.constantFrom('', 'meals', 'sports', 'health'),
      costClass: fc.constantFrom(...COST_CLASSES),
      amountFen: anAmountFen(0, 1e9),
      contractId: fc.constantFrom(null, 'c', 'd'),
    });
    fc.assert(
      fc.property(aCell, aCell, fc.array(aCost, { maxLength: 8 }), (meals, sports, costs) => {
        const cells = [
          paid('meals', meals.resident, meals.funder, meals.gift),
          paid('sports', sports.resident, sports.funder, sports.gift),
        ];
        const { margins, costs: borne } = monthOf(cells, costs, elsewhere);
        for (const each of COST_CLASSES) {
          const entered = costs.filter(({ costClass }) => costClass === each);
          expect(sum(margins.map(({ costsFen }) => costsFen[each]))).toBe(
            sum(entered.map((c) => c.amountFen)),
          );
          for (const { kind, contractId, costsFen } of borne) {
            const own = margins.filter((line) => line.kind === kind && line.contractId === contractId);
            expect(sum(own.map((line) => line.costsFen[each]))).toBe(costsFen[each]);
          }
          for (const id of ['c', 'd']) {
            const ofOthers = entered.filter(({ contractId }) => contractId !== id && contractId !== null);
            const own = margins.filter(({ contractId }) => contractId !== id);
            expect(sum(own.map(({ costsFen }) => costsFen[each]))).toBeGreaterThanOrEqual(
              sum(ofOthers.map((c) => c.amountFen)),
            );
          }
        }
        const came = cells.map(({ residentFen, fundersFen }) => residentFen + fundersFen);
        expect(sum(margins.map(({ revenueFen }) => revenueFen))).toBe(sum(came));
        expect(monthOf(cells.toReversed(), costs.toReversed(), elsewhere).margins).toEqual(margins);
      }),
      { numRuns: 100 },
    );
  });
});

const sum = (amounts: number[]): number => amounts.reduce((total, amount) => total + amount, 0);
