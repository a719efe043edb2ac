import fc from 'fast-check';
import { Client } from 'pg';
import { specStack } from '../messaging/messaging.harness';
import { paramOf } from './array-param';

describe('arrays as parameters', () => {
  it('are written as Postgres reads them', () => {
    expect(paramOf(['a', 'b "c" \\n', null, undefined])).toBe('{"a","b \\"c\\" \\\\n",null,null}');
    expect(paramOf([1, -2.5, true])).toBe('{1,-2.5,true}');
    expect(paramOf([])).toBe('{}');
  });

  it('are left to pg where JSON would say something else', () => {
    const others = [
      ['line\nbreak'],
      [NaN],
      [new Date(0)],
      [Buffer.of(1)],
      [[1]],
      [{}],
      ['\ud800'],
      'a',
      null,
    ];
    for (const value of others) expect(paramOf(value)).toBe(value);
  });

  it('arrive as they were, whatever is in them', async () => {
    const client = new Client({ connectionString: specStack().databaseAdminUrl });
    await client.connect();
    const unit = fc.constantFrom('\\', '"', '\n', '{', '}', ',', 'n', 'NULL', '\u2028', '老');
    const awkward = fc.string({ unit });
    // Postgres keeps no NUL.
    const text = fc.oneof(awkward, fc.string({ unit: 'grapheme' })).map((each) => each.replaceAll('\0', ''));
    const array = fc.array(fc.option(text), { maxLength: 8 });
    try {
      await fc.assert(
        fc.asyncProperty(array, async (given) => {
          const { rows } = await client.query('SELECT $1::text[] AS back', [paramOf(given)]);
          expect(rows).toEqual([{ back: given }]);
        }),
      );
    } finally {
      await client.end();
    }
  });
});
