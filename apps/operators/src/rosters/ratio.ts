import { type Day, type RegionCode } from '@doorstep/kernel';
import { nearestFirst } from '../shared/regional-rule';
import type { Span } from './roster';

/** How many children of an age class one member of staff may mind. */
export interface RatioRule {
  ageClass: string;
  ageMonthsMin: number;
  /** Exclusive. */
  ageMonthsMax: number;
  childrenPerStaff: number;
  /** Only who has it counts. */
  skill: string;
  regionCode: RegionCode | null;
  from: Day;
  to: Day | null;
}

/** A childcare group of a site on one day: an offering with its hours, its places and who is booked into it. */
export interface Group {
  offeringId: string;
  name: string;
  ageMonthsMin: number | null;
  ageMonthsMax: number | null;
  places: number;
  open: Span[];
  booked: (Span & { children: number })[];
}

export interface OnShift extends Span {
  staffId: string;
  skills: readonly string[];
}

export interface GroupNeed {
  offeringId: string;
  name: string;
  ageClass: string;
  children: number;
  childrenPerStaff: number;
  needed: number;
}

/** Too few staff for some time, and for whom. */
export interface Gap extends Span {
  skill: string;
  needed: number;
  onShift: number;
  missing: number;
  groups: GroupNeed[];
}

/** `booked`: for the children who are booked or come to their place; `places`: as if every place of an open group were taken. */
export type Basis = 'booked' | 'places';

/** The rules of the nearest region for each age class. */
export function rulesFor(rules: readonly RatioRule[], region: RegionCode, day: Day): RatioRule[] {
  const nearest = nearestFirst(rules, region, day);
  const classes = [...new Set(nearest.map(({ ageClass }) => ageClass))];
  return classes.map((ageClass) => nearest.find((rule) => rule.ageClass === ageClass) as RatioRule);
}

/** A group of several age classes is minded by the strictest of them; of unknown ages, too. */
export function ruleOfGroup(
  group: Pick<Group, 'ageMonthsMin' | 'ageMonthsMax'>,
  rules: readonly RatioRule[],
) {
  const [from, to] = [group.ageMonthsMin ?? 0, group.ageMonthsMax ?? Infinity];
  const touched = rules.filter((rule) => rule.ageMonthsMin < to && from < rule.ageMonthsMax);
  return touched.sort((a, b) => a.childrenPerStaff - b.childrenPerStaff)[0] as RatioRule | undefined;
}

/** When and for whom staff are too few. Every group needs its own, so each rounds up by itself. */
export function gapsOf(
  groups: readonly Group[],
  staff: readonly OnShift[],
  rules: readonly RatioRule[],
  basis: Basis,
): Gap[] {
  const ruled = groups.flatMap((group) => {
    const rule = ruleOfGroup(group, rules);
    return rule ? [{ group, rule }] : [];
  });
  const skills = [...new Set(ruled.map(({ rule }) => rule.skill))].sort();
  const gaps = segmentsOf(groups, staff).flatMap((span) =>
    skills.flatMap((skill): Gap[] => {
      const needs = ruled
        .filter(({ rule }) => rule.skill === skill)
        .flatMap((each) => needOf(each, span, basis) ?? []);
      const needed = needs.reduce((sum, need) => sum + need.needed, 0);
      const able = staff.filter((one) => covers(one, span) && one.skills.includes(skill));
      const onShift = new Set(able.map(({ staffId }) => staffId)).size;
      return onShift >= needed
        ? []
        : [{ ...span, skill, needed, onShift, missing: needed - onShift, groups: needs }];
    }),
  );
  return joined(gaps);
}

function needOf(
  { group, rule }: { group: Group; rule: RatioRule },
  span: Span,
  basis: Basis,
): GroupNeed | undefined {
  const booked = group.booked
    .filter((booking) => covers(booking, span))
    .reduce((sum, { children }) => sum + children, 0);
  const open = group.open.some((hours) => covers(hours, span));
  const children = basis === 'places' && open ? Math.max(group.places, booked) : booked;
  if (children === 0) return undefined;
  const { offeringId, name } = group;
  const { ageClass, childrenPerStaff } = rule;
  return {
    offeringId,
    name,
    ageClass,
    children,
    childrenPerStaff,
    needed: Math.ceil(children / childrenPerStaff),
  };
}

/** Between two neighbouring instants of these nothing changes. */
function segmentsOf(groups: readonly Group[], staff: readonly OnShift[]): Span[] {
  const spans: Span[] = [...groups.flatMap(({ open, booked }) => [...open, ...booked]), ...staff];
  const instants = [...new Set(spans.flatMap(({ start, end }) => [start.getTime(), end.getTime()]))].sort(
    (a, b) => a - b,
  );
  return instants.slice(1).map((end, index) => ({ start: new Date(instants[index]), end: new Date(end) }));
}

/** Neighbouring segments that say the same are one gap. */
function joined(gaps: readonly Gap[]): Gap[] {
  const whole: Gap[] = [];
  for (const gap of gaps) {
    const at = whole.findIndex(
      (other) => other.end.getTime() === gap.start.getTime() && sameNeed(other, gap),
    );
    if (at >= 0) whole[at] = { ...whole[at], end: gap.end };
    else whole.push(gap);
  }
  return whole;
}

function sameNeed({ start: _a, end: _b, ...one }: Gap, { start: _c, end: _d, ...other }: Gap): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

function covers(outer: Span, inner: Span): boolean {
  return outer.start <= inner.start && inner.end <= outer.end;
}
