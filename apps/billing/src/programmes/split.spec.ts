import fc from 'fast-check';
import type { Terms } from './programme';
import { split, type Allowance, type Candidate } from './split';

const terms = (changes: Partial<Terms> = {}): Terms => ({
  programmeId: `programme ${changes.code ?? 'A'}`,
  termsId: `terms ${changes.code ?? 'A'}`,
  code: 'A',
  funderId: 'funder',
  regionPrefix: '31',
  kinds: ['meals'],
  modes: null,
  from: '2026-01-01',
  to: null,
  eligibility: {},
  base: 'gross',
  rateBp: null,
  fixedFen: null,
  minimumGrossFen: null,
  caps: {},
  order: 1,
  excludes: [],
  ...changes,
});
const candidate = (changes: Partial<Terms>, more: Partial<Candidate> = {}): Candidate => ({
  terms: terms(changes),
  payer: 'funder',
  ...more,
});
const endless: Allowance = { budgetLeftFen: 1e12, capsLeft: [], usesLeft: Infinity };
const purse = (allowance: Partial<Allowance> = {}) => ({
  allowanceFor: () => ({ ...endless, ...allowance }),
  take: () => undefined,
});
const own = (ownFen: number) => ({ ownFen, guestsFen: 0 });

describe('a fixed amount', () => {
  it('is given as it is', () => {
    const result = split(own(1800), [candidate({ fixedFen: 200 })], purse());
    expect(result).toMatchObject({ grossFen: 1800, fundersFen: 200, residentFen: 1600, operatorFen: 0 });
    expect(result.trace).toEqual([
      {
        programmeId: 'programme A',
        termsId: 'terms A',
        programmeCode: 'A',
        funderId: 'funder',
        gaveFen: 200,
        code: 'given',
        why: '200 fen for each use',
      },
    ]);
  });

  it('is never more than the cost', () => {
    const result = split(own(150), [candidate({ fixedFen: 200 })], purse());
    expect(result).toMatchObject({ fundersFen: 150, residentFen: 0 });
    expect(result.trace[0].why).toBe('200 fen for each use, cut to what is left of the cost.');
  });

  it('waits for the minimum', () => {
    const meal = candidate({ fixedFen: 200, minimumGrossFen: 1500 });
    expect(split(own(1499), [meal], purse()).trace[0].code).toBe('below_minimum');
    expect(split(own(1500), [meal], purse()).fundersFen).toBe(200);
  });
});

describe('a rate', () => {
  it('is taken of the gross or of what is left', () => {
    const first = candidate({ code: 'A', fixedFen: 1000 });
    const ofGross = candidate({ code: 'B', rateBp: 5000 });
    const ofRest = candidate({ code: 'B', rateBp: 5000, base: 'remaining' });
    expect(split(own(3000), [first, ofGross], purse()).shares.map((s) => s.amountFen)).toEqual([1000, 1500]);
    expect(split(own(3000), [first, ofRest], purse()).shares.map((s) => s.amountFen)).toEqual([1000, 1000]);
  });

  it('rounds half a fen up, and says so when nothing is left of it', () => {
    expect(split(own(1), [candidate({ rateBp: 5000 })], purse()).fundersFen).toBe(1);
    const tiny = split(own(1), [candidate({ rateBp: 4999 })], purse());
    expect(tiny).toMatchObject({ fundersFen: 0, residentFen: 1 });
    expect(tiny.trace[0]).toMatchObject({
      code: 'rounds_to_nothing',
      why: '49.99 % of the cost is less than half a fen.',
    });
  });
});

describe('limits', () => {
  it.each<[string, Partial<Allowance>, number, string]>([
    ['a cap that has something left', { capsLeft: [{ name: 'per_month', leftFen: 70 }] }, 70, 'given'],
    ['a cap that is used up', { capsLeft: [{ name: 'per_day', leftFen: 0 }] }, 0, 'cap_used_up'],
    ['the last fen of a budget', { budgetLeftFen: 1 }, 1, 'given'],
    ['a budget that is used up', { budgetLeftFen: 0 }, 0, 'budget_used_up'],
    ['no budget at all', { budgetLeftFen: null }, 0, 'no_budget'],
    ['no uses left', { usesLeft: 0 }, 0, 'cap_used_up'],
    ['the last use', { usesLeft: 1 }, 200, 'given'],
  ])('are kept: %s', (_name, allowance, fundersFen, code) => {
    const result = split(own(1800), [candidate({ fixedFen: 200 })], purse(allowance));
    expect(result.fundersFen).toBe(fundersFen);
    expect(result.trace[0].code).toBe(code);
  });

  it('name the tightest', () => {
    const result = split(
      own(1800),
      [candidate({ fixedFen: 200, caps: { perUseFen: 150 } })],
      purse({ capsLeft: [{ name: 'per_month', leftFen: 120 }], budgetLeftFen: 130 }),
    );
    expect(result.trace[0].why).toBe('200 fen for each use, cut to what is left of the cap per month.');
  });
});

describe('programmes together', () => {
  it('keep out each other when either says so', () => {
    const a = { code: 'A', fixedFen: 200 };
    const b = { code: 'B', fixedFen: 300 };
    for (const pair of [
      [{ ...a, excludes: ['B'] }, b],
      [a, { ...b, excludes: ['A'] }],
    ]) {
      const result = split(
        own(1800),
        pair.map((one) => candidate(one)),
        purse(),
      );
      expect(result.trace.map((line) => line.code)).toEqual(['given', 'excluded']);
    }
  });

  it('don’t keep out a programme when the other gave nothing', () => {
    const result = split(
      own(1000),
      [
        candidate({ code: 'A', fixedFen: 200, minimumGrossFen: 1500 }),
        candidate({ code: 'B', fixedFen: 300, excludes: ['A'] }),
      ],
      purse(),
    );
    expect(result.trace.map((line) => line.code)).toEqual(['below_minimum', 'given']);
  });

  it('tell the operator’s concession from what funders pay', () => {
    const result = split(
      own(1000),
      [
        candidate({ code: 'A', fixedFen: 200 }),
        candidate({ code: 'B', rateBp: 1000 }, { payer: 'operator' }),
      ],
      purse(),
    );
    expect(result).toMatchObject({ fundersFen: 200, operatorFen: 100, residentFen: 700 });
  });

  it('stop when everything is paid', () => {
    const result = split(
      own(500),
      [candidate({ rateBp: 10_000 }), candidate({ code: 'B', fixedFen: 1 })],
      purse(),
    );
    expect(result.trace.map((line) => line.code)).toEqual(['given', 'nothing_left_to_pay']);
    expect(result.residentFen).toBe(0);
  });

  it('leave guests to the resident', () => {
    const result = split({ ownFen: 1800, guestsFen: 3600 }, [candidate({ rateBp: 10_000 })], purse());
    expect(result).toMatchObject({ grossFen: 5400, fundersFen: 1800, residentFen: 3600 });
  });
});

describe('any split', () => {
  const anyTerms = fc.record({
    rate: fc.option(fc.integer({ min: 0, max: 10_000 }), { nil: null }),
    fixed: fc.integer({ min: 0, max: 5000 }),
    base: fc.constantFrom('gross' as const, 'remaining' as const),
    perUse: fc.option(fc.integer({ min: 0, max: 3000 }), { nil: undefined }),
    minimum: fc.option(fc.integer({ min: 0, max: 4000 }), { nil: null }),
    payer: fc.constantFrom('funder' as const, 'operator' as const),
    budgetLeft: fc.option(fc.integer({ min: 0, max: 4000 }), { nil: null }),
    monthLeft: fc.option(fc.integer({ min: 0, max: 4000 }), { nil: undefined }),
    usesLeft: fc.constantFrom(0, 1, Infinity),
    excludesFirst: fc.boolean(),
  });

  it('makes the whole, keeps every limit, and equals a naive account', () => {
    fc.assert(
      fc.property(
        fc.nat(10_000),
        fc.nat(10_000),
        fc.array(anyTerms, { maxLength: 6 }),
        (ownFen, guestsFen, drawn) => {
          const candidates = drawn.map((one, i) =>
            candidate(
              {
                code: `P${i}`,
                rateBp: one.rate,
                fixedFen: one.rate === null ? one.fixed : null,
                base: one.base,
                minimumGrossFen: one.minimum,
                caps: one.perUse === undefined ? {} : { perUseFen: one.perUse },
                excludes: one.excludesFirst && i > 0 ? ['P0'] : [],
              },
              { payer: one.payer },
            ),
          );
          const allowanceOf = (code: string): Allowance => {
            const one = drawn[Number(code.slice(1))];
            return {
              budgetLeftFen: one.budgetLeft,
              capsLeft: one.monthLeft === undefined ? [] : [{ name: 'per_month', leftFen: one.monthLeft }],
              usesLeft: one.usesLeft,
            };
          };
          const result = split({ ownFen, guestsFen }, candidates, {
            allowanceFor: ({ code }) => allowanceOf(code),
            take: () => undefined,
          });

          expect(result.residentFen + result.fundersFen + result.operatorFen).toBe(ownFen + guestsFen);
          expect(result.residentFen).toBeGreaterThanOrEqual(guestsFen);
          expect(result.trace.map((line) => line.gaveFen)).toEqual(naive(ownFen, drawn));
        },
      ),
      { numRuns: 500 },
    );
  });

  /** The rule in floats and words, for amounts small enough that floats are exact. */
  function naive(
    ownFen: number,
    drawn: (typeof anyTerms extends fc.Arbitrary<infer T> ? T : never)[],
  ): number[] {
    let rest = ownFen;
    const gave: number[] = [];
    for (const [i, one] of drawn.entries()) {
      const barred =
        (one.minimum !== null && ownFen < one.minimum) ||
        (one.excludesFirst && i > 0 && gave[0] > 0) ||
        one.budgetLeft === null ||
        one.usesLeft === 0;
      const base = one.base === 'gross' ? ownFen : rest;
      const wanted = one.rate === null ? one.fixed : Math.round((base * one.rate) / 10_000);
      const amount = barred
        ? 0
        : Math.min(wanted, rest, one.perUse ?? Infinity, one.monthLeft ?? Infinity, one.budgetLeft ?? 0);
      gave.push(amount);
      rest -= amount;
    }
    return gave;
  }
});
