import { randomBytes } from 'node:crypto';
import { IDENTITY_HEADER } from '@doorstep/platform';
import { Client } from 'pg';
import { Pool } from 'undici';
import { BOOKINGS, CENTRE, fillBookings, operatorId, SITES } from './availability-scene';
import { benchHotSession } from './hot-session';
import { bound, loadSource } from './floor/recorded';
import { type Measurement, percentiles, residentMb, round, withFloor } from './measure';
import { measureFloor } from './pgbench';
import {
  type BenchStack,
  frontEndOf,
  openServiceDatabase,
  type ServiceProcess,
  startService,
} from './service-process';

const WARM_UP_SECONDS = 2;
const DAYS = 30;

const frontEnd = frontEndOf(operatorId);

/**
 * What can be booked, among 3,000 sites and two million bookings: thirty days of one site's offerings, and the first free
 * lunch at each of 220 sites within fifteen minutes' walk; then one lunch that everybody books. Over HTTP against a bookings service in a process of its own;
 * beside it the very statements by pgbench.
 */
export async function benchAvailability(
  stack: BenchStack,
  seconds: number,
  say: (line: string) => void,
): Promise<Measurement[]> {
  const database = await openServiceDatabase(stack, 'bookings');
  try {
    await fillBookings(database.ownerUrl, say);
    const sites = await siteIds(database.ownerUrl);
    const key = () => randomBytes(32).toString('base64');
    const service = await startService(stack, 'bookings', database.appUrl, {
      ...{ MASTER_KEY: key(), CONTACT_KEY: key(), PERIODIC: 'false' },
    });
    try {
      const month = () => monthOf(sites[Math.floor(Math.random() * sites.length)] as string);
      const around = () => firstFree();
      const floors = await floorsOf(database.appUrl, seconds);
      const results: Measurement[] = [];
      for (const [name, path, floor] of [
        [`${DAYS} days of a site's offerings`, month, floors.month],
        ["first free lunch at 220 sites within 15 minutes' walk", around, floors.around],
      ] as const) {
        await ask(service, path, WARM_UP_SECONDS);
        results.push(measurementOf(name, await ask(service, path, seconds), floor));
      }
      results.push(await benchHotSession(database, service, seconds));
      return results;
    } finally {
      await service.stop();
    }
  } finally {
    await database.close();
  }
}

async function siteIds(ownerUrl: string): Promise<string[]> {
  const owner = new Client({ connectionString: ownerUrl });
  await owner.connect();
  await owner.query(`SELECT set_config('app.operator_id', '*', false)`);
  const { rows } = await owner.query<{ id: string }>('SELECT id FROM site');
  await owner.end();
  return rows.map(({ id }) => id);
}

const day = (ahead: number): string => new Date(Date.now() + ahead * 86_400_000).toISOString().slice(0, 10);

function monthOf(siteId: string): string {
  return `/v1/availability?siteId=${siteId}&from=${day(1)}&to=${day(1 + DAYS)}&limit=1000`;
}

/** From somewhere near the centre, so that most of the dense quarter is within the walk. */
function firstFree(): string {
  const near = (degrees: number) => round(degrees + (Math.random() - 0.5) * 0.001, 6);
  return `/v1/availability/first-free?lng=${near(CENTRE.lng)}&lat=${near(CENTRE.lat)}&minutes=15&kind=meals&limit=100`;
}

interface Asked {
  samplesMs: number[];
  perSecond: number;
  items: number;
  memoryMb?: number;
}

/** One client, one request after the other: what one person waits. */
async function ask(service: ServiceProcess, path: () => string, seconds: number): Promise<Asked> {
  const pool = new Pool(service.url, { connections: 1 });
  const samplesMs: number[] = [];
  let items = 0;
  const startedAt = performance.now();
  let [identity, signedAt] = [await service.identity(frontEnd), performance.now()];
  while (performance.now() - startedAt < seconds * 1000) {
    if (performance.now() - signedAt > 20_000)
      [identity, signedAt] = [await service.identity(frontEnd), performance.now()];
    const before = performance.now();
    const answer = await pool.request({
      method: 'GET',
      path: path(),
      headers: { [IDENTITY_HEADER]: identity },
    });
    const body = (await answer.body.json()) as { items: unknown[] };
    if (answer.statusCode !== 200) throw new Error(`availability answered ${answer.statusCode}`);
    samplesMs.push(performance.now() - before);
    items += body.items.length;
  }
  const elapsed = (performance.now() - startedAt) / 1000;
  await pool.close();
  return { samplesMs, perSecond: samplesMs.length / elapsed, items, memoryMb: await residentMb(service.pid) };
}

/** The services' own statements in transactions of their own, by one client. */
async function floorsOf(databaseUrl: string, seconds: number): Promise<{ month: number; around: number }> {
  const { FACTS_OF_SITE } = loadSource<Record<string, string>>(
    'apps/bookings/src/availability/availability.queries',
  );
  const { nextSessions, SITES_AROUND } = loadSource<{
    nextSessions(query: object): string;
    SITES_AROUND: string;
  }>('apps/bookings/src/availability/first-free.queries');
  const { cellsAround } = loadSource<{ cellsAround(centre: object, radiusM: number): number[] }>(
    'libs/kernel/src/cells',
  );
  const begin = [`BEGIN READ ONLY;`, `SELECT set_config('app.operator_id', '${operatorId}', true);`];
  const cells = `'{${cellsAround(CENTRE, 960).join(',')}}'::int[]`;
  const month = [
    ...begin,
    `SELECT id AS site FROM site OFFSET floor(random() * 50) LIMIT 1 \\gset`,
    bound(FACTS_OF_SITE as string, [
      ...['now()', ':site::uuid', `'${day(1)}'::date`, `'${day(1 + DAYS)}'::date`],
      ...['NULL::timestamptz', 'NULL::uuid', '1001', 'NULL::uuid'],
    ]),
    'COMMIT;',
  ];
  const sites = `(SELECT array_agg(id) FROM site WHERE cell = ANY (${cells}))`;
  const around = [
    ...begin,
    bound(SITES_AROUND, [cells, 'NULL::uuid[]', `'meals'::text`, 'NULL::text']),
    bound(nextSessions({ kind: 'meals' }), [
      'now()',
      sites,
      `array_fill(now(), ARRAY[cardinality(${sites})])`,
      `array_fill('00000000-0000-0000-0000-000000000000'::uuid, ARRAY[cardinality(${sites})])`,
      `(now() + interval '7 days')`,
      `'meals'::text`,
      'NULL::text',
      '2',
      'NULL::uuid',
    ]),
    'COMMIT;',
  ];
  const floor = (script: string[]) =>
    measureFloor({ databaseUrl, script: script.join('\n'), clients: 1, seconds });
  return { month: (await floor(month)).perSecond, around: (await floor(around)).perSecond };
}

function measurementOf(name: string, asked: Asked, floor: number): Measurement {
  const { p50, p95, p99, max } = percentiles(asked.samplesMs);
  const { samplesMs, perSecond, items, memoryMb } = asked;
  return withFloor({
    name: `${name}, ${SITES} sites, ${BOOKINGS / 1_000_000} M bookings`,
    value: round(perSecond, 1),
    unit: 'answers/s',
    floor: round(floor, 1),
    details: {
      ...{ p50Ms: p50, p95Ms: p95, p99Ms: p99, maxMs: max },
      itemsPerAnswer: round(items / samplesMs.length, 1),
      ...(memoryMb !== undefined && { memoryMb }),
    },
  });
}
