import { ASKED } from '../claims/claims.queries';

/*
 * Where the money of a month's services is, fen by fen: what was paid or claimed for each charge is with the channel or the
 * funder still, confirmed by them, on the bank's statement, or in a named exception.
 * `$1` first day of the month · `$2` contract, or null for all
 */
export const BOOKED = `
  month AS (SELECT $1::date AS first, ($1::date + interval '1 month')::date AS next),
  booked AS MATERIALIZED (
    SELECT c.* FROM charge AS c, month AS m WHERE c.status = 'captured' AND c.booked_on >= m.first AND c.booked_on < m.next
      AND ($2::uuid IS NULL OR c.contract_id = $2))`;

/** A line that people matched with a payment: its money came with what of the file belonged to nobody. */
const BY_HAND = `EXISTS (SELECT FROM reconciliation_exception AS x WHERE x.line_id = s.line_id AND x.resolution = 'matched')`;
/** What never came has a name. */
const MISSED = `EXISTS (SELECT FROM reconciliation_exception AS x
  WHERE x.expected_id = e.id AND x.parent_id IS NULL AND x.type = 'missing_in_statement')`;

/**
 * Of each payment behind the month's charges: the channel's line, the payout that it is part of, and how much of it is seen on
 * the bank's statement. A payout that came in part covers its payments in the order of the bill, what went back first.
 */
const PAYMENTS = `
  -- A payment's parts stand in their order, those for other months' charges too: each has its place in the fee.
  paid AS MATERIALIZED (
    SELECT a.payment_id, a.charge_id, a.applied, a.amount_fen AS fen,
           sum(a.amount_fen) OVER (PARTITION BY a.payment_id ORDER BY a.place, a.id) - a.amount_fen AS before
    FROM payment_allocation AS a WHERE a.ended_at IS NULL AND a.payment_id IN (
      SELECT mine.payment_id FROM payment_allocation AS mine JOIN booked AS c ON c.id = mine.charge_id
      WHERE mine.applied AND mine.ended_at IS NULL)),
  told AS MATERIALIZED (
    SELECT p.id, p.contract_id, p.amount_fen, p.channel = 'bank' AS transfer, s.amount_fen AS told_fen,
           coalesce(s.fee_fen, 0) AS fee_fen, coalesce(s.reconciliation_id, p.id) AS source_id,
           CASE WHEN p.channel = 'bank' THEN 'payment' WHEN ${BY_HAND} THEN 'channel_remainder' ELSE 'channel_settlement' END AS kind
    FROM (SELECT DISTINCT payment_id FROM paid) AS mine JOIN payment AS p ON p.id = mine.payment_id
    LEFT JOIN settlement_allocation AS s ON s.payment_id = p.id),
  expected AS MATERIALIZED (
    SELECT t.*, e.id AS expected_id, e.amount_fen AS expected_fen, e.matched_fen,
           -- What of a file adds up to nothing is not waited for.
           CASE WHEN t.told_fen IS NULL AND NOT t.transfer THEN 0
                WHEN e.id IS NULL THEN CASE WHEN t.transfer THEN 0 ELSE t.told_fen - t.fee_fen END
                WHEN e.matched_fen = e.amount_fen THEN coalesce(t.told_fen, t.amount_fen) - t.fee_fen
                WHEN t.transfer THEN e.matched_fen
                WHEN e.matched_fen = 0 OR t.kind = 'channel_remainder' THEN 0 END AS seen_fen,
           CASE WHEN t.told_fen IS NULL AND NOT t.transfer
                THEN EXISTS (SELECT FROM reconciliation_exception AS x WHERE x.payment_id = t.id AND x.parent_id IS NULL
                               AND x.type <> 'duplicate_in_bill')
                ELSE ${MISSED} END AS named
    FROM told AS t LEFT JOIN expected_movement AS e ON e.kind = t.kind AND e.source_id = t.source_id
      AND (e.kind = 'channel_remainder' OR e.contract_id = t.contract_id)),
  covered AS (
    SELECT payment_id, greatest(0, least(net, matched_fen - back - before)) AS fen FROM (
      SELECT s.payment_id, g.matched_fen, s.amount_fen - s.fee_fen AS net,
             sum(greatest(0, s.amount_fen - s.fee_fen)) OVER (PARTITION BY g.id ORDER BY s.line_id)
               - greatest(0, s.amount_fen - s.fee_fen) AS before,
             sum(least(0, s.amount_fen - s.fee_fen)) OVER (PARTITION BY g.id) AS back
      FROM (SELECT DISTINCT expected_id AS id, source_id, contract_id, matched_fen FROM expected WHERE seen_fen IS NULL) AS g
      JOIN settlement_allocation AS s ON s.reconciliation_id = g.source_id
      LEFT JOIN payment AS p ON p.id = s.payment_id
      LEFT JOIN refund AS r ON r.id = s.refund_id LEFT JOIN payment AS back ON back.id = r.payment_id
      WHERE coalesce(p.contract_id, back.contract_id) = g.contract_id AND NOT ${BY_HAND}) AS each
    WHERE payment_id IS NOT NULL)`;

/** What of the payments is for each of the month's charges, and where it is. */
const PAID_PARTS = `
  part AS (
    SELECT a.charge_id, a.fen, p.transfer, p.named, p.told_fen IS NOT NULL AS confirmed,
           -- A line that says another amount than its payment is the first part's affair.
           a.fen + CASE WHEN a.before = 0 THEN coalesce(p.told_fen - p.amount_fen, 0) ELSE 0 END AS told,
           round(p.fee_fen * (a.before + a.fen) / p.amount_fen) - round(p.fee_fen * a.before / p.amount_fen) AS fee,
           greatest(0, coalesce(p.seen_fen, v.fen, 0) - a.before + round(p.fee_fen * a.before / p.amount_fen)) AS left
    FROM paid AS a JOIN booked AS c ON c.id = a.charge_id JOIN expected AS p ON p.id = a.payment_id
    LEFT JOIN covered AS v ON v.payment_id = a.payment_id WHERE a.applied),
  seen AS (SELECT *, least(told - fee, part.left) AS seen FROM part),
  paid_part AS (
    SELECT charge_id, fen, CASE WHEN NOT confirmed THEN seen WHEN named THEN seen + fee ELSE told END AS channel, seen AS bank,
           fee AS fees, CASE WHEN confirmed AND NOT named THEN told - fee - seen ELSE 0 END AS in_transit,
           CASE WHEN NOT confirmed AND NOT named THEN fen - seen ELSE 0 END AS unsettled,
           CASE WHEN NOT named THEN 0 WHEN confirmed THEN told - fee - seen ELSE fen - seen END AS named
    FROM seen)`;

export const PAID = `${PAYMENTS}, ${PAID_PARTS}`;

/**
 * Of each share of a funder: what was asked for and what was not yet; of each line, what was cut, and of the rest what the bank
 * has seen, what the funder has announced, and what is waited for. Money for a part of a claim covers its lines in their order.
 */
export const CLAIMED = `
  due AS (
    SELECT charge_id, programme_id, funder_id, sum(fen) AS fen, bool_or(later) AS later FROM (
      SELECT s.charge_id, s.programme_id, s.funder_id, s.captured_fen AS fen, false AS later
      FROM charge_share AS s JOIN booked AS c ON c.id = s.charge_id WHERE s.payer = 'funder'
      UNION ALL
      SELECT k.charge_id, k.programme_id, k.funder_id, k.amount_fen, true
      FROM share_correction AS k JOIN booked AS c ON c.id = k.charge_id WHERE k.payer = 'funder') AS each
    GROUP BY charge_id, programme_id, funder_id),
  asked AS (
    SELECT l.charge_id, l.programme_id, l.funder_id, ${ASKED} AS fen FROM claim_line AS l JOIN booked AS c ON c.id = l.charge_id
    GROUP BY l.charge_id, l.programme_id, l.funder_id),
  -- A share is claimed whole or not at all; of one that is claimed, only what corrections have added can still be missing.
  unasked AS (
    SELECT d.charge_id, d.funder_id, CASE WHEN a.fen IS NULL THEN d.fen WHEN d.later THEN d.fen - a.fen ELSE 0 END AS fen
    FROM due AS d LEFT JOIN asked AS a USING (charge_id, programme_id, funder_id)),
  line AS MATERIALIZED (
    SELECT l.id, l.charge_id, l.funder_id, l.claim_id, l.remitted_fen, coalesce(l.accepted_fen, l.amount_fen) AS pay,
           -- What was cut and is asked for again is that line's.
           CASE WHEN l.answer IS NULL OR l.cut_end = 'resubmitted' THEN 0
                ELSE l.amount_fen - l.accepted_fen - l.corrected_fen END AS cut
    FROM claim_line AS l JOIN booked AS c ON c.id = l.charge_id),
  awaited AS MATERIALIZED (
    SELECT e.source_id AS claim_id, e.matched_fen, e.matched_fen + e.cut_fen = e.amount_fen AS whole, ${MISSED} AS named
    FROM expected_movement AS e WHERE e.kind = 'claim' AND e.source_id IN (SELECT claim_id FROM line)),
  remitted AS (
    SELECT id, CASE WHEN pay < 0 THEN pay ELSE greatest(0, least(pay, matched_fen - back - before)) END AS fen FROM (
      SELECT l.id, coalesce(l.accepted_fen, l.amount_fen) AS pay, e.matched_fen,
             sum(greatest(0, coalesce(l.accepted_fen, l.amount_fen))) OVER (PARTITION BY l.claim_id ORDER BY l.id)
               - greatest(0, coalesce(l.accepted_fen, l.amount_fen)) AS before,
             sum(least(0, coalesce(l.accepted_fen, l.amount_fen))) OVER (PARTITION BY l.claim_id) AS back
      FROM awaited AS e JOIN claim_line AS l ON l.claim_id = e.claim_id WHERE e.matched_fen <> 0 AND NOT e.whole) AS each),
  arrived AS (
    SELECT l.*, coalesce(e.named, false) AS named,
           CASE WHEN coalesce(e.matched_fen, 0) = 0 THEN 0 WHEN e.whole THEN l.pay ELSE r.fen END AS bank
    FROM line AS l LEFT JOIN awaited AS e ON e.claim_id = l.claim_id LEFT JOIN remitted AS r ON r.id = l.id),
  announced AS (
    SELECT *, CASE WHEN named THEN 0 WHEN pay < 0 THEN least(0, greatest(remitted_fen, pay) - bank)
                   ELSE greatest(0, least(remitted_fen, pay) - bank) END AS in_transit FROM arrived),
  claim_part AS (
    SELECT charge_id, funder_id, bank + in_transit AS channel, bank, in_transit,
           CASE WHEN named THEN 0 ELSE pay - bank - in_transit END AS unremitted,
           cut + CASE WHEN named THEN pay - bank ELSE 0 END AS named
    FROM announced)`;
