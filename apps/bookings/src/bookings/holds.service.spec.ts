import type { OfferingSnapshot } from '@doorstep/contracts';
import { newId } from '@doorstep/kernel';
import { daily } from '../testing/neighbours.fixture';
import { startWorld, TOMORROW, type World } from '../testing/world.fixture';
import type { AvailabilityDto } from '../availability/availability.dto';
import type { BookingDto } from './bookings.dto';

const CLIENTS = 64;

describe('capacity', () => {
  let world: World;

  beforeAll(async () => {
    world = await startWorld({ PERIODIC: 'false', DATABASE_POOL_MAX: '10' });
  });
  afterEach(() => world.clock.set('2026-11-02T01:00:00Z'));
  afterAll(async () => {
    await world.assertConsistent();
    await world.service.stop();
  });

  const court = (changes: Partial<OfferingSnapshot> = {}) =>
    world.open({
      kind: 'sports',
      capacityModel: 'exclusive',
      capacity: 1,
      spaceId: newId(),
      schedule: daily('14:00', '18:00', 60),
      cutoffMinutes: 0,
      ...changes,
    });
  const visit: Partial<OfferingSnapshot> = {
    kind: 'elderly_care',
    mode: 'visit',
    delivery: 'home',
    capacityModel: 'caregiver',
    capacity: 3,
    skills: ['bedside_care'],
    schedule: daily('13:00', '17:00', 60),
  };
  const booked = async (
    offering: OfferingSnapshot,
    slot: AvailabilityDto | undefined,
    residentId?: string,
    more: Record<string, unknown> = {},
  ) => world.book(offering, slot?.sessionId ?? '', residentId ?? (await world.resident()), more);
  const codes = (answers: { status: number; body: unknown }[]): Record<string, number> => {
    const counts: Record<string, number> = {};
    for (const { status, body } of answers) {
      const key = status === 202 ? 'held' : (body as { code: string }).code;
      counts[key] = (counts[key] ?? 0) + 1;
    }
    return counts;
  };

  describe('with 64 clients at once', () => {
    it('sells 50 seats to 50 of them, none twice and none left over', async () => {
      const lunch = await world.open({ capacity: 50 });
      const { sessionId } = await world.session(lunch.offeringId);
      const crowd = await world.crowd(CLIENTS);
      const answers = await Promise.all(crowd.map((resident) => world.book(lunch, sessionId, resident)));
      expect(codes(answers)).toEqual({ held: 50, full: 14 });
      expect(await world.session(lunch.offeringId)).toMatchObject({
        free: 0,
        bookable: false,
        reasons: ['full'],
      });
    });

    it('gives one court to one of them', async () => {
      const offering = await court();
      const slot = await world.session(offering.offeringId);
      const crowd = await world.crowd(CLIENTS);
      const answers = await Promise.all(crowd.map((resident) => booked(offering, slot, resident)));
      expect(codes(answers)).toEqual({ held: 1, full: 63 });
    });

    it('gives two carers to two of them, each to one', async () => {
      const offering = await world.open({ ...visit, capacity: 10 });
      const staff = [world.staff(offering.siteId), world.staff(offering.siteId)];
      await world.service.deliver(...staff);
      const slot = await world.session(offering.offeringId);
      const crowd = await world.crowd(CLIENTS);
      const answers = await Promise.all(crowd.map((resident) => booked(offering, slot, resident)));
      expect(codes(answers)).toEqual({ held: 2, no_caregiver: 62 });
      const carers = answers.flatMap(({ body }) => (body as BookingDto).caregiverId ?? []);
      expect(carers.sort()).toEqual(staff.map(({ staffId }) => staffId).sort());
    });

    it('fills a group to its staff ratio', async () => {
      const group = await world.open({ capacityModel: 'places', capacity: 15, staffRatio: 5, staffCount: 2 });
      const slot = await world.session(group.offeringId);
      expect(slot).toMatchObject({ capacity: 10, free: 10 });
      const crowd = await world.crowd(CLIENTS);
      const answers = await Promise.all(crowd.map((resident) => booked(group, slot, resident)));
      expect(codes(answers)).toEqual({ held: 10, staff_ratio: 54 });
    });

    it('lets one resident be in one place, whoever asks', async () => {
      const [a, b] = [await world.open({ capacity: 50 }), await world.open({ capacity: 50 })];
      const [first, second] = [await world.session(a.offeringId), await world.session(b.offeringId)];
      const [resident] = await world.crowd(1);
      const answers = await Promise.all(
        Array.from({ length: 16 }, (_, n) =>
          n % 2 ? booked(a, first, resident) : booked(b, second, resident),
        ),
      );
      expect(codes(answers)).toEqual({ held: 1, resident_busy: 15 });
    });
  });

  describe('of an exclusive space', () => {
    it('is one booking whatever the party, and shared with every offering that uses the space', async () => {
      const spaceId = newId();
      const badminton = await court({ spaceId });
      const dance = await court({
        spaceId,
        schedule: daily('14:30', '16:30', 60),
      } as never);
      const [, tennis] = await world.sessions(badminton.offeringId);
      await booked(badminton, tennis, undefined, { partySize: 4 }).then(({ status }) =>
        expect(status).toBe(202),
      );
      const shown = (await world.sessions(dance.offeringId)).map(({ start, free, reasons }) => [
        start.slice(11, 16),
        free,
        reasons.join(),
      ]);
      expect(shown).toEqual([
        ['06:30', 0, 'space_taken'],
        ['07:30', 0, 'space_taken'],
      ]);
      const refused = await booked(dance, (await world.sessions(dance.offeringId))[0]);
      expect(refused.body).toMatchObject({ code: 'space_taken' });
    });

    it('keeps the larger of two neighbours’ buffers, on both sides', async () => {
      const spaceId = newId();
      const short = await court({ spaceId, schedule: daily('14:00', '18:00', 30), bufferMinutes: 0 });
      const long = await court({
        spaceId,
        schedule: daily('15:30', '16:00'),
        bufferMinutes: 30,
      } as never);
      const [slot] = await world.sessions(long.offeringId);
      expect((await booked(long, slot)).status).toBe(202);
      const open = (await world.sessions(short.offeringId)).filter(({ bookable }) => bookable);
      // 15:30–16:00 is booked with 30 minutes on both sides: 15:00–16:30 is gone. Shanghai is 8 hours ahead.
      expect(open.map(({ start }) => start.slice(11, 16))).toEqual([
        '06:00',
        '06:30',
        '08:30',
        '09:00',
        '09:30',
      ]);
    });

    it('is free again from the moment a hold lapses', async () => {
      const offering = await court();
      const slot = await world.session(offering.offeringId);
      expect((await booked(offering, slot)).status).toBe(202);
      expect((await booked(offering, slot)).body).toMatchObject({ code: 'full' });
      world.clock.advance({ seconds: 300 });
      expect(await world.session(offering.offeringId)).toMatchObject({ free: 1, bookable: true });
      expect((await booked(offering, slot)).status).toBe(202);
    });
  });

  describe('of carers', () => {
    it('needs the skills, the site and an active member of staff', async () => {
      const offering = await world.open(visit);
      const slot = async () => world.session(offering.offeringId);
      expect(await slot()).toMatchObject({ free: 0, reasons: ['no_caregiver'] });
      const carer = world.staff(offering.siteId);
      await world.service.deliver(
        world.staff(offering.siteId, { skills: ['cooking'] }),
        world.staff(newId()),
        world.staff(offering.siteId, { active: false }),
      );
      expect(await slot()).toMatchObject({ free: 0, reasons: ['no_caregiver'] });
      await world.service.deliver(carer);
      expect(await slot()).toMatchObject({ free: 1, bookable: true });
      const { body } = await booked(offering, await slot());
      expect(body).toMatchObject({ caregiverId: carer.staffId });
    });

    it('keeps to the carer who knows the resident, else to the one with the least to do', async () => {
      const offering = await world.open({ ...visit, capacity: 1 });
      const staff = [1, 2, 3].map(() => world.staff(offering.siteId));
      await world.service.deliver(...staff);
      const slots = await world.sessions(offering.offeringId);
      const known = await world.resident();
      const first = await world.confirmed(offering, slots[0]?.sessionId ?? '', known);
      const others = [
        (await booked(offering, slots[1])).body,
        (await booked(offering, slots[2])).body,
      ] as BookingDto[];
      expect(new Set([first, ...others].map(({ caregiverId }) => caregiverId)).size).toBe(3);
      const again = (await booked(offering, slots[3], known)).body as BookingDto;
      expect(again.caregiverId).toBe(first.caregiverId);
    });

    it('leaves the way between two visits free', async () => {
      const offering = await world.open({ ...visit, bufferMinutes: 30 });
      await world.service.deliver(world.staff(offering.siteId));
      const [first] = await world.sessions(offering.offeringId);
      await booked(offering, first);
      expect((await world.sessions(offering.offeringId)).map(({ bookable }) => bookable)).toEqual([
        false,
        false,
        true,
        true,
      ]);
    });

    it('is one person: a party has no meaning', async () => {
      const offering = await world.open(visit);
      await world.service.deliver(world.staff(offering.siteId));
      const slot = await world.session(offering.offeringId);
      expect((await booked(offering, slot, undefined, { partySize: 2 })).body).toMatchObject({
        code: 'party_too_large',
      });
    });
  });

  describe('of a resident', () => {
    it('is their age and care level on the day, as shown and as booked', async () => {
      const group = await world.open({
        kind: 'childcare',
        mode: 'timed',
        ageMonthsMin: 12,
        ageMonthsMax: 36,
      });
      const slot = await world.session(group.offeringId);
      const adult = await world.resident();
      const query = `from=${TOMORROW}&to=2026-11-04&residentId=${adult}`;
      expect((await world.availability(group.offeringId, query))[0]).toMatchObject({
        reasons: ['not_eligible_age'],
      });
      expect((await booked(group, slot, adult)).body).toMatchObject({
        code: 'not_eligible_age',
        status: 422,
      });
    });

    it('is taken by a hold, and free again when it lapses', async () => {
      const [a, b] = [await world.open(), await world.open()];
      const [first, second] = [await world.session(a.offeringId), await world.session(b.offeringId)];
      const resident = await world.resident();
      expect((await booked(a, first, resident)).status).toBe(202);
      expect((await booked(b, second, resident)).body).toMatchObject({ code: 'resident_busy' });
      world.clock.advance({ seconds: 300 });
      expect((await booked(b, second, resident)).status).toBe(202);
    });
  });
});
