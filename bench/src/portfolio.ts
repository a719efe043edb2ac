import { newId } from '@doorstep/kernel';
import { type Actor, IDENTITY_HEADER } from '@doorstep/platform';
import { Client } from 'pg';
import { request } from 'undici';
import { type Measurement, percentiles, residentMb, round, withFloor } from './measure';
import { type BenchStack, openServiceDatabase, type ServiceProcess, startService } from './service-process';

const SITES = 500;
const MONTHS = 24;
const ROUNDS = 40;

const operatorId = newId();
const owner: Actor = {
  id: newId(),
  kind: 'person',
  organisationId: operatorId,
  operatorId,
  regionPrefix: null,
  roles: ['owner'],
};

const PEOPLE_A_SITE = 200;
const COMES_A_MONTH = 5;

const SPAN = 'from=2024-12&to=2026-12';
const SUMS = `sum(sessions)::bigint, sum(capacity)::bigint, sum(booked)::bigint, sum(attended)::bigint, sum(no_show)::bigint,
  sum(cancelled)::bigint, sum(visits)::bigint, sum(waiting)::bigint, sum(gross_fen)::bigint, sum(resident_fen)::bigint,
  sum(funders_fen)::bigint, sum(concession_fen)::bigint`;
const COSTS = `sum(base_labour_fen)::bigint, sum(service_labour_fen)::bigint, sum(materials_fen)::bigint, sum(premises_fen)::bigint`;
const OF = `operator_id = $1 AND month >= '2024-12-01' AND month < '2026-12-01'`;

/** A question to the service, and the SQL that answers it and nothing else. */
interface Question {
  name: string;
  path: string;
  floor: string[];
}

const groupedBy = (key: string): string[] => [
  `SELECT ${key}, ${SUMS} FROM portfolio_figure WHERE ${OF} GROUP BY 1`,
  `SELECT ${key}, ${COSTS} FROM portfolio_cost WHERE ${OF} GROUP BY 1`,
];

const QUESTIONS: Question[] = [
  {
    name: 'the whole chain',
    path: `summary?${SPAN}`,
    floor: [
      `SELECT ${SUMS} FROM portfolio_figure WHERE ${OF}`,
      `SELECT ${COSTS} FROM portfolio_cost WHERE ${OF}`,
    ],
  },
  {
    name: 'by street',
    path: `figures?${SPAN}&by=street&limit=200`,
    floor: groupedBy('left(region_code, 9)'),
  },
  {
    name: 'by site, worst margin first',
    path: `figures?${SPAN}&by=site&sort=margin&limit=200`,
    floor: groupedBy('site_id'),
  },
  { name: 'by month', path: `figures?${SPAN}&by=month`, floor: groupedBy('month') },
  {
    name: 'margins by site × kind × payer, one page',
    path: `margins?${SPAN}&limit=200`,
    floor: [
      `SELECT site_id, kind, payer, funder_id, sum(revenue_fen)::bigint, ${COSTS} FROM portfolio_margin WHERE ${OF}
             GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4 LIMIT 201`,
    ],
  },
  {
    name: 'the monthly street report, people counted once',
    path: 'street-reports?month=2026-11&limit=200',
    floor: [
      `SELECT street, count(*) FROM (
         SELECT DISTINCT left(region_code, 9) AS street, unnest(people) FROM portfolio_people
         WHERE operator_id = $1 AND month = '2026-11-01') came GROUP BY 1`,
    ],
  },
];

/** A chain of 500 sites over two years, over HTTP against an operators service in a process of its own; beside it the bare SQL. */
export async function benchPortfolio(stack: BenchStack): Promise<Measurement[]> {
  const database = await openServiceDatabase(stack, 'operators');
  try {
    await fill(database.ownerUrl);
    const service = await startService(stack, 'operators', database.appUrl);
    const client = new Client({ connectionString: database.appUrl });
    await client.connect();
    try {
      const measurements: Measurement[] = [];
      for (const question of QUESTIONS) measurements.push(await measure(service, client, question));
      return measurements;
    } finally {
      await client.end();
      await service.stop();
    }
  } finally {
    await database.close();
  }
}

async function measure(service: ServiceProcess, client: Client, question: Question): Promise<Measurement> {
  const identity = await service.identity(owner);
  const samples = await timed(async () => {
    const answer = await request(`${service.url}/v1/portfolio/${question.path}`, {
      headers: { [IDENTITY_HEADER]: identity },
    });
    const text = await answer.body.text();
    if (answer.statusCode !== 200) throw new Error(`portfolio answered ${answer.statusCode}: ${text}`);
  });
  // Under the same row-level security, in the same kind of transaction.
  const floor = await timed(async () => {
    await client.query(`BEGIN READ ONLY; SELECT set_config('app.operator_id', '${operatorId}', true)`);
    for (const statement of question.floor) await client.query(statement, [operatorId]);
    await client.query('COMMIT');
  });
  const own = percentiles(samples);
  const perSecond = (each: number[]): number =>
    round(1000 / (each.reduce((sum, ms) => sum + ms, 0) / each.length), 1);
  const memoryMb = await residentMb(service.pid);
  return withFloor({
    name: `portfolio, ${SITES} sites × ${MONTHS} months: ${question.name}`,
    value: perSecond(samples),
    unit: 'answers/s',
    floor: perSecond(floor),
    details: {
      ...{ p50Ms: own.p50, p95Ms: own.p95, maxMs: own.max, floorP95Ms: percentiles(floor).p95 },
      ...(memoryMb !== undefined && { memoryMb }),
    },
  });
}

async function timed(work: () => Promise<void>): Promise<number[]> {
  const samples: number[] = [];
  for (let i = -3; i < ROUNDS; i++) {
    const before = performance.now();
    await work();
    if (i >= 0) samples.push(performance.now() - before);
  }
  return samples;
}

/** Figures as the maker writes them: five kinds a site, three payers a kind. Set-based and seeded. */
async function fill(ownerUrl: string): Promise<void> {
  const client = new Client({ connectionString: ownerUrl });
  await client.connect();
  await client.query(`SELECT setseed(0.5), set_config('app.operator_id', '*', false)`);
  const place = `operator_id, site_id, month, contract_id, region_code, kind`;
  await client.query(
    `CREATE TEMP TABLE cell AS
     SELECT $1::uuid AS operator_id, s.site_id, m.month::date, s.contract_id, s.region_code, k.kind,
            (random() * 900)::int AS visits, (random() * 900000)::int AS resident, (random() * 300000)::int AS funders
     FROM (SELECT n, uuidv7() AS site_id, md5((n % 5)::text)::uuid AS contract_id,
                  '310101' || lpad((n % 120)::text, 3, '0') || '001' AS region_code FROM generate_series(1, ${SITES}) n) s,
          generate_series('2024-12-01'::date, '2026-11-01', '1 month') AS m (month),
          unnest('{meals,sports,culture,health,elderly_care}'::text[]) AS k (kind)`,
    [operatorId],
  );
  await client.query(
    `INSERT INTO portfolio_figure (${place}, sessions, capacity, booked, attended, no_show, cancelled, visits, waiting,
                                   gross_fen, resident_fen, funders_fen, concession_fen)
     SELECT ${place}, 30, 900, visits, visits, 0, 0, visits, 0, resident + funders + 10, resident, funders, 10 FROM cell`,
  );
  await client.query(
    `INSERT INTO portfolio_funder (${place}, funder_id, amount_fen) SELECT ${place}, md5('funder')::uuid, funders FROM cell`,
  );
  await client.query(
    `INSERT INTO portfolio_cost (${place}, base_labour_fen, service_labour_fen, materials_fen, premises_fen)
     SELECT ${place}, 3000, 6000, 9000, 12000 FROM cell`,
  );
  await client.query(
    `INSERT INTO portfolio_margin (${place}, payer, funder_id, revenue_fen, base_labour_fen, service_labour_fen, materials_fen,
                                   premises_fen)
     SELECT ${place}, p.payer, p.funder, CASE p.payer WHEN 'resident' THEN resident WHEN 'funder' THEN funders ELSE 0 END,
            1000, 2000, 3000, 4000
     FROM cell, (VALUES ('resident', NULL::uuid), ('funder', md5('funder')::uuid), ('concession', NULL)) AS p (payer, funder)`,
  );
  await fillPeople(client);
  await client.query('ANALYZE');
  await client.end();
}

/** A month of people: at each site so many who come so often, and as many days of children in care at every fifth. */
async function fillPeople(client: Client): Promise<void> {
  await client.query(
    `CREATE TEMP TABLE person AS
     SELECT c.operator_id, c.site_id, c.contract_id, c.region_code, c.n, uuidv7() AS resident_id
     FROM (SELECT DISTINCT operator_id, site_id, contract_id, region_code, dense_rank() OVER (ORDER BY site_id) AS n FROM cell) c,
          generate_series(1, ${PEOPLE_A_SITE})`,
  );
  const days = `generate_series('2026-11-01'::date, '2026-11-30', '${30 / COMES_A_MONTH} days') AS d (day)`;
  await client.query(
    `INSERT INTO known_booking (booking_id, operator_id, contract_id, site_id, offering_id, kind, mode, region_code, starts_at,
                                ends_at, service_day, party_size, status, version, resident_id)
     SELECT uuidv7(), operator_id, contract_id, site_id, site_id, 'meals', 'session', region_code, d.day, d.day, d.day::date, 1,
            'delivered', 3, resident_id
     FROM ${days}, person`,
  );
  await client.query(
    `INSERT INTO known_attendance (placement_id, day, operator_id, site_id, region_code, resident_id, came, version)
     SELECT resident_id, d.day::date, operator_id, site_id, region_code, resident_id, true, 2
     FROM ${days}, person WHERE n % 5 = 0`,
  );
  await client.query(
    `INSERT INTO portfolio_people (operator_id, site_id, month, contract_id, region_code, people)
     SELECT operator_id, site_id, '2026-11-01', contract_id, region_code, array_agg(resident_id ORDER BY resident_id)
     FROM person GROUP BY operator_id, site_id, contract_id, region_code`,
  );
  // The figures are there already.
  await client.query(`DELETE FROM portfolio_due`);
}
