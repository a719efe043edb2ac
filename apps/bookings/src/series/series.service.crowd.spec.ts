import type { OfferingSnapshot, SiteSnapshot } from '@doorstep/contracts';
import type { Response } from 'supertest';
import type { AvailabilityDto } from '../availability/availability.dto';
import { startWorld, type World } from '../testing/world.fixture';
import type { OccurrenceDto, SeriesDto } from './series.dto';

const CLIENTS = 64;
const SEATS = 20;
/** Tuesdays at eleven in Shanghai, twelve weeks of them. */
const WEEKS = { start: '2026-11-03T11:00', rule: 'FREQ=WEEKLY;COUNT=12' };
const TUESDAYS = Array.from({ length: 12 }, (_, n) =>
  new Date(Date.parse('2026-11-03') + n * 7 * 86_400_000).toISOString().slice(0, 10),
);
const dayOf = (week: number): string => TUESDAYS[week] as string;

interface Booked {
  id: string;
  residentId: string;
  day: string;
  status: string;
}

describe('series of 64 clients on a calendar that moves meanwhile', () => {
  let world: World;
  let lunch: OfferingSnapshot;
  let site: SiteSnapshot;
  let crowd: string[];
  let answers: Response[];
  let ask: (n: number) => PromiseLike<Response>;

  const codeOf = ({ body }: Response): string => (body as { code: string }).code;
  const made = (): SeriesDto[] =>
    answers.filter(({ status }) => status === 201).map(({ body }) => body as SeriesDto);
  const skipped = (): OccurrenceDto[] =>
    made().flatMap(({ occurrences }) => occurrences.filter(({ status }) => status === 'skipped'));
  const bookings = async (): Promise<Booked[]> =>
    (
      await world.service.db.query<Booked>(
        `SELECT id, resident_id AS "residentId", service_day::text AS day, status FROM booking WHERE offering_id = $1`,
        [lunch.offeringId],
      )
    ).rows;

  beforeAll(async () => {
    world = await startWorld({ PERIODIC: 'false', SESSION_HORIZON_DAYS: '90', DATABASE_POOL_MAX: '10' });
    site = world.site();
    lunch = world.offering({ capacity: SEATS, siteId: site.siteId });
    await world.service.deliver(world.contract(), world.contractSite(site.siteId), site, lunch);
    await world.sessions(lunch.offeringId);
    crowd = await world.crowd(CLIENTS + SEATS);
    const [series, singles] = [crowd.slice(0, CLIENTS), crowd.slice(CLIENTS)];
    // One week is nearly full before anybody comes; another one fills while they come.
    const sessionOn = async (week: number) =>
      ((await world.sessions(lunch.offeringId, dayOf(week)))[0] as AvailabilityDto).sessionId;
    const [early, late] = [await sessionOn(1), await sessionOn(2)];
    const first = singles
      .slice(0, SEATS - 2)
      .map((resident) => world.book(lunch, early, resident).expect(202));
    await Promise.all(first);

    // Sixty residents, four of whom two clients ask for at once; every other client takes what it can get.
    ask = (n: number) =>
      world.frontEnd
        .post('/v1/series')
        .set('idempotency-key', `series-${n}`)
        .send({
          offeringId: lunch.offeringId,
          residentId: n < 4 ? series[n + 4] : series[n],
          ...WEEKS,
          onConflict: n % 2 ? 'fail' : 'skip',
        });
    const asked = series.map((_, n) => ask(n));
    const moves = [
      ...singles.map((resident) => world.book(lunch, late, resident)),
      // Closed for a day by somebody at the site, and cancelled what was booked.
      world.owner.post('/v1/closures').send({
        siteId: site.siteId,
        from: `${dayOf(5)}T00:00:00Z`,
        to: `${dayOf(5)}T12:00:00Z`,
        reason: 'water_damage',
      }),
    ];
    const calendar = async (): Promise<void> => {
      const flood = { day: dayOf(7), reason: 'flood', spans: [] };
      await world.service.deliver(world.site({ ...site, openingExceptions: [flood], version: 2 }));
      await world.service.deliver(world.offering({ ...lunch, capacity: SEATS - 5, version: 2 }));
    };
    const [, ...all] = await Promise.all([calendar(), ...asked, ...moves]);
    answers = all.slice(0, CLIENTS);
    expect(all.filter(({ status }) => status >= 500).map(({ status }) => status)).toEqual([]);
    expect(all.at(-1)?.status).toBe(201);
  }, 60_000);
  afterAll(() => world.service.stop());

  it('never sells more than there is, and nothing where it is closed', async () => {
    await world.assertConsistent();
    const live = (await bookings()).filter(({ status }) => status === 'held');
    for (const day of TUESDAYS)
      expect(live.filter((booking) => booking.day === day).length).toBeLessThanOrEqual(SEATS);
    expect(live.filter(({ day }) => day === dayOf(5))).toEqual([]);
  });

  it('is made whole or not at all', async () => {
    const rows = await bookings();
    const { rows: series } = await world.service.db.query<{ id: string; residentId: string }>(
      `SELECT id, resident_id AS "residentId" FROM series`,
    );
    expect(series.map(({ id }) => id).sort()).toEqual(
      made()
        .map(({ id }) => id as string)
        .sort(),
    );
    for (const { occurrences } of made()) {
      expect(occurrences.map(({ originalStart }) => originalStart.slice(0, 10))).toEqual(TUESDAYS);
      expect(occurrences.map(({ status }) => status).sort()).not.toContain('planned');
    }
    const told = made().flatMap(({ occurrences }) => occurrences.flatMap(({ bookingId }) => bookingId ?? []));
    const ofSeries = rows.filter(({ residentId }) => crowd.indexOf(residentId) < CLIENTS);
    expect(told.sort()).toEqual(ofSeries.map(({ id }) => id).sort());
    const once = new Set(ofSeries.map(({ residentId, day }) => `${residentId} ${day}`));
    expect(once.size).toBe(ofSeries.length);
  });

  it('says of each date that it leaves out why, and says so truly', async () => {
    const live = (await bookings()).filter(({ status }) => status === 'held');
    expect(skipped().length).toBeGreaterThan(0);
    for (const { originalStart, reasons = [] } of skipped()) {
      const [day, reason] = [originalStart.slice(0, 10), reasons[0]];
      // Before the day closes, who is asked for twice is busy on it, as on any other.
      if (day === dayOf(5) || day === dayOf(7)) expect(['closed', 'full', 'resident_busy']).toContain(reason);
      else expect(['full', 'resident_busy']).toContain(reason);
      // Nothing was given back but on the day that closed: what was full then is so still.
      if (reason === 'full' && day !== dayOf(5))
        expect(live.filter((booking) => booking.day === day).length).toBeGreaterThanOrEqual(SEATS - 5);
    }
  });

  it('is refused whole with every date and reason where all or nothing was asked for', () => {
    // Every other one leaves out what is not possible, and so is never refused.
    expect(answers.filter(({ status }, n) => status !== 201 && n % 2 === 0)).toEqual([]);
    const refused = answers.filter(({ status }) => status !== 201);
    expect(refused.length).toBeGreaterThan(0);
    for (const answer of refused) {
      expect(answer.status).toBe(409);
      expect(codeOf(answer)).toBe('series_conflicts');
      const { occurrences } = (answer.body as { details: { occurrences: OccurrenceDto[] } }).details;
      for (const { reasons = [] } of occurrences) expect(reasons).not.toEqual([]);
    }
  });

  it('is made once by who asks again, also where somebody was faster at first', async () => {
    const before = await bookings();
    const made = answers.flatMap(({ status }, n) => (status === 201 ? [n] : []));
    const again = await Promise.all(made.map((n) => ask(n)));
    const idOf = ({ body }: Response): unknown => (body as SeriesDto).id;
    expect(again.map(idOf)).toEqual(made.map((n) => idOf(answers[n] as Response)));
    expect(await bookings()).toHaveLength(before.length);
  });
});
