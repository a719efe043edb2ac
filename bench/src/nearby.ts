import { newId } from '@doorstep/kernel';
import { IDENTITY_HEADER } from '@doorstep/platform';
import { Client, Pool as PgPool } from 'pg';
import { Pool } from 'undici';
import {
  frontEndOf,
  type ServiceDatabase,
  type ServiceProcess,
  openServiceDatabase,
  startService,
  type BenchStack,
} from './service-process';
import { type Measurement, percentiles, residentMb, round, withFloor } from './measure';

const SITES = 40_000;
const WARM_UP = 200;
const SECONDS = 8;
const WIDTH = 4;

/** Where the sites stand: eight cities, most sites near the centre. */
const CITIES = [
  [121.47, 31.23],
  [116.4, 39.9],
  [113.26, 23.13],
  [114.06, 22.54],
  [104.07, 30.66],
  [120.16, 30.25],
  [114.3, 30.59],
  [106.55, 29.56],
];

const operatorId = newId();
const frontEnd = frontEndOf(operatorId);

/**
 * Searching for meals within fifteen minutes' walk among 40,000 sites of one operator, over HTTP against a facilities
 * service in a process of its own. Beside it: the two statements of a search in a plain loop on one connection each,
 * and the search without its index.
 */
export async function benchNearby(stack: BenchStack): Promise<Measurement[]> {
  const site = await openServiceDatabase(stack, 'facilities');
  try {
    await fill(site.ownerUrl);
    const service = await startService(stack, 'facilities', site.appUrl);
    try {
      await search(service, WARM_UP / WIDTH, 1);
      const alone = await search(service, SECONDS, 1);
      const together = await search(service, SECONDS, WIDTH);
      const floor = await plainLoop(site.appUrl, WIDTH);
      return [
        measurement('nearby among 40,000 sites, one at a time', alone, floor),
        measurement(`nearby among 40,000 sites, ${WIDTH} at a time`, together, floor),
        await indexGain(site),
      ];
    } finally {
      await service.stop();
    }
  } finally {
    await site.close();
  }
}

/** Sites thin out from each city's centre, as cities do; two offerings each. Set-based and seeded. */
async function fill(ownerUrl: string): Promise<void> {
  const owner = new Client({ connectionString: ownerUrl });
  await owner.connect();
  await owner.query(`SELECT setseed(0.5), set_config('app.operator_id', '*', false)`);
  await owner.query(`INSERT INTO region (code, level, name, source, year, version, updated_at)
                     VALUES ('31', 'province', '上海市', 'bench', 2023, 1, now())`);
  for (const [code, level, parent] of [
    ['3101', 'city', '31'],
    ['310101', 'district', '3101'],
    ['310101013', 'street', '310101'],
  ]) {
    await owner.query(
      `INSERT INTO region (code, level, parent_code, name, source, year, version, updated_at)
       VALUES ($1, $2, $3, 'x', 'bench', 2023, 1, now())`,
      [code, level, parent],
    );
  }
  await owner.query(
    `INSERT INTO site (operator_id, code, name_zh, region_code, form, tier, space_source, status, lng, lat, source_lng,
                       source_lat, source_crs, time_zone, area_m2, opening_hours, version, created_at, updated_at)
     SELECT $1, 'S' || n, '社区服务点 ' || n, '310101013', 'point', 'community', 'convert', 'operating', lng, lat, lng, lat,
            'WGS84', 'Asia/Shanghai', 120, $2, 1, now(), now()
     FROM (SELECT n, ($3::float8[])[1 + n % 8] + random_normal(0, 0.08) AS lng,
                  ($4::float8[])[1 + n % 8] + random_normal(0, 0.07) AS lat
           FROM generate_series(1, ${SITES}) AS n) AS places`,
    [operatorId, JSON.stringify(WEEK), CITIES.map(([lng]) => lng), CITIES.map(([, lat]) => lat)],
  );
  await owner.query(
    `INSERT INTO offering (operator_id, region_code, site_id, code, name_zh, kind, mode, delivery, capacity_model,
                           capacity, skills, schedule, lead_minutes, cutoff_minutes, buffer_minutes, active, version,
                           created_at, updated_at)
     SELECT operator_id, region_code, id, kind, kind, kind, 'session', 'on_site', 'seats', 30, '{}', '[]', 0, 60, 0, true,
            1, now(), now()
     FROM (SELECT *, row_number() OVER (ORDER BY code) AS n FROM site) AS s,
          LATERAL (VALUES (CASE WHEN n % 3 = 0 THEN 'sports' ELSE 'meals' END), ('culture')) AS kinds (kind)`,
  );
  await owner.query('ANALYZE');
  await owner.end();
}

const WEEK = [1, 2, 3, 4, 5, 6, 7].map((weekday) => ({ weekday, opens: '08:00', closes: '20:00' }));

interface Searched {
  perSecond: number;
  samplesMs: number[];
  items: number;
  memoryMb?: number;
}

async function search(service: ServiceProcess, seconds: number, width: number): Promise<Searched> {
  const pool = new Pool(service.url, { connections: width });
  const samplesMs: number[] = [];
  let items = 0;
  const startedAt = performance.now();
  const client = async (): Promise<void> => {
    let identity = await service.identity(frontEnd);
    let signedAt = performance.now();
    while (performance.now() - startedAt < seconds * 1000) {
      if (performance.now() - signedAt > 20_000)
        [identity, signedAt] = [await service.identity(frontEnd), performance.now()];
      const [lng, lat] = somewhere();
      const before = performance.now();
      const answer = await pool.request({
        method: 'GET',
        path: `/v1/nearby?lng=${lng}&lat=${lat}&minutes=15&kind=meals&limit=20`,
        headers: { [IDENTITY_HEADER]: identity },
      });
      const body = (await answer.body.json()) as { items: unknown[] };
      if (answer.statusCode !== 200)
        throw new Error(`nearby answered ${answer.statusCode}: ${JSON.stringify(body)}`);
      samplesMs.push(performance.now() - before);
      items += body.items.length;
    }
  };
  await Promise.all(Array.from({ length: width }, client));
  const elapsed = (performance.now() - startedAt) / 1000;
  await pool.close();
  return { perSecond: samplesMs.length / elapsed, samplesMs, items, memoryMb: await residentMb(service.pid) };
}

/** A place where people live: drawn like the sites themselves. */
function somewhere(): [number, number] {
  const [lng, lat] = CITIES[Math.floor(Math.random() * CITIES.length)] as [number, number];
  const spread = () => (Math.random() + Math.random() + Math.random() - 1.5) * 0.16;
  return [round(lng + spread(), 6), round(lat + spread(), 6)];
}

const CANDIDATES = `
  SELECT s.id, s.lng, s.lat FROM site s
  WHERE s.status = 'operating' AND s.cell = ANY ($1::int[]) AND s.operator_id = $2
    AND EXISTS (SELECT FROM offering o WHERE o.site_id = s.id AND o.active AND o.kind = 'meals')`;
const DETAILS = `SELECT s.*, (SELECT json_agg(o) FROM offering o WHERE o.site_id = s.id AND o.active AND o.kind = 'meals')
  FROM site s WHERE s.id = ANY ($1::uuid[])`;

/** What the database alone can do, under the same row-level security: the floor. */
async function plainLoop(databaseUrl: string, width: number): Promise<number> {
  const pool = new PgPool({ connectionString: databaseUrl, max: width });
  let count = 0;
  const startedAt = performance.now();
  const client = async (): Promise<void> => {
    const connection = await pool.connect();
    while (performance.now() - startedAt < SECONDS * 1000) {
      await connection.query(`BEGIN READ ONLY; SELECT set_config('app.operator_id', '${operatorId}', true)`);
      const { rows } = await connection.query<{ id: string }>(CANDIDATES, [
        cellsAround(somewhere()),
        operatorId,
      ]);
      await connection.query(DETAILS, [rows.slice(0, 20).map(({ id }) => id)]);
      await connection.query('COMMIT');
      count++;
    }
    connection.release();
  };
  await Promise.all(Array.from({ length: width }, client));
  await pool.end();
  return count / ((performance.now() - startedAt) / 1000);
}

/** Three by three cells of a hundredth of a degree: about what a walk of fifteen minutes touches. */
function cellsAround([lng, lat]: [number, number]): number[] {
  const [row, column] = [Math.floor((lat + 90) * 100), Math.floor((lng + 180) * 100)];
  return [-1, 0, 1].flatMap((dy) => [-1, 0, 1].map((dx) => (row + dy) * 36_000 + column + dx));
}

/** The statement that finds candidates, with its index and without. */
async function indexGain({ ownerUrl }: ServiceDatabase): Promise<Measurement> {
  const owner = new Client({ connectionString: ownerUrl });
  await owner.connect();
  await owner.query(`SELECT set_config('app.operator_id', $1, false)`, [operatorId]);
  const average = async (): Promise<number> => {
    const startedAt = performance.now();
    for (let i = 0; i < 50; i++) await owner.query(CANDIDATES, [cellsAround(somewhere()), operatorId]);
    return (performance.now() - startedAt) / 50;
  };
  const withIndex = await average();
  await owner.query('DROP INDEX site_cell');
  const without = await average();
  await owner.end();
  return {
    name: 'nearby, the index on cells: times faster than without it',
    value: round(without / withIndex, 1),
    unit: '×',
    details: { withIndexMs: round(withIndex, 2), withoutIndexMs: round(without, 2) },
  };
}

function measurement(name: string, searched: Searched, floor: number): Measurement {
  const { p50, p95, p99, max } = percentiles(searched.samplesMs);
  const { perSecond, samplesMs, items, memoryMb } = searched;
  return withFloor({
    name,
    value: round(perSecond, 0),
    unit: 'searches/s',
    floor: round(floor, 0),
    details: {
      ...{ p50Ms: p50, p95Ms: p95, p99Ms: p99, maxMs: max },
      sitesPerAnswer: round(items / samplesMs.length, 1),
      ...(memoryMb !== undefined && { memoryMb }),
    },
  });
}
