import type { Pack, PackProgramme } from './pack';

/*
 * Shanghai, worked through. The figures are the working figures of this project for these rules; where no public text
 * stands beside one, it is configuration: compare it with the city's own notice before the first claim.
 */

const MEALS = {
  ...{ funder: 'meals' as const, kinds: ['meals'], base: 'gross' as const, rateBp: null },
  ...{ minimumGrossFen: 1_500, caps: { perDayUses: 1 } },
};
const MEAL_SOURCE =
  'Configuration: bands, the meal of 15 yuan and once a day as the city’s meal subsidy is worded.';

const meals: PackProgramme[] = [
  {
    ...MEALS,
    ...{ code: 'SH-MEAL-HARDSHIP', name: { zh: '困难老年人助餐补贴', en: 'Meals: elderly in hardship' } },
    ...{ modes: null, eligibility: { ageYearsMin: 60, hardship: true }, fixedFen: 600, order: 10 },
    ...{ excludes: ['SH-MEAL-60', 'SH-MEAL-80'], source: MEAL_SOURCE },
  },
  {
    ...MEALS,
    ...{ code: 'SH-MEAL-80', name: { zh: '80岁以上老年人助餐补贴', en: 'Meals: 80 and over' } },
    ...{ modes: null, eligibility: { ageYearsMin: 80 }, fixedFen: 300, order: 11 },
    ...{ excludes: ['SH-MEAL-HARDSHIP'], source: MEAL_SOURCE },
  },
  {
    ...MEALS,
    ...{ code: 'SH-MEAL-60', name: { zh: '60—79岁老年人助餐补贴', en: 'Meals: 60 to 79' } },
    ...{ modes: null, eligibility: { ageYearsMin: 60, ageYearsMax: 79 }, fixedFen: 200, order: 12 },
    ...{ excludes: ['SH-MEAL-HARDSHIP'], source: MEAL_SOURCE },
  },
  {
    ...MEALS,
    ...{ code: 'SH-MEAL-DELIVERY', name: { zh: '助餐送餐补贴', en: 'Meals: delivery' } },
    ...{ modes: ['order'], eligibility: { ageYearsMin: 60 }, fixedFen: 400, order: 20, excludes: [] },
    source: 'Configuration: 4 yuan a day for meals that are brought, which are offerings in the mode order.',
  },
];

const careClass = (
  code: string,
  name: PackProgramme['name'],
  months: [number, number],
  perMonthFen: number,
  order: number,
): PackProgramme => ({
  ...{ code, name, funder: 'childcare', kinds: ['childcare'], modes: ['full_day', 'half_day'] },
  eligibility: { ageMonthsMin: months[0], ageMonthsMax: months[1], attendedBpMin: 5_000 },
  ...{ base: 'gross', rateBp: 10_000, fixedFen: null, minimumGrossFen: null, caps: { perMonthFen } },
  ...{ order, excludes: [] },
  source:
    'Configuration: caps by class from one city’s published claim tool; half of the workdays attended; ends at 36 months. ' +
    'Classes by age: setting standard of childcare institutions, 2019.',
});

const childcare: PackProgramme[] = [
  careClass(
    'SH-CARE-INFANT',
    { zh: '托育补贴（乳儿班）', en: 'Childcare: infant class' },
    [6, 12],
    210_000,
    10,
  ),
  careClass(
    'SH-CARE-TODDLER',
    { zh: '托育补贴（托小班）', en: 'Childcare: toddler class' },
    [12, 24],
    170_000,
    11,
  ),
  careClass(
    'SH-CARE-OLDER',
    { zh: '托育补贴（托大班）', en: 'Childcare: older class' },
    [24, 36],
    140_000,
    12,
  ),
];

const insurance = (code: string, zh: string, careLevels: string[], rateBp: number): PackProgramme => ({
  ...{ code, name: { zh, en: `Long-term care insurance: ${careLevels.join(', ')}` }, funder: 'insurance' },
  ...{ kinds: ['elderly_care'], modes: ['visit'], eligibility: { ageYearsMin: 60, careLevels } },
  ...{ base: 'gross', rateBp, fixedFen: null, minimumGrossFen: null, caps: {}, order: 10, excludes: [] },
  source: 'Configuration: about 70 % and 50 % of listed services, the severe first; set the city’s own rate.',
  rateRangeBp: { min: 3_000, max: 9_000 },
});

const elderly: PackProgramme[] = [
  insurance('SH-LTCI-SEVERE', '长期护理保险（重度）', ['severe', 'total'], 7_000),
  insurance('SH-LTCI-MODERATE', '长期护理保险（中度）', ['moderate'], 5_000),
  {
    ...{ code: 'SH-VOUCHER', name: { zh: '养老服务消费补贴', en: 'National voucher of elderly care' } },
    ...{ funder: 'voucher', kinds: ['elderly_care'], modes: null },
    eligibility: {
      ...{ ageYearsMin: 60, careLevels: ['moderate', 'severe', 'total'], assessedMonthsMax: 12 },
    },
    ...{ base: 'remaining', rateBp: 4_000, fixedFen: null, minimumGrossFen: null },
    ...{ caps: { perMonthFen: 80_000 }, order: 20, excludes: [] },
    source:
      'National voucher of 2026: 60 and over, moderate loss of ability or worse, at most 800 yuan a month, valid in that ' +
      'month. Levels and yearly assessment: GB/T 42195-2022. The share of 30–60 % of each bill is configuration.',
    rateRangeBp: { min: 3_000, max: 6_000 },
  },
];

export const SHANGHAI: Pack = {
  ...{ code: 'shanghai', name: { zh: '上海', en: 'Shanghai' }, regionPrefix: '31', asOf: '2026-01-01' },
  programmes: [...meals, ...childcare, ...elderly],
};

export const PACKS: readonly Pack[] = [SHANGHAI];
