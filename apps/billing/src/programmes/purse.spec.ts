import fc from 'fast-check';
import { budgetFor, countersOf, daysOfPeriod, type Budget, type Terms } from './programme';
import { candidatesFor } from './candidates';
import { Purse } from './purse';
import { split } from './split';

const terms = (code: string, changes: Partial<Terms> = {}): Terms => ({
  programmeId: code,
  termsId: `terms of ${code}`,
  code,
  funderId: 'funder',
  regionPrefix: '31',
  kinds: ['meals'],
  modes: null,
  from: '2026-01-01',
  to: null,
  eligibility: {},
  base: 'gross',
  rateBp: null,
  fixedFen: 200,
  minimumGrossFen: null,
  caps: {},
  order: 1,
  excludes: [],
  ...changes,
});
const budget = (id: string, changes: Partial<Budget> = {}): Budget => ({
  id,
  programmeId: 'A',
  period: '2026',
  regionPrefix: '31',
  amountFen: 1000,
  reservedFen: 0,
  spentFen: 0,
  ...changes,
});
const SERVICE = { regionCode: '310101001001', day: '2026-11-02' };

describe('the budget that a service draws on', () => {
  const year = budget('year');
  const month = budget('month', { period: '2026-11' });
  const district = budget('district', { regionPrefix: '310101' });

  it.each([
    ['the only one', [year], 'year'],
    ['the month before the year', [year, month], 'month'],
    ['the smaller region before the shorter period', [year, month, district], 'district'],
  ])('is %s', (_name, budgets, expected) => expect(budgetFor(budgets, 'A', SERVICE)?.id).toBe(expected));

  it.each([
    ['another month', budget('x', { period: '2026-10' })],
    ['another region', budget('x', { regionPrefix: '3102' })],
    ['another programme', budget('x', { programmeId: 'B' })],
  ])('is never one of %s', (_name, other) => expect(budgetFor([other], 'A', SERVICE)).toBeUndefined());

  it('covers half-open days', () => {
    expect(daysOfPeriod('2026')).toEqual({ from: '2026-01-01', to: '2027-01-01' });
    expect(daysOfPeriod('2026-12')).toEqual({ from: '2026-12-01', to: '2027-01-01' });
    expect(daysOfPeriod('2026-02')).toEqual({ from: '2026-02-01', to: '2026-03-01' });
    expect(() => daysOfPeriod('2026-13')).toThrow('neither a year nor a month');
  });
});

describe('the counters of a resident', () => {
  it('begin with the day, the month and the year of the service', () => {
    expect(countersOf({ perDayUses: 1, perMonthFen: 1, perYearFen: 1 }, '2026-11-02')).toEqual([
      { span: 'day', startsOn: '2026-11-02' },
      { span: 'month', startsOn: '2026-11-01' },
      { span: 'year', startsOn: '2026-01-01' },
    ]);
    expect(countersOf({ perUseFen: 5 }, '2026-11-02')).toEqual([]);
  });

  it('remember what was used before', () => {
    const capped = terms('A', { caps: { perDayUses: 1, perMonthFen: 500 } });
    const key = { programmeId: 'A', residentId: 'r' };
    const purse = new Purse(
      [
        { ...key, span: 'day', startsOn: '2026-11-02', usedFen: 0, uses: 0 },
        { ...key, span: 'month', startsOn: '2026-11-01', usedFen: 420, uses: 3 },
      ],
      [budget('b')],
    );
    expect(purse.for('r', SERVICE).allowanceFor(capped)).toEqual({
      budgetLeftFen: 1000,
      capsLeft: [{ name: 'per_month', leftFen: 80 }],
      usesLeft: 1,
    });
    purse.for('r', SERVICE).take(capped, 80);
    expect(purse.for('r', SERVICE).allowanceFor(capped)).toMatchObject({ budgetLeftFen: 920, usesLeft: 0 });
    expect(purse.for('another', SERVICE).allowanceFor(capped)).toMatchObject({ usesLeft: 1 });
    expect(purse.taken()).toEqual({
      counters: [
        { ...key, span: 'day', startsOn: '2026-11-02', fen: 80, uses: 1 },
        { ...key, span: 'month', startsOn: '2026-11-01', fen: 80, uses: 1 },
      ],
      budgets: [{ id: 'b', fen: 80 }],
    });
  });
});

describe('a batch of charges', () => {
  const wish = fc.record({
    resident: fc.constantFrom('r1', 'r2', 'r3'),
    day: fc.constantFrom('2026-11-02', '2026-11-03', '2026-12-01', '2027-01-01'),
    costFen: fc.integer({ min: 0, max: 2000 }),
  });
  const rules = fc.record({
    fixedFen: fc.integer({ min: 0, max: 600 }),
    perDayUses: fc.option(fc.integer({ min: 0, max: 2 }), { nil: undefined }),
    perDayFen: fc.option(fc.integer({ min: 0, max: 800 }), { nil: undefined }),
    perMonthFen: fc.option(fc.integer({ min: 0, max: 1200 }), { nil: undefined }),
    perYearFen: fc.option(fc.integer({ min: 0, max: 1500 }), { nil: undefined }),
    budgetFen: fc.integer({ min: 0, max: 3000 }),
  });

  it('spends budgets to the last fen and never over, and equals a naive account of every charge', () => {
    fc.assert(
      fc.property(
        fc.array(wish, { maxLength: 30 }),
        fc.array(rules, { minLength: 1, maxLength: 3 }),
        (wishes, drawn) => {
          const programmes = drawn.map(({ fixedFen, budgetFen: _budget, ...caps }, i) =>
            terms(`P${i}`, { fixedFen, caps: JSON.parse(JSON.stringify(caps)) as Terms['caps'], order: i }),
          );
          const budgets = drawn.map(({ budgetFen }, i) =>
            budget(`b${i}`, { programmeId: `P${i}`, period: '202', amountFen: budgetFen }),
          );
          const purse = new Purse([], budgets);
          const gave = wishes.map(({ resident, day, costFen }) =>
            split(
              { ownFen: costFen, guestsFen: 0 },
              programmes.map((one) => ({ terms: one, payer: 'funder' as const })),
              purse.for(resident, { ...SERVICE, day }),
            ).trace.map((line) => line.gaveFen),
          );
          expect(gave).toEqual(naive(wishes, drawn));
          for (const { id, fen } of purse.taken().budgets)
            expect(fen).toBe(gave.reduce((sum, amounts) => sum + amounts[Number(id.slice(1))], 0));
        },
      ),
    );
  });

  type Wish = typeof wish extends fc.Arbitrary<infer T> ? T : never;
  type Rules = typeof rules extends fc.Arbitrary<infer T> ? T : never;

  /** Looks back over everything given so far instead of keeping counters. */
  function naive(wishes: Wish[], drawn: Rules[]): number[][] {
    const given: { programme: number; resident: string; day: string; fen: number }[] = [];
    return wishes.map(({ resident, day, costFen }) => {
      let rest = costFen;
      return drawn.map((rule, programme) => {
        const before = given.filter((one) => one.programme === programme);
        const mine = before.filter((one) => one.resident === resident);
        const since = (length: number) =>
          mine.filter((one) => one.day.slice(0, length) === day.slice(0, length));
        const sum = (list: { fen: number }[]) => list.reduce((total, one) => total + one.fen, 0);
        const fen =
          since(10).length >= (rule.perDayUses ?? Infinity)
            ? 0
            : Math.min(
                rule.fixedFen,
                rest,
                (rule.perDayFen ?? Infinity) - sum(since(10)),
                (rule.perMonthFen ?? Infinity) - sum(since(7)),
                (rule.perYearFen ?? Infinity) - sum(since(4)),
                rule.budgetFen - sum(before),
              );
        if (fen > 0) given.push({ programme, resident, day, fen });
        rest -= fen;
        return fen;
      });
    });
  }
});

describe('the programmes that are asked', () => {
  const service = { kind: 'meals', mode: 'session', operatorId: 'o', siteStars: null, ...SERVICE };
  const asked = (...offers: [Terms, 'funder' | 'operator'][]) =>
    candidatesFor(
      offers.map(([one, payer]) => ({ terms: one, payer })),
      service,
      null,
    ).map((candidate) => candidate.terms.code);

  it('come by order, then by code', () => {
    expect(
      asked([terms('C'), 'funder'], [terms('B', { order: 2 }), 'funder'], [terms('A'), 'funder']),
    ).toEqual(['A', 'C', 'B']);
  });

  it.each<[string, Partial<Terms>]>([
    ['of another kind', { kinds: ['sports'] }],
    ['of another mode', { modes: ['order'] }],
    ['of another region', { regionPrefix: '3102' }],
    ['that begin tomorrow', { from: '2026-11-03' }],
    ['that ended today', { to: '2026-11-02' }],
  ])('are none %s', (_name, changes) => expect(asked([terms('A', changes), 'funder'])).toEqual([]));

  it('are an operator’s own only for its own residents', () => {
    expect(asked([terms('A', { funderId: 'o' }), 'operator'])).toEqual(['A']);
    expect(asked([terms('A', { funderId: 'another' }), 'operator'])).toEqual([]);
  });
});
