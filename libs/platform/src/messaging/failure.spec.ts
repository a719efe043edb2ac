import { DomainError } from '@doorstep/kernel';
import { causeOf, isPermanent } from './failure';

describe('the cause that is kept of a failure', () => {
  it('names state, table and constraint of a Postgres error, not the row', () => {
    const error = Object.assign(new Error('duplicate key value (mobile)=(13812345678)'), {
      code: '23505',
      table: 'resident',
      constraint: 'resident_mobile_key',
      detail: 'Key (mobile)=(13812345678) already exists.',
    });
    expect(causeOf(Object.assign(new Error('wrapped'), { driverError: error }))).toBe(
      'Postgres 23505 resident resident_mobile_key',
    );
  });

  it.each([
    ['Error: mobile 13812345678 unknown', new Error('mobile 13812345678 unknown')],
    ['Error: id 11010519491231002X', new Error('id 11010519491231002X')],
    ['Error: mail to a@b.cn', new Error('mail to a@b.cn')],
  ])('masks what could be personal: %s', (original, error) => {
    const cause = causeOf(error);
    expect(cause).not.toBe(original);
    expect(cause).not.toMatch(/\d{6}|@/);
  });

  it('keeps ids and codes', () => {
    const id = '018f1234-5678-7abc-8def-123456789012';
    expect(causeOf(new DomainError('conflict', 'seat_gone', `session ${id} is full`))).toBe(
      `conflict seat_gone: session ${id} is full`,
    );
  });

  it('is bounded, also for what is no error at all', () => {
    expect(causeOf(new Error('x'.repeat(10_000)))).toHaveLength(500);
    expect(causeOf('secret')).toBe('thrown string');
  });
});

describe('what trying again cannot help', () => {
  it.each(['malformed', 'invalid', 'gone'] as const)('a refusal as %s', (kind) =>
    expect(isPermanent(new DomainError(kind, 'x', 'x'))).toBe(true),
  );
  it.each(['conflict', 'not_found', 'unavailable'] as const)('%s may pass', (kind) =>
    expect(isPermanent(new DomainError(kind, 'x', 'x'))).toBe(false),
  );
  it('an unknown error may pass', () => expect(isPermanent(new Error('x'))).toBe(false));
});
