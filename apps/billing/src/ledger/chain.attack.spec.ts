import { newId } from '@doorstep/kernel';
import { PeriodicRunner } from '@doorstep/platform';
import { anAuditor, anOwner } from '@doorstep/testing';
import { type Billing, aResident, delivered, held, setPrice, startBilling } from '../billing.harness';

/*
 * Whoever can switch the database's triggers off can change what is posted. Then the chain breaks, at the first entry that
 * was touched.
 */
let billing: Billing;
const chain = () => billing.running.app.get(PeriodicRunner).runNow('chain the journal');
const verify = async (query = '', expected = 200) =>
  (
    await billing
      .as(anAuditor(billing.scene.operatorId))
      .get(`/v1/ledger/verification${query}`)
      .expect(expected)
  ).body;

async function serve(times: number): Promise<void> {
  const resident = aResident(billing.scene);
  await billing.deliver(resident);
  for (let i = 0; i < times; i++) {
    const booking = held(billing.scene, resident.residentId);
    await billing.deliver(booking);
    await billing.deliver(delivered(booking));
  }
}

/** As a superuser with every trigger and foreign key switched off. */
async function tamper(...statements: string[]): Promise<void> {
  const client = await billing.db.connect();
  try {
    await client.query('BEGIN; SET LOCAL session_replication_role = replica');
    for (const sql of statements) await client.query(sql);
    await client.query('COMMIT');
  } finally {
    client.release();
  }
}

beforeAll(async () => {
  billing = await startBilling({ PERIODIC: 'false' });
  await setPrice(billing);
  await serve(5);
});
afterAll(() => billing?.stop());

describe('the chain', () => {
  it('is made behind the posting, once per entry, and holds', async () => {
    expect(await verify()).toMatchObject({ intact: true, head: null, waiting: 5, verifiedTo: 0 });
    await chain();
    await chain();
    const first = await verify();
    expect(first).toMatchObject({
      intact: true,
      head: { position: 5 },
      verifiedTo: 5,
      waiting: 0,
      next: null,
    });
    await serve(1);
    await chain();
    const { head } = first;
    const later = await verify(`?expected=${head.position}:${head.hash}`);
    expect(later).toMatchObject({ intact: true, expectedHolds: true, head: { position: 6 } });
    expect(await verify(`?expected=5:${'a'.repeat(64)}`)).toMatchObject({
      intact: false,
      expectedHolds: false,
    });
  });

  it('takes up an entry whose transaction ended after later ones were chained', async () => {
    const { operatorId, contractId } = billing.scene;
    const slow = await billing.db.connect();
    await slow.query('BEGIN');
    await slow.query(
      `WITH e AS (INSERT INTO ledger_entry (id, operator_id, contract_id, booked_on, reason, source_type, source_id, idempotency_key)
         VALUES ($1, $2, $3, '2026-11-02', 'charge_captured', 'charge', $1, 'slow') RETURNING id)
       INSERT INTO ledger_line (entry_id, line, operator_id, account_id, booked_on, amount_fen)
       SELECT $1, place, $2, (SELECT id FROM ledger_account LIMIT 1), '2026-11-02', 3 - 2 * place
       FROM generate_series(1, 2) AS place, e`.replace(
        '3 - 2 * place',
        'CASE place WHEN 1 THEN 7 ELSE -7 END',
      ),
      [newId(), operatorId, contractId],
    );
    await serve(1);
    await chain();
    expect(await verify()).toMatchObject({ intact: true, head: { position: 7 }, waiting: 0 });
    await slow.query('COMMIT');
    slow.release();
    await serve(1);
    await chain();
    await chain();
    expect(await verify()).toMatchObject({ intact: true, head: { position: 9 }, waiting: 0 });
  });

  it('is verified in pieces', async () => {
    const first = await verify('?limit=4');
    expect(first).toMatchObject({ verifiedTo: 4, next: 4 });
    expect(await verify(`?after=${first.next}`)).toMatchObject({ intact: true, verifiedTo: 9, next: null });
    expect((await verify('?after=999', 422)).code).toBe('position_unknown');
  });

  it("is each operator's own", async () => {
    const other = await billing.as(anOwner(newId())).get('/v1/ledger/verification').expect(200);
    expect(other.body).toMatchObject({ head: null, verifiedTo: 0 });
    const nobody = await billing.as(billing.administrator).get('/v1/ledger/verification').expect(422);
    expect(nobody.body.code).toBe('operator_missing');
  });
});

describe('a change behind its back', () => {
  const third = `(SELECT entry_id FROM ledger_chain WHERE position = 3)`;
  const ATTACKS: [string, string, string, object][] = [
    [
      'of amounts that still balance',
      `UPDATE ledger_line SET amount_fen = amount_fen * 2 WHERE entry_id = ${third}`,
      `UPDATE ledger_line SET amount_fen = amount_fen / 2 WHERE entry_id = ${third}`,
      { position: 3, what: 'entry_changed' },
    ],
    [
      'of the day',
      `UPDATE ledger_entry SET booked_on = booked_on + 1 WHERE id = ${third}`,
      `UPDATE ledger_entry SET booked_on = booked_on - 1 WHERE id = ${third}`,
      { position: 3, what: 'entry_changed' },
    ],
    [
      "of an account's name",
      `UPDATE ledger_account SET kind = kind || '_' WHERE kind = 'service_revenue'`,
      `UPDATE ledger_account SET kind = 'service_revenue' WHERE kind = 'service_revenue_'`,
      { position: 1, what: 'entry_changed' },
    ],
    [
      'that takes a link out',
      `UPDATE ledger_chain SET position = -position WHERE position = 3`,
      `UPDATE ledger_chain SET position = -position WHERE position < 0`,
      { position: 3, what: 'link_missing' },
    ],
    [
      'that takes an entry out',
      `UPDATE ledger_entry SET id = overlay(id::text placing 'ffffffff' from 1)::uuid WHERE id = ${third}`,
      `UPDATE ledger_entry SET id = ${third} WHERE id::text LIKE 'ffffffff%'`,
      { position: 3, what: 'entry_missing' },
    ],
    [
      'that swaps two links',
      `UPDATE ledger_chain SET entry_id = CASE position WHEN 3 THEN b.e4 ELSE b.e3 END
       FROM (SELECT max(entry_id::text) FILTER (WHERE position = 3)::uuid AS e3,
                    max(entry_id::text) FILTER (WHERE position = 4)::uuid AS e4 FROM ledger_chain) AS b
       WHERE position IN (3, 4)`,
      `UPDATE ledger_chain SET entry_id = CASE position WHEN 3 THEN b.e4 ELSE b.e3 END
       FROM (SELECT max(entry_id::text) FILTER (WHERE position = 3)::uuid AS e3,
                    max(entry_id::text) FILTER (WHERE position = 4)::uuid AS e4 FROM ledger_chain) AS b
       WHERE position IN (3, 4)`,
      { position: 3, what: 'entry_changed' },
    ],
  ];

  it.each(ATTACKS)('%s is found at its first entry', async (_name, attack, undo, broken) => {
    const relaxed = [
      'ALTER TABLE ledger_chain DROP CONSTRAINT IF EXISTS ledger_chain_position_check',
      'ALTER TABLE ledger_chain DROP CONSTRAINT IF EXISTS ledger_chain_entry_id_key',
    ];
    await tamper(...relaxed, attack);
    expect(await verify()).toMatchObject({ intact: false, broken });
    await tamper(undo);
    expect(await verify()).toMatchObject({ intact: true, broken: null });
  });

  it.each(['UPDATE ledger_chain SET hash = hash', 'DELETE FROM ledger_chain', 'TRUNCATE ledger_chain'])(
    'is stopped while the triggers stand: %s',
    async (sql) => {
      await expect(billing.db.query(sql)).rejects.toMatchObject({ constraint: 'ledger_unchangeable' });
    },
  );
});

describe('what is posted', () => {
  it.each([
    [
      'charge_posted_once',
      `UPDATE charge SET gross_fen = gross_fen + 1, resident_fen = resident_fen + 1 WHERE status = 'captured'`,
    ],
    ['charge_posted_once', `UPDATE charge SET status = 'authorised' WHERE status = 'captured'`],
  ])('can’t be changed even by the owner of the tables: %s', async (constraint, sql) => {
    await expect(billing.db.query(sql)).rejects.toMatchObject({ constraint });
  });

  it('is at most what was reserved', async () => {
    const resident = aResident(billing.scene);
    const booking = held(billing.scene, resident.residentId);
    await billing.deliver(resident, booking);
    await billing.eventually(async () => {
      const { rows } = await billing.db.query(`SELECT status FROM charge WHERE booking_id = $1`, [
        booking.bookingId,
      ]);
      expect(rows).toEqual([{ status: 'authorised' }]);
    });
    const capture = (extraFen: number) =>
      billing.db.query(
        `UPDATE charge SET status = 'captured', gross_fen = gross_fen + $2, resident_fen = resident_fen + $2,
           evidence = 'attendance', delivered_minutes = 1, billed_minutes = 1, booked_on = service_day,
           unreserved_on = service_day, reserved_contract_id = contract_id, reserved_resident_fen = resident_fen,
           reserved_funders_fen = funders_fen, reserved_operator_fen = operator_fen
         WHERE booking_id = $1`,
        [booking.bookingId, extraFen],
      );
    await expect(capture(1)).rejects.toMatchObject({ constraint: 'charge_posted_within_reservation' });
    await capture(0);
  });
});

describe('a link', () => {
  it('is made by the database of the text that is checked outside of it, whatever an entry says', async () => {
    await serve(1);
    const odd = `\\"\\\\ \\b\\t\\n\\x01\\x7f / 名 🙂 \\u2028 '' \\u0085`;
    await tamper(
      `UPDATE ledger_entry SET idempotency_key = E'${odd}', reason = E'${odd}', source_type = E'${odd}'
       WHERE id NOT IN (SELECT entry_id FROM ledger_chain)`,
    );
    const { rows } = await billing.db.query(
      `SELECT length(reason) FROM ledger_entry WHERE reason LIKE '%名%'`,
    );
    expect(rows).toEqual([{ length: 20 }]);
    await chain();
    expect(await verify()).toMatchObject({ intact: true, waiting: 0 });
  });
});
