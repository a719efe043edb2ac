import { Controller } from '@nestjs/common';
import { AttendanceRecorded, PlacementChanged, PlacementEnded, PlacementStarted } from '@doorstep/contracts';
import { Database, OnEventsForReadModel, type Received } from '@doorstep/platform';

type PlacementFact = PlacementStarted | PlacementChanged | PlacementEnded;

/** `$1`: rows as JSON, each day of a placement once. */
const LEARN_ATTENDANCE = `
  INSERT INTO known_attendance AS known
  SELECT * FROM json_populate_recordset(NULL::known_attendance, $1::json)
  ON CONFLICT (placement_id, day) DO UPDATE SET
    site_id = excluded.site_id, region_code = excluded.region_code, resident_id = excluded.resident_id,
    came = excluded.came, version = excluded.version
  WHERE excluded.version > known.version`;

/** Keeps the read models of children's places: on which weekdays who is where, for as long as it lasts, and who came. */
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
    for (const { data } of [...batch].sort((one, other) => one.version - other.version))
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
        region_code: newest.regionCode,
        from_day: newest.from,
        to_day: newest.to,
        pattern: terms?.pattern ?? null,
        version: newest.version,
      };
    });
    await this.db.write((tx) =>
      tx.sql(
        `INSERT INTO known_placement AS known
           (placement_id, operator_id, site_id, offering_id, region_code, from_day, to_day, pattern, version)
         SELECT placement_id, operator_id, site_id, offering_id, region_code, from_day, to_day, coalesce(pattern, '[]'), version
         FROM jsonb_to_recordset($1::jsonb) AS told
           (placement_id uuid, operator_id uuid, site_id uuid, offering_id uuid, region_code text, from_day date, to_day date,
            pattern jsonb, version bigint)
         ON CONFLICT (placement_id) DO UPDATE SET
           site_id = excluded.site_id, offering_id = excluded.offering_id, region_code = excluded.region_code,
           from_day = excluded.from_day, to_day = excluded.to_day,
           pattern = CASE WHEN excluded.pattern = '[]' THEN known.pattern ELSE excluded.pattern END,
           version = excluded.version
         WHERE excluded.version > known.version`,
        [JSON.stringify(rows)],
      ),
    );
  }

  /** What is recorded of a day, later corrections too, says all of it: the newest is enough. */
  @OnEventsForReadModel(AttendanceRecorded)
  async attendance(batch: Received<AttendanceRecorded>[]): Promise<void> {
    const inOrder = [...batch].sort((one, other) => one.version - other.version);
    const newest = new Map(inOrder.map(({ data }) => [`${data.placementId} ${data.day}`, data]));
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
