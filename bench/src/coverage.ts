import { newId } from '@doorstep/kernel';
import { type Actor, IDENTITY_HEADER } from '@doorstep/platform';
import { Client } from 'pg';
import { request } from 'undici';
import { type BenchStack, openServiceDatabase, startService } from './service-process';
import { type Measurement, percentiles, residentMb, round } from './measure';

const COMMUNITIES = 5_000;
const SITES = 3_000;
const ROUNDS = 10;

const administrator: Actor = {
  id: newId(),
  kind: 'person',
  organisationId: null,
  operatorId: null,
  regionPrefix: null,
  roles: ['administrator'],
};

const QUESTIONS: [name: string, path: string][] = [
  ['all kinds, groups and circles', '/coverage'],
  ['200 gaps of one kind', '/coverage/gaps?kind=meals&limit=200'],
  ['100 places to build next', '/coverage/proposals?kind=meals&count=100'],
  ['every community as XLSX', '/coverage/file?kind=meals&level=community&format=xlsx'],
];

/** A city of 5,000 communities and 3,000 sites, over HTTP against a facilities service in a process of its own. */
export async function benchCoverage(stack: BenchStack): Promise<Measurement[]> {
  const database = await openServiceDatabase(stack, 'facilities');
  try {
    await fill(database.ownerUrl);
    const service = await startService(stack, 'facilities', database.appUrl);
    try {
      const identity = await service.identity(administrator);
      const measurements: Measurement[] = [];
      for (const [name, path] of QUESTIONS) {
        const samplesMs: number[] = [];
        for (let round = 0; round < ROUNDS; round++) samplesMs.push(await ask(service.url + path, identity));
        const { p50, p95, max } = percentiles(samplesMs.slice(1));
        measurements.push({
          name: `coverage of ${COMMUNITIES} communities by ${SITES} sites: ${name}`,
          value: round(p50 / 1000, 3),
          unit: 's',
          details: {
            p95Ms: p95,
            maxMs: max,
            firstMs: round(samplesMs[0] ?? 0, 0),
            memoryMb: (await residentMb(service.pid)) ?? 0,
          },
        });
      }
      return measurements;
    } finally {
      await service.stop();
    }
  } finally {
    await database.close();
  }
}

async function ask(url: string, identity: string): Promise<number> {
  const path = url.replace('/coverage', '/v1/regions/3101/coverage');
  const startedAt = performance.now();
  const answer = await request(path, { headers: { [IDENTITY_HEADER]: identity } });
  const body = await answer.body.arrayBuffer();
  if (answer.statusCode !== 200)
    throw new Error(`coverage answered ${answer.statusCode}: ${Buffer.from(body).toString('utf8')}`);
  return performance.now() - startedAt;
}

/** Communities on a grid of 600 m, a hundred a street; sites of three kinds strewn over it. */
async function fill(ownerUrl: string): Promise<void> {
  const owner = new Client({ connectionString: ownerUrl });
  await owner.connect();
  await owner.query(`SELECT setseed(0.5), set_config('app.operator_id', '*', false)`);
  await owner.query(
    `INSERT INTO region (code, level, parent_code, name, lng, lat, source_lng, source_lat, source_crs, households,
                         population_0_to_3, population_60_plus, population_80_plus, source, year, version, updated_at)
     SELECT code, level, parent, code, lng, lat, lng, lat, CASE WHEN lng IS NULL THEN NULL ELSE 'WGS84' END, households,
            households / 16, households * 2 / 3, households / 8, 'bench', 2023, 1, now()
     FROM (
       SELECT '31', 'province', NULL, NULL::float8, NULL::float8, NULL::int
       UNION ALL SELECT '3101', 'city', '31', NULL, NULL, NULL
       UNION ALL SELECT '310101', 'district', '3101', NULL, NULL, NULL
       UNION ALL SELECT '310101' || lpad(s::text, 3, '0'), 'street', '310101', NULL, NULL, NULL FROM generate_series(1, 50) s
       UNION ALL
       SELECT '310101' || lpad((n / 100 + 1)::text, 3, '0') || lpad((n % 100 + 1)::text, 3, '0'), 'community',
              '310101' || lpad((n / 100 + 1)::text, 3, '0'), 121.2 + (n % 71) * 0.0063, 31.0 + (n / 71) * 0.0054,
              800 + (random() * 1800)::int
       FROM generate_series(0, ${COMMUNITIES - 1}) AS n
     ) AS regions (code, level, parent, lng, lat, households)`,
  );
  await owner.query(
    `WITH placed AS (
       INSERT INTO site (operator_id, code, name_zh, region_code, form, tier, space_source, status, lng, lat, source_lng,
                         source_lat, source_crs, time_zone, area_m2, opening_hours, version, created_at, updated_at)
       SELECT uuidv7(), 'S' || n, 'S' || n, '310101001', 'point', 'community', 'convert', 'operating', lng, lat, lng, lat,
              'WGS84', 'Asia/Shanghai', 120, '[]', 1, now(), now()
       FROM (SELECT n, 121.2 + random() * 0.45 AS lng, 31.0 + random() * 0.38 AS lat
             FROM generate_series(1, ${SITES}) AS n) AS places
       RETURNING *)
     INSERT INTO offering (operator_id, region_code, site_id, code, name_zh, kind, mode, delivery, capacity_model, capacity,
                           skills, schedule, lead_minutes, cutoff_minutes, buffer_minutes, active, version, created_at,
                           updated_at)
     SELECT operator_id, region_code, id, kind, kind, kind, 'session', 'on_site', 'seats', 30, '{}', '[]', 0, 0, 0, true, 1,
            now(), now()
     FROM placed, unnest(CASE floor(random() * 3) WHEN 0 THEN '{meals,sports}'::text[] WHEN 1 THEN '{culture}'
                         ELSE '{elderly_care,health,culture}' END) AS kind`,
  );
  await owner.query('ANALYZE');
  await owner.end();
}
