import { Client } from 'pg';

/** One booking of the load as both databases have it: what the floor's bookings are copies of. */
export interface Template {
  booking: Record<string, string>;
  charge: Record<string, string | number | null>;
  shares: Record<string, string | number>[];
}

/** Residents that only the floor books for: each once, so that nobody is in two places. */
const RESIDENTS = 20_000;

/** The resident of number `n`: the same id in both databases. */
export const RESIDENT_OF_N = `md5('floor' || n)::uuid`;

/** Reads the template and puts the floor's residents into both databases. */
export async function prepareFloor(
  bookingsUrl: string,
  billingUrl: string,
  bookingIds: readonly string[],
): Promise<Template> {
  return withClient(bookingsUrl, (bookings) =>
    withClient(billingUrl, async (billing) => {
      const shared = await billing.query<{ id: string }>(
        `SELECT booking_id AS id FROM charge
         WHERE booking_id = ANY ($1) AND EXISTS (SELECT FROM charge_share WHERE charge_id = charge.id) LIMIT 1`,
        [bookingIds],
      );
      const id = shared.rows[0]?.id ?? bookingIds[0];
      if (id === undefined)
        throw new Error('no booking was confirmed, so there is none to take the floor of');
      const booking = await one(bookings, 'SELECT to_jsonb(b) AS row FROM booking b WHERE id = $1', id);
      const charge = await one(billing, 'SELECT to_jsonb(c) AS row FROM charge c WHERE booking_id = $1', id);
      const shares = await billing.query<{ row: Template['shares'][number] }>(
        'SELECT to_jsonb(s) AS row FROM charge_share s WHERE charge_id = $1',
        [charge.id],
      );
      await copyInto(bookings, 'resident', String(booking.resident_id));
      await copyInto(billing, 'known_resident', String(booking.resident_id));
      await bookings.query(
        `INSERT INTO consent SELECT (jsonb_populate_record(c, jsonb_build_object('id', uuidv7(),
           'resident_id', ${RESIDENT_OF_N}))).* FROM consent c, generate_series(1, ${RESIDENTS}) n
         WHERE c.resident_id = $1 AND c.purpose = 'booking'`,
        [booking.resident_id],
      );
      await bookings.query(
        `CREATE TABLE floor_session AS
         SELECT (row_number() OVER (ORDER BY id) - 1)::int AS place, id FROM session
         WHERE status = 'open' AND service_day = $1;
         `.replace('$1', `'${String(booking.service_day)}'`) +
          'ALTER TABLE floor_session ADD PRIMARY KEY (place)',
      );
      for (const client of [bookings, billing])
        await client.query('CREATE SEQUENCE floor_n CACHE 50; ANALYZE');
      return { booking, charge, shares: shares.rows.map(({ row }) => row) } as Template;
    }),
  );
}

async function one(client: Client, text: string, id: string): Promise<Record<string, unknown>> {
  const { rows } = await client.query<{ row: Record<string, unknown> }>(text, [id]);
  if (!rows[0]) throw new Error(`booking ${id} has no row: ${text}`);
  return rows[0].row;
}

/** Copies of a resident, who differ by their id alone. */
function copyInto(client: Client, table: string, residentId: string): Promise<unknown> {
  const unlike = table === 'resident' ? `, 'household_id', NULL, 'id_number_index', NULL` : '';
  return client.query(
    `INSERT INTO ${table} SELECT (jsonb_populate_record(r, jsonb_build_object('id', ${RESIDENT_OF_N}${unlike}))).*
     FROM ${table} r, generate_series(1, ${RESIDENTS}) n WHERE r.id = $1`,
    [residentId],
  );
}

export async function withClient<T>(url: string, work: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}
