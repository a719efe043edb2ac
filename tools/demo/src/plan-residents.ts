import type { RegionRow } from './city';
import type { Demand, ResidentPlan } from './plan';
import type { Random } from './random';

const SURNAMES = [...'王李张刘陈杨黄赵吴周徐孙马朱胡郭何林罗高'];
const GIVEN = [...'伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉兰萍红'];

/** Twelve people a community: diners in two age bands, an adult player or two, toddlers with a guardian, people visited at home. */
export function planResidents(
  community: Required<RegionRow>,
  index: number,
  today: string,
  random: Random,
): ResidentPlan[] {
  const born = (yearsMin: number, yearsMax: number) =>
    shiftYears(today, -random.int(yearsMin, yearsMax), random);
  const person = (
    wants: Demand,
    birthDate: string,
    attributes: Record<string, unknown> = {},
  ): ResidentPlan => ({
    community,
    wants,
    birthDate,
    body: {
      name: random.pick(SURNAMES) + random.pick(GIVEN) + random.pick(GIVEN),
      mobile: `1${random.int(3, 9)}${String(random.int(0, 999_999_999)).padStart(9, '0')}`,
      birthDate,
      regionCode: community.code,
      attributes,
      consents: [{ purpose: 'booking' }, { purpose: 'subsidy' }, { purpose: 'notifications' }],
    },
  });
  const residents: ResidentPlan[] = [];
  for (let i = 0; i < 5; i++)
    residents.push(person('meals', born(61, 78), i === 0 ? { hardship: true } : {}));
  for (let i = 0; i < 2; i++) residents.push(person('meals', born(81, 95)));
  for (let i = 0; i < 2; i++) residents.push(person('sports', born(20, 55)));
  if (index % 5 === 0 || index % 4 === 2)
    residents.push(planChild(community, today, random), planChild(community, today, random));
  for (let i = 0; i < 2; i++) {
    residents.push(
      person('elderly_care', born(68, 92), {
        careLevel: random.pick(['moderate', 'severe', 'total']),
        careLevelAssessedOn: shiftMonths(today, -random.int(1, 11)),
      }),
    );
  }
  return residents;
}

function planChild(community: Required<RegionRow>, today: string, random: Random): ResidentPlan {
  const surname = random.pick(SURNAMES);
  const birthDate = shiftMonths(today, -random.int(13, 34));
  return {
    community,
    wants: 'childcare',
    birthDate,
    guardian: {
      name: surname + random.pick(GIVEN),
      mobile: `1${random.int(3, 9)}${String(random.int(0, 999_999_999)).padStart(9, '0')}`,
      birthDate: shiftYears(today, -random.int(24, 38), random),
      regionCode: community.code,
      attributes: {},
      consents: [{ purpose: 'booking' }, { purpose: 'notifications' }],
    },
    body: {
      name: surname + random.pick(GIVEN) + random.pick(GIVEN),
      birthDate,
      regionCode: community.code,
      attributes: { birthOrder: random.int(1, 3) },
      consents: [{ purpose: 'booking' }, { purpose: 'subsidy' }],
    },
  };
}

function shiftYears(day: string, years: number, random: Random): string {
  return `${Number(day.slice(0, 4)) + years}-${String(random.int(1, 12)).padStart(2, '0')}-${String(random.int(1, 28)).padStart(2, '0')}`;
}

function shiftMonths(day: string, months: number): string {
  const index = Number(day.slice(0, 4)) * 12 + Number(day.slice(5, 7)) - 1 + months;
  return `${Math.floor(index / 12)}-${String((index % 12) + 1).padStart(2, '0')}-${String(Math.min(28, Number(day.slice(8)))).padStart(2, '0')}`;
}
