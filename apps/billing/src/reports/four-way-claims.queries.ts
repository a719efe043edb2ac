import { ASKED_BY_LINE } from '../claims/claims.queries';
import { IS_BOOKED, MISSED } from './four-way-booked.queries';

/** Of a line `l`: what the funder is to pay, and what it has cut; what was cut and is asked for again is that line's. */
const PAY = 'coalesce(l.accepted_fen, l.amount_fen)';
const CUT = `CASE WHEN l.answer IS NULL OR l.cut_end = 'resubmitted' THEN 0 ELSE l.amount_fen - l.accepted_fen - l.corrected_fen END`;

/** The shares of funders in the month's charges: what is due of each, what was asked for, and what was not yet. */
const SHARES = `
  line AS MATERIALIZED (
    SELECT c.key, l.charge_id, l.programme_id, l.funder_id, l.claim_id, l.remitted_fen, ${PAY} AS pay, ${CUT} AS cut,
           ${ASKED_BY_LINE} AS asked
    FROM booked AS c JOIN claim_line AS l ON l.charge_id = c.id),
  -- As captured, as corrected since, and as asked for.
  share_said (key, charge_id, programme_id, funder_id, due, later, asked) AS (
    SELECT c.key, s.charge_id, s.programme_id, s.funder_id, s.captured_fen, false, NULL::bigint
    FROM booked AS c JOIN charge_share AS s ON s.charge_id = c.id WHERE s.payer = 'funder'
    UNION ALL
    SELECT c.key, k.charge_id, k.programme_id, k.funder_id, k.amount_fen, true, NULL
    FROM booked AS c JOIN share_correction AS k ON k.charge_id = c.id WHERE k.payer = 'funder'
    UNION ALL
    SELECT key, charge_id, programme_id, funder_id, NULL, NULL, asked FROM line),
  -- A share is claimed whole or not at all; of one that is claimed, only what corrections have added can still be missing.
  share AS (
    SELECT key, funder_id, coalesce(sum(due), 0) AS due, coalesce(sum(asked), 0) AS claimed,
           CASE WHEN count(asked) = 0 THEN sum(due) WHEN bool_or(later) THEN sum(due) - sum(asked) ELSE 0 END AS unclaimed
    FROM share_said GROUP BY key, charge_id, programme_id, funder_id)`;

/**
 * How much of each line the bank has shown: all, when all of its claim has come but for what was cut; nothing, when nothing
 * has; and of a claim that came in part, what its lines take in their order, after what goes back.
 */
const arrived = (key: string): string => `
  half_remitted AS (
    SELECT e.source_id AS claim_id, e.matched_fen, ${MISSED} AS named FROM expected_movement AS e
    WHERE e.kind = 'claim' AND e.matched_fen <> 0 AND e.matched_fen + e.cut_fen <> e.amount_fen),
  -- All lines of such a claim: those for other months' charges take their part of the money, too.
  half_remitted_line AS (
    SELECT l.charge_id, l.funder_id, l.remitted_fen, h.matched_fen, h.named, ${PAY} AS pay, ${CUT} AS cut,
           sum(least(0, ${PAY})) OVER (PARTITION BY l.claim_id) AS back,
           sum(greatest(0, ${PAY})) OVER (PARTITION BY l.claim_id ORDER BY l.id) - greatest(0, ${PAY}) AS before
    FROM half_remitted AS h JOIN claim_line AS l ON l.claim_id = h.claim_id),
  arrived AS (
    SELECT l.key, l.funder_id, l.remitted_fen, l.pay, l.cut, ${MISSED} AS named,
           CASE WHEN coalesce(e.matched_fen, 0) = 0 THEN 0 ELSE l.pay END AS bank
    FROM line AS l LEFT JOIN expected_movement AS e ON e.kind = 'claim' AND e.source_id = l.claim_id
    WHERE coalesce(e.matched_fen, 0) = 0 OR e.matched_fen + e.cut_fen = e.amount_fen
    UNION ALL
    SELECT c.key, l.funder_id, l.remitted_fen, l.pay, l.cut, l.named,
           CASE WHEN l.pay < 0 THEN l.pay ELSE greatest(0, least(l.pay, l.matched_fen - l.back - l.before))::bigint END
    FROM half_remitted_line AS l
    -- Line by line (OFFSET 0): the other way round all of them are placed anew for every charge.
    CROSS JOIN LATERAL (SELECT ${key} AS key FROM charge AS c WHERE c.id = l.charge_id AND ${IS_BOOKED} OFFSET 0) AS c)`;

/** What of a line the bank has not shown: announced by the funder, waited for, or named as the exception or the cut that it is. */
const FIGURES = `
  announced AS (
    SELECT *, CASE WHEN named THEN 0 WHEN pay < 0 THEN least(0, greatest(remitted_fen, pay) - bank)
                   ELSE greatest(0, least(remitted_fen, pay) - bank) END AS in_transit FROM arrived OFFSET 0),
  claim_part AS (
    SELECT key, funder_id, bank + in_transit AS channel, bank, in_transit,
           CASE WHEN named THEN 0 ELSE pay - bank - in_transit END AS unremitted,
           cut + CASE WHEN named THEN pay - bank ELSE 0 END AS named
    FROM announced)`;

/**
 * What funders owe for the month's charges: `share`, each share as due, claimed and unclaimed, and `claim_part`, each line of a
 * claim with the figures that it adds to.
 */
export const claimed = (key: string): string => [SHARES, arrived(key), FIGURES].join(',');
