import { ceilingOn, type Standing } from './ceiling';

const standing = (changes: Partial<Standing> = {}): Standing => ({
  from: '2026-01-01',
  to: '2027-01-01',
  inForce: true,
  kinds: [],
  services: [
    { kind: 'meals', priceCeilingFen: 2000 },
    { kind: 'meals', mode: 'session', priceCeilingFen: 1500 },
    { kind: 'meals', regionCode: '310101', priceCeilingFen: 1800 },
    { kind: 'sports' },
  ],
  revisions: null,
  ...changes,
});
const LUNCH = { kind: 'meals', mode: 'session', regionCode: '310101013001' };
const on = (standings: Standing[], changes = {}, day = '2026-06-01') =>
  ceilingOn(standings, { ...LUNCH, ...changes }, day);

describe('the ceiling of a service', () => {
  it('is that of its mode before that of its region before that of its kind', () => {
    expect(on([standing()])).toBe(1500);
    expect(on([standing()], { mode: 'order' })).toBe(1800);
    expect(on([standing()], { mode: 'order', regionCode: '330106002001' })).toBe(2000);
  });

  it('is unknown where no contract says one', () => {
    expect(on([])).toBeUndefined();
    expect(on([standing()], { kind: 'sports' })).toBeUndefined();
    expect(on([standing()], { kind: 'health' })).toBeUndefined();
    expect(on([standing({ kinds: ['sports'] })])).toBeUndefined();
    expect(on([standing({ inForce: false })])).toBeUndefined();
  });

  it('is that of the contract, and of the revision, in force on the day', () => {
    const next = standing({
      from: '2027-01-01',
      to: '2028-01-01',
      services: [{ kind: 'meals', priceCeilingFen: 9 }],
    });
    expect(on([next, standing()], {}, '2026-12-31')).toBe(1500);
    expect(on([next, standing()], {}, '2027-01-01')).toBe(9);
    expect(on([next, standing()], {}, '2028-01-01')).toBeUndefined();
    const revisions = [
      { from: '2026-01-01', to: '2026-07-01', services: [{ kind: 'meals', priceCeilingFen: 1 }] },
      { from: '2026-07-01', to: '2027-01-01', services: [{ kind: 'meals', priceCeilingFen: 2 }] },
    ];
    expect(on([standing({ revisions })], {}, '2026-06-30')).toBe(1);
    expect(on([standing({ revisions })], {}, '2026-07-01')).toBe(2);
  });
});
