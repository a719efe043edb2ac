import { Controller } from '@nestjs/common';
import { OfferingSnapshot } from '@doorstep/contracts';
import { lookAgain } from '../licences/standings.queries';
import { Database, OnEvents, type Received } from '@doorstep/platform';

/** Keeps the read model of offerings. */
@Controller()
export class OfferingsConsumer {
  constructor(private readonly db: Database) {}

  @OnEvents(OfferingSnapshot)
  async learn(batch: Received<OfferingSnapshot>[]): Promise<void> {
    const inOrder = batch.map(({ data }) => data).sort((a, b) => a.version - b.version);
    // The last of each offering is its newest; one statement can't touch a row twice.
    const newest = new Map(inOrder.map((offering) => [offering.offeringId, offering]));
    const rows = [...newest.values()].map((offering) => ({
      offering_id: offering.offeringId,
      operator_id: offering.operatorId,
      site_id: offering.siteId,
      code: offering.code,
      name: offering.nameZh,
      kind: offering.kind,
      mode: offering.mode,
      capacity_model: offering.capacityModel,
      capacity: offering.capacity,
      age_months_min: offering.ageMonthsMin,
      age_months_max: offering.ageMonthsMax,
      schedule: offering.schedule,
      licences: offering.licences ?? [],
      active: offering.active,
      version: offering.version,
    }));
    await this.db.write(async (tx) => {
      await tx.sql(
        `INSERT INTO known_offering AS known
         SELECT * FROM json_populate_recordset(NULL::known_offering, $1::json)
         ON CONFLICT (offering_id) DO UPDATE SET
           operator_id = excluded.operator_id, site_id = excluded.site_id, code = excluded.code,
           name = excluded.name, kind = excluded.kind, mode = excluded.mode,
           capacity_model = excluded.capacity_model, capacity = excluded.capacity,
           age_months_min = excluded.age_months_min, age_months_max = excluded.age_months_max,
           schedule = excluded.schedule, licences = excluded.licences, active = excluded.active, version = excluded.version
         WHERE excluded.version > known.version`,
        [JSON.stringify(rows)],
      );
      // What an offering needs decides how its site stands.
      await lookAgain(tx, [...new Set(rows.map(({ site_id }) => site_id))]);
    });
  }
}
