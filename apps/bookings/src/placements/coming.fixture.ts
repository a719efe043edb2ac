import {
  AbsenceRecorded,
  AbsenceReplaced,
  CareDayGivenBack,
  CareDayReserved,
  PlacementChanged,
  PlacementEnded,
  PlacementStarted,
  type ReservedDay,
} from '@doorstep/contracts';
import { plannedWeekday } from '@doorstep/kernel';
import type { TestService } from '@doorstep/testing';

const TOLD = [
  PlacementStarted,
  PlacementChanged,
  PlacementEnded,
  CareDayReserved,
  CareDayGivenBack,
  AbsenceRecorded,
  AbsenceReplaced,
] as const;
type Fact = InstanceType<(typeof TOLD)[number]>;

/** How many children are to come to a group in the morning and in the afternoon of a day. */
export type Coming = (groupId: string, day: string) => [morning: number, afternoon: number];

/** By what was told alone, as somebody has to count who knows nothing else. */
export async function comingByEvents(service: TestService): Promise<Coming> {
  const facts: Fact[] = [];
  for (const type of TOLD) facts.push(...((await service.told<Fact>(type as never)) as Fact[]));
  const byPlacement = new Map<string, Fact[]>();
  for (const fact of facts.sort((a, b) => a.version - b.version))
    byPlacement.set(fact.placementId, [...(byPlacement.get(fact.placementId) ?? []), fact]);
  const children = [...byPlacement.values()].map(childOf);
  return (groupId, day) => {
    const there = children.filter((child) => child.groupId === groupId).map((child) => child.halvesOn(day));
    return [there.filter(([morning]) => morning).length, there.filter(([, afternoon]) => afternoon).length];
  };
}

function childOf(facts: Fact[]) {
  const begun = facts.find((fact): fact is PlacementStarted | PlacementChanged => 'pattern' in fact);
  const last = facts[facts.length - 1] as Fact;
  const noonAt = begun?.hours?.noonAt ?? '';
  /** Of single days; null: away. */
  const said = new Map<string, ReservedDay | 'as planned' | null>();
  for (const fact of facts) {
    if (fact instanceof AbsenceRecorded) for (const { day } of fact.days) said.set(day, null);
    else if (fact instanceof AbsenceReplaced) for (const day of fact.days) said.set(day, 'as planned');
    else if (fact instanceof CareDayReserved) said.set(fact.reserved.day, fact.reserved);
    else if (fact instanceof CareDayGivenBack) said.set(fact.day, null);
    else if ('pattern' in fact) for (const day of fact.days ?? []) said.set(day.day, day);
  }
  return {
    groupId: last.groupId,
    halvesOn(day: string): [boolean, boolean] {
      const of = said.get(day);
      if (day < last.from || day >= last.to || of === null) return [false, false];
      if (of !== undefined && of !== 'as planned') return [of.fromAt < noonAt, of.toAt > noonAt];
      const pattern = begun?.pattern ?? [];
      const planned = plannedWeekday(day, new Set(pattern.map(({ weekday }) => weekday)));
      const part = pattern.find(({ weekday }) => weekday === planned)?.part;
      return [part === 'day' || part === 'morning', part === 'day' || part === 'afternoon'];
    },
  };
}
