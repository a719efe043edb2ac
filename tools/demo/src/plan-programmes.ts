import type { Area, City } from './city';
import type { ProgrammePlan } from './plan';

/**
 * Meals as Shanghai pays them (2 yuan at 60–79, 3 at 80 and over, from 15 yuan up, one a day), a childcare share with a
 * monthly cap, and the elderly voucher with a share and 800 yuan a month, whose budget here is too small on purpose.
 */
export function planProgrammes(city: City, codes: Record<ProgrammeName, string>): ProgrammePlan[] {
  const cityCode = city.code;
  const everywhere = { regionPrefix: city.code, base: 'gross' };
  const communities = city.communities.length;
  return [
    ...planMeals(city, codes),
    {
      code: codes['CHILD-3'],
      cityCode,
      funder: 'health_commission',
      budgetFen: communities * 4 * 2_000,
      tooSmall: false,
      body: {
        ...everywhere,
        name: { zh: '普惠托育补贴', en: 'Childcare subsidy' },
        kinds: ['childcare'],
        eligibility: { ageMonthsMax: 36 },
        rateBp: 3_000,
        caps: { perMonthFen: 140_000 },
        order: 20,
      },
    },
    {
      code: codes['ELDER-VOUCHER'],
      cityCode,
      funder: 'civil_affairs',
      budgetFen: communities * 1_111 + 7,
      tooSmall: true,
      body: {
        ...everywhere,
        name: { zh: '养老服务消费补贴', en: 'Elderly service voucher' },
        kinds: ['elderly_care'],
        eligibility: { ageYearsMin: 60, careLevels: ['moderate', 'severe', 'total'] },
        rateBp: 4_000,
        caps: { perMonthFen: 80_000 },
        order: 30,
      },
    },
  ];
}

function planMeals(city: City, codes: Record<ProgrammeName, string>): ProgrammePlan[] {
  const cityCode = city.code;
  const everywhere = { regionPrefix: city.code, base: 'gross' };
  const communities = city.communities.length;
  return [
    {
      code: codes['MEAL-60'],
      cityCode,
      funder: 'civil_affairs',
      budgetFen: communities * 5 * 200,
      tooSmall: false,
      body: {
        ...everywhere,
        name: { zh: '老年助餐补贴 60–79', en: 'Meal subsidy 60–79' },
        kinds: ['meals'],
        eligibility: { ageYearsMin: 60, ageYearsMax: 79 },
        fixedFen: 200,
        minimumGrossFen: 1_500,
        caps: { perDayUses: 1 },
        order: 10,
      },
    },
    {
      code: codes['MEAL-80'],
      cityCode,
      funder: 'civil_affairs',
      budgetFen: communities * 3 * 300,
      tooSmall: false,
      body: {
        ...everywhere,
        name: { zh: '老年助餐补贴 80+', en: 'Meal subsidy 80+' },
        kinds: ['meals'],
        eligibility: { ageYearsMin: 80 },
        fixedFen: 300,
        minimumGrossFen: 1_500,
        caps: { perDayUses: 1 },
        order: 11,
        excludes: [codes['MEAL-60']],
      },
    },
  ];
}

export const PROGRAMMES = ['MEAL-60', 'MEAL-80', 'CHILD-3', 'ELDER-VOUCHER'] as const;
export type ProgrammeName = (typeof PROGRAMMES)[number];

/** Each city has programmes of its own, and no two of them the same code; those of the first bear the plain names. */
export function codesIn({ cities: [first] }: Area, cityCode: string): Record<ProgrammeName, string> {
  const code = (name: ProgrammeName) => (cityCode === first.code ? name : `${name}-${cityCode}`);
  return Object.fromEntries(PROGRAMMES.map((name) => [name, code(name)])) as Record<ProgrammeName, string>;
}
