import { DomainError } from '@doorstep/kernel';
import { enterLicence, type EnterLicence, holdsOn, renewLicence, revokeLicence, stateOf } from './licence';

const command: EnterLicence = {
  siteId: 'site',
  type: 'food_business',
  number: ' JY23101010000001 ',
  issuer: '黄浦区市场监督管理局',
  validFrom: '2022-01-01',
  validTo: '2027-01-01',
};
const licence = enterLicence('chain', command, 'id');
const codeOf = (work: () => unknown): string => {
  try {
    work();
  } catch (error) {
    if (error instanceof DomainError) return error.code;
  }
  return 'taken';
};

describe('a licence', () => {
  it('holds from its first day to the day before its end', () => {
    expect(licence.number).toBe('JY23101010000001');
    expect(
      ['2021-12-31', '2022-01-01', '2026-12-31', '2027-01-01'].map((day) => holdsOn(licence, day)),
    ).toEqual([false, true, true, false]);
    expect(['2021-12-31', '2026-12-31', '2027-01-01'].map((day) => stateOf(licence, day))).toEqual([
      'upcoming',
      'valid',
      'lapsed',
    ]);
  });

  it('may never run out', () => {
    const filing = enterLicence('chain', { ...command, validTo: undefined }, 'id');
    expect(holdsOn(filing, '2099-01-01')).toBe(true);
  });

  it.each<[string, Partial<EnterLicence>]>([
    ['number_empty', { number: ' ' }],
    ['period_empty', { validTo: '2022-01-01' }],
    ['not_a_day', { validFrom: '2022-02-30' }],
  ])('is refused with %s', (code, changes) => {
    expect(codeOf(() => enterLicence('chain', { ...command, ...changes }, 'id'))).toBe(code);
  });
});

describe('a renewal', () => {
  it('takes the place of the former one for longer', () => {
    const renewed = renewLicence(licence, { validFrom: '2026-12-01', validTo: '2032-01-01' }, 'next');
    expect(renewed).toMatchObject({
      siteId: 'site',
      type: 'food_business',
      number: licence.number,
      renews: 'id',
    });
  });

  it('is not shorter', () => {
    expect(codeOf(() => renewLicence(licence, { validFrom: '2026-01-01', validTo: '2027-01-01' }, 'n'))).toBe(
      'renewal_not_later',
    );
    const endless = enterLicence('chain', { ...command, validTo: undefined }, 'id');
    expect(codeOf(() => renewLicence(endless, { validFrom: '2026-01-01', validTo: '2030-01-01' }, 'n'))).toBe(
      'renewal_not_later',
    );
  });
});

describe('a revoked licence', () => {
  const revoked = revokeLicence(licence, '2026-06-01', 'kitchen closed by inspection');

  it('ends on that day', () => {
    expect(holdsOn(revoked, '2026-05-31')).toBe(true);
    expect(holdsOn(revoked, '2026-06-01')).toBe(false);
    expect(stateOf(revoked, '2026-05-31')).toBe('valid');
    expect(stateOf(revoked, '2026-06-01')).toBe('revoked');
  });

  it('was revoked once, with a reason, within its time', () => {
    expect(codeOf(() => revokeLicence(revoked, '2026-07-01', 'x'))).toBe('licence_revoked');
    expect(codeOf(() => revokeLicence(licence, '2026-07-01', ' '))).toBe('reason_empty');
    expect(codeOf(() => revokeLicence(licence, '2027-01-01', 'x'))).toBe('revocation_out_of_range');
  });
});
