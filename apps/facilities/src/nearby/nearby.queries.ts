import type { CapacityModel, CareLevel, DeliveryPlace, ServiceMode } from '@doorstep/contracts';
import type { Actor, Tx } from '@doorstep/platform';
import type { Standing } from '../ceilings/ceiling';
import { findStandings } from '../ceilings/ceilings.queries';
import type { KeepsHolidays } from '../sites/holidays';
import type { SiteForm, SiteTier } from '../sites/site';

/** An operating site somewhere around a point. */
export interface Candidate {
  id: string;
  lng: number;
  lat: number;
}

export interface CandidateFilter {
  cells: number[];
  kind?: string;
  mode?: ServiceMode;
  actor: Pick<Actor, 'operatorId' | 'siteIds'>;
}

/** Operating sites in these cells that the actor may see and that offer what is asked for. */
export function findCandidates(tx: Tx, { cells, kind, mode, actor }: CandidateFilter): Promise<Candidate[]> {
  return tx.sql<Candidate>(
    `SELECT s.id, s.lng, s.lat
     FROM site s
     WHERE s.status = 'operating' AND s.cell = ANY ($1::int[])
       AND ($2::uuid IS NULL OR s.operator_id = $2) AND ($3::uuid[] IS NULL OR s.id = ANY ($3))
       AND (($4::text IS NULL AND $5::text IS NULL)
            OR EXISTS (SELECT FROM offering o WHERE o.site_id = s.id AND o.active
                         AND ($4 IS NULL OR o.kind = $4) AND ($5 IS NULL OR o.mode = $5)))`,
    [cells, actor.operatorId, actor.siteIds ?? null, kind ?? null, mode ?? null],
  );
}

export type HoursRow = KeepsHolidays & { id: string };

export function findHours(tx: Tx, siteIds: string[]): Promise<HoursRow[]> {
  return tx.sql<HoursRow>(
    `SELECT id, time_zone AS "timeZone", opening_hours AS "openingHours", opening_overrides AS "openingOverrides",
            on_holiday AS "onHoliday", on_make_up_workday AS "onMakeUpWorkday"
     FROM site WHERE id = ANY ($1)`,
    [siteIds],
  );
}

export interface NearbySiteRow {
  id: string;
  operatorId: string;
  code: string;
  nameZh: string;
  nameEn: string | null;
  regionCode: string;
  form: SiteForm;
  tier: SiteTier;
  lng: number;
  lat: number;
  timeZone: string;
}

export interface NearbyOfferingRow {
  id: string;
  siteId: string;
  regionCode: string;
  code: string;
  nameZh: string;
  nameEn: string | null;
  kind: string;
  mode: ServiceMode;
  delivery: DeliveryPlace;
  capacityModel: CapacityModel;
  ageMonthsMin: number | null;
  ageMonthsMax: number | null;
  careLevelMin: CareLevel | null;
}

/** What is shown of some sites; the connection is pipelined, so all of it is one round trip. */
export async function findDetails(
  tx: Tx,
  siteIds: string[],
  { kind, mode }: Pick<CandidateFilter, 'kind' | 'mode'>,
): Promise<{ sites: NearbySiteRow[]; hours: HoursRow[] } & Priced> {
  const [sites, hours, priced] = await Promise.all([
    tx.sql<NearbySiteRow>(
      `SELECT id, operator_id AS "operatorId", code, name_zh AS "nameZh", name_en AS "nameEn",
              region_code AS "regionCode", form, tier, lng, lat, time_zone AS "timeZone"
       FROM site WHERE id = ANY ($1)`,
      [siteIds],
    ),
    findHours(tx, siteIds),
    findPriced(tx, siteIds, { kind, mode }),
  ]);
  return { sites, hours, ...priced };
}

export interface Priced {
  offerings: NearbyOfferingRow[];
  /** What contracts say of each site. */
  standings: Map<string, Standing[]>;
}

/** What some sites offer, and what it may cost there. */
export async function findPriced(
  tx: Tx,
  siteIds: string[],
  { kind, mode }: Pick<CandidateFilter, 'kind' | 'mode'>,
): Promise<Priced> {
  const [offerings, standings] = await Promise.all([
    tx.sql<NearbyOfferingRow>(
      `SELECT id, site_id AS "siteId", region_code AS "regionCode", code, name_zh AS "nameZh", name_en AS "nameEn", kind,
              mode, delivery, capacity_model AS "capacityModel", age_months_min AS "ageMonthsMin",
              age_months_max AS "ageMonthsMax", care_level_min AS "careLevelMin"
       FROM offering
       WHERE site_id = ANY ($1) AND active AND ($2::text IS NULL OR kind = $2) AND ($3::text IS NULL OR mode = $3)
       ORDER BY site_id, id`,
      [siteIds, kind ?? null, mode ?? null],
    ),
    findStandings(tx, siteIds),
  ]);
  return { offerings, standings };
}
