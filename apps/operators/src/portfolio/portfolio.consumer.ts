import { Controller } from '@nestjs/common';
import {
  CapacitySnapshot,
  ChargeCaptured,
  ChargeCorrected,
  ContractSiteSnapshot,
  RegionSnapshot,
  SiteSnapshot,
} from '@doorstep/contracts';
import { Database, OnEventsForReadModel, type Received } from '@doorstep/platform';
import { tellContractsOf } from '../contracts/successors.queries';
import { LEARN_CAPACITY, LEARN_CHARGES, LEARN_REGIONS } from './facts.queries';
import { SITES_PLACED, STANDINGS_CHANGED } from './figures.queries';

/** Keeps the facts that figures are made of, beside bookings; triggers note which days they change. */
@Controller()
export class PortfolioConsumer {
  constructor(private readonly db: Database) {}

  @OnEventsForReadModel<typeof ChargeCaptured | typeof ChargeCorrected>(ChargeCaptured, ChargeCorrected)
  async charges(batch: Received<ChargeCaptured | ChargeCorrected>[]): Promise<void> {
    const rows = batch.map(({ type, data }) => ({
      charge_id: data.chargeId,
      version: data.version,
      operator_id: data.operatorId,
      booking_id: data.bookingId,
      contract_id: data.contractId,
      site_id: data.siteId,
      kind: data.kind,
      service_day: data.serviceDay,
      is_capture: type === 'billing.ChargeCaptured.v1',
      gross_fen: data.grossFen,
      resident_fen: data.residentFen,
      funders_fen: data.fundersFen,
      operator_fen: data.operatorFen,
      funders: data.funders ?? null,
    }));
    await this.db.write((tx) => tx.sql(LEARN_CHARGES, [JSON.stringify(rows)]));
  }

  @OnEventsForReadModel(CapacitySnapshot)
  async capacity(batch: Received<CapacitySnapshot>[]): Promise<void> {
    const rows = newest(batch, ({ capacityId }) => capacityId).flatMap((month) =>
      month.days.map((day) => ({
        offering_id: month.offeringId,
        day: day.day,
        operator_id: month.operatorId,
        site_id: month.siteId,
        kind: day.kind,
        region_code: day.regionCode,
        sessions: day.sessions,
        capacity: day.capacity,
        waiting: day.waiting,
        placed: day.placed ?? 0,
        came: day.came ?? 0,
        missing: day.missing ?? 0,
        version: month.version,
      })),
    );
    await this.db.write((tx) => tx.sql(LEARN_CAPACITY, [JSON.stringify(rows)]));
  }

  @OnEventsForReadModel(RegionSnapshot)
  async regions(batch: Received<RegionSnapshot>[]): Promise<void> {
    const rows = newest(batch, ({ code }) => code).map(({ code, name, version, successorCodes = [] }) => ({
      code,
      name,
      version,
      successor_codes: successorCodes,
    }));
    await this.db.write(async (tx) => {
      const learnt = await tx.sql<{ code: string; passedOn: boolean }>(LEARN_REGIONS, [JSON.stringify(rows)]);
      const passedOn = learnt.flatMap((region) => (region.passedOn ? region.code : []));
      if (passedOn.length > 0) await tellContractsOf(tx, passedOn);
    });
  }

  /** Figures lie under the contract of the day: what moves a site between contracts moves its figures. */
  @OnEventsForReadModel(ContractSiteSnapshot)
  async standings(batch: Received<ContractSiteSnapshot>[]): Promise<void> {
    const siteIds = [...new Set(batch.map(({ data }) => data.siteId))];
    const contractIds = [...new Set(batch.map(({ data }) => data.contractId))];
    await this.db.write((tx) => tx.sql(STANDINGS_CHANGED, [siteIds, contractIds]));
  }

  @OnEventsForReadModel(SiteSnapshot)
  async sites(batch: Received<SiteSnapshot>[]): Promise<void> {
    const siteIds = [...new Set(batch.map(({ data }) => data.siteId))];
    await this.db.write((tx) => tx.sql(SITES_PLACED, [siteIds]));
  }
}

/** The newest of each key; one statement can't touch a row twice. */
function newest<E extends { version: number }>(
  batch: readonly { data: E }[],
  keyOf: (data: E) => string,
): E[] {
  const inOrder = batch.map(({ data }) => data).sort((a, b) => a.version - b.version);
  return [...new Map(inOrder.map((data) => [keyOf(data), data])).values()];
}
