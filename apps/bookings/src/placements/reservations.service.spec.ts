import { AbsenceRecorded, AbsenceReplaced, type OfferingSnapshot } from '@doorstep/contracts';
import type { AvailabilityDto } from '../availability/availability.dto';
import type { BookingDto } from '../bookings/bookings.dto';
import { MORNINGS, type Nursery, startNursery } from '../groups/childcare.fixture';
import { daily } from '../testing/neighbours.fixture';
import { nextDay } from '../testing/world.fixture';
import { comingByEvents } from './coming.fixture';

describe('a day in childcare', () => {
  let nursery: Nursery;

  beforeAll(async () => {
    nursery = await startNursery();
  });
  afterAll(async () => {
    await nursery.assertConsistent();
    await nursery.world.service.stop();
  });

  const expected = async (groupId: string, from: string, to: string) =>
    (await nursery.days(groupId, from, to)).map((day) => day.expectedMorning);

  /** Who hears the events alone expects the same children. */
  const assertTold = async (groupId: string): Promise<void> => {
    const coming = await comingByEvents(nursery.world.service);
    const days = await nursery.days(groupId, '2026-11-02', '2026-12-31');
    const counted = days.map((one) => [one.day, one.expectedMorning, one.expectedAfternoon]);
    expect(days.map(({ day }) => [day, ...coming(groupId, day)])).toEqual(counted);
  };

  it('of an absent child goes to a temporary one for the day, and comes back by a reservation while it is free', async () => {
    const group = await nursery.group({ places: 1 });
    const placement = await nursery.placed(group.id, await nursery.child());
    const guest = await nursery.child();
    const day = '2026-11-10';
    expect((await nursery.takeDays(group.id, guest, [day]).expect(409)).body).toMatchObject({
      code: 'full',
      details: { day },
    });
    const away = { kind: 'planned', from: '2026-11-09', to: '2026-11-12' };
    const { body } = await nursery.post(placement.id, 'absences', away).expect(201);
    expect((body as { days: unknown[] }).days).toHaveLength(3);
    const recorded = (await nursery.world.service.told(AbsenceRecorded)).filter(
      (one) => one.placementId === placement.id,
    );
    expect(recorded).toMatchObject([
      { days: [{ day: '2026-11-09', kind: 'planned', noticeHours: 167 }, {}, {}] },
    ]);
    await nursery.takeDays(group.id, guest, [day]).expect(201);
    expect(await expected(group.id, '2026-11-09', '2026-11-12')).toEqual([0, 1, 0]);
    const back = (on: string) => nursery.post(placement.id, 'reservations', { day: on });
    expect((await back(day).expect(409)).body).toMatchObject({ code: 'full' });
    await back('2026-11-11').expect(201);
    const replaced = (await nursery.world.service.told(AbsenceReplaced)).filter(
      (one) => one.placementId === placement.id,
    );
    expect(replaced).toMatchObject([{ days: ['2026-11-11'] }]);
    expect(await expected(group.id, '2026-11-09', '2026-11-12')).toEqual([0, 1, 1]);
    expect((await back('2026-11-11').expect(409)).body).toMatchObject({ code: 'day_planned' });
    expect((await back('2026-11-14').expect(422)).body).toMatchObject({ code: 'day_not_planned' });
    expect((await nursery.offer(group.id)).length).toBe(0);
    await assertTold(group.id);
  });

  it('of timed care is used by the hour or by the day, never over the month’s contingent', async () => {
    const group = await nursery.group();
    const byHour = { mode: 'timed', pattern: undefined, contingentMinutes: 600 };
    const hours = await nursery.placed(group.id, await nursery.child(), byHour);
    const reserve = (day: string, fromAt: string, toAt: string) =>
      nursery.post(hours.id, 'reservations', { day, fromAt, toAt });
    expect((await reserve('2026-11-03', '08:30', '13:30').expect(201)).body).toMatchObject({
      spentMinutes: 300,
    });
    expect((await reserve('2026-11-03', '15:00', '16:00').expect(409)).body).toMatchObject({
      code: 'day_planned',
    });
    expect((await reserve('2026-11-04', '08:00', '17:30').expect(409)).body).toMatchObject({
      code: 'contingent_used',
    });
    const many = ['05', '06', '09', '10', '11', '12', '13', '16'].map((n) =>
      reserve(`2026-11-${n}`, '09:00', '11:00'),
    );
    const answers = (await Promise.all(many)).map(({ status }) => status).sort();
    expect(answers).toEqual([201, 201, 409, 409, 409, 409, 409, 409]);
    await reserve('2026-12-01', '08:00', '17:30').expect(201);
    await nursery.frontEnd.delete(`/v1/placements/${hours.id}/reservations/2026-11-03`).expect(409);
    await nursery.frontEnd.delete(`/v1/placements/${hours.id}/reservations/2026-12-01`).expect(200);
    expect((await reserve('2026-12-02', '07:00', '09:00').expect(422)).body).toMatchObject({
      code: 'terms_invalid',
    });
    expect((await reserve('2026-10-30', '09:00', '10:00').expect(422)).body).toMatchObject({
      code: 'day_past',
    });
    const byDay = { mode: 'timed', pattern: undefined, contingentDays: 2 };
    const days = await nursery.placed(group.id, await nursery.child(), byDay);
    for (const day of ['2026-11-03', '2026-11-04'])
      await nursery.post(days.id, 'reservations', { day, part: 'morning' }).expect(201);
    await nursery.post(days.id, 'reservations', { day: '2026-11-05' }).expect(409);
    await nursery
      .post(days.id, 'absences', { kind: 'planned', from: '2026-11-04', to: '2026-11-05' })
      .expect(201);
    await nursery.post(days.id, 'reservations', { day: '2026-11-05' }).expect(201);
    await assertTold(group.id);
  });

  it('that was closed while the place was on offer is told when the place is taken', async () => {
    const group = await nursery.group();
    const { id } = await nursery.apply(await nursery.child());
    await nursery.offer(group.id, { offers: 1 });
    const closed = { from: '2026-11-10', to: '2026-11-12', kind: 'closure' };
    await nursery.owner.post(`/v1/care-groups/${group.id}/closures`).send(closed).expect(200);
    await nursery.answer('accept', id).expect(200);
    expect(await expected(group.id, '2026-11-09', '2026-11-13')).toEqual([1, 0, 0, 1]);
    await assertTold(group.id);
  });

  describe('beside bookings at the same hour', () => {
    const storytelling = () =>
      nursery.world.open({ kind: 'culture', capacity: 50, schedule: daily('10:00', '14:00', 60) });
    /** Whether the first session of the day can be booked for the child, as it is shown. */
    const shown = async (offeringId: string, child: string, day: string) => {
      const query = `from=${day}&to=${nextDay(day)}&residentId=${child}`;
      const [slot] = await nursery.world.availability(offeringId, query);
      return slot as AvailabilityDto;
    };
    const booked = (offering: OfferingSnapshot, slot: AvailabilityDto, child: string) =>
      nursery.world.book(offering, slot.sessionId, child);

    it('keeps the child from being booked elsewhere, but while it is absent', async () => {
      const [group, offering] = [await nursery.group(), await storytelling()];
      const child = await nursery.child();
      const placement = await nursery.placed(group.id, child);
      const slot = await shown(offering.offeringId, child, '2026-11-04');
      expect(slot).toMatchObject({ bookable: false, reasons: ['resident_busy'] });
      expect((await booked(offering, slot, child).expect(409)).body).toMatchObject({ code: 'resident_busy' });
      const saturday = await shown(offering.offeringId, child, '2026-11-07');
      expect(saturday).toMatchObject({ bookable: true, reasons: [] });
      const away = { kind: 'planned', from: '2026-11-04', to: '2026-11-05' };
      await nursery.post(placement.id, 'absences', away).expect(201);
      // The family's calendar says when the child is where.
      const feed = await nursery.frontEnd
        .post('/v1/calendars')
        .send({ subject: 'resident', subjectId: child });
      const { text } = await nursery.world.service.anonymous
        .get((feed.body as { path: string }).path)
        .expect(200);
      const care = (day: string, status: string) =>
        `UID:${placement.id}-${day}@doorstep[^]*?STATUS:${status}`;
      expect(text).toMatch(new RegExp(care('2026-11-03', 'CONFIRMED')));
      expect(text).toMatch(new RegExp(care('2026-11-04', 'CANCELLED')));
      expect(text).toContain('DTSTART:20261103T000000Z');
      expect((await shown(offering.offeringId, child, '2026-11-04')).bookable).toBe(true);
      const { body } = await booked(offering, slot, child).expect(202);
      const back = () => nursery.post(placement.id, 'reservations', { day: '2026-11-04' });
      expect((await back().expect(409)).body).toMatchObject({
        code: 'resident_busy',
        details: { day: '2026-11-04' },
      });
      await nursery.frontEnd
        .post(`/v1/bookings/${(body as BookingDto).id}/cancel`)
        .send({ reason: 'home_again' })
        .expect(200);
      await back().expect(201);
      expect((await shown(offering.offeringId, child, '2026-11-04')).reasons).toEqual(['resident_busy']);
    });

    it('takes no day, and no standing place, in which the child is booked elsewhere', async () => {
      const [group, offering] = [await nursery.group(), await storytelling()];
      const child = await nursery.child();
      const slot = await shown(offering.offeringId, child, '2026-11-04');
      const { body } = await booked(offering, slot, child).expect(202);
      const days = ['2026-11-03', '2026-11-04'];
      expect((await nursery.takeDays(group.id, child, days).expect(409)).body).toMatchObject({
        code: 'resident_busy',
        details: { day: '2026-11-04' },
      });
      await nursery.takeDays(group.id, child, days, 'afternoon').expect(201);
      // The turn in the queue isn't lost: an offer stands beside the booking, and is accepted once that is cancelled.
      const { id } = await nursery.apply(child, {
        wishedStart: '2026-11-04',
        pattern: MORNINGS,
        mode: 'half_day',
      });
      expect((await nursery.offer(group.id)).map(({ applicationId }) => applicationId)).toEqual([id]);
      expect((await shown(offering.offeringId, child, '2026-11-05')).bookable).toBe(true);
      expect((await nursery.answer('accept', id).expect(409)).body).toMatchObject({
        code: 'resident_busy',
        details: { day: '2026-11-04' },
      });
      await nursery.frontEnd
        .post(`/v1/bookings/${(body as BookingDto).id}/cancel`)
        .send({ reason: 'goes_to_care' })
        .expect(200);
      await nursery.answer('accept', id).expect(200);
      expect((await shown(offering.offeringId, child, '2026-11-05')).reasons).toEqual(['resident_busy']);
    });

    it('is no longer in the way of care once a hold has lapsed', async () => {
      const [group, offering] = [await nursery.group(), await storytelling()];
      const child = await nursery.child();
      await booked(offering, await shown(offering.offeringId, child, '2026-11-04'), child).expect(202);
      nursery.world.clock.advance({ minutes: 10 });
      await nursery.takeDays(group.id, child, ['2026-11-04']).expect(201);
    });

    it('lets each of 32 children be in one place, whoever is faster', async () => {
      const [group, offering] = [await nursery.group({ places: 15 }), await storytelling()];
      const crowd = await nursery.children(32);
      const slot = await shown(offering.offeringId, crowd[0] as string, '2026-11-05');
      const answers = await Promise.all(
        crowd.flatMap((child) => [
          booked(offering, slot, child),
          nursery.takeDays(group.id, child, ['2026-11-05'], 'morning'),
        ]),
      );
      const refusals = answers
        .filter(({ status }) => status >= 400)
        .map(({ body }) => (body as { code: string }).code);
      expect(refusals.filter((code) => code !== 'resident_busy' && code !== 'full')).toEqual([]);
      const { rows } = await nursery.world.service.db.query<{ bookings: number; days: number }>(
        `SELECT (SELECT count(*)::int FROM booking b WHERE b.resident_id = r AND b.busy IS NOT NULL) AS bookings,
                (SELECT count(*)::int FROM care_day d WHERE d.resident_id = r) AS days
         FROM unnest($1::uuid[]) AS r`,
        [crowd],
      );
      expect(rows.filter(({ bookings, days }) => bookings + days !== 1)).toEqual([]);
    });
  });
});
