import fc from 'fast-check';
import { type DomainError } from '@doorstep/kernel';
import {
  assertWithinContract,
  billedMinutes,
  ceilingFor,
  costOfStay,
  priceFor,
  type Price,
  type Sought,
} from './price';

const sought: Sought = { contractId: 'c', siteId: 's', kind: 'childcare', mode: 'timed', day: '2026-11-02' };

function price(changes: Partial<Price>): Price {
  return {
    id: 'p',
    contractId: 'c',
    siteId: null,
    ageClass: null,
    kind: 'childcare',
    mode: null,
    unit: 'use',
    amountFen: 1000,
    stepMinutes: 1,
    from: '2026-01-01',
    to: null,
    ...changes,
  };
}

describe('finding the price that holds', () => {
  const site = price({ id: 'site', siteId: 's' });
  const siteMode = price({ id: 'site+mode', siteId: 's', mode: 'timed' });
  const contractMode = price({ id: 'contract+mode', mode: 'timed' });
  const contract = price({ id: 'contract' });

  it.each([
    ['the site and mode', [contract, contractMode, site, siteMode], 'site+mode'],
    ['the site before the mode', [contract, contractMode, site], 'site'],
    ['the mode before the whole contract', [contract, contractMode], 'contract+mode'],
    ['the contract as the last', [contract], 'contract'],
  ])('takes %s', (_name, prices, expected) => expect(priceFor(prices, sought)?.id).toBe(expected));

  it.each<[string, Partial<Price>]>([
    ['another contract', { contractId: 'x' }],
    ['another site', { siteId: 'x' }],
    ['another kind', { kind: 'meals' }],
    ['another mode', { mode: 'full_day' }],
    ['a period that begins tomorrow', { from: '2026-11-03' }],
    ['a period that ended today', { to: '2026-11-02' }],
  ])('passes over %s', (_name, changes) => expect(priceFor([price(changes)], sought)).toBeUndefined());

  it('changes over on the day that a new period begins', () => {
    const prices = [price({ id: 'old', to: '2026-11-02' }), price({ id: 'new', from: '2026-11-02' })];
    expect(priceFor(prices, { ...sought, day: '2026-11-01' })?.id).toBe('old');
    expect(priceFor(prices, sought)?.id).toBe('new');
  });
});

describe('the cost of a stay', () => {
  it.each([
    ['use', 1800, 1, 0, 1800],
    ['hour', 2533, 1, 120, 5066],
    ['hour', 2533, 1, 101, 4264],
    ['hour', 1000, 1, 0, 0],
    ['hour', 1000, 30, 61, 1500],
    ['half_day', 6000, 1, 300, 6000],
    ['half_day', 6000, 1, 301, 12_000],
    ['day', 9000, 1, 480, 9000],
    ['day', 9000, 1, 0, 9000],
  ] as const)(
    'by the %s at %i fen, step %i, %i minutes: %i fen',
    (unit, amountFen, stepMinutes, minutes, fen) =>
      expect(costOfStay({ unit, amountFen, stepMinutes }, minutes)).toBe(fen),
  );

  it('never falls when the stay grows, and never charges less than the exact minutes', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 1_000_000 }),
        fc.integer({ min: 1, max: 60 }),
        fc.nat(2000),
        fc.nat(2000),
        (amountFen, stepMinutes, a, b) => {
          const tariff = { unit: 'hour' as const, amountFen, stepMinutes };
          const [less, more] = [Math.min(a, b), Math.max(a, b)];
          expect(costOfStay(tariff, more)).toBeGreaterThanOrEqual(costOfStay(tariff, less));
          expect(costOfStay(tariff, a) * 60 + 30).toBeGreaterThanOrEqual(amountFen * a);
          expect(billedMinutes(tariff, a) - a).toBeLessThan(stepMinutes);
        },
      ),
    );
  });
});

describe("the contract's ceiling", () => {
  const services = [
    { kind: 'childcare', priceCeilingFen: 5000 },
    { kind: 'childcare', mode: 'timed', priceCeilingFen: 3000 },
    { kind: 'culture' },
  ];
  const refusal = (p: Pick<Price, 'kind' | 'mode' | 'amountFen'>): string | undefined => {
    try {
      assertWithinContract(p, services);
      return undefined;
    } catch (error) {
      return (error as DomainError).code;
    }
  };

  it('is the mode’s own before the kind’s', () => {
    expect(ceilingFor(services, 'childcare', 'timed')).toEqual({ ceilingFen: 3000 });
    expect(ceilingFor(services, 'childcare', 'full_day')).toEqual({ ceilingFen: 5000 });
    expect(ceilingFor(services, 'culture', 'session')).toEqual({ ceilingFen: null });
    expect(ceilingFor(services, 'meals', 'session')).toBe('not_contracted');
  });

  it.each([
    ['at the ceiling', { kind: 'childcare', mode: 'timed', amountFen: 3000 }, undefined],
    ['a fen above it', { kind: 'childcare', mode: 'timed', amountFen: 3001 }, 'price_above_ceiling'],
    ['without a ceiling', { kind: 'culture', mode: null, amountFen: 9_999_999 }, undefined],
    ['for a kind that isn’t contracted', { kind: 'meals', mode: null, amountFen: 1 }, 'kind_not_in_contract'],
    [
      'for all modes above the lowest',
      { kind: 'childcare', mode: null, amountFen: 3001 },
      'price_above_ceiling',
    ],
    ['for all modes at the lowest', { kind: 'childcare', mode: null, amountFen: 3000 }, undefined],
  ])('judges a price %s', (_name, entered, code) => expect(refusal(entered)).toBe(code));

  it('does not let a mode in that only another mode is contracted for', () => {
    expect(ceilingFor([{ kind: 'childcare', mode: 'timed' }], 'childcare', 'full_day')).toBe(
      'not_contracted',
    );
  });
});
