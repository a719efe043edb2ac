import { ASKED } from '../claims/claims.queries';
import { FOUR_WAY_BY_FUNDER, fourWay } from './four-way.queries';
import type { TableName } from './tables';

/*
 * One statement for each report; its columns bear the keys of tables.ts.
 * `$1` first day of the month · `$2` contract, or null for all
 */
const MONTH = `month AS (SELECT $1::date AS first, ($1::date + interval '1 month')::date AS next)`;
const BOOKED = `${MONTH},
  booked AS MATERIALIZED (
    SELECT c.* FROM charge AS c, month AS m WHERE c.status = 'captured' AND c.booked_on >= m.first AND c.booked_on < m.next
      AND ($2::uuid IS NULL OR c.contract_id = $2))`;
const siteName = (id: string): string =>
  `coalesce((SELECT code || ' ' || name_zh FROM known_site WHERE id = ${id}), ${id}::text)`;
const organisation = (id: string): string =>
  `coalesce((SELECT name FROM known_organisation WHERE id = ${id}), ${id}::text)`;
const contractNumber = (id: string): string =>
  `coalesce((SELECT number FROM known_contract WHERE id = ${id}), ${id}::text)`;

const SUBSIDIES = `
  WITH ${BOOKED},
  -- As captured and as corrected since.
  net AS (
    SELECT charge_id, programme_id, funder_id, sum(fen) AS fen FROM (
      SELECT s.charge_id, s.programme_id, s.funder_id, s.captured_fen AS fen
      FROM charge_share AS s JOIN booked AS c ON c.id = s.charge_id WHERE s.payer = 'funder'
      UNION ALL
      SELECT k.charge_id, k.programme_id, k.funder_id, k.amount_fen
      FROM share_correction AS k JOIN booked AS c ON c.id = k.charge_id WHERE k.payer = 'funder') AS each
    GROUP BY charge_id, programme_id, funder_id),
  asked AS (
    SELECT l.charge_id, l.programme_id, ${ASKED} AS fen FROM claim_line AS l JOIN booked AS c ON c.id = l.charge_id
    GROUP BY l.charge_id, l.programme_id),
  given AS (
    SELECT n.programme_id, n.funder_id, c.region_code, c.site_id, count(*) FILTER (WHERE n.fen > 0) AS uses, sum(n.fen) AS fen,
           coalesce(sum(a.fen), 0) AS claimed
    FROM net AS n JOIN booked AS c ON c.id = n.charge_id LEFT JOIN asked AS a USING (charge_id, programme_id)
    WHERE n.fen <> 0 OR a.fen <> 0 GROUP BY 1, 2, 3, 4),
  -- The one that services of the place draw on now, as budgetFor says: none stands on top of another.
  budget AS (
    SELECT DISTINCT ON (g.programme_id, g.region_code) g.programme_id, g.region_code, b.amount_fen AS amount,
           b.amount_fen - b.reserved_fen - b.spent_fen AS left
    FROM (SELECT DISTINCT programme_id, region_code FROM given) AS g JOIN programme_budget AS b ON b.programme_id = g.programme_id
      AND b.period IN (to_char($1::date, 'YYYY-MM'), to_char($1::date, 'YYYY')) AND starts_with(g.region_code, b.region_prefix)
    ORDER BY 1, 2, length(b.region_prefix) DESC, length(b.period) DESC)
  SELECT coalesce((SELECT name_zh FROM programme WHERE id = g.programme_id), g.programme_id::text) AS programme,
         ${organisation('g.funder_id')} AS funder, g.region_code AS region, ${siteName('g.site_id')} AS site, g.uses::int AS uses,
         g.fen::bigint AS given, g.claimed::bigint AS claimed, b.amount::bigint AS budget, b.left::bigint AS left
  FROM given AS g LEFT JOIN budget AS b USING (programme_id, region_code) ORDER BY 1, 3, 4`;

const RESIDENT_SHARES = `
  WITH ${BOOKED}
  SELECT ${siteName('c.site_id')} AS site, c.kind, count(*)::int AS services,
         sum(c.gross_fen + coalesce(k.gross, 0))::bigint AS gross, sum(c.resident_fen + coalesce(k.resident, 0))::bigint AS resident,
         sum(c.paid_fen)::bigint AS paid, sum(c.resident_fen + coalesce(k.resident, 0) - c.paid_fen)::bigint AS open
  FROM booked AS c LEFT JOIN (SELECT charge_id, sum(gross_fen) AS gross, sum(resident_fen) AS resident FROM charge_correction
                              GROUP BY charge_id) AS k ON k.charge_id = c.id
  GROUP BY c.site_id, c.kind ORDER BY 1, 2`;

/** Each account of the ledger, from the first fen to the last. */
const SETTLEMENT_STATEMENT = `
  WITH ${MONTH}
  SELECT ${contractNumber('a.contract_id')} AS contract, a.kind AS account,
         concat_ws(' ', CASE WHEN a.site_id IS NOT NULL THEN ${siteName('a.site_id')} END, a.service_kind,
           CASE WHEN a.funder_id IS NOT NULL THEN ${organisation('a.funder_id')} END, a.channel) AS of,
         coalesce(sum(l.amount_fen) FILTER (WHERE l.booked_on < m.first), 0)::bigint AS opening,
         coalesce(sum(l.amount_fen) FILTER (WHERE l.booked_on >= m.first AND l.amount_fen > 0), 0)::bigint AS debit,
         coalesce(-sum(l.amount_fen) FILTER (WHERE l.booked_on >= m.first AND l.amount_fen < 0), 0)::bigint AS credit,
         coalesce(sum(l.amount_fen), 0)::bigint AS closing
  FROM ledger_account AS a JOIN ledger_line AS l ON l.account_id = a.id, month AS m
  WHERE l.booked_on < m.next AND ($2::uuid IS NULL OR a.contract_id = $2)
  GROUP BY a.id, m.first ORDER BY 1, 2, 3`;

/** Who still has to pay what, and into which account. */
const PAYOUTS = `
  WITH ${MONTH}
  SELECT coalesce(CASE WHEN e.funder_id IS NOT NULL THEN ${organisation('e.funder_id')} END, e.channel || ' ' || coalesce(e.party, ''),
           e.party, '') AS payer,
         ${contractNumber('e.contract_id')} AS contract, coalesce(e.reference, '') AS reference, e.day::text AS day,
         e.amount_fen AS amount, e.matched_fen AS seen, e.amount_fen - e.matched_fen - e.written_off_fen AS left,
         coalesce((SELECT account_no FROM statement_account AS a WHERE a.operator_id = e.operator_id AND a.kind = 'bank'
                   ORDER BY a.created_at, a.id LIMIT 1), '') AS account
  FROM expected_movement AS e, month AS m
  WHERE e.day < m.next AND e.amount_fen > 0 AND e.matched_fen + e.written_off_fen <> e.amount_fen
    -- What a funder paid too much nobody owes.
    AND e.kind <> 'funder_advance'
    AND ($2::uuid IS NULL OR e.contract_id = $2) ORDER BY e.day, e.id`;

/** What a site earns with a kind of service, by who pays; a channel's fees go with the residents' payments. */
const MARGIN_INPUTS = `
  WITH ${BOOKED},
  fee AS (
    -- What is due up to each part less what was due before it, so that the parts make the fee.
    SELECT charge_id, sum(upto - before) AS fen FROM (
      SELECT p.charge_id, round(a.fee_fen * (sum(p.amount_fen) OVER parts) / nullif(a.amount_fen, 0)) AS upto,
             round(a.fee_fen * (sum(p.amount_fen) OVER parts - p.amount_fen) / nullif(a.amount_fen, 0)) AS before
      FROM payment_allocation AS p JOIN settlement_allocation AS a ON a.payment_id = p.payment_id
      WHERE p.ended_at IS NULL AND p.payment_id IN (
        SELECT mine.payment_id FROM payment_allocation AS mine JOIN booked AS c ON c.id = mine.charge_id)
      WINDOW parts AS (PARTITION BY p.payment_id ORDER BY p.place, p.id)) AS each
    GROUP BY charge_id),
  income AS (
    SELECT c.site_id, c.kind, 'residents' AS source, c.id, c.resident_fen + coalesce((SELECT sum(resident_fen) FROM charge_correction AS k
             WHERE k.charge_id = c.id), 0) AS fen, coalesce(fee.fen, 0) AS fee FROM booked AS c LEFT JOIN fee ON fee.charge_id = c.id
    UNION ALL
    SELECT c.site_id, c.kind, ${organisation('s.funder_id')}, c.id, s.captured_fen, 0 FROM charge_share AS s JOIN booked AS c
      ON c.id = s.charge_id WHERE s.payer = 'funder' AND s.captured_fen > 0
    UNION ALL
    SELECT c.site_id, c.kind, ${organisation('k.funder_id')}, c.id, k.amount_fen, 0 FROM share_correction AS k JOIN booked AS c
      ON c.id = k.charge_id WHERE k.payer = 'funder')
  SELECT ${siteName('i.site_id')} AS site, i.kind, i.source, count(DISTINCT i.id)::int AS services, sum(i.fen)::bigint AS income,
         sum(i.fee)::bigint AS "channelFees"
  FROM income AS i GROUP BY i.site_id, i.kind, i.source ORDER BY 1, 2, 3`;

/** From what was recorded to what stands on the account, line by line; each step is a figure of its own. */
const RECONCILIATION_STATEMENT = `
  WITH ${MONTH},
  taken AS (
    SELECT p.channel, p.id AS payment_id, NULL::uuid AS refund_id, p.amount_fen AS fen FROM payment AS p, month AS m
    WHERE p.voided_at IS NULL AND p.paid_day >= m.first AND p.paid_day < m.next AND ($2::uuid IS NULL OR p.contract_id = $2)
    UNION ALL
    SELECT r.channel, NULL, r.id, -r.amount_fen FROM refund AS r JOIN payment AS p ON p.id = r.payment_id, month AS m
    WHERE r.voided_at IS NULL AND r.refunded_day >= m.first AND r.refunded_day < m.next AND ($2::uuid IS NULL OR p.contract_id = $2)),
  state AS (
    SELECT t.channel, t.fen, coalesce(
      (SELECT 'taken.confirmed' FROM settlement_allocation AS a WHERE a.payment_id = t.payment_id OR a.refund_id = t.refund_id),
      (SELECT 'taken.' || min(e.type) FROM reconciliation_exception AS e
       WHERE (e.payment_id = t.payment_id OR e.refund_id = t.refund_id) AND e.parent_id IS NULL HAVING count(*) > 0),
      -- A transfer has no bill: the bank's own statement says whether it came.
      CASE WHEN t.channel = 'bank' THEN coalesce(
        (SELECT 'taken.at_bank' FROM expected_movement AS e WHERE e.kind IN ('payment', 'refund')
           AND e.source_id = coalesce(t.payment_id, t.refund_id) AND e.matched_fen = e.amount_fen),
        (SELECT 'taken.' || min(x.type) FROM reconciliation_exception AS x JOIN expected_movement AS e ON e.id = x.expected_id
         WHERE e.source_id = coalesce(t.payment_id, t.refund_id) AND x.parent_id IS NULL HAVING count(*) > 0),
        'taken.not_at_bank') END,
      'taken.no_bill') AS item FROM taken AS t),
  payout AS (SELECT e.* FROM expected_movement AS e, month AS m WHERE e.kind IN ('channel_settlement', 'channel_remainder')
               AND e.day >= m.first AND e.day < m.next AND ($2::uuid IS NULL OR e.contract_id = $2)),
  -- What the bills behind them have that is ours; the rest of a bill nobody has recorded.
  ours AS (SELECT p.channel, a.amount_fen, a.fee_fen FROM settlement_allocation AS a LEFT JOIN refund AS r ON r.id = a.refund_id
           JOIN payment AS p ON p.id = coalesce(a.payment_id, r.payment_id)
           WHERE a.reconciliation_id IN (SELECT source_id FROM payout) AND ($2::uuid IS NULL OR p.contract_id = $2)),
  theirs AS (SELECT channel, sum(fen) AS fen FROM (SELECT channel, amount_fen AS fen FROM payout
               UNION ALL SELECT channel, fee_fen - amount_fen FROM ours) AS each GROUP BY channel),
  bank AS (SELECT a.code || ' ' || a.name AS section, s.* FROM statement AS s JOIN statement_account AS a ON a.id = s.account_id
             AND a.kind = 'bank', month AS m WHERE s.from_day < m.next AND s.to_day >= m.first),
  bank_line AS (SELECT a.code || ' ' || a.name AS section, l.* FROM statement_line AS l JOIN statement_account AS a ON a.id = l.account_id
                  AND a.kind = 'bank', month AS m WHERE l.booked_on >= m.first AND l.booked_on < m.next),
  said (place, section, item, number, amount) AS (
    SELECT 1, channel, 'taken', count(*), sum(fen) FROM taken GROUP BY channel
    UNION ALL SELECT 2, channel, item, count(*), sum(fen) FROM state GROUP BY channel, item
    UNION ALL SELECT 3, channel, 'due', count(*), sum(amount_fen) FROM payout GROUP BY channel
    UNION ALL SELECT 4, channel, 'due.ours', count(*), sum(amount_fen) FROM ours GROUP BY channel
    UNION ALL SELECT 5, channel, 'due.fees', count(*) FILTER (WHERE fee_fen <> 0), -sum(fee_fen) FROM ours GROUP BY channel
                     HAVING sum(fee_fen) <> 0
    UNION ALL SELECT 6, t.channel, 'due.unknown', (SELECT count(*) FROM payout AS p WHERE p.channel = t.channel
                       AND p.kind = 'channel_remainder'), t.fen FROM theirs AS t WHERE t.fen <> 0
    UNION ALL SELECT 7, channel, 'due.at_bank', count(*) FILTER (WHERE matched_fen <> 0), sum(matched_fen) FROM payout GROUP BY channel
    UNION ALL SELECT 8, channel, 'due.in_transit', count(*) FILTER (WHERE matched_fen + written_off_fen <> amount_fen),
                     sum(amount_fen - matched_fen - written_off_fen) FROM payout GROUP BY channel
    UNION ALL SELECT 9, section, 'opening', count(*), min(opening_fen) FILTER (WHERE from_day = (
                SELECT min(from_day) FROM bank AS b WHERE b.section = bank.section)) FROM bank GROUP BY section
    UNION ALL SELECT 10, section, 'moved.received', count(*), sum(amount_fen) FROM bank_line WHERE amount_fen > 0 GROUP BY section
    UNION ALL SELECT 11, section, 'moved.paid', count(*), sum(amount_fen) FROM bank_line WHERE amount_fen < 0 GROUP BY section
    UNION ALL SELECT 12, section, 'moved.matched', count(*), sum(matched_fen) FROM bank_line WHERE matched_fen <> 0 GROUP BY section
    -- Of a line that was matched in part, the rest.
    UNION ALL SELECT 13, section, 'moved.unmatched', count(*), sum(amount_fen - matched_fen) FROM bank_line
                     WHERE matched_fen = 0 OR rest_fen <> 0 GROUP BY section
    UNION ALL SELECT 14, section, 'closing', count(*), max(closing_fen) FILTER (WHERE to_day = (
                SELECT max(to_day) FROM bank AS b WHERE b.section = bank.section)) FROM bank GROUP BY section)
  SELECT section, item, number::int AS number, amount::bigint AS amount FROM said ORDER BY place > 8, section, place, item`;

export const TABLE_QUERIES: Record<TableName, string> = {
  'four-way-by-contract': fourWay('contract'),
  'four-way-by-site': fourWay('site'),
  'four-way-by-day': fourWay('day'),
  'four-way-by-funder': FOUR_WAY_BY_FUNDER,
  'reconciliation-statement': RECONCILIATION_STATEMENT,
  subsidies: SUBSIDIES,
  'resident-shares': RESIDENT_SHARES,
  'settlement-statement': SETTLEMENT_STATEMENT,
  payouts: PAYOUTS,
  'margin-inputs': MARGIN_INPUTS,
};
