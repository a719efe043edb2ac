import { randomUUID } from 'node:crypto';
import {
  type Area,
  FrontEnd,
  inParallel,
  loadArea,
  makePlan,
  Progress,
  Refused,
  type Scene,
  setUp,
} from '@doorstep/demo';
import { testPlatform } from '@doorstep/testing';
import { DateTime } from 'luxon';
import { Client } from 'pg';

const CLIENTS = 64;
const SEATS = 50;
const SCENE_NUMBER = 64;
const DAY = DateTime.now().setZone('Asia/Shanghai').plus({ days: 2 }).toFormat('yyyy-MM-dd');

interface Session {
  sessionId: string;
  offeringId: string;
  free: number;
  bookable: boolean;
}

describe('64 clients at the same moment', () => {
  const platform = testPlatform();
  const gateway = FrontEnd.connect(platform.gatewayUrl);
  const books = new Client({ connectionString: platform.services.bookings.databaseUrl });
  let scene: Scene;

  beforeAll(async () => {
    await books.connect();
    const area = loadArea(['3101'], 1, 7);
    const login = { login: platform.adminLogin, password: platform.adminPassword };
    scene = await setUp(
      gateway,
      login,
      area,
      planFor(area),
      DAY,
      new Progress({ silent: true }),
      SCENE_NUMBER,
    );
  }, 120_000);
  afterAll(async () => {
    await books.end();
    await gateway.close();
  });

  it(`sell ${SEATS} seats to ${SEATS}, and tell the others that it is full`, async () => {
    const [session] = await sessionsOf('meals');
    const outcomes = await everybodyBooks(session);
    expect(tally(outcomes)).toEqual({ confirmed: SEATS, full: CLIENTS - SEATS });
    expect(await stored(session)).toEqual({ bookings: SEATS, units: SEATS, taken: SEATS });
    const [after] = await sessionsOf('meals');
    expect(after).toMatchObject({ free: 0, bookable: false });
  });

  it('sell one court to one', async () => {
    const [slot] = await sessionsOf('sports');
    const outcomes = await everybodyBooks(slot);
    expect(outcomes.filter((outcome) => outcome === 'confirmed')).toHaveLength(1);
    expect(
      outcomes
        .filter((outcome) => outcome !== 'confirmed')
        .every((code) => ['full', 'space_taken'].includes(code)),
    ).toBe(true);
    expect(await stored(slot)).toMatchObject({ bookings: 1 });
  });

  it('get one booking from one key, however often it is sent', async () => {
    const [, slot] = await sessionsOf('sports');
    const key = randomUUID();
    const answers = await inParallel(scene.residents.slice(0, 1), 1, () =>
      inParallel(Array.from({ length: 16 }), 16, () => book(slot, scene.residents[0].id, key)),
    );
    const done = answers[0].filter((answer) => answer.startsWith('confirmed'));
    expect(new Set(done).size).toBe(1);
    expect(
      answers[0].every((answer) => answer.startsWith('confirmed') || answer === 'idempotency_in_progress'),
    ).toBe(true);
    expect(await stored(slot)).toMatchObject({ bookings: 1 });
  });

  async function sessionsOf(kind: string): Promise<Session[]> {
    const offering = scene.sites[0].offerings.find((o) => o.kind === kind);
    const next = DateTime.fromISO(DAY).plus({ days: 1 }).toISODate();
    const path = `/v1/availability?offeringId=${offering?.id}&from=${DAY}&to=${next}`;
    for (let attempt = 0; attempt < 100; attempt++) {
      const { items } = await scene.frontEnd.get<{ items: Session[] }>(path);
      if (items.length > 0) return items;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    throw new Error(`no ${kind} session came up within 10 s`);
  }

  async function everybodyBooks(session: Session): Promise<string[]> {
    const outcomes = await inParallel(scene.residents, CLIENTS, (resident) =>
      book(session, resident.id, randomUUID()),
    );
    return outcomes.map((outcome) => outcome.split(' ')[0]);
  }

  /** `confirmed <id>`, or the code of the refusal. */
  async function book({ sessionId, offeringId }: Session, residentId: string, key: string): Promise<string> {
    try {
      const { body } = await scene.frontEnd.send<{ id: string; status: string }>('POST', '/v1/bookings', {
        body: { offeringId, sessionId, residentId, partySize: 1 },
        headers: { 'idempotency-key': key, prefer: 'wait=10' },
      });
      return `${body.status} ${body.id}`;
    } catch (error) {
      if (error instanceof Refused && error.status === 409) return error.code;
      throw error;
    }
  }

  async function stored(session: Session): Promise<{ bookings: number; units: number; taken: number }> {
    const { rows } = await books.query(
      `SELECT count(*)::int AS bookings, coalesce(sum(b.units), 0)::int AS units, max(s.taken)::int AS taken
       FROM session s LEFT JOIN booking b ON b.session_id = s.id AND b.status IN ('held', 'confirmed') WHERE s.id = $1`,
      [session.sessionId],
    );
    return rows[0];
  }
});

/** One complex with fifty seats and a court, and 64 grown-ups who want both. */
function planFor(area: Area) {
  const plan = makePlan(area, DAY, 7);
  const [site] = plan.sites;
  const adult = plan.residents.find((resident) => resident.wants === 'sports');
  if (!adult) throw new Error('the plan has nobody who plays');
  return {
    ...plan,
    programmes: [],
    sites: [
      {
        ...site,
        offerings: site.offerings.map((o) =>
          o.kind === 'meals' ? { ...o, capacity: SEATS, body: { ...o.body, capacity: SEATS } } : o,
        ),
      },
    ],
    residents: Array.from({ length: CLIENTS }, (_, i) => ({
      ...adult,
      body: { ...adult.body, mobile: `139${String(i).padStart(8, '0')}` },
    })),
  };
}

function tally(outcomes: string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const outcome of outcomes) counts[outcome] = (counts[outcome] ?? 0) + 1;
  return counts;
}
