import type { LngLat, RegionCode } from '@doorstep/kernel';

/** Whose needs are counted: homes, or people of an age. */
export const GROUPS = ['households', 'population0to3', 'population60plus', 'population80plus'] as const;
export type Group = (typeof GROUPS)[number];

/** A community with its figures; null is "not known". It counts as one place, its centroid. */
export interface Community extends Record<Group, number | null> {
  code: RegionCode;
  name: string;
  lng: number | null;
  lat: number | null;
}

/** Seconds on foot to the nearest site of each kind, as far as one was reached. */
export type Reached = ReadonlyMap<string, number>;
/** By community. */
export type Reach = ReadonlyMap<RegionCode, Reached>;

export interface Share {
  population: number;
  covered: number;
  /** Basis points of the population; null where nobody is known to live. */
  shareBp: number | null;
}

export interface Question {
  kind: string;
  /** Radius of the walking circle. */
  minutes: number;
  group: Group;
}

export function isCovered(
  reach: Reach,
  code: RegionCode,
  { kind, minutes }: Pick<Question, 'kind' | 'minutes'>,
): boolean {
  const seconds = reach.get(code)?.get(kind);
  return seconds !== undefined && seconds <= minutes * 60;
}

/** How many of a group live within the circle. */
export function shareOf(communities: readonly Community[], reach: Reach, question: Question): Share {
  let population = 0;
  let covered = 0;
  for (const community of communities) {
    const here = community[question.group] ?? 0;
    population += here;
    if (isCovered(reach, community.code, question)) covered += here;
  }
  return { population, covered, shareBp: basisPoints(covered, population) };
}

export function basisPoints(part: number, whole: number): number | null {
  return whole === 0 ? null : Math.round((part * 10_000) / whole);
}

/** The communities of each enclosing region, by so many leading digits, in the order of the codes. */
export function partsOf(communities: readonly Community[], digits: number): Map<RegionCode, Community[]> {
  const parts = new Map<RegionCode, Community[]>();
  for (const community of [...communities].sort(byCode)) {
    const code = community.code.slice(0, digits);
    const part = parts.get(code);
    if (part) part.push(community);
    else parts.set(code, [community]);
  }
  return parts;
}

export interface Gap {
  community: Community;
  /** People or homes of the group that have no site of the kind within the circle. */
  uncovered: number;
}

/** Communities outside of the circle, the greatest need first; among equals by code. */
export function gapsOf(communities: readonly Community[], reach: Reach, question: Question): Gap[] {
  return communities
    .filter(
      (community) => (community[question.group] ?? 0) > 0 && !isCovered(reach, community.code, question),
    )
    .map((community) => ({ community, uncovered: community[question.group] as number }))
    .sort((a, b) => b.uncovered - a.uncovered || byCode(a.community, b.community));
}

export interface Proposal {
  community: Community & LngLat;
  /** Newly covered, given the proposals before it. */
  gain: number;
  coveredAfter: number;
  shareAfterBp: number | null;
}

/**
 * Where to build next: again and again the community whose own circle takes in most of those still outside (greedy
 * maximal covering, which reaches at least 1 − 1/e of what the best choice of as many sites would: Nemhauser, Wolsey,
 * Fisher 1978). Among equals the lower code. Ends early when nothing more is gained.
 *
 * @param circleOf codes of the communities within the circle around a community's centroid, itself included
 */
export function proposalsOf(
  communities: readonly Community[],
  reach: Reach,
  question: Question,
  circleOf: ReadonlyMap<RegionCode, readonly RegionCode[]>,
  count: number,
): Proposal[] {
  const need = new Map(
    gapsOf(communities, reach, question).map(({ community, uncovered }) => [community.code, uncovered]),
  );
  const candidates = [...communities].filter(hasPoint).sort(byCode);
  const { population, covered } = shareOf(communities, reach, question);
  const gains = new Map<RegionCode, number>();
  const reachedFrom = new Map<RegionCode, RegionCode[]>();
  for (const { code } of candidates) {
    const circle = circleOf.get(code) ?? [];
    for (const inside of circle) {
      const from = reachedFrom.get(inside);
      if (from) from.push(code);
      else reachedFrom.set(inside, [code]);
    }
    gains.set(
      code,
      circle.reduce((sum, inside) => sum + (need.get(inside) ?? 0), 0),
    );
  }
  const proposals: Proposal[] = [];
  let coveredAfter = covered;
  while (proposals.length < count) {
    const best = bestOf(candidates, gains);
    const gain = best ? (gains.get(best.code) ?? 0) : 0;
    if (!best || gain === 0) break;
    for (const inside of circleOf.get(best.code) ?? []) settle(inside, need, gains, reachedFrom);
    coveredAfter += gain;
    proposals.push({
      community: best,
      gain,
      coveredAfter,
      shareAfterBp: basisPoints(coveredAfter, population),
    });
  }
  return proposals;
}

/** A community comes inside: it is no gain to any other candidate any more. */
function settle(
  code: RegionCode,
  need: Map<RegionCode, number>,
  gains: Map<RegionCode, number>,
  reachedFrom: ReadonlyMap<RegionCode, RegionCode[]>,
): void {
  const settled = need.get(code);
  if (settled === undefined) return;
  need.delete(code);
  for (const candidate of reachedFrom.get(code) ?? [])
    gains.set(candidate, (gains.get(candidate) ?? 0) - settled);
}

function bestOf<T extends { code: RegionCode }>(
  candidates: readonly T[],
  gains: ReadonlyMap<RegionCode, number>,
): T | undefined {
  let best: T | undefined;
  for (const candidate of candidates) {
    if (!best || (gains.get(candidate.code) ?? 0) > (gains.get(best.code) ?? 0)) best = candidate;
  }
  return best;
}

export function hasPoint<T extends Community>(community: T): community is T & LngLat {
  return community.lng !== null && community.lat !== null;
}

function byCode(a: { code: string }, b: { code: string }): number {
  return a.code < b.code ? -1 : a.code > b.code ? 1 : 0;
}
