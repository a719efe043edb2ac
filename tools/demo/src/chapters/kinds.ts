import { same } from '../checks';
import type { Chapter, Stage, Told } from './chapter';
import {
  at,
  book,
  type Booked,
  confirmed,
  every,
  nextDay,
  openOwnSite,
  type OwnSite,
  register,
  sessionsOf,
} from './own-site';

const PRICE_FEN = 3_000;
const SATURDAY = 6;

/** Each kind with the model that is natural to it. */
const OFFERINGS = {
  // A place for the whole day, with so many people to one carer.
  daycare: {
    kind: 'elderly_care',
    mode: 'full_day',
    capacityModel: 'places',
    capacity: 12,
    staffRatio: 6,
    staffCount: 2,
    ageMonthsMin: 720,
    schedule: every('08:00', '16:00'),
  },
  // Somebody's time and skill at home, checked in and out.
  repair: {
    kind: 'household',
    mode: 'visit',
    delivery: 'home',
    capacityModel: 'caregiver',
    capacity: 2,
    skills: ['repair'],
    schedule: every('09:00', '12:00', 60),
  },
  // Somebody's time and skill at the site.
  nurse: {
    kind: 'health',
    capacityModel: 'caregiver',
    capacity: 1,
    skills: ['nursing'],
    schedule: every('09:00', '11:00', 30),
  },
  // A court for one party, by the hour.
  court: {
    kind: 'sports',
    capacityModel: 'exclusive',
    capacity: 1,
    needsSpace: '球场',
    schedule: every('14:00', '18:00', 60),
  },
  // A room that is open all day to whoever comes in.
  reading: { kind: 'culture', capacityModel: 'seats', capacity: 20, schedule: every('09:00', '20:00') },
  // An hour for a child and who comes along.
  playhour: {
    kind: 'recreation',
    capacityModel: 'seats',
    capacity: 10,
    ageMonthsMin: 12,
    ageMonthsMax: 144,
    schedule: every('15:00', '16:00'),
  },
  // A place after school, on the weekdays of a term.
  afterschool: {
    kind: 'after_school',
    mode: 'half_day',
    capacityModel: 'places',
    capacity: 20,
    staffRatio: 10,
    staffCount: 2,
    ageMonthsMin: 72,
    ageMonthsMax: 180,
    schedule: every('15:30', '18:00'),
  },
} as const;
type Offering = keyof typeof OFFERINGS;

const KINDS = Object.values(OFFERINGS).map(({ kind }) => kind);

/** One worked example of each kind that the day itself did not play, by the model that suits it. */
export const kinds: Chapter = {
  title: 'every kind of service',
  async play(stage: Stage): Promise<Told> {
    const site = await openOwnSite(stage, {
      mark: `KINDS-${stage.scene.operatorId.slice(-6)}`,
      name: '综合服务站',
      services: KINDS.map((kind) => ({ kind, priceFen: PRICE_FEN })),
      offerings: Object.fromEntries(Object.entries(OFFERINGS).map(([name, body]) => [name, { ...body }])),
      staff: [['repair'], ['nursing']],
    });
    const day = nextDay(stage);
    const examples = await bookEach(stage, site, day);
    await goThrough(stage, site, day, examples);
    await stage.everythingHeard();
    return tell(stage, site, day, examples);
  },
};

interface Examples {
  attended: Booked[];
  repair: Booked;
  /** A child's afternoons of the coming two weeks. */
  afternoons: Booked[];
}

async function bookEach(stage: Stage, site: OwnSite, day: string): Promise<Examples> {
  const child = (years: number) => ({
    birthDate: `${Number(day.slice(0, 4)) - years}-03-03`,
    consents: [{ purpose: 'booking', grantedBy: 'guardian' }],
  });
  const once = async (offering: Offering, residentId: string, partySize = 1): Promise<Booked> => {
    const [session] = await sessionsOf(stage.scene.frontEnd, site.offerings[offering], day);
    return book(stage, site.offerings[offering], session.sessionId, residentId, partySize);
  };
  return {
    attended: [
      await once('daycare', await register(stage)),
      await once('nurse', await register(stage)),
      await once('playhour', await register(stage, child(4)), 2),
      // Two hours of the court: both or none, as a series of two.
      ...(await series(stage, site, 'court', await register(stage), `${day}T14:00`, 'FREQ=DAILY;COUNT=1', {
        besides: [`${day}T15:00`],
      })),
    ],
    repair: await once('repair', await register(stage)),
    afternoons: await series(
      stage,
      site,
      'afterschool',
      await register(stage, child(8)),
      `${firstSchoolDay(day)}T15:30`,
      'FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR;COUNT=8',
      {
        except: [],
      },
    ),
  };
}

async function series(
  stage: Stage,
  site: OwnSite,
  offering: Offering,
  residentId: string,
  start: string,
  rule: string,
  more: Record<string, string[]>,
): Promise<Booked[]> {
  const body = { offeringId: site.offerings[offering], residentId, start, rule, ...more };
  const { occurrences } = await stage.scene.frontEnd.post<{ occurrences: { bookingId?: string }[] }>(
    '/v1/series',
    body,
  );
  const booked: Booked[] = [];
  for (const { bookingId } of occurrences) if (bookingId) booked.push(await confirmed(stage, bookingId));
  return booked;
}

/** The next day, hour by hour: a repair at home, a reader who has not booked, attendance for the rest. */
async function goThrough(stage: Stage, site: OwnSite, day: string, examples: Examples): Promise<void> {
  const { owner, frontEnd } = stage.scene;
  const { repair } = examples;
  await stage.clock.moveTo(at(day, '09:00'));
  await frontEnd.post(`/v1/bookings/${repair.id}/check-in`, { code: repair.visitCode });
  await stage.clock.moveTo(at(day, '09:50'));
  await frontEnd.post(`/v1/bookings/${repair.id}/check-out`, {});
  await stage.clock.moveTo(at(day, '13:00'));
  const to = new Date(Date.parse(day) + 86_400_000).toISOString().slice(0, 10);
  const path = `/v1/availability?offeringId=${site.offerings.reading}&from=${day}&to=${to}`;
  const { items } = await frontEnd.get<{ items: { sessionId: string }[] }>(path);
  const reader = { residentId: await register(stage) };
  const { id } = await owner.post<Booked>(`/v1/sessions/${items[0].sessionId}/walk-ins`, reader, {
    prefer: 'wait=10',
  });
  examples.attended.push(await confirmed(stage, id));
  await stage.clock.moveTo(at(day, '18:30'));
  const today = examples.afternoons.filter(({ start }) => new Date(start) < stage.clock.now());
  for (const booking of [...examples.attended, ...today])
    await owner.post(`/v1/bookings/${booking.id}/attendance`, { outcome: 'attended' });
}

async function tell({ books }: Stage, site: OwnSite, day: string, examples: Examples): Promise<Told> {
  const rows = await books.rows<{ kind: string; status: string; count: number }>(
    'bookings',
    `SELECT kind, status, count(*)::int AS count FROM booking GROUP BY kind, status ORDER BY kind, status`,
  );
  const byKind: Record<string, Record<string, number>> = {};
  for (const { kind, status, count } of rows) (byKind[kind] ??= {})[status] = count;
  const here = await books.rows<{ kind: string; delivered: number }>(
    'bookings',
    `SELECT kind, coalesce(sum(party_size) FILTER (WHERE status = 'delivered'), 0)::int AS delivered FROM booking
     WHERE site_id = $1 GROUP BY kind ORDER BY kind`,
    [site.siteId],
  );
  const delivered = here.reduce((sum, row) => sum + row.delivered, 0);
  const captured = await books.number(
    'billing',
    `SELECT coalesce(sum(gross_fen), 0) FROM charge WHERE site_id = $1 AND status = 'captured'`,
    [site.siteId],
  );
  const weekday = firstSchoolDay(day) === day;
  const expected = [...new Set(KINDS)].filter((kind) => kind !== 'after_school' || weekday).sort();
  const standing = examples.afternoons.filter(({ status }) => status === 'confirmed').length;
  const checks = [
    same(
      'every kind was delivered by its own model',
      'kinds with a delivered service at the site against those it offers that day',
      here
        .filter((row) => row.delivered > 0)
        .map(({ kind }) => kind)
        .join(),
      expected.join(),
    ),
    same(
      'each of them is charged',
      'captured fen against people served at one price',
      captured,
      delivered * PRICE_FEN,
    ),
    same('a term is booked at once', 'afternoons confirmed', standing, 8),
  ];
  const text = `${Object.keys(byKind).length} kinds booked: ${Object.entries(byKind)
    .map(([kind, counts]) => `${kind} ${Object.values(counts).reduce((a, b) => a + b, 0)}`)
    .join(' · ')}`;
  return { report: { bookings: { byKind } }, rows: [['Kinds of service', text]], checks };
}

/** The day itself, or the Monday after it. */
function firstSchoolDay(day: string): string {
  const weekday = new Date(day).getUTCDay() || 7;
  const ahead = weekday < SATURDAY ? 0 : 8 - weekday;
  return new Date(Date.parse(day) + ahead * 86_400_000).toISOString().slice(0, 10);
}
