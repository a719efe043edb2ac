import type { Day, Fen } from '@doorstep/kernel';
import { type Cost, COUNT_COLUMNS, COUNT_NAMES, type Counts, type Place } from './figure';

/** A site's month, `first` its first day. */
export interface SiteMonth {
  siteId: string;
  first: Day;
}

export type CellRow = SiteMonth & Place & Counts & { operatorId: string };
export type FunderRow = SiteMonth & Place & { funderId: string | null; amountFen: Fen };
export type CostRow = SiteMonth & Cost & { operatorId: string };
/** Where costs belong that meet no figures: the contract of the month's last day under one, and where the site lies. */
export type ElsewhereRow = SiteMonth & { contractId: string | null; regionCode: string };

/** Takes what is due off the list; a few days at a time. Facts of rows taken here are all committed. */
export const TAKE_DUE = `
  DELETE FROM portfolio_due WHERE id IN (SELECT id FROM portfolio_due ORDER BY id LIMIT $1)
  RETURNING site_id AS "siteId", day`;

const COLUMNS = Object.values(COUNT_COLUMNS);
const SUMS = COLUMNS.join(', ');
const SUMMED = COLUMNS.map((column) => `sum(${column})::bigint AS ${column}`).join(', ');

const DUE = `due AS (SELECT site_id, day FROM unnest($1::uuid[], $2::date[]) AS d (site_id, day))`;

/** The contract under which a site stood on a day; one at most, by constraint. */
const UNDER = `
  LEFT JOIN contract_site u ON u.site_id = f.site_id AND u.holds AND daterange(u.from_day, u.to_day) @> f.day`;

export const FORGET_DAYS = `
  WITH ${DUE} DELETE FROM portfolio_day p USING due WHERE p.site_id = due.site_id AND p.day = due.day`;
export const FORGET_DAY_FUNDERS = FORGET_DAYS.replace('portfolio_day p', 'portfolio_day_funder p');

/** A charge lies where its booking does, or where its site does as long as the booking has not been heard of. */
const CHARGES = `
  FROM due JOIN known_charge c ON c.site_id = due.site_id AND c.service_day = due.day
  LEFT JOIN known_booking b ON b.booking_id = c.booking_id
  LEFT JOIN known_site s ON s.site_id = c.site_id`;
const REGION_OF_CHARGE = `coalesce(b.region_code, s.region_code, '')`;

/** `$1` sites · `$2` their days, in parallel. */
export const MAKE_DAYS = `
  INSERT INTO portfolio_day (operator_id, site_id, day, contract_id, region_code, kind, ${SUMS})
  WITH ${DUE}, fact AS (
    SELECT b.operator_id, b.site_id, b.service_day AS day, b.contract_id, b.region_code, b.kind, 0 AS sessions,
           0 AS capacity,
           CASE WHEN b.status IN ('confirmed', 'delivered', 'no_show') THEN t.units ELSE 0 END AS booked,
           CASE WHEN b.status = 'delivered' THEN t.units ELSE 0 END AS attended,
           CASE WHEN b.status = 'no_show' THEN t.units ELSE 0 END AS no_show,
           CASE WHEN b.status = 'cancelled' THEN t.units ELSE 0 END AS cancelled,
           CASE WHEN b.status = 'delivered' THEN b.party_size ELSE 0 END AS visits,
           0 AS waiting, 0 AS gross_fen, 0 AS resident_fen, 0 AS funders_fen, 0 AS concession_fen
    FROM due JOIN known_booking b ON b.site_id = due.site_id AND b.service_day = due.day
    CROSS JOIN LATERAL (SELECT coalesce(b.units, b.party_size) AS units) t
    UNION ALL
    SELECT c.operator_id, c.site_id, c.service_day, c.contract_id, ${REGION_OF_CHARGE}, c.kind, 0, 0, 0, 0, 0, 0, 0, 0,
           c.gross_fen, c.resident_fen, c.funders_fen, c.operator_fen ${CHARGES}
    UNION ALL
    SELECT k.operator_id, k.site_id, k.day, NULL, k.region_code, k.kind, k.sessions, k.capacity, k.placed, k.came, k.missing, 0, k.came,
           k.waiting,
           0, 0, 0, 0
    FROM due JOIN known_capacity k ON k.site_id = due.site_id AND k.day = due.day)
  SELECT f.operator_id, f.site_id, f.day, coalesce(u.contract_id, f.contract_id), f.region_code, f.kind, ${SUMMED}
  FROM fact f ${UNDER}
  GROUP BY f.operator_id, f.site_id, f.day, coalesce(u.contract_id, f.contract_id), f.region_code, f.kind
  HAVING (${COLUMNS.map((column) => `bool_or(${column} <> 0)`).join(' OR ')})`;

/**
 * What funders paid. A correction that does not say whose share it changes counts for the funder with the largest share of
 * the capture (the lowest id of equals).
 */
export const MAKE_DAY_FUNDERS = `
  INSERT INTO portfolio_day_funder (operator_id, site_id, day, contract_id, region_code, kind, funder_id, amount_fen)
  WITH ${DUE}, fact AS (
    SELECT c.operator_id, c.site_id, c.service_day AS day, c.contract_id, ${REGION_OF_CHARGE} AS region_code, c.kind,
           p.funder_id, p.amount_fen
    ${CHARGES}
    CROSS JOIN LATERAL (
      SELECT (e->>'funderId')::uuid AS funder_id, (e->>'amountFen')::bigint AS amount_fen
      FROM jsonb_array_elements(c.funders) e
      UNION ALL
      SELECT (SELECT (e->>'funderId')::uuid FROM known_charge k, jsonb_array_elements(k.funders) e
              WHERE k.charge_id = c.charge_id AND k.is_capture
              ORDER BY (e->>'amountFen')::bigint DESC, e->>'funderId' LIMIT 1), c.funders_fen
      WHERE c.funders IS NULL AND c.funders_fen <> 0) p)
  SELECT f.operator_id, f.site_id, f.day, coalesce(u.contract_id, f.contract_id), f.region_code, f.kind, f.funder_id,
         sum(f.amount_fen)::bigint
  FROM fact f ${UNDER}
  GROUP BY f.operator_id, f.site_id, f.day, coalesce(u.contract_id, f.contract_id), f.region_code, f.kind, f.funder_id
  HAVING sum(f.amount_fen) <> 0`;

const MONTHS = `due AS (SELECT site_id, first FROM unnest($1::uuid[], $2::date[]) AS d (site_id, first))`;
const DAYS_OF_MONTH = `p.site_id = due.site_id AND p.day >= due.first AND p.day < (due.first + interval '1 month')::date`;
const PLACE = `p.contract_id AS "contractId", p.region_code AS "regionCode", p.kind`;

/** `$1` sites · `$2` first days of their months, in parallel. */
export const CELLS = `
  WITH ${MONTHS}
  SELECT p.operator_id AS "operatorId", due.site_id AS "siteId", due.first, ${PLACE},
         ${COUNT_NAMES.map((name) => `sum(${COUNT_COLUMNS[name]})::bigint AS "${name}"`).join(', ')}
  FROM due JOIN portfolio_day p ON ${DAYS_OF_MONTH}
  GROUP BY p.operator_id, due.site_id, due.first, p.contract_id, p.region_code, p.kind`;

export const FUNDERS = `
  WITH ${MONTHS}
  SELECT due.site_id AS "siteId", due.first, ${PLACE}, p.funder_id AS "funderId", sum(amount_fen)::bigint AS "amountFen"
  FROM due JOIN portfolio_day_funder p ON ${DAYS_OF_MONTH}
  GROUP BY due.site_id, due.first, p.contract_id, p.region_code, p.kind, p.funder_id HAVING sum(amount_fen) <> 0`;

export const COSTS = `
  WITH ${MONTHS}
  SELECT c.operator_id AS "operatorId", due.site_id AS "siteId", due.first, c.kind, c.cost_class AS "costClass",
         c.amount_fen AS "amountFen", c.contract_id AS "contractId"
  FROM due JOIN site_cost c ON c.site_id = due.site_id AND c.month = due.first`;

export const ELSEWHERE = `
  WITH ${MONTHS}
  SELECT due.site_id AS "siteId", due.first, s.region_code AS "regionCode",
         (SELECT u.contract_id FROM contract_site u
          WHERE u.site_id = due.site_id AND u.holds
            AND daterange(u.from_day, u.to_day) && daterange(due.first, (due.first + interval '1 month')::date)
          ORDER BY u.from_day DESC LIMIT 1) AS "contractId"
  FROM due JOIN known_site s ON s.site_id = due.site_id`;

/**
 * Who came: to what they had booked, or as children with a place in a group; under the contract under which the site stood on
 * the day, else the one that the booking names.
 */
export const MAKE_PEOPLE = `
  INSERT INTO portfolio_people (operator_id, site_id, month, contract_id, region_code, people)
  WITH ${MONTHS}, f AS (
    SELECT b.operator_id, b.site_id, due.first, b.service_day AS day, b.contract_id, b.region_code, b.resident_id
    FROM due JOIN known_booking b ON b.site_id = due.site_id AND b.service_day >= due.first
      AND b.service_day < (due.first + interval '1 month')::date
    WHERE b.status = 'delivered' AND b.resident_id IS NOT NULL
    UNION ALL
    SELECT a.operator_id, a.site_id, due.first, a.day, NULL, a.region_code, a.resident_id
    FROM due JOIN known_attendance a ON a.site_id = due.site_id AND a.day >= due.first
      AND a.day < (due.first + interval '1 month')::date
    WHERE a.came),
  came AS (
    SELECT DISTINCT f.operator_id, f.site_id, f.first, coalesce(u.contract_id, f.contract_id) AS contract_id, f.region_code,
                    f.resident_id
    FROM f ${UNDER})
  SELECT operator_id, site_id, first, contract_id, region_code, array_agg(resident_id ORDER BY resident_id)
  FROM came GROUP BY operator_id, site_id, first, contract_id, region_code`;

export function forgetMonths(table: string): string {
  return `WITH ${MONTHS} DELETE FROM ${table} p USING due WHERE p.site_id = due.site_id AND p.month = due.first`;
}

/** `$1`: the rows as JSON, by the table's own column names. */
export function insertRows(table: string): string {
  return `INSERT INTO ${table} SELECT * FROM json_populate_recordset(NULL::${table}, $1::json)`;
}

/**
 * Days that lie under another contract than their site stands under now, and days of a contract under which it stands no
 * more. `$1` sites · `$2` contracts.
 */
export const STANDINGS_CHANGED = `
  INSERT INTO portfolio_due (operator_id, site_id, day)
  SELECT DISTINCT p.operator_id, p.site_id, p.day
  FROM portfolio_day p
  LEFT JOIN contract_site u ON u.site_id = p.site_id AND u.holds AND p.day >= u.from_day AND p.day < u.to_day
  WHERE p.site_id = ANY ($1::uuid[]) AND u.contract_id IS DISTINCT FROM p.contract_id
    AND (u.contract_id IS NOT NULL OR p.contract_id = ANY ($2::uuid[]))
  UNION
  SELECT c.operator_id, c.site_id, c.month FROM site_cost c WHERE c.site_id = ANY ($1::uuid[])
  UNION
  SELECT p.operator_id, p.site_id, p.month FROM portfolio_people p WHERE p.site_id = ANY ($1::uuid[])`;

/** Charges and costs that were placed before anybody said where the site lies. */
export const SITES_PLACED = `
  INSERT INTO portfolio_due (operator_id, site_id, day)
  SELECT operator_id, site_id, day FROM portfolio_day WHERE site_id = ANY ($1::uuid[]) AND region_code = ''
  UNION
  SELECT operator_id, site_id, month FROM site_cost WHERE site_id = ANY ($1::uuid[])`;
