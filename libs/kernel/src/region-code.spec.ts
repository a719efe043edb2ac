import { ancestor, levelOf, liesWithin, regionCode } from './region-code';

describe('a region code', () => {
  it('says its level by its length', () => {
    expect(levelOf('110101001001')).toBe('community');
    expect(levelOf('110101001')).toBe('street');
    expect(levelOf('1101010')).toBeUndefined();
    expect(() => regionCode('11x1')).toThrow('not a region code');
  });

  it('knows what encloses it', () => {
    expect(ancestor('110101001001', 'city')).toBe('1101');
    expect(ancestor('11', 'city')).toBeUndefined();
    expect(liesWithin('110101001001', '1101')).toBe(true);
    expect(liesWithin('110201001001', '1101')).toBe(false);
  });
});
