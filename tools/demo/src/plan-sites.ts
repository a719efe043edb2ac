import type { RegionRow } from './city';
import type { Demand, OfferingPlan, SitePlan } from './plan';
import type { Random } from './random';

const SPACE_SOURCES = ['supplement', 'convert', 'transfer', 'build_along'] as const;
const EVERY_DAY = [1, 2, 3, 4, 5, 6, 7];
const SEATS = 30;
/** A few kitchens are small, so that more people ask than there is room for. */
const SEATS_OF_SMALL_KITCHEN = 3;

/** One offering of each kind: each with another capacity model. */
const FORMS: Record<Demand, { capacity: number; space?: number; body: Record<string, unknown> }> = {
  meals: {
    capacity: SEATS,
    body: {
      code: 'LUNCH',
      name: { zh: '社区午餐', en: 'Community lunch' },
      mode: 'session',
      delivery: 'on_site',
      capacityModel: 'seats',
      capacity: SEATS,
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

/** Every fifth site is a complex with all four kinds; the points between have two, in turn. */
export function planSite(community: Required<RegionRow>, index: number, random: Random): SitePlan {
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
      code: `S${community.code}`,
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
  const { capacity, space, body } = FORMS[kind];
  const offering = {
    kind,
    capacity,
    space,
    body: { leadMinutes: 0, bufferMinutes: 0, skills: [], kind, ...body },
  };
  if (kind !== 'meals' || index % 10 !== 3) return offering;
  return {
    ...offering,
    capacity: SEATS_OF_SMALL_KITCHEN,
    body: { ...offering.body, capacity: SEATS_OF_SMALL_KITCHEN },
  };
}
