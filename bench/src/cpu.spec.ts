import { cpuPerPiece, type CpuTimes } from './cpu';

describe('processor time of a piece of work', () => {
  it('is what each part has used since, the largest first', () => {
    const before: CpuTimes = new Map([
      [1, { part: 'node', ms: 100 }],
      [2, { part: 'pg', ms: 1_000 }],
      [3, { part: 'pg', ms: 5_000 }],
    ]);
    // One has ended, one is new.
    const after: CpuTimes = new Map([
      [1, { part: 'node', ms: 150 }],
      [2, { part: 'pg', ms: 1_200 }],
      [4, { part: 'pg', ms: 40 }],
    ]);
    expect(Object.entries(cpuPerPiece(before, after, 100))).toEqual([
      ['pg', 2.4],
      ['node', 0.5],
    ]);
  });
});
