import { childcareWarnings, type Guideline, siteWarnings } from './guideline';

const NATIONAL: Guideline = {
  regionPrefix: '',
  complexAreaMinM2: 600,
  complexAreaBetterM2: 800,
  complexKindsMin: 3,
  complexScarceKindsMin: 2,
  areaPer100HouseholdsM2: 30,
  childcareClasses: [
    { ageMonthsMin: 6, ageMonthsMax: 12, groupMax: 10, staffRatioMax: 3 },
    { ageMonthsMin: 12, ageMonthsMax: 24, groupMax: 15, staffRatioMax: 5 },
    { ageMonthsMin: 24, ageMonthsMax: 36, groupMax: 20, staffRatioMax: 7 },
  ],
};

const kind = (code: string, urgentAndScarce: boolean) => ({ code, urgentAndScarce });
const codes = (warnings: { code: string }[]) => warnings.map((warning) => warning.code);

describe('a complex', () => {
  it.each([
    [599, ['complex_small']],
    [600, ['complex_below_better']],
    [800, []],
  ])('of %i m²', (areaM2, expected) => {
    expect(codes(siteWarnings({ form: 'complex', areaM2, kinds: [] }, NATIONAL))).toEqual(expected);
  });

  it('with too few kinds, and too few that are urgent and scarce', () => {
    const kinds = [kind('sports', false), kind('meals', true)];
    expect(codes(siteWarnings({ form: 'complex', areaM2: 900, kinds }, NATIONAL))).toEqual([
      'complex_few_kinds',
      'complex_few_scarce_kinds',
    ]);
  });

  it('in a city without a guideline', () => {
    expect(siteWarnings({ form: 'complex', areaM2: 10, kinds: [] }, undefined)).toEqual([]);
  });
});

describe('a point', () => {
  it('may be as small as it is', () => {
    expect(siteWarnings({ form: 'point', areaM2: 20, kinds: [kind('meals', true)] }, NATIONAL)).toEqual([]);
  });
});

describe('childcare', () => {
  const care = { capacity: 15, staffRatio: 5, ageMonthsMin: 12, ageMonthsMax: 36 };

  it('of toddlers in a group of fifteen, one carer for five', () => {
    expect(childcareWarnings(care, NATIONAL)).toEqual([]);
  });

  it('that takes infants keeps to their measure', () => {
    expect(codes(childcareWarnings({ ...care, ageMonthsMin: 6 }, NATIONAL))).toEqual([
      'childcare_group_large',
      'childcare_staff_few',
    ]);
  });

  it('without a ratio', () => {
    expect(codes(childcareWarnings({ ...care, staffRatio: null }, NATIONAL))).toEqual([
      'childcare_staff_few',
    ]);
  });

  it('of ages that no class covers', () => {
    expect(childcareWarnings({ ...care, ageMonthsMin: 36, ageMonthsMax: 72 }, NATIONAL)).toEqual([]);
  });
});
