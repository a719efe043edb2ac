import { bound, literalOf, recorded } from './recorded';

describe('statements of the floor', () => {
  it('have expressions in the place of their parameters', () => {
    expect(bound(' SELECT $1, $12, $2 ', ['now()', ':id::uuid'])).toBe('SELECT now(), $12, :id::uuid;');
  });

  it.each([
    [null, 'NULL'],
    [3, '3'],
    [true, 'true'],
    ["it's", "('it''s')"],
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
