import { randomUUID } from 'node:crypto';
import { IDENTITY_HEADER } from '@doorstep/platform';
import { Client, escapeIdentifier } from 'pg';
import { Pool } from 'undici';
import { operatorId } from './availability-scene';
import { holdLines } from './floor/floor-scripts';
import { type Measurement, percentiles, round, withFloor } from './measure';
import { measureFloor } from './pgbench';
import { frontEndOf, type ServiceDatabase, type ServiceProcess } from './service-process';

const CLIENTS = 16;
const WARM_UP_SECONDS = 2;
/** Days ahead: nobody of the scene has lunch yet on that one. */
const HOT_DAY = 20;

interface Lunch {
  sessionId: string;
  offeringId: string;
}

/**
 * Everybody wants the same lunch: bookings held in one session whose row all of them change, over HTTP against the service;
 * beside it the very statements of these transactions on the same row by pgbench, as many clients at once.
 */
export async function benchHotSession(
  { ownerUrl, appUrl }: ServiceDatabase,
  service: ServiceProcess,
  seconds: number,
): Promise<Measurement> {
  const owner = new Client({ connectionString: ownerUrl });
  await owner.connect();
  try {
    await owner.query(`SELECT set_config('app.operator_id', '*', false)`);
    const lunch = await widen(owner);
    const { rows } = await owner.query<{ id: string }>('SELECT id FROM resident ORDER BY id');
    const half = rows.length / 2;
    const residents = rows.slice(0, half).map(({ id }) => id);
    await hold(service, lunch, residents, WARM_UP_SECONDS);
    const held = await hold(service, lunch, residents, seconds);
    const script = await scriptOf(owner, lunch, rows.slice(half), roleOf(appUrl));
    const floor = await measureFloor({ databaseUrl: appUrl, script, clients: CLIENTS, seconds });
    const { p50, p95, p99, max } = percentiles(held.samplesMs);
    return withFloor({
      name: 'bookings held in one hot session',
      value: round(held.samplesMs.length / held.seconds, 1),
      unit: 'bookings/s',
      floor: round(floor.perSecond, 1),
      details: {
        ...{ held: held.samplesMs.length, clients: CLIENTS, p50Ms: p50, p95Ms: p95, p99Ms: p99, maxMs: max },
        ...{ floorBy: floor.by, ratioAim: 0.5 },
      },
    });
  } finally {
    await owner.end();
  }
}

/** A lunch with seats for everybody. */
async function widen(owner: Client): Promise<Lunch> {
  const { rows } = await owner.query<Lunch>(
    `UPDATE session SET capacity = 1000000
     WHERE id = (SELECT id FROM session WHERE kind = 'meals' AND service_day = current_date + $1::int ORDER BY id LIMIT 1)
     RETURNING id AS "sessionId", offering_id AS "offeringId"`,
    [HOT_DAY],
  );
  if (!rows[0]) throw new Error(`the scene has no lunch in ${HOT_DAY} days`);
  return rows[0];
}

/** Takes residents from the end of the list, each for one booking. */
async function hold(
  service: ServiceProcess,
  lunch: Lunch,
  residents: string[],
  seconds: number,
): Promise<{ samplesMs: number[]; seconds: number }> {
  const pool = new Pool(service.url, { connections: CLIENTS });
  const identity = await service.identity(frontEndOf(operatorId));
  const samplesMs: number[] = [];
  const startedAt = performance.now();
  const client = async (): Promise<void> => {
    while (performance.now() - startedAt < seconds * 1000) {
      const residentId = residents.pop();
      if (residentId === undefined) throw new Error('there are too few residents for so fast a machine');
      const before = performance.now();
      const answer = await pool.request({
        method: 'POST',
        path: '/v1/bookings',
        headers: {
          ...{ [IDENTITY_HEADER]: identity, 'content-type': 'application/json' },
          ...{ prefer: 'wait=0', 'idempotency-key': randomUUID() },
        },
        body: JSON.stringify({ ...lunch, residentId, partySize: 1 }),
      });
      const said = await answer.body.text();
      if (answer.statusCode !== 202)
        throw new Error(`a booking was answered with ${answer.statusCode}: ${said}`);
      samplesMs.push(performance.now() - before);
    }
  };
  await Promise.all(Array.from({ length: CLIENTS }, client));
  const elapsed = (performance.now() - startedAt) / 1000;
  await pool.close();
  return { samplesMs, seconds: elapsed };
}

/** One of the bookings that were made is the pattern of the floor's; its residents are others, each used once. */
async function scriptOf(
  owner: Client,
  { sessionId }: Lunch,
  residents: { id: string }[],
  role: string,
): Promise<string> {
  await owner.query(`
    CREATE TABLE floor_resident (n int PRIMARY KEY, id uuid NOT NULL);
    CREATE SEQUENCE floor_n CACHE 50;
    GRANT SELECT ON floor_resident TO ${role};
    GRANT USAGE ON SEQUENCE floor_n TO ${role};`);
  await owner.query(
    `INSERT INTO floor_resident SELECT n, id FROM unnest($1::uuid[]) WITH ORDINALITY AS r (id, n)`,
    [residents.map(({ id }) => id)],
  );
  await owner.query('ANALYZE floor_resident');
  const { rows } = await owner.query<{ row: Record<string, string> }>(
    'SELECT to_jsonb(b) AS row FROM booking b WHERE session_id = $1 LIMIT 1',
    [sessionId],
  );
  if (!rows[0]) throw new Error('no booking was held, so there is none to take the floor of');
  const drawn = `SELECT r.id AS resident, uuidv7() AS booking, uuidv7() AS event, '${sessionId}'::uuid AS session
    FROM (SELECT nextval('floor_n')::int AS n) AS next JOIN floor_resident r USING (n) \\gset`;
  return [drawn, ...(await holdLines(rows[0].row))].join('\n');
}

function roleOf(url: string): string {
  return escapeIdentifier(decodeURIComponent(new URL(url).username));
}
