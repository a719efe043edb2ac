import { ASKED } from '../claims/claims.queries';
import { IS_BOOKED, ofContract, ofMonth, ofOperator } from './four-way-booked.queries';

/** `$1` first day of the month · `$2` contract, or null for all. Each column reads the table that is named, no other. */
export const FIGURES = `
  WITH booked AS MATERIALIZED (
    SELECT c.id, c.gross_fen, c.resident_fen, c.funders_fen, c.operator_fen FROM charge c
    WHERE ${ofOperator('c.operator_id')} AND ${IS_BOOKED}),
  lines AS (
    SELECT a.kind, l.amount_fen, l.charge_id, e.reason FROM ledger_line l
    JOIN ledger_account a ON a.id = l.account_id JOIN ledger_entry e ON e.id = l.entry_id
    WHERE ${ofMonth('l.booked_on')} AND ${ofContract('a.contract_id')}),
  -- A charge of nothing has no entry of its capture, and may cost something by a later correction.
  captured AS (SELECT charge_id FROM lines WHERE reason = 'charge_captured' UNION SELECT id FROM booked),
  -- Revenue and concessions move in the month in which a correction is booked, like its ledger entry; what residents and
  -- funders owe of a month's services includes their corrections, whenever booked.
  corrected AS (
    SELECT coalesce(sum(k.gross_fen), 0)::bigint AS gross, coalesce(sum(k.operator_fen), 0)::bigint AS operator
    FROM charge_correction k WHERE ${ofMonth('k.booked_on')} AND ${ofContract('k.contract_id')}),
  due_later AS (
    SELECT coalesce(sum(k.resident_fen), 0)::bigint AS resident, coalesce(sum(k.funders_fen), 0)::bigint AS funders
    FROM charge_correction k JOIN booked c ON c.id = k.charge_id),
  charged AS (
    SELECT coalesce(sum(gross_fen), 0)::bigint + (SELECT gross FROM corrected) AS gross,
           coalesce(sum(resident_fen), 0)::bigint + (SELECT resident FROM due_later) AS resident,
           coalesce(sum(funders_fen), 0)::bigint + (SELECT funders FROM due_later) AS funders,
           coalesce(sum(operator_fen), 0)::bigint + (SELECT operator FROM corrected) AS operator
    FROM booked),
  due AS (
    SELECT charge_id, programme_id, sum(fen) AS fen, bool_or(later) AS later FROM (
      SELECT s.charge_id, s.programme_id, s.captured_fen AS fen, false AS later
      FROM charge_share s JOIN booked c ON c.id = s.charge_id WHERE s.payer = 'funder'
      UNION ALL
      SELECT k.charge_id, k.programme_id, k.amount_fen, true
      FROM share_correction k JOIN booked c ON c.id = k.charge_id WHERE k.payer = 'funder') AS each
    GROUP BY charge_id, programme_id),
  asked AS (
    SELECT l.charge_id, l.programme_id, ${ASKED} AS fen FROM claim_line l JOIN booked c ON c.id = l.charge_id
    GROUP BY l.charge_id, l.programme_id),
  -- A share is claimed whole or not at all; of one that is claimed, only what corrections have added can still be missing.
  -- So a claim that asks for more or less than the share unties the pair.
  shares AS (
    SELECT coalesce(sum(CASE WHEN asked.fen IS NULL THEN due.fen WHEN due.later THEN due.fen - asked.fen ELSE 0 END), 0)::bigint
      AS unclaimed
    FROM due LEFT JOIN asked USING (charge_id, programme_id))
  SELECT
    -- Of a site that has passed to another contract, what was paid before is charged under the former one.
    (SELECT count(*) FROM delivery d WHERE ${ofMonth('d.service_day')}
       AND ($2::uuid IS NULL OR $2 = coalesce((SELECT c.contract_id FROM charge c WHERE c.booking_id = d.booking_id
         AND c.status = 'captured'), d.contract_id))) AS "deliveries",
    (SELECT count(*) FROM charge c WHERE c.status = 'captured' AND c.evidence NOT IN ('late_cancellation', 'no_show')
       AND ${ofMonth('c.service_day')} AND ${ofContract('c.contract_id')}) AS "capturedServices",
    charged.gross AS "chargedGross", charged.resident AS "chargedResident", charged.funders AS "chargedFunders",
    charged.operator AS "chargedOperator", shares.unclaimed AS "unclaimed",
    (SELECT -coalesce(sum(amount_fen), 0)::bigint FROM lines WHERE kind = 'service_revenue') AS "ledgerRevenue",
    (SELECT coalesce(sum(amount_fen), 0)::bigint FROM lines WHERE kind = 'concession_expense') AS "ledgerConcessions",
    (SELECT coalesce(sum(amount_fen), 0)::bigint FROM lines WHERE amount_fen > 0) AS "ledgerDebits",
    (SELECT -coalesce(sum(amount_fen), 0)::bigint FROM lines WHERE amount_fen < 0) AS "ledgerCredits",
    -- Whenever it was paid: what is open now of the services that were booked in the month.
    (SELECT coalesce(sum(l.amount_fen), 0)::bigint FROM ledger_line l JOIN ledger_account a ON a.id = l.account_id
     WHERE a.kind = 'resident_receivable' AND l.charge_id IN (SELECT charge_id FROM captured)) AS "residentsOpen",
    (SELECT coalesce(sum(p.amount_fen), 0)::bigint FROM payment_allocation p
     WHERE p.applied AND p.ended_at IS NULL AND p.charge_id IN (SELECT charge_id FROM captured)) AS "residentsPaid",
    (SELECT coalesce(${ASKED}, 0) FROM claim_line l
     WHERE l.charge_id IN (SELECT charge_id FROM captured)) AS "claimed"
  FROM charged, shares`;
