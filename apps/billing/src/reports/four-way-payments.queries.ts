import { IS_BOOKED, MISSED } from './four-way-booked.queries';

/** A line of a bill that people matched with a payment: its money comes with what of the file belonged to nobody. */
const BY_HAND = `EXISTS (SELECT FROM reconciliation_exception AS x WHERE x.line_id = s.line_id AND x.resolution = 'matched')`;

/** What the bill lacks is named. */
const LACKED = `EXISTS (SELECT FROM reconciliation_exception AS x
  WHERE x.payment_id = t.payment_id AND x.parent_id IS NULL AND x.type <> 'duplicate_in_bill')`;

/** What of a payment's fee is due up to so much of it. */
const feeUpto = (fen: string): string => `round(fee_fen * ${fen}::numeric / amount_fen)::bigint`;

/** Payouts that came in part, and which of their payments that covers. Both are few. */
const COVERED = `
  half_paid_out AS (
    SELECT id, source_id, contract_id, matched_fen FROM expected_movement
    WHERE kind = 'channel_settlement' AND matched_fen <> 0 AND matched_fen <> amount_fen),
  -- The payments, net of fees, and what went back, in the order of the bill and of the payout's own contract.
  half_paid_line AS (
    SELECT h.id, h.matched_fen, s.line_id, s.payment_id, s.amount_fen - s.fee_fen AS net
    FROM half_paid_out AS h JOIN settlement_allocation AS s ON s.reconciliation_id = h.source_id
    LEFT JOIN refund AS r ON r.id = s.refund_id JOIN payment AS p ON p.id = coalesce(s.payment_id, r.payment_id)
    WHERE p.contract_id = h.contract_id AND NOT ${BY_HAND}),
  -- What went back had come from the first payments, too: so much more of them is covered.
  covered AS (
    SELECT payment_id, greatest(0, least(net, matched_fen - back - before))::bigint AS fen FROM (
      SELECT payment_id, matched_fen, net, sum(least(0, net)) OVER (PARTITION BY id) AS back,
             sum(greatest(0, net)) OVER (PARTITION BY id ORDER BY line_id) - greatest(0, net) AS before
      FROM half_paid_line) AS each
    WHERE payment_id IS NOT NULL)`;

/** The parts of the payments behind the month's charges, each with its place in its payment. */
const PARTS = `
  mine AS MATERIALIZED (
    SELECT c.key, a.payment_id, a.place, a.id, a.amount_fen AS fen, p.amount_fen, p.allocated_fen, p.contract_id,
           p.channel = 'bank' AS transfer
    FROM booked AS c JOIN payment_allocation AS a ON a.charge_id = c.id JOIN payment AS p ON p.id = a.payment_id
    WHERE a.applied AND a.ended_at IS NULL),
  -- Parts of the same payments for other months, or not applied yet: they bear the fee and take the money in their order, too.
  -- A payment that has spent as much as is here has none.
  elsewhere AS (
    SELECT a.payment_id, a.place, a.id, a.amount_fen
    FROM (SELECT payment_id FROM mine GROUP BY payment_id HAVING sum(fen) <> min(allocated_fen)) AS more
    JOIN payment_allocation AS a ON a.payment_id = more.payment_id AND a.ended_at IS NULL
    LEFT JOIN charge AS c ON c.id = a.charge_id AND a.applied AND ${IS_BOOKED}
    WHERE c.id IS NULL),
  -- What a payout covers of a payment comes along as a part of nothing.
  placed (key, payment_id, place, id, fen, amount_fen, contract_id, transfer, covered) AS (
    SELECT key, payment_id, place, id, fen, amount_fen, contract_id, transfer, NULL::bigint FROM mine
    UNION ALL SELECT NULL, payment_id, place, id, amount_fen, NULL, NULL, NULL, NULL FROM elsewhere
    UNION ALL SELECT NULL, payment_id, -1, NULL, 0, NULL, NULL, NULL, fen FROM covered),
  part AS (
    SELECT *, (sum(fen) OVER (PARTITION BY payment_id ORDER BY place, id))::bigint - fen AS before,
           max(covered) OVER (PARTITION BY payment_id) AS covered_fen
    FROM placed)`;

/**
 * From the part to the line of the bill that settled its payment, to what the bank was to show for it. (`OFFSET 0`: worked
 * out once for each part, not wherever a figure needs it.)
 */
const TRACED = `
  told AS (
    SELECT a.key, a.fen, a.before, a.covered_fen, a.payment_id, a.contract_id, a.amount_fen, a.transfer, s.amount_fen AS told_fen,
           coalesce(s.fee_fen, 0) AS fee_fen, coalesce(s.reconciliation_id, a.payment_id) AS source_id,
           s.payment_id IS NULL AND NOT a.transfer AS unbilled,
           CASE WHEN a.transfer THEN 'payment' WHEN ${BY_HAND} THEN 'channel_remainder' ELSE 'channel_settlement' END AS kind
    FROM part AS a LEFT JOIN settlement_allocation AS s ON s.payment_id = a.payment_id
    WHERE a.key IS NOT NULL OFFSET 0),
  -- How much of the whole payment the bank has shown, and whether what it has not is named.
  traced AS (
    SELECT t.*,
           CASE WHEN t.unbilled THEN 0
                -- What of a file adds up to nothing is not waited for.
                WHEN e.id IS NULL THEN CASE WHEN t.transfer THEN 0 ELSE t.told_fen - t.fee_fen END
                WHEN e.matched_fen = e.amount_fen THEN coalesce(t.told_fen, t.amount_fen) - t.fee_fen
                WHEN t.transfer THEN e.matched_fen
                WHEN e.matched_fen = 0 OR t.kind = 'channel_remainder' THEN 0
                ELSE coalesce(t.covered_fen, 0) END AS shown_fen,
           CASE WHEN t.unbilled THEN ${LACKED} ELSE ${MISSED} END AS named
    FROM told AS t LEFT JOIN expected_movement AS e ON e.kind = t.kind AND e.source_id = t.source_id
      AND (e.kind = 'channel_remainder' OR e.contract_id = t.contract_id) OFFSET 0)`;

/** Where the part's own fen are: each with its part of the fee, and of what the bank has shown. */
const FIGURES = `
  -- A fee is due up to a part less what was due before it, so that the parts make the fee. A line that says another amount
  -- than its payment is the first part's affair.
  charged_fee AS (
    SELECT *, told_fen IS NOT NULL AS confirmed,
           fen + CASE WHEN before = 0 THEN coalesce(told_fen - amount_fen, 0) ELSE 0 END AS told,
           ${feeUpto('before')} AS fee_before, ${feeUpto('(before + fen)')} - ${feeUpto('before')} AS fee
    FROM traced OFFSET 0),
  seen AS (SELECT *, least(told - fee, greatest(0, shown_fen - before + fee_before)) AS seen FROM charged_fee OFFSET 0),
  paid_part AS (
    SELECT key, fen AS payments, seen AS bank, fee AS fees,
           CASE WHEN NOT confirmed THEN seen WHEN named THEN seen + fee ELSE told END AS channel,
           CASE WHEN confirmed AND NOT named THEN told - fee - seen ELSE 0 END AS in_transit,
           CASE WHEN NOT confirmed AND NOT named THEN fen - seen ELSE 0 END AS unsettled,
           CASE WHEN NOT named THEN 0 WHEN confirmed THEN told - fee - seen ELSE fen - seen END AS named
    FROM seen)`;

/** What was paid for the month's charges, part by part: `paid_part`, with the figures that each part adds to. */
export const PAID = [COVERED, PARTS, TRACED, FIGURES].join(',');
