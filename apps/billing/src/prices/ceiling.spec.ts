import type { DomainError } from '@doorstep/kernel';
import type { Band } from './bands';
import { assertWithinContract, ceilingFor, type ContractedService, servicesOn } from './ceiling';
import type { Price } from './price';

const HERE = '310101002001';
const evening = (amountFen: number): Band => ({ days: ['workday'], from: '18:00', to: '21:00', amountFen });

describe("the contract's ceiling", () => {
  const services = [
    { kind: 'childcare', priceCeilingFen: 5000 },
    { kind: 'childcare', mode: 'timed', priceCeilingFen: 3000 },
    { kind: 'culture' },
  ];
  const refusal = (
    p: Pick<Price, 'kind' | 'mode' | 'amountFen'> & Partial<Price>,
    offered: readonly ContractedService[] = services,
    place: string | null = null,
  ): string | undefined => {
    try {
      assertWithinContract({ bands: [], ...p }, offered, place);
      return undefined;
    } catch (error) {
      return (error as DomainError).code;
    }
  };

  it('is the mode’s own before the kind’s', () => {
    expect(ceilingFor(services, 'childcare', 'timed', HERE)).toEqual({ ceilingFen: 3000 });
    expect(ceilingFor(services, 'childcare', 'full_day', HERE)).toEqual({ ceilingFen: 5000 });
    expect(ceilingFor(services, 'culture', 'session', HERE)).toEqual({ ceilingFen: null });
    expect(ceilingFor(services, 'meals', 'session', HERE)).toBe('not_contracted');
  });

  it.each([
    ['at the ceiling', { kind: 'childcare', mode: 'timed', amountFen: 3000 }, undefined],
    [
      'a fen above it in one of its bands',
      { kind: 'childcare', mode: 'timed', amountFen: 1000, bands: [evening(3001)] },
      'price_above_ceiling',
    ],
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
    expect(ceilingFor([{ kind: 'childcare', mode: 'timed' }], 'childcare', 'full_day', HERE)).toBe(
      'not_contracted',
    );
  });

  it('is that of the place: a mode wins, then the longest region code', () => {
    const lines = [
      { kind: 'meals', priceCeilingFen: 2500 },
      { kind: 'meals', regionCode: '31', priceCeilingFen: 2200 },
      { kind: 'meals', regionCode: '310101', priceCeilingFen: 2000 },
      { kind: 'meals', mode: 'order', priceCeilingFen: 2800 },
      { kind: 'sports', regionCode: '310101', priceCeilingFen: 1000 },
      { kind: 'sports', regionCode: '3301', priceCeilingFen: 1500 },
    ];
    for (const offered of [lines, lines.toReversed()]) {
      const at = (place: string, mode = 'session') => ceilingFor(offered, 'meals', mode, place);
      expect(at(HERE)).toEqual({ ceilingFen: 2000 });
      expect(at('310104001001')).toEqual({ ceilingFen: 2200 });
      expect(at('330106001001')).toEqual({ ceilingFen: 2500 });
      expect(at(HERE, 'order')).toEqual({ ceilingFen: 2800 });
      expect(ceilingFor(offered, 'sports', 'session', '310104001001')).toBe('not_contracted');
      const meals = (amountFen: number) => ({ kind: 'meals', mode: null, amountFen });
      const sports = (amountFen: number) => ({ kind: 'sports', mode: 'session', amountFen });
      // At a site what holds there; for all sites what holds everywhere, else the most of any region.
      expect(refusal(meals(2001), offered, HERE)).toBe('price_above_ceiling');
      expect(refusal(meals(2000), offered, HERE)).toBeUndefined();
      expect(refusal(meals(2500), offered)).toBeUndefined();
      expect(refusal(meals(2501), offered)).toBe('price_above_ceiling');
      expect(refusal(sports(1500), offered)).toBeUndefined();
      expect(refusal(sports(1501), offered)).toBe('price_above_ceiling');
      expect(refusal(sports(1), offered, '310104001001')).toBe('kind_not_in_contract');
    }
  });

  it('is that of the day', () => {
    const later = [{ kind: 'culture' }];
    const revisions = [
      { from: '2026-01-01', to: '2026-06-01', services },
      { from: '2026-06-01', to: '2027-01-01', services: later },
    ];
    const contract = { services, revisions };
    expect(servicesOn(contract, '2026-05-31')).toBe(services);
    expect(servicesOn(contract, '2026-06-01')).toBe(later);
    expect(servicesOn({ services, revisions: null }, '2026-06-01')).toBe(services);
    expect(servicesOn(contract, '2027-01-01')).toBe(services);
  });
});
