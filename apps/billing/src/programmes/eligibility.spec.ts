import { attendance, ineligibility, type Eligibility, type ResidentFacts } from './eligibility';

const resident = (changes: Partial<ResidentFacts> = {}): ResidentFacts => ({
  birthDate: '1950-11-02',
  careLevel: 'moderate',
  careLevelAssessedOn: '2026-01-15',
  hardship: false,
  disability: false,
  birthOrder: null,
  registration: null,
  registeredIn: null,
  subsidyConsent: true,
  ...changes,
});
const DAY = '2026-11-02';
const SERVED = { day: DAY, siteStars: null };
const codeOf = (terms: Eligibility, changes: Partial<ResidentFacts> = {}, day = DAY): string | undefined =>
  ineligibility(terms, resident(changes), { day, siteStars: null })?.code;

describe('a programme for ages in years', () => {
  const meals = { ageYearsMin: 60, ageYearsMax: 79 };
  it.each([
    ['the day before the 60th birthday', '1966-11-03', 'age_out_of_range'],
    ['the 60th birthday', '1966-11-02', undefined],
    ['the day before the 80th birthday', '1946-11-03', undefined],
    ['the 80th birthday', '1946-11-02', 'age_out_of_range'],
  ])('on %s', (_name, birthDate, code) => expect(codeOf(meals, { birthDate })).toBe(code));

  it('does not guess an age that is not known', () => {
    expect(codeOf(meals, { birthDate: null })).toBe('age_not_known');
    expect(codeOf({ careLevels: ['moderate'] }, { birthDate: null })).toBeUndefined();
  });
});

describe('a programme for ages in months', () => {
  it.each([
    ['the day before the child is 6 months', '2026-05-03', 'age_out_of_range'],
    ['the day the child is 6 months', '2026-05-02', undefined],
    ['the day before the third birthday', '2023-11-03', undefined],
    ['the third birthday', '2023-11-02', 'age_out_of_range'],
  ])('on %s', (_name, birthDate, code) =>
    expect(codeOf({ ageMonthsMin: 6, ageMonthsMax: 36 }, { birthDate })).toBe(code),
  );
});

describe('a programme for care levels', () => {
  const terms = { careLevels: ['moderate', 'severe'], assessedMonthsMax: 12 };
  it.each<[string, Partial<ResidentFacts>, string | undefined]>([
    ['a level that it names', {}, undefined],
    ['another level', { careLevel: 'mild' }, 'care_level_not_covered'],
    ['nobody has assessed', { careLevel: null, careLevelAssessedOn: null }, 'care_level_not_covered'],
    ['an assessment of a year ago', { careLevelAssessedOn: '2025-11-02' }, 'assessment_too_old'],
    ['an assessment a day younger than a year', { careLevelAssessedOn: '2025-11-03' }, undefined],
  ])('with %s', (_name, changes, code) => expect(codeOf(terms, changes)).toBe(code));
});

describe('other conditions', () => {
  it('asks for consent before anything else', () => {
    expect(codeOf({}, { subsidyConsent: false })).toBe('no_consent');
    expect(codeOf({ hardship: true }, { subsidyConsent: false })).toBe('no_consent');
  });

  it('takes hardship and disability as given, in both directions', () => {
    expect(codeOf({ hardship: true })).toBe('hardship_differs');
    expect(codeOf({ hardship: true }, { hardship: true })).toBeUndefined();
    expect(codeOf({ hardship: false }, { hardship: true })).toBe('hardship_differs');
    expect(codeOf({ disability: true })).toBe('disability_differs');
    expect(codeOf({ disability: true }, { disability: true })).toBeUndefined();
  });

  it('counts children of a family', () => {
    expect(codeOf({ birthOrderMin: 2 })).toBe('birth_order_too_low');
    expect(codeOf({ birthOrderMin: 2 }, { birthOrder: 1 })).toBe('birth_order_too_low');
    expect(codeOf({ birthOrderMin: 2 }, { birthOrder: 2 })).toBeUndefined();
  });

  it.each<[Eligibility, Partial<ResidentFacts>, string | undefined]>([
    [{ registration: 'local' }, {}, 'registration_differs'],
    [{ registration: 'local' }, { registration: 'non_local' }, 'registration_differs'],
    [{ registration: 'local' }, { registration: 'local' }, undefined],
    [{ registration: 'non_local' }, { registration: 'non_local', registeredIn: '3205' }, undefined],
    [{ registeredIn: ['310101', '310104'] }, { registration: 'local' }, 'registration_differs'],
    [{ registeredIn: ['310101', '310104'] }, { registeredIn: '310105' }, 'registration_differs'],
    [{ registeredIn: ['310101', '310104'] }, { registeredIn: '310104003' }, undefined],
  ])('takes household registration as it is known: %j of %j', (terms, changes, code) => {
    expect(codeOf(terms, changes)).toBe(code);
  });

  it('says why in words', () => {
    expect(
      ineligibility({ ageYearsMin: 60, ageYearsMax: 79 }, resident({ birthDate: '2000-01-01' }), SERVED)?.why,
    ).toBe('Only for the age of 60 years and over, 79 years and under.');
  });
});

describe('a programme for sites of three stars and more', () => {
  it.each([
    ['a site of three', 3, undefined],
    ['a site of two', 2, 'Only at sites of 3 stars or more; this one has 2 stars on the day.'],
    ['a site of one', 1, 'Only at sites of 3 stars or more; this one has 1 star on the day.'],
    ['a site without', null, 'Only at sites of 3 stars or more; this one has no stars on the day.'],
  ])('at %s', (_name, siteStars, why) =>
    expect(ineligibility({ siteStarsMin: 3 }, resident(), { day: DAY, siteStars })?.why).toBe(why),
  );

  it('asks the resident first', () => {
    const terms = { siteStarsMin: 3, hardship: true };
    expect(ineligibility(terms, resident(), SERVED)?.code).toBe('hardship_differs');
  });
});

describe('an attendance condition of half of the workdays', () => {
  it.each([
    ['half of them', { daysAttended: 11, workdays: 22 }, undefined],
    ['a day less than half', { daysAttended: 10, workdays: 21 }, 'attendance_too_low'],
    ['a service that is not by the month', undefined, 'attendance_too_low'],
  ])('with %s', (_name, attended, code) =>
    expect(attendance({ attendedBpMin: 5_000 }, attended)?.code).toBe(code),
  );
});
