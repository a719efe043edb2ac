import { Controller } from '@nestjs/common';
import { SiteSnapshot } from '@doorstep/contracts';
import { Clock, Database, OnEvents, type Received, type Tx } from '@doorstep/platform';
import { rateAgain } from '../inspections/site-ratings.queries';
import { lookAgain } from '../licences/standings.queries';
import { lookAtStaffOf, planAgain } from '../rosters/rosters.queries';
import { movedSites, type Whereabouts } from './moved-sites';

/** Keeps the read model of sites. */
@Controller()
export class SitesConsumer {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
  ) {}

  @OnEvents(SiteSnapshot)
  async learn(batch: Received<SiteSnapshot>[]): Promise<void> {
    const inOrder = batch.map(({ data }) => data).sort((a, b) => a.version - b.version);
    // The last of each site is its newest; one statement can't touch a row twice.
    const newest = new Map(inOrder.map((site) => [site.siteId, site]));
    const rows = [...newest.values()].map((site) => ({
      site_id: site.siteId,
      operator_id: site.operatorId,
      code: site.code,
      name: site.nameZh,
      region_code: site.regionCode,
      status: site.status,
      time_zone: site.timeZone,
      area_m2: site.areaM2 ?? null,
      version: site.version,
    }));
    await this.db.write(async (tx) => {
      const before = await whereabouts(tx, [...newest.keys()]);
      await tx.sql(
        `INSERT INTO known_site AS known (site_id, operator_id, code, name, region_code, status, time_zone, area_m2, version)
         SELECT site_id, operator_id, code, name, region_code, status, time_zone, area_m2, version
         FROM json_to_recordset($1::json) AS told
           (site_id uuid, operator_id uuid, code text, name text, region_code text, status text, time_zone text,
            area_m2 float8, version int)
         ON CONFLICT (site_id) DO UPDATE SET
           operator_id = excluded.operator_id, code = excluded.code, name = excluded.name,
           region_code = excluded.region_code, status = excluded.status, time_zone = excluded.time_zone, area_m2 = excluded.area_m2,
           version = excluded.version
         WHERE excluded.version > known.version`,
        [JSON.stringify(rows)],
      );
      // Where a site lies and whose it is decides which licences it needs.
      await lookAgain(tx, [...newest.keys()]);
      await this.follow(tx, movedSites(before, await whereabouts(tx, [...newest.keys()])));
    });
  }

  /** Rules of the place decide what staff may be asked for and how the site is rated; its clock, when shifts begin. */
  private async follow(tx: Tx, { elsewhere, otherClock }: ReturnType<typeof movedSites>): Promise<void> {
    const moved = [...new Set([...elsewhere, ...otherClock])];
    if (moved.length === 0) return;
    await lookAtStaffOf(tx, moved);
    await rateAgain(tx, elsewhere);
    await planAgain(tx, otherClock, this.clock.now());
  }
}

function whereabouts(tx: Tx, siteIds: readonly string[]): Promise<Whereabouts[]> {
  return tx.sql(
    `SELECT site_id AS "siteId", region_code AS "regionCode", time_zone AS "timeZone" FROM known_site WHERE site_id = ANY ($1)`,
    [siteIds],
  );
}
