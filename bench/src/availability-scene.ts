import { Client } from 'pg';
import { newId } from '@doorstep/kernel';

/** So many sites of one operator; the first `DENSE` stand within a walk of the centre, the others in rows outside of it. */
export const SITES = 3_000;
export const DENSE = 220;
export const BOOKINGS = 2_000_000;
const RESIDENTS = 40_000;
export const CENTRE = { lng: 121.47, lat: 31.23 };
export const operatorId = newId();
const contractId = newId();

const REGION = '310101013001';
/** Days before and after today that have sessions. */
const [PAST, AHEAD] = [45, 31];

/** Four offerings at each site: lunch, a court by the hour, a class, a carer's visits. */
const OFFERINGS = `
  (VALUES ('LUNCH', 'meals', 'session', 'on_site', 'seats', 40, 0, '11:00', 90, 1),
          ('COURT', 'sports', 'session', 'on_site', 'exclusive', 1, 15, '09:00', 60, 8),
          ('CLASS', 'culture', 'session', 'on_site', 'seats', 20, 0, '14:00', 60, 1),
          ('BATH', 'elderly_care', 'session', 'nearby', 'caregiver', 2, 15, '13:00', 60, 2))
  AS o (code, kind, mode, delivery, model, capacity, buffer, first, minutes, slots)`;

/** Set-based and the same every time: three thousand sites, a month of sessions, two million bookings. */
export async function fillBookings(ownerUrl: string, say: (line: string) => void): Promise<void> {
  const owner = new Client({ connectionString: ownerUrl });
  await owner.connect();
  const run = async (what: string, sql: string, params: unknown[] = []): Promise<void> => {
    const began = performance.now();
    await owner.query(sql, params);
    say(`  ${what}: ${((performance.now() - began) / 1000).toFixed(1)} s`);
  };
  try {
    await owner.query(`SET synchronous_commit = off; SET maintenance_work_mem = '256MB'`);
    await owner.query(`SELECT setseed(0.5), set_config('app.operator_id', '*', false)`);
    // Exclusion is checked in one go at the end, which is much faster than row by row.
    const rules = await constraintsOf(owner);
    for (const { name } of rules) await owner.query(`ALTER TABLE booking DROP CONSTRAINT ${name}`);
    // What is made to fit needs no trigger to look at it, row by row under a lock of its own.
    await owner.query('ALTER TABLE booking DISABLE TRIGGER USER');
    await places(run);
    await run('sessions', SESSIONS, [operatorId, REGION]);
    await run('residents', PEOPLE, [operatorId, REGION]);
    await run('bookings', LUNCHES, [operatorId, contractId, REGION]);
    await run('courts', COURTS, [operatorId, contractId, REGION]);
    await run('counters', COUNTERS);
    for (const { name, definition } of rules)
      await run(name, `ALTER TABLE booking ADD CONSTRAINT ${name} ${definition}`);
    await owner.query('ALTER TABLE booking ENABLE TRIGGER USER');
    await run('analyse', 'VACUUM (ANALYZE)');
  } finally {
    await owner.end();
  }
}

async function constraintsOf(owner: Client): Promise<{ name: string; definition: string }[]> {
  const { rows } = await owner.query<{ name: string; definition: string }>(
    `SELECT conname AS name, pg_get_constraintdef(oid) AS definition FROM pg_constraint
     WHERE conrelid = 'booking'::regclass AND contype = 'x'`,
  );
  return rows;
}

type Run = (what: string, sql: string, params?: unknown[]) => Promise<void>;

async function places(run: Run): Promise<void> {
  const { lng, lat } = CENTRE;
  await run(
    'sites',
    `INSERT INTO site (id, operator_id, code, name_zh, region_code, status, lng, lat, time_zone, opening_hours,
                       opening_exceptions, version)
     SELECT uuidv7(), $1, 'S' || n, '服务点 ' || n, $2, 'operating',
            -- A sunflower within 900 m, then a wide grid.
            CASE WHEN n <= ${DENSE} THEN $3 + 0.0095 * sqrt(n / ${DENSE}.0) * cos(n * 2.39996) ELSE $3 + 0.1 + (n % 60) * 0.02 END,
            CASE WHEN n <= ${DENSE} THEN $4 + 0.0080 * sqrt(n / ${DENSE}.0) * sin(n * 2.39996) ELSE $4 + 0.1 + (n / 60) * 0.02 END,
            'Asia/Shanghai', '[]', '[]', 1
     FROM generate_series(1, ${SITES}) AS n`,
    [operatorId, REGION, lng, lat],
  );
  await run(
    'offerings',
    `INSERT INTO offering (id, operator_id, site_id, code, name_zh, kind, mode, delivery, capacity_model, capacity, skills,
                           schedule, lead_minutes, cutoff_minutes, buffer_minutes, active, version, sessions_due)
     SELECT uuidv7(), s.operator_id, s.id, o.code, o.code, o.kind, o.mode, o.delivery, o.model, o.capacity, '{}', '[]', 0,
            30, o.buffer, true, 1, false
     FROM site s, ${OFFERINGS}`,
  );
  await run(
    'staff',
    `WITH made AS (
       INSERT INTO staff (id, operator_id, site_ids, job_title, skills, active, version)
       SELECT uuidv7(), s.operator_id, ARRAY[s.id], 'caregiver', '{}', true, 1 FROM site s, generate_series(1, 3)
       RETURNING id, site_ids, operator_id)
     INSERT INTO staff_site (site_id, staff_id, operator_id) SELECT site_ids[1], id, operator_id FROM made`,
  );
  await run(
    'contract',
    `WITH made AS (
       INSERT INTO contract (id, operator_id, authority_id, number, status, period, lines, version)
       SELECT $2, $1, uuidv7(), 'C1', 'active', '[2020-01-01,2100-01-01)',
              jsonb_object_agg(kind, '[{"from": "2020-01-01", "to": "2100-01-01"}]'::jsonb), 1
       FROM unnest('{meals,sports,culture,elderly_care}'::text[]) AS kind)
     INSERT INTO contract_site (id, operator_id, contract_id, site_id, period, kinds, in_force, version)
     SELECT uuidv7(), $1, $2, id, '[2020-01-01,2100-01-01)', '{}', true, 1 FROM site`,
    [operatorId, contractId],
  );
}

const SESSIONS = `
  INSERT INTO session (id, operator_id, site_id, offering_id, region_code, kind, mode, starts_at, ends_at, service_day,
                       capacity)
  SELECT uuidv7(), $1, f.site_id, f.id, $2, f.kind, f.mode, at.starts, at.starts + make_interval(mins => o.minutes), d.day,
         f.capacity
  FROM (SELECT (current_date + n)::date AS day, n FROM generate_series(-${PAST}, ${AHEAD}) AS n) AS d,
       offering f JOIN ${OFFERINGS} ON o.code = f.code,
       generate_series(0, o.slots - 1) AS slot,
       LATERAL (SELECT (d.day + o.first::time + make_interval(mins => slot * o.minutes)) AT TIME ZONE 'Asia/Shanghai'
                         AS starts) AS at
  WHERE d.n >= 0 OR f.code = 'LUNCH'`;

const PEOPLE = `
  WITH made AS (
    INSERT INTO resident (id, operator_id, region_code, birth_date, hardship, disability, sealed, version, created_at)
    SELECT uuidv7(), $1, $2, '1950-05-01', false, false, '\\x00', 1, now() FROM generate_series(1, ${RESIDENTS})
    RETURNING id)
  INSERT INTO consent (id, operator_id, resident_id, purpose, granted_by, granted_at)
  SELECT uuidv7(), $1, id, 'booking', 'self', now() FROM made`;

/** Each resident has lunch at one site, day after day: what is over was delivered, what comes is confirmed. */
const LUNCHES = `
  INSERT INTO booking (id, operator_id, contract_id, site_id, offering_id, session_id, resident_id, region_code, kind, mode,
                       delivery, starts_at, ends_at, service_day, party_size, units, status, busy, buffer_minutes, minutes,
                       version, created_at)
  SELECT uuidv7(), $1, $2, s.site_id, s.offering_id, s.id, r.id, $3, s.kind, s.mode, 'on_site', s.starts_at, s.ends_at,
         s.service_day, 1, 1, CASE WHEN s.starts_at < now() THEN 'delivered' ELSE 'confirmed' END,
         tstzmultirange(tstzrange(s.starts_at, s.ends_at)), 0, CASE WHEN s.starts_at < now() THEN 90 END, 3, now()
  FROM (SELECT id, row_number() OVER (ORDER BY id) AS n FROM resident) AS r
  JOIN (SELECT id, row_number() OVER (ORDER BY id) AS n FROM site) AS at ON at.n = 1 + r.n % ${SITES}
  JOIN session s ON s.site_id = at.id AND s.kind = 'meals'
  WHERE s.service_day < current_date + ${Math.ceil(BOOKINGS / RESIDENTS) - PAST}`;

/** A third of the courts to come is taken. */
const COURTS = `
  INSERT INTO booking (id, operator_id, contract_id, site_id, offering_id, session_id, resident_id, region_code, kind, mode,
                       delivery, starts_at, ends_at, service_day, party_size, units, status, space_id, buffer_minutes,
                       occupies, version, created_at)
  SELECT uuidv7(), $1, $2, s.site_id, s.offering_id, s.id, (SELECT id FROM resident LIMIT 1), $3, s.kind, s.mode, 'on_site',
         s.starts_at, s.ends_at, s.service_day, 2, 1, 'confirmed', s.offering_id, 15,
         tstzmultirange(tstzrange(s.starts_at, s.ends_at + interval '15 minutes')), 2, now()
  FROM session s
  WHERE s.kind = 'sports' AND extract(hour FROM s.starts_at AT TIME ZONE 'Asia/Shanghai')::int % 3 = 0
    AND s.service_day < current_date + 15`;

const COUNTERS = `
  UPDATE session s SET taken = c.units
  FROM (SELECT session_id, sum(units)::int AS units FROM booking GROUP BY session_id) AS c WHERE c.session_id = s.id`;
