import type { City } from './city';
import type { ProgrammePlan } from './plan';

/**
 * Meals as Shanghai pays them (2 yuan at 60–79, 3 at 80 and over, from 15 yuan up, one a day), a childcare share with a
 * monthly cap, and the elderly voucher with a share and 800 yuan a month, whose budget here is too small on purpose.
 */
export function planProgrammes(city: City): ProgrammePlan[] {
  const everywhere = { regionPrefix: city.code, base: 'gross' };
  const communities = city.communities.length;
  return [
    {
      code: 'MEAL-60',
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
      code: 'MEAL-80',
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
        excludes: ['MEAL-60'],
      },
    },
    {
      code: 'CHILD-3',
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
      code: 'ELDER-VOUCHER',
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
