import { Controller } from '@nestjs/common';
import {
  AbsenceRecorded,
  AbsenceReplaced,
  AttendanceRecorded,
  CareDayGivenBack,
  CareDayReserved,
  type DomainEvent,
  PlacementChanged,
  PlacementEnded,
  PlacementStarted,
} from '@doorstep/contracts';
import { Database, OnEventsForReadModel, type Received } from '@doorstep/platform';
import { type DayFact, daysSaid } from './care-day';
import { LEARN_ATTENDANCE, LEARN_DAYS, LEARN_PLACEMENTS } from './placements.queries';

type PlacementFact = PlacementStarted | PlacementChanged | PlacementEnded;

/** Keeps the read models of children's places: on which weekdays who is where, for how long, and what became of single days. */
@Controller()
export class PlacementsConsumer {
  constructor(private readonly db: Database) {}

  @OnEventsForReadModel<typeof PlacementStarted | typeof PlacementChanged | typeof PlacementEnded>(
    PlacementStarted,
    PlacementChanged,
    PlacementEnded,
  )
  async learn(batch: Received<PlacementFact>[]): Promise<void> {
    const ofEach = new Map<string, PlacementFact[]>();
    for (const data of inOrder(batch))
      ofEach.set(data.placementId, [...(ofEach.get(data.placementId) ?? []), data]);
    const rows = [...ofEach.values()].map((facts) => {
      const newest = facts[facts.length - 1];
      // What ends says nothing of the weekdays; an earlier one has said them.
      const terms = facts.findLast((fact) => 'pattern' in fact);
      return {
        placement_id: newest.placementId,
        operator_id: newest.operatorId,
        site_id: newest.siteId,
        offering_id: newest.offeringId,
        group_id: newest.groupId,
        kind: newest.kind,
        mode: newest.mode,
        region_code: newest.regionCode,
        from_day: newest.from,
        to_day: newest.to,
        pattern: terms?.pattern ?? null,
        hours: terms?.hours ?? null,
        version: newest.version,
      };
    });
    await this.db.write((tx) => tx.sql(LEARN_PLACEMENTS, [JSON.stringify(rows)]));
  }

  /** What is said of single days beyond the weekdays; of each day the newest says all of it. */
  @OnEventsForReadModel<
    | typeof PlacementStarted
    | typeof PlacementChanged
    | typeof CareDayReserved
    | typeof CareDayGivenBack
    | typeof AbsenceRecorded
    | typeof AbsenceReplaced
  >(PlacementStarted, PlacementChanged, CareDayReserved, CareDayGivenBack, AbsenceRecorded, AbsenceReplaced)
  async days(batch: Received<DayFact>[]): Promise<void> {
    const said = inOrder(batch).flatMap((fact) =>
      daysSaid(fact).map(({ day, comes, fromAt, toAt }) => ({
        placement_id: fact.placementId,
        day,
        operator_id: fact.operatorId,
        region_code: fact.regionCode,
        comes,
        from_at: fromAt,
        to_at: toAt,
        version: fact.version,
      })),
    );
    const newest = new Map(said.map((row) => [`${row.placement_id} ${row.day}`, row]));
    if (newest.size === 0) return;
    await this.db.write((tx) => tx.sql(LEARN_DAYS, [JSON.stringify([...newest.values()])]));
  }

  /** What is recorded of a day, later corrections too, says all of it: the newest is enough. */
  @OnEventsForReadModel(AttendanceRecorded)
  async attendance(batch: Received<AttendanceRecorded>[]): Promise<void> {
    const newest = new Map(inOrder(batch).map((data) => [`${data.placementId} ${data.day}`, data]));
    const rows = [...newest.values()].map((data) => ({
      placement_id: data.placementId,
      day: data.day,
      operator_id: data.operatorId,
      site_id: data.siteId,
      region_code: data.regionCode,
      resident_id: data.residentId,
      came: data.outcome === 'checked_in' || data.outcome === 'attended',
      version: data.version,
    }));
    await this.db.write((tx) => tx.sql(LEARN_ATTENDANCE, [JSON.stringify(rows)]));
  }
}

function inOrder<E extends DomainEvent>(batch: readonly Received<E>[]): E[] {
  return [...batch].sort((one, other) => one.version - other.version).map(({ data }) => data);
}
