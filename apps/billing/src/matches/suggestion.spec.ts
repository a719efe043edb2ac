import { ranked, scored, SUGGESTED_MAX, uncontested, type Candidate } from './suggestion';

const alike = (changes: Partial<Candidate> = {}): Candidate => ({
  ...{ lineId: 1, expectedId: 'e1', kind: 'claim', lineFen: 94_600, expectedFen: 94_600 },
  ...{ bookedOn: '2026-11-09', day: '2026-11-05', counterparty: '市民政局', text: '十一月助餐补贴' },
  ...{ party: '市民政局', reference: 'C202611-01-3D2C1B' },
  ...changes,
});

describe('how likely a line and something expected belong together', () => {
  it('is counted with its reasons', () => {
    const { score, reasons } = scored(alike());
    expect(score).toBe(85);
    expect(reasons.map(({ feature, why }) => `${feature}: ${why}`)).toEqual([
      'amount: the amounts are the same',
      'day: booked 4 days after it was due',
      'name: it is from 市民政局',
    ]);
  });

  it.each<[string, Partial<Candidate>, number]>([
    ['a number that is cut off', { text: 'C202611-01', counterparty: '', party: '' }, 75],
    ['the amount alone, long after', { counterparty: '', party: '', bookedOn: '2027-01-09' }, 45],
    ['another amount with the right name', { lineFen: 90_000 }, 40],
  ])('%s', (_name, changes, score) => expect(scored(alike(changes)).score).toBe(score));
});

describe('what is suggested and what is applied', () => {
  const pattern = scored(alike()).pattern;
  const often = new Map([[pattern, { confirmed: 3, declined: 0 }]]);

  it('is never applied before its pattern has been confirmed often enough', () => {
    expect(ranked([alike()], new Map(), 3)).toMatchObject({ apply: [], suggest: [{ score: 85 }] });
    expect(ranked([alike()], often, 4).apply).toEqual([]);
    expect(ranked([alike()], often, 3)).toMatchObject({ apply: [{ lineId: 1 }], suggest: [] });
  });

  it('is never applied once its pattern was declined, or when something else is as likely', () => {
    expect(ranked([alike()], new Map([[pattern, { confirmed: 9, declined: 1 }]]), 3).apply).toEqual([]);
    expect(ranked([alike(), alike({ expectedId: 'e2' })], often, 3).apply).toEqual([]);
    expect(ranked([alike(), alike({ lineId: 2 })], often, 3).apply).toEqual([]);
  });

  it('is not applied either when a line that was not looked at yet is as likely', () => {
    const apply = [scored(alike())];
    expect(uncontested(apply, [alike(), alike({ lineId: 2, text: 'x' })])).toEqual({
      apply: [],
      contested: apply,
    });
    expect(
      uncontested(apply, [alike(), alike({ lineId: 2, counterparty: '别人', text: 'x' })]).apply,
    ).toEqual(apply);
  });

  it('of many that look like one line the likeliest are shown', () => {
    const many = Array.from({ length: 60 }, (_, i) =>
      alike({ expectedId: `e${i}`, counterparty: '', text: '' }),
    );
    const { suggest } = ranked([...many, alike({ expectedId: 'it' })], new Map(), 3);
    expect(suggest).toHaveLength(SUGGESTED_MAX);
    expect(suggest[0]).toMatchObject({ expectedId: 'it', score: 85 });
  });

  it('leaves out what is hardly likely', () =>
    expect(ranked([alike({ lineFen: 1 })], often, 1).suggest).toEqual([]));
});
