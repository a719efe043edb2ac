import { say } from './finding';
import { RULES, tidy } from './tidy';

describe('tidy', () => {
  it('says file, line, what is wrong and how to mend it, in the order of the files', () => {
    const findings = tidy([
      { path: 'apps/z/src/migrations/1.ts', text: 'CREATE TABLE a (id uuid)' },
      { path: 'apps/a/src/b/b.ts', text: "\nimport { Module } from '@nestjs/common';" },
    ]);
    expect(findings.map(say)).toEqual([
      expect.stringMatching(
        /^apps\/a\/src\/b\/b\.ts:2 {2}a pure file imports @nestjs\/common → move .* \(purity\)$/,
      ),
      expect.stringMatching(/^apps\/z\/src\/migrations\/1\.ts:1 {2}table a has no operator_id → add it/),
    ]);
  });

  it('has nothing to say about an empty repository', () => {
    expect(RULES.length).toBeGreaterThan(0);
    expect(tidy([])).toEqual([]);
  });
});
