import { PlaceOffered } from '@doorstep/contracts';
import { DomainError } from '@doorstep/kernel';
import { PeriodicRunner, runAs } from '@doorstep/platform';
import { anOwner } from '@doorstep/testing';
import fc from 'fast-check';
import type { AvailabilityDto } from '../availability/availability.dto';
import { Bookings } from '../bookings/bookings.service';
import { daily } from '../testing/neighbours.fixture';
import { startWorld, type World } from '../testing/world.fixture';
import { Waiting } from './waiting.service';

/** What people do to one full session, several at the same moment; `pick` chooses among what is there for it. */
type Command =
  | { do: 'book'; party: number }
  | { do: 'join'; party: number; priority: number }
  | { do: 'cancel' | 'accept' | 'decline' | 'leave'; pick: number };

interface Entry {
  id: string;
  party: number;
  priority: number;
  place: number;
  status: string;
  bookingId: string | null;
  bookingStatus: string | null;
}

const CAPACITY = 6;
const DAY = '2026-11-20';
const GONE = ['declined', 'expired', 'cancelled'];

const aCommand: fc.Arbitrary<Command> = fc.oneof(
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant('book' as const), party: fc.integer({ min: 1, max: 3 }) }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('join' as const),
      party: fc.integer({ min: 1, max: 3 }),
      priority: fc.nat({ max: 2 }),
    }),
  },
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constantFrom<'cancel' | 'accept' | 'decline' | 'leave'>(
        'cancel',
        'cancel',
        'accept',
        'accept',
        'decline',
        'leave',
      ),
      pick: fc.nat({ max: 20 }),
    }),
  },
);
const script = fc.array(
  fc.record({
    minutes: fc.constantFrom(0, 0, 0, 6, 31),
    commands: fc.array(aCommand, { minLength: 2, maxLength: 8 }),
  }),
  { minLength: 2, maxLength: 7 },
);

describe('a waiting list, from parallel clients on the real database', () => {
  let world: World;
  let sessions: AvailabilityDto[];
  let offeringId: string;
  let crowd: string[];

  beforeAll(async () => {
    world = await startWorld({ PERIODIC: 'false', OFFER_MINUTES: '30', DATABASE_POOL_MAX: '10' });
    const lunch = await world.open({ capacity: CAPACITY, schedule: daily('08:00', '20:00', 15) });
    offeringId = lunch.offeringId;
    sessions = await world.sessions(offeringId, DAY);
    crowd = await world.crowd(60);
  });
  afterAll(async () => {
    await world.assertConsistent();
    await world.service.stop();
  });

  const part = <T>(type: new (...args: never[]) => T): T => world.service.running.app.get(type);
  const run = (name: string) => part(PeriodicRunner).runNow(name);
  const entriesOf = async (sessionId: string): Promise<Entry[]> =>
    (
      await world.service.db.query<Entry>(
        `SELECT w.id, w.party_size AS party, w.priority, w.place::int, w.status, w.booking_id AS "bookingId",
                b.status AS "bookingStatus"
         FROM waiting_entry w LEFT JOIN booking b ON b.id = w.booking_id WHERE w.session_id = $1
         ORDER BY w.priority DESC, w.place`,
        [sessionId],
      )
    ).rows;
  const standing = async (sessionId: string): Promise<string[]> =>
    (
      await world.service.db.query<{ id: string }>(
        `SELECT id FROM booking WHERE session_id = $1 AND status IN ('held', 'confirmed') ORDER BY created_at, id`,
        [sessionId],
      )
    ).rows.map(({ id }) => id);
  const freeOf = async (sessionId: string): Promise<number> => {
    const { rows } = await world.service.db.query<{ free: number }>(
      `SELECT capacity - taken AS free FROM session WHERE id = $1`,
      [sessionId],
    );
    return rows[0]?.free ?? NaN;
  };

  const perform = async (sessionId: string, command: Command, residentId: string): Promise<unknown> => {
    if (command.do === 'book')
      return part(Bookings).book({ offeringId, sessionId, residentId, partySize: command.party }, 0);
    if (command.do === 'join') {
      const { party: partySize, priority } = command;
      return part(Waiting).join(sessionId, { residentId, partySize, priority });
    }
    const entries = await entriesOf(sessionId);
    const pool: string[] =
      command.do === 'cancel'
        ? await standing(sessionId)
        : command.do === 'leave'
          ? entries.map(({ id }) => id)
          : entries.filter(({ status }) => status === 'offered').flatMap(({ bookingId }) => bookingId ?? []);
    const id = pool[command.pick % pool.length];
    if (id === undefined) return undefined;
    if (command.do === 'cancel') return part(Bookings).cancel(id, 'resident', 'model');
    if (command.do === 'leave') return part(Waiting).leave(sessionId, id);
    return command.do === 'accept' ? part(Waiting).accept(id, 0) : part(Waiting).decline(id);
  };

  const check = async (sessionId: string, before: readonly Entry[]): Promise<void> => {
    const entries = await entriesOf(sessionId);
    const free = await freeOf(sessionId);
    expect(free).toBeGreaterThanOrEqual(0);
    // Nobody waits for what is there.
    expect(entries.filter(({ status, party }) => status === 'waiting' && party <= free)).toEqual([]);
    const wasWaiting = (id: string): boolean =>
      before.some((old) => old.id === id && old.status === 'waiting');
    for (const [n, { id, status, bookingStatus, party }] of entries.entries()) {
      if (status === 'offered') expect(bookingStatus).toBe('offered');
      if (status === 'accepted') expect(bookingStatus).not.toBe('offered');
      if (status === 'declined' || status === 'expired') expect(GONE).toContain(bookingStatus);
      // Whoever stood before and needs no more was served before.
      if (status !== 'offered' || !wasWaiting(id)) continue;
      const passedOver = entries
        .slice(0, n)
        .filter((first) => first.status === 'waiting' && wasWaiting(first.id) && first.party <= party);
      expect(passedOver).toEqual([]);
    }
  };

  it('never offers a place twice, never more than there is, and leaves none while somebody waits for it', async () => {
    const outcomes: Record<string, number> = {};
    await fc.assert(
      fc.asyncProperty(script, async (rounds) => {
        const { sessionId } = sessions.pop() as AvailabilityDto;
        world.clock.set('2026-11-02T01:00:00Z');
        let next = 0;
        // Full from the start, or nobody would wait.
        for (const party of [2, 2, 1, 1]) {
          const residentId = crowd[next++ % crowd.length] as string;
          await runAs(anOwner(world.operatorId), () => perform(sessionId, { do: 'book', party }, residentId));
        }
        for (const { minutes, commands } of rounds) {
          world.clock.advance({ minutes });
          const before = await entriesOf(sessionId);
          const settled = await Promise.allSettled(
            commands.map((command) => {
              const residentId = crowd[next++ % crowd.length] as string;
              return runAs(anOwner(world.operatorId), () => perform(sessionId, command, residentId));
            }),
          );
          settled.forEach((outcome, n) => {
            if (outcome.status === 'rejected' && !(outcome.reason instanceof DomainError))
              throw outcome.reason;
            const verb = (commands[n] as Command).do;
            if (outcome.status === 'fulfilled' && outcome.value) outcomes[verb] = (outcomes[verb] ?? 0) + 1;
          });
          await run('expire-holds');
          // Who joined in the very moment in which a place came free has it now.
          await run('offer-places');
          await check(sessionId, before);
        }
      }),
      { numRuns: 12, endOnFailure: true },
    );
    const offers = (await world.service.told(PlaceOffered)).map(({ waitingEntryId }) => waitingEntryId);
    expect(new Set(offers).size).toBe(offers.length);
    // The draw is worth something only when all of it happens.
    for (const verb of ['accept', 'book', 'cancel', 'decline', 'join'])
      expect([verb, outcomes[verb] ?? 0]).not.toEqual([verb, 0]);
  }, 180_000);
});
