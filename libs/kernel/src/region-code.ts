import { DomainError } from './errors';

/**
 * A statistics division code (统计用区划代码): 2 province + 2 city + 2 district + 3 street + 3 community digits.
 * A region of a higher level is written by its leading digits alone, so "lies within" is a text prefix.
 * Some cities have no district level (Dongguan, Zhongshan, Danzhou, Jiayuguan): their district digits are 00.
 */
export type RegionCode = string;

export const REGION_LEVELS = ['province', 'city', 'district', 'street', 'community'] as const;
export type RegionLevel = (typeof REGION_LEVELS)[number];

const DIGITS: Record<RegionLevel, number> = { province: 2, city: 4, district: 6, street: 9, community: 12 };

/** The level that a code's length says, or undefined when it is no region code. */
export function levelOf(code: string): RegionLevel | undefined {
  return /^\d+$/.test(code) ? REGION_LEVELS.find((level) => DIGITS[level] === code.length) : undefined;
}

export function regionCode(code: string): RegionCode {
  if (!levelOf(code)) {
    throw new DomainError('invalid', 'region_code_malformed', `${code} is not a region code.`, {
      field: 'regionCode',
      mend: 'A code has 2, 4, 6, 9 or 12 digits: province, city, district, street or community.',
    });
  }
  return code;
}

/** The enclosing region of a level, itself when it is of that level; undefined when it lies above. */
export function ancestor(code: RegionCode, level: RegionLevel): RegionCode | undefined {
  return code.length >= DIGITS[level] ? code.slice(0, DIGITS[level]) : undefined;
}

/** Municipalities directly under the central government: one city, whatever their third and fourth digits say. */
const MUNICIPALITIES: readonly string[] = ['11', '12', '31', '50'];

/** Whether two places are in one city, as household registration sees it; both codes name at least a city. */
export function inSameCity(a: RegionCode, b: RegionCode): boolean {
  const province = a.slice(0, DIGITS.province);
  const digits = MUNICIPALITIES.includes(province) ? DIGITS.province : DIGITS.city;
  return a.slice(0, digits) === b.slice(0, digits);
}

export function liesWithin(code: RegionCode, region: RegionCode): boolean {
  return code.startsWith(region);
}
