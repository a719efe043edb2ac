import { inDoubt } from '../charges/doubts.queries';
import { SERVICES } from '../re-ratings/standing.queries';
import { ASKED, CLAIM } from './claims.queries';

/** Drafts of one funder and contract are drawn up one at a time, so that each share is looked at by one. */
export const LOCK_FUNDER = `SELECT pg_advisory_xact_lock(hashtextextended('claim ' || $1 || $2 || $3, 0))`;

/** What is due of each share less what was asked for. `$1` operator · `$2` funder · `$3` contract · `$4` month */
const DUE = `
  span AS (SELECT ($4 || '-01')::date AS first, (($4 || '-01')::date + interval '1 month')::date AS next),
  corrected AS (
    SELECT k.charge_id, k.programme_id, sum(k.amount_fen)::bigint AS fen,
           -- Of it: booked in the charge's own month.
           sum(k.amount_fen) FILTER (
             WHERE c.booked_on < date_trunc('month', of.booked_on) + interval '1 month')::bigint AS own_fen
    FROM share_correction k JOIN charge_correction c ON c.id = k.correction_id JOIN charge of ON of.id = k.charge_id, span
    WHERE k.operator_id = $1 AND k.funder_id = $2 AND k.payer = 'funder' AND c.contract_id = $3 AND c.booked_on < span.next
    GROUP BY k.charge_id, k.programme_id),
  shares AS (
    SELECT c.id AS charge_id, s.programme_id, s.id AS share_id, s.captured_fen
    FROM charge c JOIN charge_share s ON s.charge_id = c.id, span
    WHERE c.operator_id = $1 AND c.contract_id = $3 AND c.status = 'captured' AND c.booked_on >= span.first
      AND c.booked_on < span.next AND s.funder_id = $2 AND s.payer = 'funder'),
  looked_at AS (SELECT charge_id, programme_id FROM shares UNION SELECT charge_id, programme_id FROM corrected),
  due AS (
    SELECT p.charge_id, p.programme_id, s.id AS share_id,
           coalesce(s.captured_fen, 0) + coalesce(k.fen, 0) - coalesce(l.fen, 0) AS fen, coalesce(l.lines, 0) AS sequence,
           coalesce(l.lines, 0) = 0 AS is_share
    FROM looked_at p
    JOIN charge c ON c.id = p.charge_id
    LEFT JOIN charge_share s ON s.charge_id = p.charge_id AND s.programme_id = p.programme_id AND s.payer = 'funder'
    LEFT JOIN corrected k ON k.charge_id = p.charge_id AND k.programme_id = p.programme_id
    LEFT JOIN LATERAL (
      SELECT ${ASKED} AS fen, max(l.sequence) FILTER (WHERE l.basis <> 'resubmission') + 1 AS lines FROM claim_line l
      WHERE l.charge_id = p.charge_id AND l.programme_id = p.programme_id) AS l ON true
    -- What was due in an earlier month and never claimed waits for that month's own claim.
    WHERE coalesce(l.lines, 0) > 0
       OR ((c.booked_on >= (SELECT first FROM span) OR coalesce(s.captured_fen, 0) + coalesce(k.own_fen, 0) = 0)
           AND NOT ${inDoubt('c.booking_id')}))`;

/** What was cut and is not asked for again: nobody has objected to it, or it was given up. */
const OPEN_CUT = `l.answer IN ('cut', 'rejected') AND (l.cut_end IS NULL OR l.cut_end = 'written_off')
  AND l.amount_fen > l.accepted_fen + l.corrected_fen`;

/** Claims with such cuts, before their lines. `$1` operator · `$2` funder · `$3` contract */
export const LOCK_CUT_CLAIMS = `
  SELECT FROM claim WHERE contract_id = $3 AND id IN (
    SELECT l.claim_id FROM claim_line l WHERE l.operator_id = $1 AND l.funder_id = $2 AND ${OPEN_CUT})
  ORDER BY id FOR NO KEY UPDATE`;

/** And those cuts: whoever objects or asks to give one up comes before or after. Of the same values. */
export const LOCK_CUTS = `
  SELECT FROM claim_line l WHERE l.operator_id = $1 AND l.funder_id = $2 AND ${OPEN_CUT}
    AND l.claim_id IN (SELECT id FROM claim WHERE contract_id = $3)
  ORDER BY l.id FOR NO KEY UPDATE OF l`;

/**
 * What corrections have taken off a share is taken off what was cut of it first: that was never paid, so it is not given
 * back either. Not while somebody has asked to give it up.
 */
export const TAKE_OFF_CUTS = `
  WITH ${DUE},
  cut AS (
    SELECT l.id, l.charge_id, l.programme_id, l.amount_fen - l.accepted_fen - l.corrected_fen AS fen,
           sum(l.amount_fen - l.accepted_fen - l.corrected_fen) OVER (
             PARTITION BY l.charge_id, l.programme_id ORDER BY l.cut_end NULLS FIRST, l.id) AS upto
    FROM claim_line l JOIN claim o ON o.id = l.claim_id
    WHERE l.operator_id = $1 AND l.funder_id = $2 AND o.contract_id = $3 AND ${OPEN_CUT} AND NOT EXISTS (
      SELECT FROM claim_write_off w WHERE w.claim_line_id = l.id AND w.status = 'requested')),
  taken AS (
    SELECT cut.id, least(cut.fen, -due.fen - (cut.upto - cut.fen))::bigint AS fen
    FROM cut JOIN due USING (charge_id, programme_id) WHERE due.fen < 0 AND -due.fen > cut.upto - cut.fen)
  UPDATE claim_line SET corrected_fen = corrected_fen + taken.fen FROM taken WHERE claim_line.id = taken.id
  RETURNING claim_line.id, claim_id AS "claimId", charge_id AS "chargeId", resident_id AS "residentId",
            corrected_fen AS "correctedFen", taken.fen AS "amountFen", cut_end = 'written_off' AS "givenUp"`;

export interface TakenOff {
  /** Line. */
  id: string;
  claimId: string;
  chargeId: string;
  residentId: string;
  /** In all, and now. */
  correctedFen: number;
  amountFen: number;
  givenUp: boolean;
}

/**
 * Draws up a claim, all in one statement, over
 * - every share captured in the month that no claim has yet, as corrected up to its end, but for visits in doubt, and what
 *   corrections booked up to its end have given where nothing was due in the charge's own month;
 * - what corrections booked up to its end have added to shares that were claimed before, or taken off them;
 * - what the funder has cut and the operator objected to.
 * No row in the answer: there is nothing to claim. `$1` operator · `$2` funder · `$3` contract · `$4` month · `$5` claim ·
 * `$6` person · `$7` now
 */
export const DRAW_UP = `
  WITH ${DUE},
  objected AS (
    SELECT l.* FROM claim_line l JOIN claim o ON o.id = l.claim_id
    WHERE l.operator_id = $1 AND l.funder_id = $2 AND o.contract_id = $3 AND o.period <= $4 AND l.cut_end = 'objected'
    ORDER BY l.id FOR NO KEY UPDATE OF l),
  asked AS (
    SELECT d.charge_id, d.programme_id, d.share_id, d.sequence, d.fen, NULL::uuid AS resubmits_id, NULL::text AS reply,
           CASE WHEN d.is_share THEN 'share' ELSE 'correction' END AS basis
    FROM due d WHERE d.fen <> 0
    UNION ALL
    SELECT charge_id, programme_id, share_id, sequence, amount_fen - accepted_fen - corrected_fen, id, reply, 'resubmission'
    FROM objected),
  drawn AS (
    INSERT INTO claim (id, operator_id, funder_id, contract_id, period, sequence, status, lines, amount_fen, findings,
                       created_by, created_at)
    SELECT $5, $1, $2, $3, $4,
           1 + coalesce((SELECT max(sequence) FROM claim WHERE operator_id = $1 AND funder_id = $2 AND contract_id = $3
                           AND period = $4), 0),
           'draft', count(*), sum(fen), '[]', $6, $7
    FROM asked HAVING count(*) > 0
    RETURNING *),
  resubmitted AS (
    UPDATE claim_line SET cut_end = 'resubmitted' FROM asked, drawn WHERE claim_line.id = asked.resubmits_id),
  lined AS (
    INSERT INTO claim_line (id, operator_id, claim_id, funder_id, share_id, charge_id, booking_id, resident_id, site_id,
                            programme_id, kind, service_day, starts_at, minutes, amount_fen, evidence, delivered_at,
                            grounds, basis, sequence, resubmits_id, reply)
    SELECT uuidv7(), $1, drawn.id, $2, a.share_id, c.id, c.booking_id, c.resident_id, c.site_id, a.programme_id, c.kind,
           c.service_day, c.starts_at, c.billed_minutes, a.fen, d.evidence, d.delivered_at,
           coalesce((SELECT t ->> 'why' FROM jsonb_array_elements(coalesce((
                       SELECT r.trace FROM charge_rating r WHERE r.charge_id = c.id ORDER BY r.sequence DESC LIMIT 1), c.trace)) AS t
                     WHERE t ->> 'programmeId' = a.programme_id::text LIMIT 1), ''),
           a.basis, a.sequence, a.resubmits_id, a.reply
    FROM asked a CROSS JOIN drawn JOIN charge c ON c.id = a.charge_id LEFT JOIN delivery d ON d.booking_id = c.booking_id)
  SELECT ${CLAIM} FROM drawn`;

/** Lines that are asked for again are open to it once more when their draft is thrown away. `$1` claim · `$2` lines or null */
export const REOPEN_CUTS = `
  UPDATE claim_line SET cut_end = 'objected' WHERE id IN (
    SELECT cut.id FROM claim_line l JOIN claim_line cut ON cut.id = l.resubmits_id
    WHERE l.claim_id = $1 AND ($2::uuid[] IS NULL OR l.id = ANY ($2)) ORDER BY cut.id FOR NO KEY UPDATE OF cut)`;

export const DROP_LINES = `
  DELETE FROM claim_line WHERE claim_id = $1 AND ($2::uuid[] IS NULL OR id = ANY ($2)) RETURNING id`;
export const DROP_CLAIM = `DELETE FROM claim WHERE id = $1 AND status = 'draft'`;

/** After a line has gone. */
export const RECOUNT = `
  UPDATE claim SET lines = l.lines, amount_fen = l.fen, version = version + 1
  FROM (SELECT count(*)::int AS lines, sum(amount_fen)::bigint AS fen FROM claim_line WHERE claim_id = $1) AS l
  WHERE id = $1`;

/** Terms that a line's amount stands by: those of the charge's latest rating, or those it was captured by. */
const TERMS_OF_LINE = `
  LEFT JOIN charge_share s ON s.id = l.share_id
  LEFT JOIN LATERAL (SELECT shares FROM charge_rating WHERE charge_id = l.charge_id ORDER BY sequence DESC LIMIT 1) AS rated ON true
  LEFT JOIN programme_terms t ON t.id = coalesce((
    SELECT given."termsId" FROM jsonb_to_recordset(rated.shares) AS given ("programmeId" uuid, "termsId" uuid)
    WHERE given."programmeId" = l.programme_id LIMIT 1), s.terms_id)`;

/** The widest of caps that held in a span: rules may change within it. Null: one of them had none. */
const widest = (cap: string) => `CASE WHEN bool_and(${cap} IS NOT NULL) THEN max(${cap}) END`;

/** Ids that lead to a person: what was submitted keeps the one that it went out under. */
const KNOWN_AS = (resident: string): string =>
  `(SELECT ${resident} AS id UNION ALL SELECT merged_id FROM resident_merge WHERE survivor_id = ${resident})`;

/** Lines of other claims for the same person, programme and day, but for those that the funder has rejected. */
const CLAIMED_ELSEWHERE = `FROM claim_line o
          WHERE o.resident_id = ANY (ARRAY${KNOWN_AS('l.resident_id')}) AND o.programme_id = l.programme_id AND o.service_day = l.service_day
            AND o.basis = 'share' AND o.claim_id <> l.claim_id AND o.answer IS DISTINCT FROM 'rejected'`;

/**
 * What the check looks at, in the order in which lines stand. `$1` claim · `$2` workdays by month,
 * [{month: 'YYYY-MM-01', workdays}]
 */
export const LINES_TO_CHECK = `
  WITH mine AS (SELECT * FROM claim_line WHERE claim_id = $1),
  people AS (
    SELECT resident_id, programme_id, date_trunc('year', min(service_day))::date AS since FROM mine GROUP BY 1, 2),
  claimed AS (
    SELECT people.resident_id, l.programme_id, l.service_day, ${ASKED} AS fen,
           ${widest(`(t.caps ->> 'perDayFen')::bigint`)} AS day_cap, ${widest(`(t.caps ->> 'perMonthFen')::bigint`)} AS month_cap,
           ${widest(`(t.caps ->> 'perYearFen')::bigint`)} AS year_cap
    FROM people
    -- What was claimed under an id that leads to the person counts with theirs.
    JOIN LATERAL ${KNOWN_AS('people.resident_id')} AS known ON true
    JOIN claim_line l ON l.resident_id = known.id AND l.programme_id = people.programme_id ${TERMS_OF_LINE}
    WHERE l.service_day >= people.since GROUP BY 1, 2, 3),
  by_month AS (
    SELECT resident_id, programme_id, date_trunc('month', service_day) AS month, sum(fen)::bigint AS fen,
           ${widest('month_cap')} AS month_cap, ${widest('year_cap')} AS year_cap
    FROM claimed GROUP BY 1, 2, 3),
  by_year AS (
    SELECT resident_id, programme_id, date_trunc('year', month) AS year, sum(fen)::bigint AS fen,
           ${widest('year_cap')} AS year_cap
    FROM by_month GROUP BY 1, 2, 3),
  -- Neither whom a fee was charged to nor who, by a correction, had not come after all was there.
  attended AS (
    SELECT c.resident_id, c.kind, date_trunc('month', c.service_day) AS month, count(DISTINCT c.service_day)::int AS days
    FROM charge c JOIN (SELECT DISTINCT resident_id FROM mine) AS r USING (resident_id)
    LEFT JOIN LATERAL (SELECT charge_id, delivered_minutes FROM charge_rating WHERE charge_id = c.id
                       ORDER BY sequence DESC LIMIT 1) AS rated ON true
    WHERE ${SERVICES} AND (rated.charge_id IS NULL OR rated.delivered_minutes IS NOT NULL) GROUP BY 1, 2, 3)
  SELECT l.id, l.resident_id AS "residentId", l.programme_id AS "programmeId", l.site_id AS "siteId", l.kind, l.basis,
         l.service_day AS "serviceDay", l.starts_at AS "startsAt", l.amount_fen AS "amountFen", l.evidence,
         l.delivered_at AS "deliveredAt", ${inDoubt('l.booking_id')} AS "inDoubt",
         (SELECT o.id ${CLAIMED_ELSEWHERE} AND o.starts_at = l.starts_at ORDER BY o.id LIMIT 1) AS "claimedTwinId",
         (SELECT o.site_id ${CLAIMED_ELSEWHERE} AND o.site_id <> l.site_id ORDER BY o.id LIMIT 1) AS "claimedSiteId",
         c.resident_fen + c.resident_correction_fen AS "residentFen",
         c.paid_fen AS "residentPaidFen", coalesce(rule.payment_required, false) AS "paymentRequired",
         rule.attendance_bp AS "attendanceBp", coalesce((month.facts ->> 'daysAttended')::int, a.days, 0) AS "daysAttended",
         coalesce((month.facts ->> 'workdays')::int, w.workdays, 0) AS workdays,
         (SELECT coalesce(jsonb_agg(jsonb_build_object('span', cap.span, 'limitFen', cap.fen, 'claimedFen', cap.claimed)), '[]')
          FROM (VALUES ('use', (t.caps ->> 'perUseFen')::bigint, l.amount_fen),
                       ('day', d.day_cap, d.fen), ('month', m.month_cap, m.fen), ('year', y.year_cap, y.fen)) AS cap (span, fen, claimed)
          WHERE cap.fen IS NOT NULL) AS spans
  FROM mine l
  JOIN charge c ON c.id = l.charge_id
  -- A charge by the month has the days of its own sheet.
  LEFT JOIN attendance_month AS month ON month.id = l.booking_id
  ${TERMS_OF_LINE}
  LEFT JOIN claimed d ON d.resident_id = l.resident_id AND d.programme_id = l.programme_id AND d.service_day = l.service_day
  LEFT JOIN by_month m ON m.resident_id = l.resident_id AND m.programme_id = l.programme_id
    AND m.month = date_trunc('month', l.service_day)
  LEFT JOIN by_year y ON y.resident_id = l.resident_id AND y.programme_id = l.programme_id
    AND y.year = date_trunc('year', l.service_day)
  LEFT JOIN attended a ON a.resident_id = l.resident_id AND a.kind = l.kind AND a.month = date_trunc('month', l.service_day)
  LEFT JOIN jsonb_to_recordset($2) AS w (month date, workdays int) ON w.month = date_trunc('month', l.service_day)
  LEFT JOIN LATERAL (
    SELECT r.payment_required, r.attendance_bp FROM claim_rule r
    WHERE r.programme_id = l.programme_id AND r.from_day <= l.service_day AND (r.to_day IS NULL OR l.service_day < r.to_day)
  ) AS rule ON true
  ORDER BY l.id`;

export const MONTHS_OF = `
  SELECT DISTINCT to_char(service_day, 'YYYY-MM') AS month FROM claim_line WHERE claim_id = $1 ORDER BY 1 LIMIT 120`;

/** `$1` claim · `$2` [{claimLineId, code, reason}] */
export const NOTE_PROBLEMS = `
  UPDATE claim_line SET problems = coalesce((
    SELECT jsonb_agg(jsonb_build_object('code', f.code, 'reason', f.reason))
    FROM jsonb_to_recordset($2) AS f ("claimLineId" uuid, code text, reason text) WHERE f."claimLineId" = claim_line.id), '[]')
  WHERE claim_id = $1 AND (problems <> '[]' OR id IN (
    SELECT "claimLineId" FROM jsonb_to_recordset($2) AS f ("claimLineId" uuid)))`;
