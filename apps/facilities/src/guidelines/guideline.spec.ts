import {
  childcareWarnings,
  effectiveGuideline,
  type Guideline,
  guidelineFaults,
  siteWarnings,
} from './guideline';

const NATIONAL: Guideline = {
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

/** A place where no rule says anything. */
const NOTHING = effectiveGuideline([]);

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
    expect(siteWarnings({ form: 'complex', areaM2: 10, kinds: [] }, NOTHING)).toEqual([]);
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

describe('the guideline of a place', () => {
  const country = { regionPrefix: '' as const, ...NATIONAL };
  const city = { ...NOTHING, regionPrefix: '3101', complexAreaMinM2: 500 };
  const district = { ...NOTHING, regionPrefix: '310101', complexKindsMin: 5 };

  it('is, figure by figure, what the nearest region says', () => {
    expect(effectiveGuideline([country, district, city])).toEqual({
      ...NATIONAL,
      complexAreaMinM2: 500,
      complexKindsMin: 5,
    });
    expect(effectiveGuideline([country])).toEqual(NATIONAL);
  });

  it('may not contradict itself', () => {
    const fields = (changes: Partial<Guideline>) =>
      guidelineFaults({ ...NATIONAL, ...changes }).map(({ field }) => field);
    expect(fields({})).toEqual([]);
    expect(fields({ complexAreaBetterM2: 599 })).toEqual(['complexAreaBetterM2']);
    expect(fields({ complexScarceKindsMin: 4 })).toEqual(['complexScarceKindsMin']);
    const nobody = { ageMonthsMin: 12, ageMonthsMax: 12, groupMax: 5, staffRatioMax: 3 };
    expect(fields({ childcareClasses: [nobody] })).toEqual(['childcareClasses[0].ageMonthsMax']);
  });
});
