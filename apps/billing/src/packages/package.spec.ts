import fc from 'fast-check';
import { FreeUses, partsOf, usedUp, validTo, type Package, type Use, type Wanting } from './package';

const wanting: Wanting = {
  ...{
    contractId: 'c',
    siteId: 's',
    residentId: 'r',
    kind: 'meals',
    mode: 'session',
    serviceDay: '2026-11-02',
    operatorId: 'o',
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

/** What stands against a package for `wanting`, by what is other about it. */
const MISFITS: [string, Partial<Package>, string][] = [
  ['of another resident', { residentId: 'x' }, 'package_not_theirs'],
  ['of another operator', { operatorId: 'x' }, 'package_not_theirs'],
  ['of another contract', { contractId: 'x' }, 'package_not_for_service'],
  ['for another site', { siteId: 'x' }, 'package_not_for_service'],
  ['for another kind', { kind: 'sports' }, 'package_not_for_service'],
  ['for another mode', { mode: 'order' }, 'package_not_for_service'],
  ['that has ended', { status: 'ended' }, 'package_ended'],
  ['that has not begun', { validFrom: '2026-11-03' }, 'package_not_on_day'],
  ['that ended the day before', { validTo: '2026-11-02' }, 'package_not_on_day'],
];

describe('taking a use', () => {
  it.each([...MISFITS, ['that is kept for later', { autoUse: false }, ''] as (typeof MISFITS)[number]])(
    'passes over a package %s',
    (_name, changes) => expect(new FreeUses([aPackage(changes)], [use('p')]).take(wanting)).toBeUndefined(),
  );

  it('takes each once, of the package that ends first', () => {
    const late = aPackage({ id: 'a', validTo: '2027-01-01' });
    const uses = new FreeUses([late, aPackage()], [use('a'), use('p'), use('p', 2)]);
    const taken = Array.from({ length: 4 }, () => uses.take(wanting));
    expect(taken).toEqual([use('p'), use('p', 2), use('a'), undefined]);
  });
});

describe('taking a use of the package that is named', () => {
  const nobodys = { code: 'package_not_theirs' };
  it.each(MISFITS)('is refused of one %s', (_name, changes, code) =>
    expect(new FreeUses([aPackage(changes)], [use('p')]).takeOf('p', wanting)).toMatchObject({ code }),
  );

  it('gives each once, also of one that is kept for later or ends last, and of none that is not there', () => {
    const first = aPackage({ id: 'a', validTo: '2026-11-20' });
    const uses = new FreeUses([first, aPackage({ autoUse: false })], [use('a'), use('p')]);
    expect(uses.takeOf('p', wanting)).toEqual(use('p'));
    expect(uses.takeOf('p', wanting)).toMatchObject({ code: 'package_used_up' });
    expect(uses.takeOf('q', wanting)).toMatchObject(nobodys);
    expect(uses.take(wanting)).toEqual(use('a'));
  });

  it('keeps what a booking has that moves, where none is free, and for one of them', () => {
    const its = { ...use('p', 3), heldBy: 'c' };
    const moving = { ...wanting, replaces: 'b' };
    const uses = () => new FreeUses([aPackage()], [use('p')], new Map([['b', its]]));
    const [named, auto] = [uses(), uses()];
    expect([1, 2, 3].map(() => named.takeOf('p', moving))).toMatchObject([
      use('p'),
      its,
      { code: 'package_used_up' },
    ]);
    expect([1, 2, 3].map(() => auto.take(moving))).toEqual([use('p'), its, undefined]);
    expect(uses().takeOf('q', moving)).toMatchObject(nobodys);
    const kept = new FreeUses([aPackage({ autoUse: false })], [], new Map([['b', its]]));
    expect([kept.take(moving), kept.takeOf('p', wanting)]).toMatchObject([undefined, usedUp()]);
  });
});
