import { bound, literalOf, recorded } from './recorded';

describe('statements of the floor', () => {
  it('have expressions in the place of their parameters', () => {
    const twelve = ['now()', ':id::uuid', ...Array<string>(9).fill('0'), `'x'`];
    expect(bound(' SELECT $1, $12, $2 ', twelve)).toBe(`SELECT now(), 'x', :id::uuid;`);
    expect(() => bound('SELECT $1, $3', ['now()', ':id::uuid'])).toThrow('nothing stands for $3');
  });

  it.each([
    [null, 'NULL'],
    [3, '3'],
    [true, 'true'],
    ["it's", "('it''s')"],
    ['{"busy":"[\\"2026\\"]","id":"@booking@"}', `('{"busy":"[\\"2026\\"]","id":"@booking@"}')::jsonb`],
    [new Date('2026-11-02T03:00:00Z'), "('2026-11-02T03:00:00.000Z')"],
    [['31', '3101'], "'{31,3101}'"],
    [['@event@', null], "ARRAY['@event@', NULL]"],
    ['{"open":true,"n":1}', `('{"open": true,"n": 1}')::jsonb`],
  ])('write %j as %s', (value, sql) => {
    expect(literalOf(value)).toBe(sql);
  });

  it('are those that the function sends, with variables for what differs each time', async () => {
    const lines = await recorded(({ sql }) =>
      sql('SELECT $1::uuid, $2', ['@booking@', '[{"id":"@charge@"}]']),
    );
    expect(lines).toEqual([
      `SELECT ('' || :booking::text || '')::uuid, ('[{"id":"' || :charge::text || '"}]')::jsonb;`,
    ]);
  });
});
