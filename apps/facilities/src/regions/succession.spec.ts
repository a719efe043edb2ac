import type { Standing } from './regions.queries';
import { soleSuccessors, successionFaults, successionKind } from './succession';

const A = '310101001001';
const B = '310101001002';
const C = '310101001003';
const YEAR = 2024;
const current = { year: 2023, retiredYear: null };
const known = new Map<string, Standing>([
  [A, current],
  [B, current],
  [C, current],
  ['310101001', current],
  ['310101001009', { year: 2019, retiredYear: 2020 }],
  ['310101001010', { year: YEAR, retiredYear: null }],
]);
const rows = (...pairs: [string, string][]) => pairs.map(([oldCode, newCode]) => ({ oldCode, newCode }));
const faults = (...pairs: [string, string][]) =>
  successionFaults(rows(...pairs), known, YEAR).map(({ row, field }) => `${row} ${field}`);

describe('a list of successions', () => {
  it('renames, merges and splits', () => {
    expect(faults([A, C], [B, C])).toEqual([]);
    expect(successionKind(rows([A, C])[0], rows([A, C]))).toBe('renamed');
    expect(successionKind(rows([A, C])[0], rows([A, C], [B, C]))).toBe('merged');
    expect(successionKind(rows([A, C])[0], rows([A, C], [A, B]))).toBe('split');
  });

  it('leaves what is split undecided', () => {
    expect(soleSuccessors(rows([A, C], [B, C]))).toEqual(
      new Map([
        [A, C],
        [B, C],
      ]),
    );
    expect(soleSuccessors(rows([A, B], [A, C]))).toEqual(new Map());
  });

  it.each([
    ['an unknown old code', [['310101001008', A]], ['1 oldCode']],
    ['an unknown new code', [[A, '310101001008']], ['1 newCode']],
    ['a successor that is retired', [[A, '310101001009']], ['1 newCode']],
    ['an old code that the edition names', [['310101001010', A]], ['1 oldCode']],
    ['a code that stays', [[A, A]], ['1 newCode']],
    ['a successor of another level', [[A, '310101001']], ['1 newCode']],
    [
      'a chain',
      [
        [A, B],
        [B, C],
      ],
      ['1 newCode'],
    ],
    [
      'a row twice',
      [
        [A, B],
        [A, B],
      ],
      ['2 oldCode'],
    ],
  ] as [string, [string, string][], string[]][])('is refused with %s', (_what, pairs, expected) => {
    expect(faults(...pairs)).toEqual(expected);
  });
});
