import { Client } from 'pg';
import type { Place } from '../billing-scene';
import { loadSource, recorded } from './recorded';

type Send = (tx: Parameters<Parameters<typeof recorded>[0]>[0], ...args: unknown[]) => Promise<unknown>;

/** Charges that one transaction of the floor captures: as many as the consumer takes at once. */
export const PER_TRANSACTION = 128;

/** What a quote asks the database, in a transaction of its own. */
export async function quoteScript(
  operatorId: string,
  { siteId, regionCode, offerings }: Place,
  residentId: string,
  day: string,
): Promise<string> {
  const load = (path: string) => loadSource<Record<string, Send>>(`apps/billing/src/${path}`);
  const { placeOf } = load('quotes/quotes.queries');
  const { knowledgeOf } = load('charges/holds.queries');
  const { termsConcerning, budgetsCovering, readCounters } = load('programmes/programmes.queries');
  const { packagesFor } = load('packages/uses.queries');
  const asked = { offeringId: offerings.hot, residentId, start: `${day}T09:30:00Z` };
  const service = { kind: 'sports', mode: 'session', regionCode, day };
  const booking = {
    ...{ bookingId: operatorId, operatorId, contractId: operatorId, siteId, ...asked },
    ...{ kind: service.kind, mode: service.mode, serviceDay: day },
  };
  return [
    'BEGIN READ ONLY;',
    `SELECT set_config('app.operator_id', '${operatorId}', true);`,
    ...(await recorded((tx) => placeOf(tx, asked))),
    ...(await recorded((tx) => knowledgeOf(tx, [booking]))),
    ...(await recorded((tx) => termsConcerning(tx, [service]))),
    ...(await recorded((tx) => budgetsCovering(tx, [service]))),
    ...(await recorded((tx) => readCounters(tx, residentId, day))),
    ...(await recorded((tx) => packagesFor(tx, [booking]))),
    'COMMIT;',
  ].join('\n');
}

/**
 * What capturing a transaction's worth of charges leaves behind, set-based and with nothing around it: inbox, deliveries,
 * the charges with their shares and budgets, balanced entries of three lines, outbox. The charges that the service has
 * captured are captured again, so rows, indexes and triggers are the same.
 */
export async function captureScript(ownerUrl: string): Promise<string> {
  const slabs = await slabsOf(ownerUrl);
  const charges = `(SELECT id FROM floor_charge WHERE slab = :slab)`;
  const many = `generate_series(1, ${PER_TRANSACTION}) AS n`;
  return `
\\set slab random(0, ${slabs - 1})
BEGIN;
SELECT set_config('app.operator_id', '*', true);
INSERT INTO inbox (event_id, topic) SELECT uuidv7(), 'bookings.booking.v1' FROM ${many} ON CONFLICT DO NOTHING RETURNING event_id;
INSERT INTO delivery (booking_id, operator_id, contract_id, site_id, kind, service_day, minutes, evidence, event_id, delivered_at)
  SELECT uuidv7(), operator_id, contract_id, site_id, kind, service_day, 60, 'attendance', uuidv7(), now()
  FROM charge WHERE id IN ${charges};
SELECT id FROM charge WHERE id IN ${charges} ORDER BY id FOR NO KEY UPDATE;
UPDATE charge SET status = 'captured', version = version + 1, evidence = 'attendance', delivered_minutes = 60,
    billed_minutes = 60, booked_on = ledger_open_day(operator_id, contract_id, service_day), changed_at = now()
  WHERE id IN ${charges};
UPDATE charge_share SET captured_fen = reserved_fen WHERE charge_id IN ${charges};
SELECT id FROM programme_budget WHERE id IN (SELECT budget_id FROM charge_share WHERE charge_id IN ${charges})
  ORDER BY id FOR NO KEY UPDATE;
UPDATE programme_budget SET spent_fen = spent_fen + 1, version = version + 1
  WHERE id IN (SELECT budget_id FROM charge_share WHERE charge_id IN ${charges});
WITH due AS MATERIALIZED (SELECT uuidv7() AS entry_id, charge.* FROM charge WHERE id IN ${charges}),
posted AS (
  INSERT INTO ledger_entry (id, operator_id, contract_id, booked_on, reason, source_type, source_id, idempotency_key)
  SELECT entry_id, operator_id, contract_id, booked_on, 'charge_captured', 'charge', id, 'floor ' || entry_id FROM due
  RETURNING id)
INSERT INTO ledger_line (entry_id, line, operator_id, account_id, booked_on, amount_fen, charge_id, resident_id)
  SELECT posted.id, a.place, due.operator_id, a.id, due.booked_on,
         CASE a.place WHEN 1 THEN due.resident_fen WHEN 2 THEN due.funders_fen ELSE -due.resident_fen - due.funders_fen END,
         due.id, due.resident_id
  FROM posted JOIN due ON due.entry_id = posted.id, floor_account AS a;
INSERT INTO outbox (event_id, aggregatetype, aggregateid, type, payload, source, version, occurred_at, correlation_id)
  SELECT uuidv7(), 'billing.charge.v1', id::text, 'bench.Floor.v1', to_jsonb(charge)::text, 'bench', 2, now(), uuidv7()::text
  FROM charge WHERE id IN ${charges};
COMMIT;
`;
}

/** Which charges go together, and the three accounts to book on. @returns how many transactions' worth there are */
async function slabsOf(ownerUrl: string): Promise<number> {
  const client = new Client({ connectionString: ownerUrl });
  await client.connect();
  try {
    await client.query(`SELECT set_config('app.operator_id', '*', false)`);
    await client.query(
      `CREATE TABLE floor_charge AS
         SELECT id, ((row_number() OVER (ORDER BY id) - 1) / ${PER_TRANSACTION})::int AS slab FROM charge WHERE status = 'captured';
       CREATE INDEX ON floor_charge (slab);
       CREATE TABLE floor_account AS
         SELECT DISTINCT ON (place) place, id FROM ledger_account
         JOIN (VALUES (1, 'resident_receivable'), (2, 'funder_receivable'), (3, 'service_revenue')) AS a (place, name) ON name = kind
         ORDER BY place, id;
       GRANT SELECT ON floor_charge, floor_account TO PUBLIC;
       ANALYZE`,
    );
    const { rows } = await client.query<{ slabs: number }>('SELECT max(slab) AS slabs FROM floor_charge');
    // The last one is short.
    return rows[0]?.slabs ?? 0;
  } finally {
    await client.end();
  }
}
