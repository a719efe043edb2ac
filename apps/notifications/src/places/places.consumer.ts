import { Controller } from '@nestjs/common';
import { OfferingSnapshot, OrganisationSnapshot, SiteSnapshot } from '@doorstep/contracts';
import { Database, OnEventsForReadModel, type Received } from '@doorstep/platform';
import { newestByKey } from '../shared/newest';

/** Names of sites, offerings and operators, for the texts. */
@Controller()
export class PlacesConsumer {
  constructor(private readonly database: Database) {}

  @OnEventsForReadModel(SiteSnapshot)
  async keepSites(batch: Received<SiteSnapshot>[]): Promise<void> {
    const rows = newestByKey(batch).map(({ data }) => data);
    await this.database.write((tx) =>
      tx.sql(
        `INSERT INTO site_name AS known (site_id, operator_id, version, name_zh, name_en, time_zone)
         SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::bigint[], $4::text[], $5::text[], $6::text[])
         ON CONFLICT (site_id) DO UPDATE
           SET operator_id = excluded.operator_id, version = excluded.version, name_zh = excluded.name_zh,
               name_en = excluded.name_en, time_zone = excluded.time_zone
           WHERE excluded.version > known.version`,
        [
          rows.map((row) => row.siteId),
          rows.map((row) => row.operatorId),
          rows.map((row) => row.version),
          rows.map((row) => row.nameZh),
          rows.map((row) => row.nameEn ?? null),
          rows.map((row) => row.timeZone),
        ],
      ),
    );
  }

  @OnEventsForReadModel(OrganisationSnapshot)
  async keepOperators(batch: Received<OrganisationSnapshot>[]): Promise<void> {
    const rows = newestByKey(batch.filter(({ data }) => data.kind === 'operator')).map(({ data }) => data);
    await this.database.write((tx) =>
      tx.sql(
        `INSERT INTO operator_name AS known (operator_id, version, name)
         SELECT * FROM unnest($1::uuid[], $2::bigint[], $3::text[])
         ON CONFLICT (operator_id) DO UPDATE SET version = excluded.version, name = excluded.name
           WHERE excluded.version > known.version`,
        [rows.map((row) => row.organisationId), rows.map((row) => row.version), rows.map((row) => row.name)],
      ),
    );
  }

  @OnEventsForReadModel(OfferingSnapshot)
  async keepOfferings(batch: Received<OfferingSnapshot>[]): Promise<void> {
    const rows = newestByKey(batch).map(({ data }) => data);
    await this.database.write((tx) =>
      tx.sql(
        `INSERT INTO offering_name AS known (offering_id, operator_id, version, name_zh, name_en)
         SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::bigint[], $4::text[], $5::text[])
         ON CONFLICT (offering_id) DO UPDATE
           SET operator_id = excluded.operator_id, version = excluded.version, name_zh = excluded.name_zh,
               name_en = excluded.name_en
           WHERE excluded.version > known.version`,
        [
          rows.map((row) => row.offeringId),
          rows.map((row) => row.operatorId),
          rows.map((row) => row.version),
          rows.map((row) => row.nameZh),
          rows.map((row) => row.nameEn ?? null),
        ],
      ),
    );
  }
}
