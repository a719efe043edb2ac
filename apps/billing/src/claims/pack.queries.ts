import type { ClaimLineRow } from './claims.queries';

export interface PackHead {
  operatorName: string;
  funderName: string;
  contractNumber: string;
}

export const PACK_HEAD = `
  SELECT coalesce(o.name, '') AS "operatorName", coalesce(f.name, '') AS "funderName", coalesce(k.number, '') AS "contractNumber"
  FROM claim c LEFT JOIN known_organisation o ON o.id = c.operator_id LEFT JOIN known_organisation f ON f.id = c.funder_id
  LEFT JOIN known_contract k ON k.id = c.contract_id WHERE c.id = $1`;

export interface PackGroup {
  programmeCode: string;
  programme: string;
  siteCode: string;
  site: string;
  lines: number;
  residents: number;
  amountFen: number;
  acceptedFen: number;
  cutFen: number;
  remittedFen: number;
}

const NAMES = `
  LEFT JOIN programme p ON p.id = l.programme_id LEFT JOIN known_site s ON s.id = l.site_id`;

/** By programme and site. `$1` claim */
export const PACK_GROUPS = `
  SELECT coalesce(p.code, '') AS "programmeCode", coalesce(p.name_zh, '') AS programme, coalesce(s.code, '') AS "siteCode",
         coalesce(s.name_zh, '') AS site, count(*)::int AS lines, count(DISTINCT l.resident_id)::int AS residents,
         sum(l.amount_fen)::bigint AS "amountFen", coalesce(sum(l.accepted_fen), 0)::bigint AS "acceptedFen",
         coalesce(sum(l.amount_fen - l.accepted_fen), 0)::bigint AS "cutFen", sum(l.remitted_fen)::bigint AS "remittedFen"
  FROM claim_line l ${NAMES} WHERE l.claim_id = $1
  GROUP BY p.code, p.name_zh, s.code, s.name_zh ORDER BY p.code, s.code LIMIT 20000`;

export interface PackLine extends ClaimLineRow {
  programmeCode: string;
  siteCode: string;
  site: string;
  /** Position in the pack, from 1. */
  place: number;
}

/** By programme, site, day and resident: the order in which an auditor reads. `$1` claim · `$2` limit */
export const PACK_LINES = `
  SELECT row_number() OVER (ORDER BY p.code, s.code, l.service_day, l.resident_id, l.id)::int AS place,
         l.id, l.charge_id AS "chargeId", l.booking_id AS "bookingId", l.resident_id AS "residentId",
         l.service_day AS "serviceDay", l.kind, l.minutes, l.amount_fen AS "amountFen", l.evidence,
         l.delivered_at AS "deliveredAt", l.grounds, l.basis, l.reply, l.answer, l.accepted_fen AS "acceptedFen",
         l.answer_code AS "answerCode", l.answer_reason AS "answerReason", l.remitted_fen AS "remittedFen",
         l.cut_end AS "cutEnd", coalesce(p.code, '') AS "programmeCode", coalesce(s.code, '') AS "siteCode",
         coalesce(s.name_zh, '') AS site
  FROM claim_line l ${NAMES} WHERE l.claim_id = $1
  ORDER BY place LIMIT $2`;
