import { Client } from 'pg';
import { BookingHeld, event, ServiceDelivered } from '@doorstep/contracts';
import { newId } from '@doorstep/kernel';

export const operatorId = newId();
export const SITES = 64;
const RESIDENTS = 5_000;
const CONTRACT = newId();
const FUNDER = newId();
/** A Monday; its budgets are those of its month. */
export const DAY = '2026-11-02';

/** spread: each street has a budget of its own. hot: the whole city draws on one. */
export type Purse = 'spread' | 'hot';
const KINDS: Record<Purse, string> = { spread: 'meals', hot: 'sports' };

export interface Place {
  siteId: string;
  regionCode: string;
  offerings: Record<Purse, string>;
}

export interface BillingScene {
  places: Place[];
  residents: string[];
}

/**
 * One operator with sites in 64 streets, prices of its own at every eighth of them and dearer evenings at the courts; five
 * programmes, of which one gives for each lunch by the street's budget, one for each hour of sport by the city's, and three
 * ask for what nobody here is.
 */
export async function fillBilling(ownerUrl: string): Promise<BillingScene> {
  const places = Array.from({ length: SITES }, (_, n): Place => ({
    siteId: newId(),
    regionCode: `310101${String(n).padStart(3, '0')}001`,
    offerings: { spread: newId(), hot: newId() },
  }));
  const residents = Array.from({ length: RESIDENTS }, () => newId());
  const client = new Client({ connectionString: ownerUrl });
  await client.connect();
  try {
    await client.query(`SELECT set_config('app.operator_id', '*', false)`);
    await fillKnown(client, places, residents);
    await fillPrices(client, places);
    await fillProgrammes(client, places);
    await client.query('ANALYZE');
  } finally {
    await client.end();
  }
  return { places, residents };
}

async function fillKnown(client: Client, places: readonly Place[], residents: readonly string[]) {
  const sites = JSON.stringify(places);
  const services = [
    { kind: 'meals', priceCeilingFen: 3_000 },
    { kind: 'sports', priceCeilingFen: 9_000 },
  ];
  await client.query(
    `INSERT INTO known_organisation (id, kind, name, version) VALUES ($1, 'funder', '市民政局', 1)`,
    [FUNDER],
  );
  await client.query(
    `INSERT INTO known_contract (id, operator_id, authority_id, number, status, from_day, to_day, services, version)
     VALUES ($1, $2, $3, 'BENCH', 'active', '2026-01-01', '2029-01-01', $4, 1)`,
    [CONTRACT, operatorId, newId(), JSON.stringify(services)],
  );
  const of = `FROM jsonb_to_recordset($1) AS s ("siteId" uuid, "regionCode" text, offerings jsonb)`;
  await client.query(
    `INSERT INTO known_site (id, operator_id, code, name_zh, region_code, time_zone, version)
     SELECT "siteId", $2, "regionCode", "regionCode", "regionCode", 'Asia/Shanghai', 1 ${of}`,
    [sites, operatorId],
  );
  await client.query(
    `INSERT INTO operator_region (operator_id, prefix)
     SELECT DISTINCT $2::uuid, left("regionCode", digits) ${of}, unnest('{2,4,6,9,12}'::int[]) AS digits`,
    [sites, operatorId],
  );
  await client.query(
    `INSERT INTO known_placement (id, operator_id, contract_id, site_id, from_day, to_day, kinds, in_force, version)
     SELECT uuidv7(), $2, $3, "siteId", '2026-01-01', '2029-01-01', '{}', true, 1 ${of}`,
    [sites, operatorId, CONTRACT],
  );
  await client.query(
    `INSERT INTO known_offering (id, operator_id, site_id, kind, mode, capacity_model, active, version)
     SELECT (offerings ->> k.purse)::uuid, $2, "siteId", k.kind, 'session', 'seats', true, 1
     ${of}, (VALUES ('spread', 'meals'), ('hot', 'sports')) AS k (purse, kind)`,
    [sites, operatorId],
  );
  await client.query(
    `INSERT INTO known_resident (id, operator_id, birth_date, region_code, hardship, disability, subsidy_consent, erased, version)
     SELECT id, $2, '1950-05-05', '310101001001', false, false, true, false, 1 FROM unnest($1::uuid[]) AS id`,
    [residents, operatorId],
  );
}

async function fillPrices(client: Client, places: readonly Place[]) {
  const evening = [{ days: ['workday', 'weekend', 'holiday'], from: '18:00', to: '22:00', amountFen: 4_000 }];
  const price = `INSERT INTO price (id, operator_id, contract_id, site_id, kind, unit, amount_fen, bands, from_day, created_by,
                                    created_at)`;
  await client.query(
    `${price} VALUES (uuidv7(), $1, $2, NULL, 'meals', 'use', 1800, '[]', '2026-01-01', $1, now()),
                     (uuidv7(), $1, $2, NULL, 'sports', 'hour', 3000, $3, '2026-01-01', $1, now())`,
    [operatorId, CONTRACT, JSON.stringify(evening)],
  );
  await client.query(
    `${price} SELECT uuidv7(), $1, $2, id, 'meals', 'use', 1900, '[]', '2026-01-01', $1, now() FROM unnest($3::uuid[]) AS id`,
    [operatorId, CONTRACT, places.filter((_, n) => n % 8 === 0).map(({ siteId }) => siteId)],
  );
}

const PROGRAMMES = [
  { code: 'LUNCH', kind: 'meals', eligibility: { ageYearsMin: 60 } },
  { code: 'SPORT', kind: 'sports', eligibility: { ageYearsMin: 60 } },
  { code: 'YOUNG', kind: 'meals', eligibility: { ageYearsMax: 17 } },
  { code: 'CARE', kind: 'meals', eligibility: { careLevels: ['severe', 'total'] } },
  { code: 'HARDSHIP', kind: 'sports', eligibility: { hardship: true } },
];

async function fillProgrammes(client: Client, places: readonly Place[]) {
  const streets = places.map(({ regionCode }) => regionCode.slice(0, 9));
  for (const [position, { code, kind, eligibility }] of PROGRAMMES.entries()) {
    const id = newId();
    await client.query(
      `INSERT INTO programme (id, code, name_zh, funder_id, payer, region_prefix, created_by, created_at)
       VALUES ($1, $2, $2, $3, 'funder', '3101', $1, now())`,
      [id, `${code}-${id.slice(-8)}`, FUNDER],
    );
    await client.query(
      `INSERT INTO programme_terms (id, programme_id, from_day, kinds, eligibility, base, fixed_fen, caps, position, excludes,
                                    created_by, created_at)
       VALUES (uuidv7(), $1, '2026-01-01', $2, $3, 'gross', 200, '{}', $4, '{}', $1, now())`,
      [id, [kind], JSON.stringify(eligibility), position],
    );
    await client.query(
      `INSERT INTO programme_budget (id, programme_id, period, region_prefix, amount_fen, created_by, created_at)
       SELECT uuidv7(), $1, $2, prefix, 1000000000, $1, now() FROM unnest($3::text[]) AS prefix`,
      [id, DAY.slice(0, 7), code === 'LUNCH' ? streets : ['3101']],
    );
  }
}

/** The n-th booking of a scene: sites and residents in turn. */
export function heldBooking({ places, residents }: BillingScene, purse: Purse, n: number): BookingHeld {
  const { siteId, regionCode, offerings } = places[n % places.length] as Place;
  return event(BookingHeld, {
    ...{ operatorId, bookingId: newId(), contractId: CONTRACT, siteId, offeringId: offerings[purse] },
    ...{ residentId: residents[n % residents.length] as string, kind: KINDS[purse], mode: 'session' },
    ...{ regionCode, serviceDay: DAY, partySize: 1, version: 1, at: `${DAY}T00:00:00.000Z` },
    ...{ start: `${DAY}T03:00:00.000Z`, end: `${DAY}T04:00:00.000Z` },
    expiresAt: new Date(Date.now() + 600_000).toISOString(),
  });
}

export function deliveredService({ expiresAt: _expiresAt, ...facts }: BookingHeld): ServiceDelivered {
  return event(ServiceDelivered, { ...facts, minutes: 60, evidence: 'attendance', version: 3 });
}
