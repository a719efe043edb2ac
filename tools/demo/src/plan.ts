import { checkCreditCode } from '@doorstep/kernel';
import type { City, RegionRow } from './city';
import { Random } from './random';

/** What the day is to be played with, decided before anything is sent: pure, and the same for the same seed. */
export interface Plan {
  sites: SitePlan[];
  residents: ResidentPlan[];
  programmes: ProgrammePlan[];
  prices: PricePlan[];
}

export interface SitePlan {
  community: Required<RegionRow>;
  body: Record<string, unknown> & { code: string };
  spaces: { name: string; kind: string; capacity: number }[];
  offerings: OfferingPlan[];
  caregivers: number;
}

export type Demand = 'meals' | 'sports' | 'childcare' | 'elderly_care';

export interface OfferingPlan {
  /** Which space of the site it uses, by index. */
  space?: number;
  kind: Demand;
  /** What one session holds by the plan: the number that the check against overbooking starts from. */
  capacity: number;
  body: Record<string, unknown>;
}

export interface ResidentPlan {
  community: Required<RegionRow>;
  wants: Demand;
  birthDate: string;
  body: Record<string, unknown>;
  /** Guardian first: a child's body names its guardian once that one is registered. */
  guardian?: Record<string, unknown>;
}

export interface ProgrammePlan {
  code: string;
  funder: 'civil_affairs' | 'health_commission';
  budgetFen: number;
  /** Too small on purpose: must end spent to the last fen that a step can take. */
  tooSmall: boolean;
  body: Record<string, unknown>;
}

export interface PricePlan {
  kind: Demand;
  unit: 'use' | 'hour';
  amountFen: number;
  /** Hourly: minutes are rounded up to a multiple of this. */
  stepMinutes?: number;
}

const SPACE_SOURCES = ['supplement', 'convert', 'transfer', 'build_along'] as const;
const EVERY_DAY = [1, 2, 3, 4, 5, 6, 7];
const SURNAMES = [...'王李张刘陈杨黄赵吴周徐孙马朱胡郭何林罗高'];
const GIVEN = [...'伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉兰萍红'];

export const PRICES: PricePlan[] = [
  { kind: 'meals', unit: 'use', amountFen: 1_800 },
  { kind: 'sports', unit: 'use', amountFen: 3_000 },
  { kind: 'childcare', unit: 'hour', amountFen: 2_533, stepMinutes: 15 },
  { kind: 'elderly_care', unit: 'hour', amountFen: 6_000, stepMinutes: 15 },
];

export function makePlan(city: City, today: string, seed: number): Plan {
  const random = new Random(seed + 1);
  return {
    sites: city.communities.map((community, index) => planSite(community, index, random)),
    residents: city.communities.flatMap((community, index) => planResidents(community, index, today, random)),
    programmes: planProgrammes(city),
    prices: PRICES,
  };
}

/** Every fifth site is a complex with all four kinds; the points between have two, in turn. */
function planSite(community: Required<RegionRow>, index: number, random: Random): SitePlan {
  const complex = index % 5 === 0;
  const kinds: Demand[] = complex
    ? ['meals', 'sports', 'childcare', 'elderly_care']
    : ([
        ['meals', 'elderly_care'],
        ['meals', 'sports'],
        ['meals', 'childcare'],
        ['meals', 'elderly_care'],
      ][index % 4] as Demand[]);
  const place = community.name.replace(/(社区)?居(民)?委(员)?会$/, '');
  return {
    community,
    body: {
      code: `S${community.code.slice(4)}`,
      name: {
        zh: `${place}${complex ? '嵌入式服务综合体' : '服务点'}`,
        en: `${complex ? 'Complex' : 'Point'} ${community.code}`,
      },
      regionCode: community.code,
      form: complex ? 'complex' : 'point',
      tier: complex && index % 10 === 0 ? 'street' : 'community',
      spaceSource: SPACE_SOURCES[index % 4],
      location: { lng: community.lng, lat: community.lat, crs: 'WGS84' },
      timeZone: 'Asia/Shanghai',
      areaM2: complex ? random.int(620, 1400) : random.int(60, 320),
      openingHours: EVERY_DAY.map((weekday) => ({ weekday, opens: '07:00', closes: '21:00' })),
    },
    spaces: kinds.includes('sports') ? [{ name: '球场', kind: 'court', capacity: 1 }] : [],
    offerings: kinds.map((kind) => planOffering(kind, index)),
    caregivers: kinds.includes('elderly_care') ? 2 : 0,
  };
}

function planOffering(kind: Demand, index: number): OfferingPlan {
  // A few kitchens and every fourth group are small, so that more people ask than there is room for.
  const seats = index % 10 === 3 ? 3 : 30;
  const forms: Record<Demand, { capacity: number; space?: number; body: Record<string, unknown> }> = {
    meals: {
      capacity: seats,
      body: {
        code: 'LUNCH',
        name: { zh: '社区午餐', en: 'Community lunch' },
        mode: 'session',
        delivery: 'on_site',
        capacityModel: 'seats',
        capacity: seats,
        schedule: EVERY_DAY.map((weekday) => ({ weekday, starts: '11:00', ends: '12:30' })),
        cutoffMinutes: 60,
      },
    },
    sports: {
      capacity: 1,
      space: 0,
      body: {
        code: 'COURT',
        name: { zh: '羽毛球场', en: 'Badminton court' },
        mode: 'session',
        delivery: 'on_site',
        capacityModel: 'exclusive',
        capacity: 1,
        schedule: EVERY_DAY.map((weekday) => ({ weekday, starts: '14:00', ends: '18:00', slotMinutes: 60 })),
        cutoffMinutes: 10,
      },
    },
    childcare: {
      capacity: 10,
      body: {
        code: 'CARE2H',
        name: { zh: '计时托育', en: 'Timed childcare' },
        mode: 'timed',
        delivery: 'on_site',
        capacityModel: 'places',
        capacity: 15,
        // 1:5 for 12–24 months (2019 setting standard): two carers make ten places of the fifteen.
        staffRatio: 5,
        staffCount: 2,
        ageMonthsMin: 12,
        ageMonthsMax: 36,
        schedule: EVERY_DAY.map((weekday) => ({ weekday, starts: '09:00', ends: '11:00' })),
        cutoffMinutes: 30,
      },
    },
    elderly_care: {
      capacity: 2,
      body: {
        code: 'VISIT',
        name: { zh: '上门照护', en: 'Home care visit' },
        mode: 'visit',
        delivery: 'home',
        capacityModel: 'caregiver',
        capacity: 2,
        skills: ['bedside_care'],
        schedule: EVERY_DAY.map((weekday) => ({ weekday, starts: '13:00', ends: '18:00', slotMinutes: 60 })),
        cutoffMinutes: 30,
        bufferMinutes: 0,
      },
    },
  };
  const form = forms[kind];
  return {
    kind,
    capacity: form.capacity,
    space: form.space,
    body: { leadMinutes: 0, bufferMinutes: 0, skills: [], kind, ...form.body },
  };
}

/** Twelve people a community: diners in two age bands, an adult player or two, toddlers with a guardian, people visited at home. */
function planResidents(
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

/**
 * Meals as Shanghai pays them (2 yuan at 60–79, 3 at 80 and over, from 15 yuan up, one a day), a childcare share with a
 * monthly cap, and the elderly voucher with a share and 800 yuan a month, whose budget here is too small on purpose.
 */
function planProgrammes(city: City): ProgrammePlan[] {
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

/** A unified social credit code with a right check character, made from a number. */
export function creditCodeOf(n: number): string {
  const body = `9131000${String(n).padStart(10, '0')}`;
  const check = [...'0123456789ABCDEFGHJKLMNPQRTUWXY'].find((c) => checkCreditCode(body + c) === 'valid');
  return body + check;
}

function shiftYears(day: string, years: number, random: Random): string {
  return `${Number(day.slice(0, 4)) + years}-${String(random.int(1, 12)).padStart(2, '0')}-${String(random.int(1, 28)).padStart(2, '0')}`;
}

function shiftMonths(day: string, months: number): string {
  const index = Number(day.slice(0, 4)) * 12 + Number(day.slice(5, 7)) - 1 + months;
  return `${Math.floor(index / 12)}-${String((index % 12) + 1).padStart(2, '0')}-${String(Math.min(28, Number(day.slice(8)))).padStart(2, '0')}`;
}
