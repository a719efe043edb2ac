import { DomainError } from '@doorstep/kernel';
import {
  birthDateAfterErasure,
  checkAttributes,
  checkBirthDate,
  checkConsent,
  checkHomeRegion,
  checkPersonalData,
  checkRegistration,
  type Guardian,
  maskPersonalData,
  needsGuardian,
} from './resident';

const TODAY = '2026-11-02';
const code = (work: () => unknown): string => {
  try {
    work();
  } catch (error) {
    if (error instanceof DomainError) return error.code;
  }
  return 'accepted';
};

describe('personal data', () => {
  const born = '1949-12-31';
  const withId = (idNumber: string, birthDate = born, sex: 'male' | 'female' | null = null) =>
    code(() => checkPersonalData({ name: '王芳', idNumber }, birthDate, sex));

  it('is trimmed, and empty fields are left out', () => {
    expect(checkPersonalData({ name: ' 王芳 ', mobile: ' ', email: 'a@b.cn ' }, born, null)).toEqual({
      name: '王芳',
      email: 'a@b.cn',
    });
  });

  it('takes the sample of GB 11643, also with a small x', () => {
    expect(withId('11010519491231002X')).toBe('accepted');
    expect(checkPersonalData({ name: '王芳', idNumber: '11010519491231002x' }, born, 'female').idNumber).toBe(
      '11010519491231002X',
    );
  });

  it.each([
    ['110105194912310021', born, null, 'id_number_invalid'],
    ['1101051949123100', born, null, 'id_number_invalid'],
    ['11010519491231002X', '1949-12-30', null, 'birth_date_mismatch'],
    ['11010519491231002X', born, 'male', 'sex_mismatch'],
  ] as const)('%s, born %s, %s: %s', (idNumber, birthDate, sex, expected) => {
    expect(withId(idNumber, birthDate, sex)).toBe(expected);
  });

  it('refuses an empty name and what is no mobile', () => {
    expect(code(() => checkPersonalData({ name: '  ' }, born, null))).toBe('name_empty');
    expect(code(() => checkPersonalData({ name: '王芳', mobile: '12800138000' }, born, null))).toBe(
      'mobile_malformed',
    );
  });

  it('is masked by field', () => {
    expect(
      maskPersonalData({
        name: '欧阳娜娜',
        mobile: '13800138000',
        idNumber: '11010519491231002X',
        email: 'wang@example.cn',
        address: '上海市黄浦区人民大道200号',
      }),
    ).toEqual({
      name: '欧阳**',
      mobile: '138****8000',
      idNumber: '110105********002X',
      email: 'w***@example.cn',
      address: '上海市黄浦区****',
    });
    expect(maskPersonalData({ name: '王芳', address: 'Room 3' })).toEqual({ name: '王*', address: '****' });
  });
});

describe('a birth date', () => {
  it.each([
    ['2026-02-30', 'not_a_day'],
    ['2026-11-03', 'birth_date_in_future'],
    ['1895-11-01', 'birth_date_too_early'],
    ['2026-11-02', 'accepted'],
  ])('%s: %s', (birthDate, expected) => {
    expect(code(() => checkBirthDate(birthDate, TODAY))).toBe(expected);
  });

  it('keeps its year after erasure', () => {
    expect(birthDateAfterErasure('1949-12-31')).toBe('1949-01-01');
  });
});

describe('a home region', () => {
  it.each([
    ['310101002001', 'accepted'],
    ['310101002', 'accepted'],
    ['310101', 'region_code_malformed'],
    ['31010100200', 'region_code_malformed'],
    ['黄浦', 'region_code_malformed'],
  ])('%s: %s', (region, expected) => {
    expect(code(() => checkHomeRegion(region))).toBe(expected);
  });
});

describe('attributes', () => {
  const attributes = {
    careLevel: null,
    careLevelAssessedOn: null,
    hardship: false,
    disability: false,
    birthOrder: null,
  };

  it('need a care level with its day of assessment, and no day in the future', () => {
    const on = (careLevelAssessedOn: string, careLevel: string | null) =>
      code(() => checkAttributes({ ...attributes, careLevel, careLevelAssessedOn }, TODAY));
    expect(on('2026-10-01', 'severe')).toBe('accepted');
    expect(on('2026-10-01', null)).toBe('care_level_missing');
    expect(on('2026-11-03', 'severe')).toBe('not_a_day');
  });
});

describe('household registration', () => {
  const seen = (registeredIn: string | null, stated?: 'local' | 'non_local', home = '310101002001') =>
    checkRegistration({ registration: stated ?? null, registeredIn }, stated, home).registration;

  it('is local in the city of residence, whose districts are one city in a municipality', () => {
    expect(seen('310115')).toBe('local');
    expect(seen('3101')).toBe('local');
    expect(seen('310230')).toBe('local');
    expect(seen('320501')).toBe('non_local');
    expect(seen('320501', undefined, '320502001')).toBe('local');
    expect(seen('320101', undefined, '320502001')).toBe('non_local');
  });

  it('is taken as stated where the place is not known, and not against it', () => {
    expect(seen(null)).toBeNull();
    expect(seen(null, 'non_local')).toBe('non_local');
    expect(code(() => seen('320501', 'local'))).toBe('registration_mismatch');
    expect(code(() => seen('31'))).toBe('region_code_malformed');
  });
});

describe('consent', () => {
  const child = { birthDate: '2024-03-01', householdId: 'h' };
  const adult = { birthDate: '1990-01-01', householdId: 'h' };
  const mother: Guardian = { id: 'm', birthDate: '1995-01-01', householdId: 'h', erased: false };
  const given = (resident: typeof child, grantedBy?: string, guardian?: Guardian) =>
    code(() => checkConsent({ purpose: 'booking', grantedBy }, resident, guardian, TODAY));

  it('is given by adults themselves, and by guardians for children under 14', () => {
    expect(given(adult)).toBe('accepted');
    expect(given(child)).toBe('guardian_consent_required');
    expect(given(child, 'guardian')).toBe('accepted');
    expect(given(child, 'm', mother)).toBe('accepted');
  });

  it('can be given by the child itself from the fourteenth birthday', () => {
    expect(needsGuardian('2012-11-03', TODAY)).toBe(true);
    expect(needsGuardian('2012-11-02', TODAY)).toBe(false);
  });

  it.each([
    ['nobody on record', undefined],
    ['a minor', { ...mother, birthDate: '2008-11-03' }],
    ['somebody of another household', { ...mother, householdId: 'other' }],
    ['somebody who was erased', { ...mother, erased: true }],
  ])('by %s is refused', (_who, guardian) => {
    expect(given(child, 'm', guardian)).toBe('guardian_unknown');
  });
});
