import { Controller } from '@nestjs/common';
import {
  ContractSiteSnapshot,
  ContractSnapshot,
  OfferingSnapshot,
  OrganisationSnapshot,
  ResidentMerged,
  ResidentSnapshot,
  SiteRatingSnapshot,
  SiteSnapshot,
} from '@doorstep/contracts';
import { Database, OnEvents, type Received } from '@doorstep/platform';
import { HoldsService } from '../charges/holds.service';
import { ResidentMergesService } from '../residents/merges.service';
import { keepNewest, rememberRegions } from './known.queries';

/** Takes over the other services' snapshots, and prices the bookings that waited for them. */
@Controller()
export class KnownConsumer {
  constructor(
    private readonly db: Database,
    private readonly holds: HoldsService,
    private readonly merges: ResidentMergesService,
  ) {}

  @OnEvents(OrganisationSnapshot)
  async organisations(batch: Received<OrganisationSnapshot>[]): Promise<void> {
    const rows = batch.map(({ data: d }) => ({
      id: d.organisationId,
      kind: d.kind,
      name: d.name,
      region_code: d.regionCode ?? null,
      version: d.version,
    }));
    await this.db.write((tx) => keepNewest(tx, 'known_organisation', rows));
  }

  @OnEvents(SiteSnapshot)
  async sites(batch: Received<SiteSnapshot>[]): Promise<void> {
    const rows = batch.map(({ data: d }) => ({
      id: d.siteId,
      operator_id: d.operatorId,
      code: d.code,
      name_zh: d.nameZh,
      name_en: d.nameEn ?? null,
      region_code: d.regionCode,
      time_zone: d.timeZone,
      version: d.version,
    }));
    await this.db.write(async (tx) => {
      await keepNewest(tx, 'known_site', rows);
      await rememberRegions(
        tx,
        batch.map(({ data }) => data),
      );
    });
    await this.holds.reconsider({ column: 'site_id', ids: rows.map(({ id }) => id) });
  }

  @OnEvents(OfferingSnapshot)
  async offerings(batch: Received<OfferingSnapshot>[]): Promise<void> {
    const rows = batch.map(({ data: d }) => ({
      id: d.offeringId,
      operator_id: d.operatorId,
      site_id: d.siteId,
      kind: d.kind,
      mode: d.mode,
      capacity_model: d.capacityModel,
      active: d.active,
      version: d.version,
    }));
    await this.db.write((tx) => keepNewest(tx, 'known_offering', rows));
    await this.holds.reconsider({ column: 'offering_id', ids: rows.map(({ id }) => id) });
  }

  @OnEvents(ContractSnapshot)
  async contracts(batch: Received<ContractSnapshot>[]): Promise<void> {
    const rows = batch.map(({ data: d }) => ({
      id: d.contractId,
      operator_id: d.operatorId,
      authority_id: d.authorityId,
      number: d.number,
      status: d.status,
      from_day: d.from,
      to_day: d.to,
      services: d.services,
      revisions: d.revisions ?? null,
      begun: d.begun ?? null,
      version: d.version,
    }));
    await this.db.write((tx) => keepNewest(tx, 'known_contract', rows));
    await this.holds.reconsider({ column: 'contract_id', ids: rows.map(({ id }) => id) });
  }

  @OnEvents(ContractSiteSnapshot)
  async placements(batch: Received<ContractSiteSnapshot>[]): Promise<void> {
    const rows = batch.map(({ data: d }) => ({
      id: d.contractSiteId,
      operator_id: d.operatorId,
      contract_id: d.contractId,
      site_id: d.siteId,
      from_day: d.from,
      to_day: d.to,
      kinds: d.kinds,
      in_force: d.inForce,
      version: d.version,
    }));
    await this.db.write((tx) => keepNewest(tx, 'known_placement', rows));
    await this.holds.reconsider({ column: 'site_id', ids: rows.map((row) => row.site_id) });
  }

  /** No charge waits for stars: most sites have none. */
  @OnEvents(SiteRatingSnapshot)
  async ratings(batch: Received<SiteRatingSnapshot>[]): Promise<void> {
    const rows = batch.map(({ data: d }) => ({
      id: d.siteId,
      operator_id: d.operatorId,
      ratings: d.ratings.map(({ stars, from, to }) => ({ stars, from, to })),
      version: d.version,
    }));
    await this.db.write((tx) => keepNewest(tx, 'known_site_rating', rows));
  }

  @OnEvents(ResidentMerged)
  merged(batch: Received<ResidentMerged>[]): Promise<void> {
    return this.merges.merge(batch);
  }

  @OnEvents(ResidentSnapshot)
  async residents(batch: Received<ResidentSnapshot>[]): Promise<void> {
    const rows = batch.map(({ data }) => residentRow(data));
    await this.db.write((tx) => keepNewest(tx, 'known_resident', rows));
    await this.holds.reconsider({ column: 'resident_id', ids: rows.map(({ id }) => id) });
  }
}

/** Of an erased resident nothing is kept but the pseudonym, whatever the snapshot still says. */
function residentRow(d: ResidentSnapshot) {
  const kept = d.erased ? undefined : d;
  return {
    id: d.residentId,
    operator_id: d.operatorId,
    birth_date: kept?.birthDate ?? null,
    region_code: d.regionCode,
    care_level: kept?.careLevel ?? null,
    care_level_assessed_on: kept?.careLevelAssessedOn ?? null,
    hardship: kept?.hardship ?? false,
    disability: kept?.disability ?? false,
    birth_order: kept?.birthOrder ?? null,
    registration: kept?.registration ?? null,
    registered_in: kept?.registeredIn ?? null,
    subsidy_consent: kept?.subsidyConsent ?? false,
    erased: d.erased,
    version: d.version,
  };
}
