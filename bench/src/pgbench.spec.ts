import { statementsOf, withValues } from './pgbench';

describe('a floor script without pgbench', () => {
  it('draws its variables, keeps casts, and yields whole statements', () => {
    const script = '\\set n random(1, 10)\nBEGIN;\nSELECT :n::int,\n  now();\nCOMMIT;\n';
    expect(statementsOf(script, () => 0)).toEqual(['BEGIN', 'SELECT 1::int,\n  now()', 'COMMIT']);
  });

  it('keeps a question whose answer is wanted apart from what follows', () => {
    expect(statementsOf('SELECT uuidv7() AS id \\gset\nBEGIN;\nSELECT :id::uuid;')).toEqual([
      'SELECT uuidv7() AS id \\gset',
      'BEGIN',
      'SELECT :id::uuid',
    ]);
  });

  it('puts answers in the place of their variables alone', () => {
    const values = new Map([['id', `'a'`]]);
    expect(withValues(`SELECT :id::uuid, :other, '12:30'`, values)).toBe(`SELECT 'a'::uuid, :other, '12:30'`);
  });
});
