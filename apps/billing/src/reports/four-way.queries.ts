import { ASKED } from '../claims/claims.queries';

type Dimension = 'contract' | 'site' | 'day';

/** What a row of each book is counted under. */
const KEYS: Record<
  Dimension,
  { charge: string; correction: string; account: string; payment: string; taken: string; name: string }
> = {
  contract: {
    ...{ charge: 'c.contract_id::text', correction: 'k.contract_id::text', account: 'a.contract_id::text' },
    ...{ payment: 'p.contract_id::text', taken: 'p.contract_id::text' },
    name: `coalesce((SELECT number FROM known_contract WHERE id::text = s.key), s.key)`,
  },
  site: {
    ...{ charge: 'c.site_id::text', correction: 'c.site_id::text', account: 'a.site_id::text' },
    ...{ payment: `coalesce(p.site_id::text, '')`, taken: `coalesce(p.site_id::text, '')` },
    name: `coalesce((SELECT code || ' ' || name_zh FROM known_site WHERE id::text = s.key), '多个站点')`,
  },
  day: {
    ...{ charge: 'c.booked_on::text', correction: 'k.booked_on::text', account: 'l.booked_on::text' },
    ...{ payment: 'p.paid_day::text', taken: 'r.refunded_day::text' },
    name: 's.key',
  },
};

/**
 * Charges = ledger, what is due = what was paid, is open and is claimed, payments = channels; each from its own table.
 * `$1` first day of the month · `$2` contract, or null for all
 */
export function fourWay(by: Dimension): string {
  const key = KEYS[by];
  return `
  WITH month AS (SELECT $1::date AS first, ($1::date + interval '1 month')::date AS next),
  booked AS MATERIALIZED (
    SELECT c.* FROM charge AS c, month AS m WHERE c.status = 'captured' AND c.booked_on >= m.first AND c.booked_on < m.next
      AND ($2::uuid IS NULL OR c.contract_id = $2)),
  settled AS (
    SELECT p.id AS payment_id, NULL::uuid AS refund_id, ${key.payment} AS key, p.amount_fen AS fen FROM payment AS p, month AS m
    WHERE p.channel <> 'bank' AND p.paid_day >= m.first AND p.paid_day < m.next AND ($2::uuid IS NULL OR p.contract_id = $2)
    UNION ALL
    SELECT NULL, r.id, ${key.taken}, -r.amount_fen FROM refund AS r JOIN payment AS p ON p.id = r.payment_id, month AS m
    WHERE r.channel <> 'bank' AND r.refunded_day >= m.first AND r.refunded_day < m.next
      AND ($2::uuid IS NULL OR p.contract_id = $2)),
  said (key, charged, ledger, due, documents, payments, channel) AS (
    SELECT ${key.charge}, gross_fen, 0, resident_fen + funders_fen, 0, 0, 0 FROM booked AS c
    UNION ALL
    SELECT ${key.correction}, k.gross_fen, 0, 0, 0, 0, 0 FROM charge_correction AS k JOIN charge AS c ON c.id = k.charge_id, month AS m
    WHERE k.booked_on >= m.first AND k.booked_on < m.next AND ($2::uuid IS NULL OR k.contract_id = $2)
    UNION ALL
    SELECT ${key.charge}, 0, 0, k.resident_fen + k.funders_fen, 0, 0, 0 FROM charge_correction AS k JOIN booked AS c ON c.id = k.charge_id
    UNION ALL
    SELECT ${key.account}, 0, -l.amount_fen, 0, 0, 0, 0 FROM ledger_line AS l JOIN ledger_account AS a ON a.id = l.account_id, month AS m
    WHERE a.kind = 'service_revenue' AND l.booked_on >= m.first AND l.booked_on < m.next AND ($2::uuid IS NULL OR a.contract_id = $2)
    UNION ALL
    SELECT ${key.charge}, 0, 0, 0, l.amount_fen, 0, 0 FROM ledger_line AS l JOIN ledger_account AS a ON a.id = l.account_id
    JOIN booked AS c ON c.id = l.charge_id WHERE a.kind = 'resident_receivable'
    UNION ALL
    SELECT ${key.charge}, 0, 0, 0, p.amount_fen, 0, 0 FROM payment_allocation AS p JOIN booked AS c ON c.id = p.charge_id
    WHERE p.applied AND p.ended_at IS NULL
    UNION ALL
    SELECT ${key.charge}, 0, 0, 0, s.captured_fen, 0, 0 FROM charge_share AS s JOIN booked AS c ON c.id = s.charge_id WHERE s.payer = 'funder'
    UNION ALL
    SELECT ${key.charge}, 0, 0, 0, k.amount_fen, 0, 0 FROM share_correction AS k JOIN booked AS c ON c.id = k.charge_id WHERE k.payer = 'funder'
    UNION ALL
    SELECT t.key, 0, 0, 0, 0, t.fen, coalesce(
        (SELECT a.amount_fen FROM settlement_allocation AS a WHERE a.payment_id = t.payment_id),
        (SELECT a.amount_fen FROM settlement_allocation AS a WHERE a.refund_id = t.refund_id), t.fen)
    FROM settled AS t),
  s AS (
    SELECT key, sum(charged)::bigint AS charged, sum(ledger)::bigint AS ledger, sum(due)::bigint AS due,
           sum(documents)::bigint AS documents, sum(payments)::bigint AS payments, sum(channel)::bigint AS channel
    FROM said GROUP BY key)
  SELECT ${key.name} AS key, charged, ledger, due, documents, payments, channel,
         abs(charged - ledger) + abs(due - documents) + abs(payments - channel) AS difference
  FROM s ORDER BY 1`;
}

/** A funder's shares: charged, in the ledger, claimed or not yet, and what of the claims is on the bank account. */
export const FOUR_WAY_BY_FUNDER = `
  WITH month AS (SELECT $1::date AS first, ($1::date + interval '1 month')::date AS next),
  booked AS MATERIALIZED (
    SELECT c.id FROM charge AS c, month AS m WHERE c.status = 'captured' AND c.booked_on >= m.first AND c.booked_on < m.next
      AND ($2::uuid IS NULL OR c.contract_id = $2)),
  share AS (
    SELECT s.funder_id, s.captured_fen AS fen FROM charge_share AS s JOIN booked AS c ON c.id = s.charge_id WHERE s.payer = 'funder'
    UNION ALL
    SELECT k.funder_id, k.amount_fen FROM share_correction AS k JOIN booked AS c ON c.id = k.charge_id WHERE k.payer = 'funder'),
  said (funder_id, charged, ledger, claimed, seen, open) AS (
    SELECT funder_id, fen, 0, 0, 0, 0 FROM share
    UNION ALL
    SELECT a.funder_id, 0, l.amount_fen, 0, 0, 0 FROM ledger_line AS l JOIN ledger_account AS a ON a.id = l.account_id
    JOIN ledger_entry AS e ON e.id = l.entry_id JOIN booked AS c ON c.id = l.charge_id
    WHERE a.kind = 'funder_receivable' AND e.reason IN ('charge_captured', 'charge_corrected')
    UNION ALL
    SELECT l.funder_id, 0, 0, ${ASKED}, 0, 0 FROM claim_line AS l JOIN booked AS c ON c.id = l.charge_id GROUP BY l.funder_id
    UNION ALL
    SELECT e.funder_id, 0, 0, 0, e.matched_fen, e.amount_fen - e.matched_fen - e.written_off_fen FROM expected_movement AS e
    JOIN claim AS c ON c.id = e.source_id WHERE e.kind = 'claim' AND c.period = to_char($1::date, 'YYYY-MM')
      AND ($2::uuid IS NULL OR e.contract_id = $2)),
  s AS (SELECT funder_id, sum(charged)::bigint AS charged, sum(ledger)::bigint AS ledger, sum(claimed)::bigint AS claimed,
               sum(seen)::bigint AS seen, sum(open)::bigint AS open FROM said GROUP BY funder_id)
  SELECT coalesce((SELECT name FROM known_organisation WHERE id = s.funder_id), s.funder_id::text) AS key, charged, ledger, claimed,
         charged - claimed AS unclaimed, seen, open, abs(charged - ledger) AS difference
  FROM s ORDER BY 1`;
