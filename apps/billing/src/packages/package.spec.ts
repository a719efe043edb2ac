import fc from 'fast-check';
import { FreeUses, partsOf, validTo, type Package, type Use, type Wanting } from './package';

const wanting: Wanting = {
  ...{
    contractId: 'c',
    siteId: 's',
    residentId: 'r',
    kind: 'meals',
    mode: 'session',
    serviceDay: '2026-11-02',
  },
};
const aPackage = (changes: Partial<Package> = {}): Package => ({
  ...{ id: 'p', operatorId: 'o', contractId: 'c', residentId: 'r', siteId: null, kind: 'meals', mode: null },
  ...{ status: 'active', autoUse: true, validFrom: '2026-11-01', validTo: '2026-12-01' },
  ...changes,
});
const use = (packageId: string, sequence = 1): Use => ({ packageId, sequence, partFen: 1600 });

describe('the parts of a package', () => {
  it('bear the fen that are left over from the first on', () =>
    expect(partsOf(1_001, 3)).toEqual([334, 334, 333]));

  it('sum to its price, whatever is used in which order, and differ by a fen at most', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 366 }), fc.nat(1_000_000), (uses, more) => {
        const parts = partsOf(uses + more, uses);
        expect(parts.reduce((a, b) => a + b, 0)).toBe(uses + more);
        expect(Math.max(...parts) - Math.min(...parts)).toBeLessThanOrEqual(1);
        expect(Math.min(...parts)).toBeGreaterThan(0);
      }),
    );
  });

  it('can be used for so many days', () => expect(validTo('2026-11-02', 90)).toBe('2027-01-31'));
});

describe('taking a use', () => {
  it.each<[string, Partial<Package>]>([
    ['that has ended', { status: 'ended' }],
    ['that is kept for later', { autoUse: false }],
    ['of another resident', { residentId: 'x' }],
    ['of another contract', { contractId: 'x' }],
    ['for another site', { siteId: 'x' }],
    ['for another kind', { kind: 'sports' }],
    ['for another mode', { mode: 'order' }],
    ['that has not begun', { validFrom: '2026-11-03' }],
    ['that ended the day before', { validTo: '2026-11-02' }],
  ])('passes over a package %s', (_name, changes) =>
    expect(new FreeUses([aPackage(changes)], [use('p')]).take(wanting)).toBeUndefined(),
  );

  it('takes each once, of the package that ends first', () => {
    const late = aPackage({ id: 'a', validTo: '2027-01-01' });
    const uses = new FreeUses([late, aPackage()], [use('a'), use('p'), use('p', 2)]);
    const taken = Array.from({ length: 4 }, () => uses.take(wanting));
    expect(taken).toEqual([use('p'), use('p', 2), use('a'), undefined]);
  });
});
