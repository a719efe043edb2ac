import { BookingHeld, OccurrenceSkipped } from '@doorstep/contracts';
import { newId } from '@doorstep/kernel';
import { PeriodicRunner } from '@doorstep/platform';
import type { BookingDto } from '../bookings/bookings.dto';
import { daily } from '../testing/neighbours.fixture';
import { startWorld, type World } from '../testing/world.fixture';
import type { SeriesDto } from './series.dto';

describe('a series', () => {
  let world: World;

  beforeAll(async () => {
    world = await startWorld({ PERIODIC: 'false', SESSION_HORIZON_DAYS: '10' });
  });
  afterEach(() => world.clock.set('2026-11-02T01:00:00Z'));
  afterAll(async () => {
    await world.assertConsistent();
    await world.service.stop();
  });

  // Within the horizon of ten days: 3, 5 and 10 November; beyond it: 12 and 17.
  const twiceAWeek = { start: '2026-11-03T11:00', rule: 'FREQ=WEEKLY;BYDAY=TU,TH;COUNT=5' };
  const ask = (offeringId: string, residentId: string, more: Record<string, unknown> = {}) =>
    world.frontEnd.post('/v1/series').send({ offeringId, residentId, ...twiceAWeek, ...more });
  const short = ({ occurrences }: SeriesDto): string[] =>
    occurrences.map(({ originalStart, status, bookingStatus, reasons }) =>
      [originalStart.slice(5, 10), bookingStatus ?? status, ...(reasons ?? [])].join(' '),
    );
  const find = async (id: string | undefined): Promise<SeriesDto> =>
    (await world.frontEnd.get(`/v1/series/${id}`).expect(200)).body as SeriesDto;
  const confirmAll = async ({ occurrences }: SeriesDto): Promise<void> => {
    for (const { bookingId } of occurrences) {
      if (bookingId) await world.service.deliver(world.authorised(await world.booking(bookingId)));
    }
  };
  const run = (name: string) => world.service.running.app.get(PeriodicRunner).runNow(name);

  it('is shown first, then booked as it was shown', async () => {
    const lunch = await world.open();
    const resident = await world.resident();
    const preview = (await ask(lunch.offeringId, resident, { preview: true }).expect(200)).body as SeriesDto;
    const expected = ['11-03 booked', '11-05 booked', '11-10 booked', '11-12 planned', '11-17 planned'];
    expect(short(preview)).toEqual(expected);
    expect(preview.id).toBeUndefined();
    const { rows } = await world.service.db.query('SELECT FROM booking WHERE resident_id = $1', [resident]);
    expect(rows).toHaveLength(0);

    const series = (await ask(lunch.offeringId, resident).expect(201)).body as SeriesDto;
    expect(short(series)).toEqual(expected.map((line) => line.replace('booked', 'held')));
    expect(series.recurrence).toEqual([
      'DTSTART;TZID=Asia/Shanghai:20261103T110000',
      'RRULE:FREQ=WEEKLY;BYDAY=TU,TH;COUNT=5',
    ]);
    await confirmAll(series);
    expect(short(await find(series.id)).slice(0, 3)).toEqual([
      '11-03 confirmed',
      '11-05 confirmed',
      '11-10 confirmed',
    ]);
  });

  it('books what was planned when its session comes up, and tells what it had to skip', async () => {
    const lunch = await world.open({ capacity: 1 });
    const packageId = newId();
    const resident = await world.resident();
    const series = (await ask(lunch.offeringId, resident, { packageId }).expect(201)).body as SeriesDto;
    expect(series).toMatchObject({ packageId });
    world.clock.advance({ days: 4 });
    await run('extend-sessions');
    const [twelfth] = await world.sessions(lunch.offeringId, '2026-11-12');
    await world.book(lunch, twelfth?.sessionId ?? '', await world.resident()).expect(202);
    await run('book-planned');
    expect(short(await find(series.id)).slice(3)).toEqual(['11-12 skipped full', '11-17 planned']);
    const told = (await world.service.told(OccurrenceSkipped)).find(({ seriesId }) => seriesId === series.id);
    expect(told).toMatchObject({ originalStart: '2026-11-12T03:00:00.000Z', reasons: ['full'] });
    world.clock.advance({ days: 4 });
    await run('extend-sessions');
    await run('book-planned');
    const all = await find(series.id);
    expect(short(all).slice(3)).toEqual(['11-12 skipped full', '11-17 held']);
    const ofSeries = new Set(all.occurrences.map(({ bookingId }) => bookingId));
    const names = (await world.service.told(BookingHeld)).filter(({ bookingId }) => ofSeries.has(bookingId));
    expect(names.map((each) => each.packageId)).toEqual(Array(4).fill(packageId));
  });

  it('that can’t be booked for a defect of ours keeps no other from being booked', async () => {
    const lunch = await world.open();
    const [first, second] = [await world.resident(), await world.resident()];
    const broken = (await ask(lunch.offeringId, first).expect(201)).body as SeriesDto;
    const sound = (await ask(lunch.offeringId, second).expect(201)).body as SeriesDto;
    world.clock.advance({ days: 4 });
    await run('extend-sessions');
    const planned = (await find(broken.id)).occurrences.find(({ status }) => status === 'planned');
    await world.service.db.query(
      `CREATE FUNCTION breaks() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'broken'; END $$;
       CREATE TRIGGER breaks BEFORE UPDATE ON occurrence FOR EACH ROW WHEN (OLD.series_id = '${broken.id}')
         EXECUTE FUNCTION breaks()`,
    );
    await expect(run('book-planned')).rejects.toThrow(
      `series ${broken.id} at ${planned?.originalStart} (broken)`,
    );
    expect(short(await find(sound.id)).slice(3)).toEqual(['11-12 held', '11-17 planned']);
    expect(short(await find(broken.id)).slice(3)).toEqual(['11-12 planned', '11-17 planned']);
    await world.service.db.query(`DROP TRIGGER breaks ON occurrence; DROP FUNCTION breaks`);
    // Left alone for a while, and tried again.
    await run('book-planned');
    expect(short(await find(broken.id)).slice(3)).toEqual(['11-12 planned', '11-17 planned']);
    world.clock.advance({ minutes: 1 });
    await run('book-planned');
    expect(short(await find(broken.id)).slice(3)).toEqual(['11-12 held', '11-17 planned']);
  });

  it('is refused whole with every date and reason, or leaves out what is not possible', async () => {
    const lunch = await world.open({ capacity: 1 });
    const [fifth] = await world.sessions(lunch.offeringId, '2026-11-05');
    await world.book(lunch, fifth?.sessionId ?? '', await world.resident()).expect(202);
    const rule = { start: '2026-11-03T11:00', rule: 'FREQ=DAILY;COUNT=3', besides: ['2026-11-06T09:00'] };
    const resident = await world.resident();
    const { body } = await ask(lunch.offeringId, resident, rule).expect(409);
    expect(body).toMatchObject({
      code: 'series_conflicts',
      details: {
        occurrences: [
          { originalStart: '2026-11-05T03:00:00.000Z', reasons: ['full'] },
          { originalStart: '2026-11-06T01:00:00.000Z', reasons: ['no_session'] },
        ],
      },
    });
    const { rows } = await world.service.db.query('SELECT FROM booking WHERE resident_id = $1', [resident]);
    expect(rows).toHaveLength(0);
    const series = (await ask(lunch.offeringId, resident, { ...rule, onConflict: 'skip' }).expect(201))
      .body as SeriesDto;
    expect(short(series)).toEqual([
      '11-03 held',
      '11-04 held',
      '11-05 skipped full',
      '11-06 skipped no_session',
    ]);
  });

  it('is cancelled from an occurrence on, and all of it', async () => {
    const lunch = await world.open();
    const series = (await ask(lunch.offeringId, await world.resident()).expect(201)).body as SeriesDto;
    await confirmAll(series);
    const cancel = (body: object) =>
      world.frontEnd.post(`/v1/series/${series.id}/cancel`).send({ reason: 'moved_away', ...body });
    const rest = (await cancel({ from: '2026-11-10T03:00:00Z' }).expect(200)).body as SeriesDto;
    expect(short(rest)).toEqual([
      '11-03 confirmed',
      '11-05 confirmed',
      '11-10 cancelled',
      '11-12 cancelled',
      '11-17 cancelled',
    ]);
    expect(short((await cancel({}).expect(200)).body as SeriesDto).map((line) => line.slice(6))).toEqual(
      Array<string>(5).fill('cancelled'),
    );
  });

  it('is moved from an occurrence on: each booking once its new place is confirmed', async () => {
    const court = await world.open({ schedule: daily('11:00', '14:00', 60), capacity: 3 });
    const series = (await ask(court.offeringId, await world.resident()).expect(201)).body as SeriesDto;
    await confirmAll(series);
    const move = (body: object) => world.frontEnd.post(`/v1/series/${series.id}/move`).send(body);
    await move({ from: '2026-11-05T03:00:00Z', time: '12:00' }).expect(200);
    const { rows } = await world.service.db.query<{ id: string }>(
      `SELECT id FROM booking WHERE replaces IS NOT NULL AND resident_id = $1`,
      [series.residentId],
    );
    expect(rows).toHaveLength(2);
    for (const { id } of rows) await world.service.deliver(world.authorised(await world.booking(id)));
    const moved = await find(series.id);
    expect(
      moved.occurrences.map(({ originalStart, start }) => [originalStart.slice(5, 13), start.slice(5, 13)]),
    ).toEqual([
      ['11-03T03', '11-03T03'],
      ['11-05T03', '11-05T04'],
      ['11-10T03', '11-10T04'],
      ['11-12T03', '11-12T04'],
      ['11-17T03', '11-17T04'],
    ]);
    expect(moved.occurrences.slice(0, 3).map(({ bookingStatus }) => bookingStatus)).toEqual(
      Array<string>(3).fill('confirmed'),
    );
    const { body } = await move({ time: '20:00' }).expect(409);
    expect(body).toMatchObject({ code: 'series_conflicts' });
  });

  it('against a calendar that changes keeps what it has', async () => {
    const lunch = await world.open();
    const series = (await ask(lunch.offeringId, await world.resident()).expect(201)).body as SeriesDto;
    await confirmAll(series);
    await world.service.deliver(Object.assign(lunch, { version: 2, schedule: daily('11:30', '13:00') }));
    await world.service.eventually(async () => {
      expect(
        (await world.sessions(lunch.offeringId, '2026-11-05')).map(({ reasons }) => reasons.join()),
      ).toEqual(['closed', '']);
    });
    world.clock.advance({ days: 5 });
    await run('extend-sessions');
    await run('book-planned');
    expect(short(await find(series.id))).toEqual([
      '11-03 confirmed',
      '11-05 confirmed',
      '11-10 confirmed',
      '11-12 skipped no_session',
      '11-17 planned',
    ]);
  });

  it('is refused when it is no rule, has no end, or is somebody else’s', async () => {
    const lunch = await world.open();
    const resident = await world.resident();
    const refused = async (more: Record<string, unknown>, status: number) =>
      (await ask(lunch.offeringId, resident, more).expect(status)).body as { code: string };
    expect(await refused({ rule: 'FREQ=WEEKLY' }, 422)).toMatchObject({ code: 'rrule_unbounded' });
    expect(await refused({ rule: 'FREQ=DAILY;COUNT=100000' }, 422)).toMatchObject({
      code: 'series_too_long',
    });
    expect(await refused({ start: '2026-02-30T11:00' }, 422)).toMatchObject({ code: 'start_malformed' });
    expect(await refused({ residentId: newId() }, 404)).toMatchObject({ code: 'resident_not_found' });
    expect(await refused({ offeringId: newId() }, 404)).toMatchObject({ code: 'offering_not_found' });
    await world.frontEnd.get(`/v1/series/${newId()}`).expect(404);
  });

  it('gives the same answer to a repeat', async () => {
    const lunch = await world.open();
    const resident = await world.resident();
    const key = newId();
    const answers = await Promise.all(
      [1, 2].map(() => ask(lunch.offeringId, resident).set('idempotency-key', key).expect(201)),
    );
    expect((answers[0]?.body as SeriesDto).id).toBe((answers[1]?.body as SeriesDto).id);
    const { body } = await world.frontEnd.get(`/v1/bookings?residentId=${resident}`).expect(200);
    expect((body as { items: BookingDto[] }).items).toHaveLength(3);
  });
});
