import { checkCreditCode } from '@doorstep/kernel';
import type { Area, RegionRow } from './city';
import { codesIn, planProgrammes } from './plan-programmes';
import { planResidents } from './plan-residents';
import { planSite } from './plan-sites';
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

export const FUNDERS = ['civil_affairs', 'health_commission'] as const;
export type Funder = (typeof FUNDERS)[number];

export interface ProgrammePlan {
  code: string;
  funder: Funder;
  cityCode: string;
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

export const PRICES: PricePlan[] = [
  { kind: 'meals', unit: 'use', amountFen: 1_800 },
  { kind: 'sports', unit: 'use', amountFen: 3_000 },
  { kind: 'childcare', unit: 'hour', amountFen: 2_533, stepMinutes: 15 },
  { kind: 'elderly_care', unit: 'hour', amountFen: 6_000, stepMinutes: 15 },
];

export function makePlan(area: Area, today: string, seed: number): Plan {
  const random = new Random(seed + 1);
  return {
    sites: area.communities.map((community, index) => planSite(community, index, random)),
    residents: area.communities.flatMap((community, index) => planResidents(community, index, today, random)),
    programmes: area.cities.flatMap((city) => planProgrammes(city, codesIn(area, city.code))),
    prices: PRICES,
  };
}

/** A unified social credit code with a right check character, made from a number. */
export function creditCodeOf(n: number): string {
  const body = `9131000${String(n).padStart(10, '0')}`;
  const check = [...'0123456789ABCDEFGHJKLMNPQRTUWXY'].find((c) => checkCreditCode(body + c) === 'valid');
  return body + check;
}
