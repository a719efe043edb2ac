/*
 * Each figure that the service keeps beside the rows that it follows from, counted anew from these rows: a statement gives the
 * rows where the two differ.
 */
const STANDING = `SELECT payment_id, charge_id, amount_fen, applied FROM payment_allocation WHERE ended_at IS NULL`;

/** What programmes give by now, by charge. */
const GIVEN = `
  SELECT c.id, c.contract_id, c.resident_id, c.service_day, c.status, s.programme_id, s.payer,
         CASE WHEN c.status = 'authorised' THEN s.reserved_fen ELSE coalesce(s.captured_fen, 0) END AS fen
  FROM charge AS c JOIN charge_share AS s ON s.charge_id = c.id WHERE c.status IN ('authorised', 'captured')
  UNION ALL
  SELECT c.id, c.contract_id, c.resident_id, c.service_day, c.status, k.programme_id, k.payer, k.amount_fen
  FROM charge AS c JOIN share_correction AS k ON k.charge_id = c.id`;

const ledger = (kind: string, by: string): string =>
  `SELECT ${by} AS key, sum(l.amount_fen) AS fen FROM ledger_line AS l JOIN ledger_account AS a ON a.id = l.account_id
   WHERE a.kind IN (${kind}) GROUP BY 1`;

/** Two lists of `key, fen` that ought to be the same. */
const differing = (said: string, counted: string): string =>
  `SELECT key::text, coalesce(s.fen, 0)::int AS said, coalesce(c.fen, 0)::int AS counted
   FROM (${said}) AS s FULL JOIN (${counted}) AS c USING (key) WHERE coalesce(s.fen, 0) <> coalesce(c.fen, 0)`;

const PAID_IN = `p.amount_fen - p.refunded_fen - coalesce((SELECT sum(s.amount_fen) FROM (${STANDING}) AS s WHERE s.payment_id = p.id AND s.applied), 0)`;

export const RECOUNTS: Record<string, string> = {
  'entries balance': `SELECT entry_id, currency, sum(amount_fen) FROM ledger_line GROUP BY 1, 2 HAVING sum(amount_fen) <> 0`,
  'lines stand on the day of their entry': `
    SELECT l.entry_id FROM ledger_line AS l JOIN ledger_entry AS e ON e.id = l.entry_id WHERE l.booked_on <> e.booked_on`,
  'allocated of payments': differing(
    'SELECT id AS key, allocated_fen AS fen FROM payment',
    `SELECT payment_id AS key, sum(amount_fen) AS fen FROM (${STANDING}) AS s GROUP BY 1`,
  ),
  'refunded of payments': differing(
    'SELECT id AS key, refunded_fen AS fen FROM payment',
    'SELECT payment_id AS key, sum(amount_fen) AS fen FROM refund WHERE voided_at IS NULL GROUP BY 1',
  ),
  'nothing hangs on what is voided': `
    SELECT p.id FROM payment AS p WHERE p.voided_at IS NOT NULL AND (
      p.allocated_fen <> 0 OR p.refunded_fen <> 0
      OR EXISTS (SELECT FROM settlement_allocation AS a WHERE a.payment_id = p.id)
      OR EXISTS (SELECT FROM expected_movement AS e WHERE e.source_id = p.id AND NOT e.withdrawn)
      OR EXISTS (SELECT FROM reconciliation_exception AS e WHERE e.payment_id = p.id AND e.status <> 'resolved' AND e.status <> 'split'))`,
  'paid of charges': differing(
    `SELECT id AS key, paid_fen AS fen FROM charge`,
    `SELECT charge_id AS key, sum(amount_fen) AS fen FROM (${STANDING}) AS s GROUP BY 1`,
  ),
  'applied to what is delivered alone': `
    SELECT s.* FROM (${STANDING}) AS s JOIN charge AS c ON c.id = s.charge_id WHERE s.applied <> (c.status = 'captured')`,
  'nobody pays more than they owe': `
    SELECT id FROM charge WHERE status = 'captured' AND paid_fen > greatest(0, resident_fen + resident_correction_fen)`,
  'corrections of charges': differing(
    'SELECT id AS key, resident_correction_fen AS fen FROM charge',
    'SELECT charge_id AS key, sum(resident_fen) AS fen FROM charge_correction GROUP BY 1',
  ),
  'parts of charges': `
    SELECT id FROM charge WHERE status = 'captured' AND gross_fen <> resident_fen + funders_fen + operator_fen
    UNION ALL SELECT id FROM charge_correction WHERE gross_fen <> resident_fen + funders_fen + operator_fen`,
  'receivable of residents': differing(
    `SELECT id AS key, resident_fen + resident_correction_fen - paid_fen AS fen FROM charge WHERE status = 'captured'`,
    ledger(`'resident_receivable'`, 'l.charge_id'),
  ),
  'receivable of funders': differing(
    `SELECT contract_id AS key, sum(fen) AS fen FROM (
       SELECT contract_id, fen FROM (${GIVEN}) AS g WHERE payer = 'funder' AND status = 'captured'
       UNION ALL SELECT r.contract_id, -p.amount_fen FROM remittance_line AS p JOIN remittance AS r ON r.id = p.remittance_id
         WHERE p.ended_at IS NULL) AS each GROUP BY 1`,
    ledger(`'funder_receivable', 'claim_write_offs'`, 'a.contract_id'),
  ),
  "residents' advances": differing(
    `SELECT p.contract_id AS key, sum(${PAID_IN}) AS fen FROM payment AS p WHERE p.voided_at IS NULL AND p.purpose = 'services' GROUP BY 1`,
    `SELECT key, -fen AS fen FROM (${ledger(`'resident_advance'`, 'a.contract_id')}) AS l`,
  ),
  'held for residents': differing(
    `SELECT p.contract_id || CASE p.purpose WHEN 'prepaid' THEN 'prepaid_balance' WHEN 'package' THEN 'package_deferred' ELSE 'deposit_held' END
       AS key, sum(${PAID_IN}) AS fen FROM payment AS p WHERE p.purpose <> 'services' GROUP BY 1`,
    `SELECT key, -fen AS fen FROM (${ledger(`'prepaid_balance', 'package_deferred', 'deposit_held'`, 'a.contract_id || a.kind')}) AS l`,
  ),
  'nothing held is below zero': `
    SELECT p.id FROM payment AS p WHERE p.voided_at IS NULL AND p.amount_fen - p.refunded_fen - p.allocated_fen < 0`,
  'reserved of budgets': differing(
    `SELECT programme_id || period AS key, reserved_fen AS fen FROM programme_budget`,
    `SELECT programme_id || to_char(service_day, 'YYYY-MM') AS key, sum(fen) AS fen FROM (${GIVEN}) AS g WHERE status = 'authorised' GROUP BY 1`,
  ),
  'spent of budgets': differing(
    `SELECT programme_id || period AS key, spent_fen AS fen FROM programme_budget`,
    `SELECT programme_id || to_char(service_day, 'YYYY-MM') AS key, sum(fen) AS fen FROM (${GIVEN}) AS g WHERE status = 'captured' GROUP BY 1`,
  ),
  'no budget is overdrawn': 'SELECT id FROM programme_budget WHERE reserved_fen + spent_fen > amount_fen',
  // Each programme of the walk has a cap per month in all of its terms.
  'counters of caps': differing(
    `SELECT programme_id || '/' || resident_id || '/' || to_char(starts_on, 'YYYY-MM') AS key, used_fen AS fen FROM cap_counter WHERE span = 'month'`,
    `SELECT programme_id || '/' || resident_id || '/' || to_char(service_day, 'YYYY-MM') AS key, sum(fen) AS fen FROM (${GIVEN}) AS g GROUP BY 1`,
  ),
  'uses of packages': `
    SELECT u.package_id, u.sequence FROM package_use AS u LEFT JOIN charge AS c ON c.id = u.charge_id
    WHERE (u.state = 'taken') <> (c.id IS NOT NULL) OR c.status NOT IN ('authorised', 'captured') OR c.package_id <> u.package_id
    UNION ALL SELECT c.package_id, 0 FROM charge AS c WHERE c.package_id IS NOT NULL AND c.status = 'authorised'
      AND NOT EXISTS (SELECT FROM package_use AS u WHERE u.charge_id = c.id)
    UNION ALL SELECT p.id, -1 FROM package AS p
      WHERE p.amount_fen <> (SELECT sum(u.part_fen) FROM package_use AS u WHERE u.package_id = p.id)`,
  'credited of invoices': differing(
    `SELECT id AS key, credited_fen AS fen FROM invoice_line`,
    `SELECT invoice_line_id AS key, sum(amount_fen) AS fen FROM credit_note_line GROUP BY 1`,
  ),
  'sums of invoices': `
    SELECT i.id FROM invoice AS i JOIN invoice_line AS l ON l.invoice_id = i.id WHERE i.status <> 'draft' GROUP BY i.id
    HAVING i.amount_fen <> sum(l.amount_fen) OR i.credited_fen <> sum(l.credited_fen) OR i.credited_fen > i.amount_fen`,
  'claims are their lines': `
    SELECT c.id FROM claim AS c LEFT JOIN claim_line AS l ON l.claim_id = c.id GROUP BY c.id
    HAVING c.amount_fen <> coalesce(sum(l.amount_fen), 0) OR c.lines <> count(l.id)`,
  'nobody is asked twice': `
    SELECT charge_id, programme_id, sequence FROM claim_line WHERE basis <> 'resubmission' GROUP BY 1, 2, 3 HAVING count(*) > 1
    UNION ALL SELECT resubmits_id, NULL, NULL FROM claim_line WHERE basis = 'resubmission' GROUP BY 1 HAVING count(*) > 1`,
  'remitted of claim lines': differing(
    'SELECT id AS key, remitted_fen AS fen FROM claim_line',
    `SELECT claim_line_id AS key, sum(amount_fen) AS fen FROM remittance_line WHERE ended_at IS NULL GROUP BY 1`,
  ),
  'allocated of remittances': differing(
    'SELECT id AS key, allocated_fen AS fen FROM remittance',
    `SELECT remittance_id AS key, sum(amount_fen) AS fen FROM remittance_line WHERE ended_at IS NULL GROUP BY 1`,
  ),
  'advances of funders': differing(
    `SELECT contract_id AS key, sum(amount_fen - allocated_fen) AS fen FROM remittance WHERE cancelled_at IS NULL GROUP BY 1`,
    `SELECT key, -fen AS fen FROM (${ledger(`'funder_advance'`, 'a.contract_id')}) AS l`,
  ),
  'advances are expected': differing(
    `SELECT source_id AS key, amount_fen - cut_fen AS fen FROM expected_movement WHERE kind = 'funder_advance'`,
    `SELECT id AS key, amount_fen - allocated_fen AS fen FROM remittance WHERE cancelled_at IS NULL`,
  ),
  'claims are settled once nothing is open': `
    SELECT c.id FROM claim AS c WHERE c.status IN ('answered', 'settled') AND (c.status = 'settled') = EXISTS (
      SELECT FROM claim_line AS l WHERE l.claim_id = c.id AND (
        l.remitted_fen <> l.accepted_fen
        OR (l.amount_fen > l.accepted_fen + l.corrected_fen AND l.cut_end IS DISTINCT FROM 'written_off' AND NOT EXISTS (
          SELECT FROM claim_line AS again JOIN claim AS o ON o.id = again.claim_id
          WHERE again.resubmits_id = l.id AND o.status <> 'draft'))))`,
  'matched of lines': differing(
    'SELECT id AS key, matched_fen AS fen FROM statement_line',
    'SELECT line_id AS key, sum(amount_fen) AS fen FROM statement_allocation WHERE undone_at IS NULL GROUP BY 1',
  ),
  'matched of what is expected': differing(
    'SELECT id AS key, matched_fen AS fen FROM expected_movement',
    'SELECT expected_id AS key, sum(amount_fen) AS fen FROM statement_allocation WHERE undone_at IS NULL AND expected_id IS NOT NULL GROUP BY 1',
  ),
  'lines that are open have a name': `
    SELECT l.id FROM statement_line AS l JOIN statement_account AS a ON a.id = l.account_id AND a.kind = 'bank'
    WHERE l.matched_fen <> l.amount_fen AND EXISTS (SELECT FROM statement_match AS m WHERE m.account_id = a.id AND m.lines > 0 AND m.id > (
        SELECT s.file_id FROM statement AS s WHERE s.id = l.statement_id))
      AND NOT EXISTS (SELECT FROM reconciliation_exception AS e WHERE e.statement_line_id = l.id)`,
  'lines of bills settle, or have a name': `
    SELECT l.id FROM settlement_line AS l JOIN settlement_file AS f ON f.id = l.file_id AND f.status = 'reconciled'
    WHERE NOT EXISTS (SELECT FROM settlement_allocation AS a WHERE a.line_id = l.id)
      AND NOT EXISTS (SELECT FROM reconciliation_exception AS e WHERE e.line_id = l.id)`,
  'one contract carries what the other has': `
    SELECT sum(l.amount_fen) FROM ledger_line AS l JOIN ledger_account AS a ON a.id = l.account_id
    WHERE a.kind = 'between_contracts' HAVING sum(l.amount_fen) <> 0`,
};
