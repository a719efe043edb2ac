import type { Day, Fen } from '@doorstep/kernel';
import type { Tx } from '@doorstep/platform';
import { dueFor } from '../licences/licences.queries';
import { COUNT_COLUMNS, COUNT_NAMES, type CostClass, type Counts, type Payer } from './figure';

/** Which figures are asked about. */
export interface Slice {
  /** The asker's own tenant, for the index; row-level security holds either way. */
  operatorId: string | null;
  /** First day of the first month. */
  from: Day;
  /** First day of the first month that is out. */
  to: Day;
  contractId?: string;
  /** Instead of one contract. */
  contractIds?: readonly string[];
  /** Leading digits of a region code. */
  region?: string;
  siteIds?: readonly string[];
  kind?: string;
}

export const DIMENSIONS = [
  'city',
  'district',
  'street',
  'community',
  'contract',
  'site',
  'kind',
  'month',
] as const;
export type Dimension = (typeof DIMENSIONS)[number];

/** What is grouped by, as it is stored; it becomes text once for each group, not for each row. */
const GROUPED: Record<Dimension, string> = {
  city: 'left(region_code, 4)',
  district: 'left(region_code, 6)',
  street: 'left(region_code, 9)',
  community: 'region_code',
  contract: 'contract_id',
  site: 'site_id',
  kind: 'kind',
  month: 'month',
};
const SHOWN: Partial<Record<Dimension, string>> = {
  contract: `coalesce(s.grouped::text, '')`,
  month: `to_char(s.grouped, 'YYYY-MM')`,
};

function summedBy(by: Dimension, sums: string, table: string): string {
  return `SELECT ${SHOWN[by] ?? 's.grouped::text'} AS key, s.*
          FROM (SELECT ${GROUPED[by]} AS grouped, ${sums} FROM ${table} WHERE ${SLICE} GROUP BY 1) s`;
}

export type CostSums = Record<CostClass, Fen>;

const sum = (column: string, name: string): string => `coalesce(sum(${column}), 0)::bigint AS "${name}"`;
const FIGURES = COUNT_NAMES.map((name) => sum(COUNT_COLUMNS[name], name)).join(', ');
const COSTS = [
  sum('base_labour_fen', 'base_labour'),
  sum('service_labour_fen', 'service_labour'),
  sum('materials_fen', 'materials'),
  sum('premises_fen', 'premises'),
].join(', ');
const ALL_COSTS = 'base_labour_fen + service_labour_fen + materials_fen + premises_fen';

/** Parameters 1 to 7, by `paramsOf`. */
const SLICE = `
  ($1::uuid IS NULL OR operator_id = $1) AND month >= $2::date AND month < $3::date
  AND ($4::uuid[] IS NULL OR contract_id = ANY ($4)) AND ($5::text IS NULL OR starts_with(region_code, $5))
  AND ($6::uuid[] IS NULL OR site_id = ANY ($6)) AND ($7::text IS NULL OR kind = $7)`;

export function paramsOf(slice: Slice): unknown[] {
  const { operatorId, from, to, contractId, region, siteIds, kind } = slice;
  const contractIds = slice.contractIds ?? (contractId === undefined ? null : [contractId]);
  return [operatorId, from, to, contractIds, region ?? null, siteIds ?? null, kind ?? null];
}

export const TOTAL = `
  SELECT ${COUNT_NAMES.map((name) => sum(`"${name}"`, name)).join(', ')}, count(*)::int AS sites
  FROM (SELECT ${FIGURES} FROM portfolio_figure WHERE ${SLICE} GROUP BY site_id) s`;
export const TOTAL_COSTS = `SELECT ${COSTS} FROM portfolio_cost WHERE ${SLICE}`;

export const SORTS = ['key', 'revenue', 'margin', 'utilisation', 'visits'] as const;
export type Sort = (typeof SORTS)[number];

const RANKS: Record<Sort, string> = {
  key: '0',
  revenue: '("residentFen" + "fundersFen")',
  margin: '("residentFen" + "fundersFen" - base_labour - service_labour - materials - premises)',
  utilisation: 'coalesce("booked" * 10000 / nullif("capacity", 0), -1)',
  visits: '"visits"',
};

export interface GroupRow extends Counts, CostSums {
  key: string;
  rank: number;
}

/** Figures by one dimension. Parameters after the slice: `$8` rank and `$9` key to go on after · `$10` limit. */
export function groupsBy(by: Dimension, sort: Sort, descending: boolean, withCosts: boolean): string {
  const costs = withCosts
    ? summedBy(by, COSTS, 'portfolio_cost')
    : `SELECT NULL::text AS key, 0 AS base_labour, 0 AS service_labour, 0 AS materials, 0 AS premises WHERE false`;
  return `
    WITH f AS (${summedBy(by, FIGURES, 'portfolio_figure')}),
    m AS (${costs}),
    g AS (SELECT f.*, coalesce(m.base_labour, 0) AS base_labour, coalesce(m.service_labour, 0) AS service_labour,
                 coalesce(m.materials, 0) AS materials, coalesce(m.premises, 0) AS premises
          FROM f LEFT JOIN m ON m.key = f.key),
    r AS (SELECT g.*, (${descending ? '-' : ''}${RANKS[sort]})::bigint AS rank FROM g)
    SELECT * FROM r WHERE ($9::text IS NULL OR (rank, key) > ($8::bigint, $9)) ORDER BY rank, key LIMIT $10`;
}

export interface PayerRow {
  payer: Payer;
  funderId: string | null;
  amountFen: Fen;
  revenueFen: Fen;
  costFen: Fen;
}

/** Who paid how much, and what of the costs falls to it. `$8` payer and `$9` funder to go on after · `$10` limit. */
export function payers(withCosts: boolean): string {
  const costs = `UNION ALL SELECT payer, funder_id, 0, 0, ${ALL_COSTS} FROM portfolio_margin WHERE ${SLICE}`;
  return `
    SELECT payer, funder_id AS "funderId", sum(amount)::bigint AS "amountFen", sum(revenue)::bigint AS "revenueFen",
           sum(cost)::bigint AS "costFen"
    FROM (SELECT 'resident' AS payer, NULL::uuid AS funder_id, resident_fen AS amount, resident_fen AS revenue, 0 AS cost
          FROM portfolio_figure WHERE ${SLICE}
          UNION ALL SELECT 'concession', NULL, concession_fen, 0, 0 FROM portfolio_figure WHERE ${SLICE}
          UNION ALL SELECT 'funder', funder_id, amount_fen, amount_fen, 0 FROM portfolio_funder WHERE ${SLICE}
          ${withCosts ? costs : ''}) AS p
    WHERE $9::text IS NULL OR (payer, coalesce(funder_id::text, '')) > ($8::text, $9)
    GROUP BY payer, funder_id HAVING bool_or(amount <> 0 OR cost <> 0)
    ORDER BY payer, coalesce(funder_id::text, '') LIMIT $10`;
}

export interface MarginRow extends CostSums {
  siteId: string;
  kind: string;
  payer: Payer;
  funderId: string | null;
  revenueFen: Fen;
}

/** Margins by site, kind and payer. `$8` to `$11`: the four to go on after · `$12` limit. */
export const MARGINS = `
  SELECT site_id AS "siteId", kind, payer, funder_id AS "funderId", sum(revenue_fen)::bigint AS "revenueFen", ${COSTS}
  FROM portfolio_margin
  WHERE ${SLICE} AND ($8::uuid IS NULL OR (site_id, kind, payer, coalesce(funder_id::text, '')) > ($8, $9::text, $10::text, $11::text))
  GROUP BY site_id, kind, payer, funder_id
  ORDER BY site_id, kind, payer, coalesce(funder_id::text, '') LIMIT $12`;

const NAMES = {
  site: `SELECT site_id::text AS key, code || ' ' || name AS name FROM known_site WHERE site_id::text = ANY ($1)`,
  contract: `SELECT id::text AS key, number AS name FROM contract WHERE id::text = ANY ($1)`,
  region: `SELECT code AS key, name FROM known_region WHERE code = ANY ($1)`,
  organisation: `SELECT id::text AS key, name FROM organisation WHERE id::text = ANY ($1)`,
};

/** Names of what the keys stand for; those that the asker may not see, or that are not known, are left out. */
export async function namesOf(
  tx: Tx,
  what: Dimension | 'organisation',
  keys: readonly string[],
): Promise<Map<string, string>> {
  if (what === 'kind' || what === 'month' || keys.length === 0) return new Map();
  const statement =
    what === 'site' || what === 'contract' || what === 'organisation' ? NAMES[what] : NAMES.region;
  const rows = await tx.sql<{ key: string; name: string }>(statement, [keys]);
  return new Map(rows.map(({ key, name }) => [key, name]));
}

/** What needs somebody today, at sites that stand where the slice says now. `$1` to `$4` region, sites, contract, today. */
export const ATTENTION = `
  WITH place AS (
    SELECT s.site_id FROM known_site s
    WHERE ($1::text IS NULL OR starts_with(s.region_code, $1)) AND ($2::uuid[] IS NULL OR s.site_id = ANY ($2))
      AND ($3::uuid IS NULL OR EXISTS (
        SELECT FROM contract_site u WHERE u.site_id = s.site_id AND u.contract_id = $3 AND u.holds
          AND daterange(u.from_day, u.to_day) @> $4::date)))
  SELECT
    (SELECT count(*)::int FROM licence l JOIN place USING (site_id)
     WHERE ${dueFor('$4::date', '$4::date + 90')}) AS "licencesDue",
    (SELECT count(*)::int FROM finding f JOIN place USING (site_id) WHERE f.status IN ('open', 'rectified')) AS "findingsOpen",
    (SELECT count(*)::int FROM finding f JOIN place USING (site_id)
     WHERE f.status IN ('open', 'rectified') AND f.severity = 'severe') AS "severeFindingsOpen",
    (SELECT count(*)::int FROM complaint c JOIN place USING (site_id) WHERE c.status = 'open') AS "complaintsOpen"`;

export interface QualityRow {
  street: string;
  ratings: number;
  /** Hundredths of a star. */
  starsCenti: number | null;
  complaints: number;
  findings: number;
}

/**
 * Satisfaction by the service day, complaints and findings by the day they were raised, of sites where they lie now.
 * `$1`, `$2` days · `$3` streets · `$4` sites · `$5` contract under which they stood on that day.
 */
export const QUALITY = `
  WITH place AS (
    SELECT site_id, left(region_code, 9) AS street FROM known_site
    WHERE left(region_code, 9) = ANY ($3::text[]) AND ($4::uuid[] IS NULL OR site_id = ANY ($4))),
  fact AS (
    SELECT r.site_id, r.service_day AS day, r.stars, 0 AS complaint, 0 AS finding FROM service_rating r
    WHERE r.service_day >= $1::date AND r.service_day < $2::date
    UNION ALL SELECT c.site_id, c.opened_on, NULL, 1, 0 FROM complaint c
    WHERE c.opened_on >= $1::date AND c.opened_on < $2::date
    UNION ALL SELECT f.site_id, f.raised_on, NULL, 0, 1 FROM finding f
    WHERE f.raised_on >= $1::date AND f.raised_on < $2::date AND f.status <> 'withdrawn')
  SELECT p.street, count(f.stars)::int AS ratings, round(avg(f.stars) * 100)::int AS "starsCenti",
         sum(f.complaint)::int AS complaints, sum(f.finding)::int AS findings
  FROM fact f JOIN place p ON p.site_id = f.site_id
  WHERE $5::uuid IS NULL OR EXISTS (
    SELECT FROM contract_site u WHERE u.site_id = f.site_id AND u.contract_id = $5 AND u.holds
      AND daterange(u.from_day, u.to_day) @> f.day)
  GROUP BY p.street`;

export interface TargetRow {
  contractId: string;
  number: string;
  metric: string;
  target: number;
}

/**
 * Targets of contracts that ran in the span, as the terms of their last day in it say. `$1` first day of the span · `$2` first
 * day after it · `$3` contract · `$4`, `$5` contract and metric to go on after · `$6` limit.
 */
export const TARGETS = `
  SELECT c.id AS "contractId", c.number, k->>'metric' AS metric, (k->>'target')::float8 AS target
  FROM contract c
  JOIN contract_revision v ON v.contract_id = c.id AND NOT v.superseded
       AND daterange(v.from_day, v.to_day) @> least($2::date, c.to_day, c.ends_on) - 1
  CROSS JOIN LATERAL jsonb_array_elements(v.terms->'kpis') k
  WHERE c.begun AND daterange(c.from_day, least(c.to_day, c.ends_on)) && daterange($1::date, $2::date)
    AND ($3::uuid IS NULL OR c.id = $3)
    AND ($4::uuid IS NULL OR (c.id, k->>'metric') > ($4, $5::text))
  ORDER BY c.id, k->>'metric' LIMIT $6`;

export interface StreetRow {
  street: string;
  sites: number;
  kinds: string[];
  visits: number;
  booked: number;
  capacity: number;
  fundersFen: Fen;
}

/** `$8` street to go on after · `$9` limit. */
export const STREETS = `
  SELECT left(region_code, 9) AS street, count(DISTINCT site_id)::int AS sites,
         array_agg(DISTINCT kind ORDER BY kind) AS kinds, sum(visits)::bigint AS visits, sum(booked)::bigint AS booked,
         sum(capacity)::bigint AS capacity, sum(funders_fen)::bigint AS "fundersFen"
  FROM portfolio_figure WHERE ${SLICE} AND length(region_code) >= 9 AND kind <> ''
    AND ($8::text IS NULL OR left(region_code, 9) > $8)
  GROUP BY 1 ORDER BY 1 LIMIT $9`;

/** People who came at least once, each once. `$1`, `$2` months · `$3` streets · `$4` sites · `$5` contract. */
export const PEOPLE = `
  SELECT street, count(*)::int AS people
  FROM (SELECT DISTINCT left(p.region_code, 9) AS street, coalesce(m.survivor_id, one.id) AS person
        FROM portfolio_people p CROSS JOIN LATERAL unnest(p.people) AS one (id)
        LEFT JOIN resident_merge m ON m.merged_id = one.id
        WHERE p.month >= $1::date AND p.month < $2::date AND left(p.region_code, 9) = ANY ($3::text[])
          AND ($4::uuid[] IS NULL OR p.site_id = ANY ($4)) AND ($5::uuid IS NULL OR p.contract_id = $5)) AS person
  GROUP BY 1`;
