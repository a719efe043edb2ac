/*
 * What becomes of a resident's rows when the record goes. `$1` the one that goes, `$2` the one that stays, `$3` now. In the
 * order that everybody keeps: contracts, invoices, charges, counters.
 */

/** `$1` merged · `$2` operator · `$3` survivor, as told · `$4` version. Answers with the one who stays by now. */
export const KEEP_MERGE = `
  INSERT INTO resident_merge AS m (merged_id, operator_id, survivor_id, version)
  SELECT $1, $2, current_resident($3), $4 WHERE current_resident($3) <> $1
  ON CONFLICT (merged_id) DO UPDATE SET survivor_id = excluded.survivor_id, version = excluded.version
    WHERE excluded.version >= m.version
  RETURNING survivor_id AS "survivorId"`;

/** Who led to the record that goes leads on with it. */
export const LEAD_ON = `UPDATE resident_merge SET survivor_id = $2 WHERE survivor_id = $1`;

/** Contracts under which the record that goes has invoices. */
export const CONTRACTS_OF_INVOICES = `
  SELECT DISTINCT operator_id AS "operatorId", contract_id AS "contractId" FROM invoice WHERE resident_id = $1 ORDER BY 1, 2`;

/**
 * Previews that go through residents one after the other would miss, or see twice, who changes places; their askers ask
 * again. What is shown already is compared with what stands before it is applied.
 */
const RE_RATINGS = [
  `UPDATE re_rating SET status = 'discarded', finished_at = $3, version = version + 1,
          comment = concat_ws(' · ', comment, 'Two residents became one while it was drawn up: ask again.')
   WHERE status = 'previewing' AND contract_id IN (SELECT contract_id FROM charge WHERE resident_id IN ($1, $2))`,
  `UPDATE re_rating SET resident_id = $2
   WHERE resident_id = $1 AND status IN ('ready', 'applying') AND $3::timestamptz IS NOT NULL`,
];

const INVOICES = [
  `SELECT FROM invoice WHERE resident_id IN ($1, $2) AND $3::timestamptz IS NOT NULL ORDER BY id FOR UPDATE`,
  // Two drafts of one contract become one, so that nothing that was drawn up is lost.
  `UPDATE invoice_line l SET invoice_id = kept.id
   FROM invoice gone JOIN invoice kept ON kept.resident_id = $2 AND kept.status = 'draft'
     AND kept.operator_id = gone.operator_id AND kept.contract_id = gone.contract_id
   WHERE gone.resident_id = $1 AND gone.status = 'draft' AND l.invoice_id = gone.id AND $3::timestamptz IS NOT NULL`,
  `UPDATE invoice kept
   SET lines = all_lines.lines, amount_fen = all_lines.fen, site_id = all_lines.site_id, changed_at = $3,
       period = greatest(kept.period, gone.period), version = kept.version + 1
   FROM invoice gone, LATERAL (
     SELECT count(*)::int AS lines, sum(l.amount_fen)::bigint AS fen,
            CASE WHEN count(DISTINCT l.site_id) = 1 THEN min(l.site_id::text)::uuid END AS site_id
     FROM invoice_line l JOIN invoice i ON i.id = l.invoice_id
     WHERE i.resident_id = $2 AND i.status = 'draft' AND i.operator_id = gone.operator_id
       AND i.contract_id = gone.contract_id) AS all_lines
   WHERE gone.resident_id = $1 AND gone.status = 'draft' AND kept.resident_id = $2 AND kept.status = 'draft'
     AND kept.operator_id = gone.operator_id AND kept.contract_id = gone.contract_id`,
  `DELETE FROM invoice gone USING invoice kept
   WHERE gone.resident_id = $1 AND gone.status = 'draft' AND kept.resident_id = $2 AND kept.status = 'draft'
     AND kept.operator_id = gone.operator_id AND kept.contract_id = gone.contract_id AND $3::timestamptz IS NOT NULL`,
  `UPDATE invoice SET resident_id = $2,
          issued_to = CASE WHEN status <> 'draft' THEN coalesce(issued_to, resident_id) END
   WHERE resident_id = $1 AND $3::timestamptz IS NOT NULL`,
];

const CHARGES = [
  `SELECT FROM charge WHERE resident_id = $1 AND $2::uuid IS NOT NULL AND $3::timestamptz IS NOT NULL
   ORDER BY id FOR NO KEY UPDATE`,
  `UPDATE charge SET resident_id = $2 WHERE resident_id = $1 AND $3::timestamptz IS NOT NULL`,
  `UPDATE attendance_month SET resident_id = $2 WHERE resident_id = $1 AND $3::timestamptz IS NOT NULL`,
  // A claim that was submitted keeps the pseudonym under which the funder has it.
  `UPDATE claim_line l SET resident_id = $2 FROM claim c
   WHERE c.id = l.claim_id AND c.status = 'draft' AND l.resident_id = $1 AND $3::timestamptz IS NOT NULL`,
];

/** What the two had is counted together. Where that is over a cap, it is what was given before: nothing more is. */
const COUNTERS = [
  `INSERT INTO cap_counter AS own (operator_id, programme_id, resident_id, span, starts_on, used_fen, uses, limit_fen,
                                   limit_uses)
   SELECT operator_id, programme_id, $2, span, starts_on, used_fen, uses, limit_fen, limit_uses
   FROM cap_counter WHERE resident_id = $1 AND $3::timestamptz IS NOT NULL
   ORDER BY programme_id, span, starts_on
   ON CONFLICT (programme_id, resident_id, span, starts_on) DO UPDATE
     SET used_fen = own.used_fen + excluded.used_fen, uses = own.uses + excluded.uses,
         limit_fen = CASE WHEN num_nulls(own.limit_fen, excluded.limit_fen) = 0
                          THEN greatest(own.limit_fen, excluded.limit_fen, own.used_fen + excluded.used_fen) END,
         limit_uses = CASE WHEN num_nulls(own.limit_uses, excluded.limit_uses) = 0
                           THEN greatest(own.limit_uses, excluded.limit_uses, own.uses + excluded.uses) END`,
  `DELETE FROM cap_counter WHERE resident_id = $1 AND $2::uuid IS NOT NULL AND $3::timestamptz IS NOT NULL`,
];

/** Money that is held: cards and packages are used for the person; a deposit is read under the id of today. */
const HELD = [
  `UPDATE prepaid_card card SET resident_id = $2, version = card.version + 1,
          merged_from = coalesce(card.merged_from, CASE WHEN EXISTS (
            SELECT FROM prepaid_card own WHERE own.resident_id = $2 AND own.operator_id = card.operator_id
              AND own.contract_id = card.contract_id AND own.merged_from IS NULL) THEN $1 END)
   WHERE card.resident_id = $1 AND $3::timestamptz IS NOT NULL`,
  `UPDATE package SET resident_id = $2, version = version + 1 WHERE resident_id = $1 AND $3::timestamptz IS NOT NULL`,
];

/** Nothing is known of an id that leads on. */
const KNOWN = [
  `DELETE FROM known_resident WHERE id = $1 AND $2::uuid IS NOT NULL AND $3::timestamptz IS NOT NULL`,
];

export const MOVE_STEPS: readonly string[] = [
  ...RE_RATINGS,
  ...INVOICES,
  ...CHARGES,
  ...COUNTERS,
  ...HELD,
  ...KNOWN,
];

/** Every column that names a resident, and what becomes of it when the record goes; a spec finds those that are missing. */
export const HANDLED: Readonly<Record<string, string>> = {
  ...moved('attendance_month', 'cap_counter', 'charge', 'invoice', 'package', 'prepaid_card'),
  'claim_line.resident_id':
    'moves in drafts; what was submitted is checked together with what the survivor claims',
  're_rating.resident_id': 'moves until it is applied',
  'deposit.resident_id': 'stays as it was taken; read by current_resident',
  'ledger_line.resident_id': 'stays as it was posted',
  're_rating_line.resident_id': 'stays as it was shown',
};

function moved(...tables: string[]): Record<string, string> {
  return Object.fromEntries(tables.map((table) => [`${table}.resident_id`, 'moves']));
}
