import { Controller } from '@nestjs/common';
import {
  ContractSiteSnapshot,
  ContractSnapshot,
  type DomainEvent,
  OfferingSnapshot,
  SiteInspectionSnapshot,
  SiteLicenceSnapshot,
  SiteSnapshot,
  StaffSnapshot,
} from '@doorstep/contracts';
import { Database, OnEvents, type Received } from '@doorstep/platform';
import { SessionsMaker } from '../sessions/sessions.maker';
import { contractLines, dateRange, newestOf } from './reference';
import {
  FORGET_SHIFTS,
  FORGET_STAFF_SITES,
  KEEP_SHIFTS,
  KEEP_STAFF_SITES,
  MOVE_BOOKINGS_ALONG,
  SESSIONS_DUE_AT_SITES,
  UPSERT_CONTRACT_SITES,
  UPSERT_CONTRACTS,
  UPSERT_OFFERINGS,
  UPSERT_SITE_INSPECTIONS,
  UPSERT_SITE_LICENCES,
  UPSERT_SITES,
  UPSERT_STAFF,
} from './reference.queries';

/** Keeps the read models; a change of hours or of a schedule makes sessions due. */
@Controller()
export class ReferenceConsumer {
  constructor(
    private readonly db: Database,
    private readonly maker: SessionsMaker,
  ) {}

  @OnEvents(SiteSnapshot)
  async sites(batch: Received<SiteSnapshot>[]): Promise<void> {
    await this.db.write(async (tx) => {
      const changed = await tx.sql<{ id: string }>(UPSERT_SITES, [rowsOf(batch, (data) => data.siteId)]);
      await tx.sql(SESSIONS_DUE_AT_SITES, [changed.map(({ id }) => id)]);
      tx.afterCommit(() => this.maker.nudge());
    });
  }

  @OnEvents(OfferingSnapshot)
  async offerings(batch: Received<OfferingSnapshot>[]): Promise<void> {
    await this.db.write(async (tx) => {
      await tx.sql(UPSERT_OFFERINGS, [rowsOf(batch, (data) => data.offeringId)]);
      tx.afterCommit(() => this.maker.nudge());
    });
  }

  @OnEvents(ContractSnapshot)
  async contracts(batch: Received<ContractSnapshot>[]): Promise<void> {
    const rows = newestOf(
      batch.map(({ data }) => data),
      (data) => data.contractId,
    ).map((data) => ({
      ...data,
      period: dateRange(data.from, data.to),
      lines: contractLines(data),
    }));
    await this.db.write((tx) => tx.sql(UPSERT_CONTRACTS, [JSON.stringify(rows)]));
  }

  @OnEvents(ContractSiteSnapshot)
  async contractSites(batch: Received<ContractSiteSnapshot>[]): Promise<void> {
    const rows = newestOf(
      batch.map(({ data }) => data),
      (data) => data.contractSiteId,
    ).map((data) => ({ ...data, period: dateRange(data.from, data.to) }));
    await this.db.write(async (tx) => {
      const changed = await tx.sql<{ id: string }>(UPSERT_CONTRACT_SITES, [JSON.stringify(rows)]);
      if (changed.length > 0) await tx.sql(MOVE_BOOKINGS_ALONG, [changed.map(({ id }) => id), '-infinity']);
    });
  }

  @OnEvents(SiteLicenceSnapshot)
  async siteLicences(batch: Received<SiteLicenceSnapshot>[]): Promise<void> {
    await this.db.write((tx) => tx.sql(UPSERT_SITE_LICENCES, [rowsOf(batch, (data) => data.siteId)]));
  }

  @OnEvents(SiteInspectionSnapshot)
  async siteInspections(batch: Received<SiteInspectionSnapshot>[]): Promise<void> {
    await this.db.write((tx) => tx.sql(UPSERT_SITE_INSPECTIONS, [rowsOf(batch, (data) => data.siteId)]));
  }

  @OnEvents(StaffSnapshot)
  async staff(batch: Received<StaffSnapshot>[]): Promise<void> {
    await this.db.write(async (tx) => {
      const newest = newestOf(
        batch.map(({ data }) => data),
        (data) => data.staffId,
      );
      const rows = newest.map((data) => ({
        ...data,
        rosterFrom: data.roster?.from,
        rosterTo: data.roster?.to,
      }));
      const changed = (await tx.sql<{ id: string }>(UPSERT_STAFF, [JSON.stringify(rows)])).map(
        ({ id }) => id,
      );
      await tx.sql(FORGET_STAFF_SITES, [changed]);
      await tx.sql(KEEP_STAFF_SITES, [changed]);
      const shifts = newest.flatMap(({ staffId, operatorId, roster }) =>
        (roster?.shifts ?? []).map((shift) => ({ ...shift, staffId, operatorId })),
      );
      await tx.sql(FORGET_SHIFTS, [changed]);
      await tx.sql(KEEP_SHIFTS, [changed, JSON.stringify(shifts)]);
    });
  }
}

/** The newest of each key, as the JSON that an upsert reads. */
function rowsOf<S extends DomainEvent>(batch: readonly Received<S>[], keyOf: (data: S) => string): string {
  return JSON.stringify(
    newestOf(
      batch.map(({ data }) => data),
      keyOf,
    ),
  );
}
