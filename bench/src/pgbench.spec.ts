import { statementsOf } from './pgbench';

describe('a floor script without pgbench', () => {
  it('draws its variables, keeps casts, and yields whole statements', () => {
    const script = '\\set n random(1, 10)\nBEGIN;\nSELECT :n::int,\n  now();\nCOMMIT;\n';
    expect(statementsOf(script, () => 0)).toEqual(['BEGIN', 'SELECT 1::int,\n  now()', 'COMMIT']);
  });
});
