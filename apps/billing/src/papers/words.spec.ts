import { capitalYuan, monthWord, yuan } from './words';

describe('an amount on paper', () => {
  it.each([
    [0, '人民币零元整'],
    [1, '人民币壹分'],
    [10, '人民币壹角整'],
    [105, '人民币壹元零伍分'],
    [1_600, '人民币壹拾陆元整'],
    [101_605, '人民币壹仟零壹拾陆元零伍分'],
    [140_950, '人民币壹仟肆佰零玖元伍角整'],
    [600_714, '人民币陆仟零柒元壹角肆分'],
    [10_000_000, '人民币壹拾万元整'],
    [10_700_053, '人民币壹拾万零柒仟元伍角叁分'],
    [100_000_000_000, '人民币壹拾亿元整'],
    [1_000_100_000, '人民币壹仟万零壹仟元整'],
    [-500, '人民币负伍元整'],
  ])('%i fen in capitals is %s', (fen, words) => {
    expect(capitalYuan(fen)).toBe(words);
  });

  it('is grouped by thousands', () => {
    expect([0, 5, 123_456_789, -1_234_00].map(yuan)).toEqual(['0.00', '0.05', '1,234,567.89', '-1,234.00']);
  });
});

describe('a month', () => {
  it('is written as each language does', () => {
    expect(monthWord('2026-11', 'zh-CN')).toBe('2026年11月');
    expect(monthWord('2026-11', 'en')).toBe('November 2026');
  });
});
