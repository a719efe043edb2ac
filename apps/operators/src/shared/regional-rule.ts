import { type Day, liesWithin, type RegionCode } from '@doorstep/kernel';

/** Of the rules that hold on a day, those of the longest region code that covers a place come first. */
export function nearestFirst<R extends { regionCode: RegionCode | null; from: Day; to: Day | null }>(
  rules: readonly R[],
  region: RegionCode,
  day: Day,
): R[] {
  return rules
    .filter((rule) => rule.regionCode === null || liesWithin(region, rule.regionCode))
    .filter((rule) => rule.from <= day && (rule.to === null || day < rule.to))
    .sort((a, b) => (b.regionCode?.length ?? 0) - (a.regionCode?.length ?? 0));
}
