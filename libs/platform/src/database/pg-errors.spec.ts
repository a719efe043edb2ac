import { isContention, isOutage, isTwin, sqlStateOf } from './pg-errors';

const pgError = (code: string) => Object.assign(new Error('x'), { code });

describe('Postgres errors', () => {
  it('are known by their state, also inside of TypeORM’s wrapper', () => {
    expect(sqlStateOf(pgError('23505'))).toBe('23505');
    expect(sqlStateOf(Object.assign(new Error('x'), { driverError: pgError('40P01') }))).toBe('40P01');
    expect(sqlStateOf(new Error('x'))).toBeUndefined();
    expect(sqlStateOf(undefined)).toBeUndefined();
  });

  it.each(['40001', '40P01'])('%s is contention', (state) => {
    expect(isContention(pgError(state))).toBe(true);
    expect(isOutage(pgError(state))).toBe(false);
  });

  it('tell a twin from what overlaps', () => {
    expect(['23505', '23P01'].map((state) => isTwin(pgError(state)))).toEqual([true, false]);
  });

  it.each(['57P01', '57P02', '57P03', '08006', '53300', 'ECONNREFUSED', 'ECONNRESET'])(
    '%s is an outage',
    (code) => expect(isOutage(pgError(code))).toBe(true),
  );

  it.each(['23505', '57014', '42P01', 'ERR_ASSERTION'])('%s is the fault of the work', (code) =>
    expect(isOutage(pgError(code))).toBe(false),
  );

  it.each(['Connection terminated unexpectedly', 'timeout exceeded when trying to connect'])(
    '“%s” is an outage',
    (m) => expect(isOutage(new Error(m))).toBe(true),
  );
});
