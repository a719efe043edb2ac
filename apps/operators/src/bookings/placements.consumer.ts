import { Controller } from '@nestjs/common';
import { PlacementChanged, PlacementEnded, PlacementStarted } from '@doorstep/contracts';
import { Database, OnEventsForReadModel, type Received } from '@doorstep/platform';

type PlacementFact = PlacementStarted | PlacementChanged | PlacementEnded;

/** Keeps the read model of children's places: on which weekdays who is where, for as long as it lasts. */
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
}
