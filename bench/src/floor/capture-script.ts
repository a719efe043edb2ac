import { Client } from 'pg';

/** Authorised charges that lie ready for the floor: more than a fast machine captures in its seconds. */
const CHARGES_MIN = 60_000;

export interface CaptureFloor {
  script: string;
  /** Charges that one transaction captures: as many as the service did, on average. */
  perTransaction: number;
}

/**
 * What capturing a transaction's worth of charges leaves behind, set-based and with nothing around it: inbox, deliveries,
 * the charges with their shares and budgets, the same lines on the same accounts as the service booked, outbox. Each takes
 * authorised charges that nobody has captured yet, copies of those that the service has captured, so rows, indexes and
 * triggers are the same. Budgets are locked last, as the service does: the fastest order that we know.
 */
export async function captureFloor(ownerUrl: string): Promise<CaptureFloor> {
  const { slabs, perTransaction } = await lieReady(ownerUrl);
  const charges = `ARRAY(SELECT id FROM floor_charge WHERE slab = :slab)`;
  const script = `
BEGIN;
SELECT set_config('app.operator_id', '*', true) AS scope, nextval('floor_slab') % ${slabs} AS slab \\gset
INSERT INTO inbox (event_id, topic) SELECT uuidv7(), 'bookings.booking.v1' FROM generate_series(1, ${perTransaction})
  ON CONFLICT DO NOTHING RETURNING event_id;
INSERT INTO delivery (booking_id, operator_id, contract_id, site_id, kind, service_day, minutes, evidence, event_id, delivered_at)
  SELECT booking_id, operator_id, contract_id, site_id, kind, service_day, 60, 'attendance', uuidv7(), now()
  FROM charge WHERE id = ANY (${charges}) ON CONFLICT DO NOTHING;
SELECT id FROM charge WHERE id = ANY (${charges}) ORDER BY id FOR NO KEY UPDATE;
UPDATE charge SET status = 'captured', version = version + 1, evidence = 'attendance', delivered_minutes = 60,
    billed_minutes = 60, changed_at = now(), booked_on = day.open_day, unreserved_on = day.open_day,
    reserved_contract_id = contract_id, reserved_resident_fen = resident_fen, reserved_funders_fen = funders_fen,
    reserved_operator_fen = operator_fen
  FROM (SELECT ledger_open_day(operator_id, contract_id, service_day) AS open_day FROM charge
        WHERE id = (SELECT id FROM floor_charge WHERE slab = :slab LIMIT 1)) AS day
  WHERE id = ANY (${charges});
UPDATE charge_share SET captured_fen = reserved_fen WHERE charge_id = ANY (${charges});
WITH posted AS (
  INSERT INTO ledger_entry (id, operator_id, contract_id, booked_on, reason, source_type, source_id, idempotency_key)
  SELECT uuidv7(), operator_id, contract_id, booked_on, 'charge_captured', 'charge', id, 'floor ' || uuidv7()
  FROM charge WHERE id = ANY (${charges}) RETURNING id, operator_id, booked_on, source_id)
INSERT INTO ledger_line (entry_id, line, operator_id, account_id, booked_on, amount_fen, charge_id, resident_id)
  SELECT posted.id, due.line, posted.operator_id, due.account_id, posted.booked_on, due.amount_fen, due.charge_id, due.resident_id
  FROM posted JOIN floor_line AS due ON due.slab = :slab AND due.charge_id = posted.source_id;
INSERT INTO outbox (event_id, aggregatetype, aggregateid, type, payload, source, operator_id, version, occurred_at, correlation_id)
  SELECT uuidv7(), 'billing.charge.v1', id::text, 'bench.Floor.v1',
         jsonb_build_object('operatorId', operator_id, 'chargeId', id, 'bookingId', booking_id, 'version', version, 'at', now(),
           'contractId', contract_id, 'siteId', site_id, 'residentId', resident_id, 'kind', kind, 'serviceDay', service_day,
           'grossFen', gross_fen, 'residentFen', resident_fen, 'fundersFen', funders_fen, 'operatorFen', operator_fen,
           'funders', (SELECT jsonb_agg(jsonb_build_object('programmeId', programme_id, 'funderId', funder_id,
                         'amountFen', captured_fen)) FROM charge_share WHERE charge_id = charge.id))::text,
         'bench', operator_id, version, now(), uuidv7()::text
  FROM charge WHERE id = ANY (${charges});
SELECT id FROM programme_budget
  WHERE id = ANY (ARRAY(SELECT DISTINCT budget_id FROM charge_share WHERE charge_id = ANY (${charges})))
  ORDER BY id FOR NO KEY UPDATE;
UPDATE programme_budget AS budget
  SET reserved_fen = greatest(budget.reserved_fen - share.fen, 0), spent_fen = budget.spent_fen + share.fen
  FROM (SELECT budget_id, sum(captured_fen)::bigint AS fen FROM charge_share WHERE charge_id = ANY (${charges})
        GROUP BY budget_id) AS share
  WHERE budget.id = share.budget_id;
COMMIT;
`;
  return { script, perTransaction };
}

/** Lays copies of the captured charges ready, in slabs of a transaction each. */
async function lieReady(ownerUrl: string): Promise<{ slabs: number; perTransaction: number }> {
  const client = new Client({ connectionString: ownerUrl });
  await client.connect();
  try {
    await client.query(`SELECT set_config('app.operator_id', '*', false)`);
    const { rows } = await client.query<{ captured: number; each: number }>(
      `SELECT count(*)::int AS captured, ceil(count(*)::numeric / count(DISTINCT made_by))::int AS each
       FROM ledger_entry WHERE reason = 'charge_captured'`,
    );
    const { captured, each: perTransaction } = rows[0] as { captured: number; each: number };
    await client.query(copies(Math.ceil(CHARGES_MIN / captured), perTransaction));
    // The last one is short.
    return {
      slabs: Math.floor((captured * Math.ceil(CHARGES_MIN / captured)) / perTransaction),
      perTransaction,
    };
  } finally {
    await client.end();
  }
}

const copies = (times: number, perTransaction: number): string => `
  CREATE SEQUENCE floor_slab MINVALUE 0;
  CREATE TABLE floor_charge AS
    SELECT made.*, (place / ${perTransaction})::int AS slab
    FROM (SELECT uuidv7() AS id, uuidv7() AS booking_id, charge.id AS source_id, row_number() OVER () - 1 AS place
          FROM generate_series(1, ${times}), charge WHERE status = 'captured') AS made;
  CREATE INDEX ON floor_charge (slab);
  CREATE INDEX ON floor_charge (source_id);
  INSERT INTO charge
    SELECT made.* FROM charge JOIN floor_charge AS f ON f.source_id = charge.id,
      LATERAL jsonb_populate_record(charge, jsonb_build_object('id', f.id, 'booking_id', f.booking_id, 'version', 1,
        'status', 'authorised', 'evidence', null, 'delivered_minutes', null, 'billed_minutes', null, 'booked_on', null, 'unreserved_on', null)) AS made;
  INSERT INTO charge_share
    SELECT made.* FROM charge_share AS share JOIN floor_charge AS f ON f.source_id = share.charge_id,
      LATERAL jsonb_populate_record(share, jsonb_build_object('id', uuidv7(), 'charge_id', f.id, 'captured_fen', null)) AS made;
  UPDATE programme_budget AS budget SET reserved_fen = budget.reserved_fen + share.fen
    FROM (SELECT budget_id, sum(reserved_fen)::bigint AS fen FROM charge_share WHERE captured_fen IS NULL GROUP BY budget_id) AS share
    WHERE budget.id = share.budget_id;
  CREATE TABLE floor_line AS
    SELECT f.slab, f.id AS charge_id, line.line, line.account_id, line.amount_fen, line.resident_id
    FROM ledger_line AS line JOIN floor_charge AS f ON f.source_id = line.charge_id;
  CREATE INDEX ON floor_line (slab);
  GRANT SELECT ON floor_charge, floor_line TO PUBLIC;
  GRANT USAGE ON SEQUENCE floor_slab TO PUBLIC;
  ANALYZE`;
