import { newId } from '@doorstep/kernel';
import type { DomainError } from '@doorstep/kernel';
import { Database, type Received, runAs, SYSTEM_ACTOR } from '@doorstep/platform';
import { aFrontEnd } from '@doorstep/testing';
import type { OfferingSnapshot } from '@doorstep/contracts';
import fc from 'fast-check';
import type { AvailabilityDto } from '../availability/availability.dto';
import { daily } from '../testing/neighbours.fixture';
import { startWorld, type World } from '../testing/world.fixture';
import type { BookingStatus } from './booking';
import { BookingsConsumer } from './bookings.consumer';
import { Bookings } from './bookings.service';
import { Holds } from './holds.service';

/** What random clients do to one session; `pick` chooses among the bookings that are known. */
type Command =
  { do: 'hold'; party: number } | { do: 'confirm' | 'decline' | 'cancel'; pick: number } | { do: 'sweep' };

interface Round {
  /** Seconds that pass before it. */
  pause: number;
  /** Asked for all at the same time. */
  commands: Command[];
}

/** The whole model: a status, units and an expiry for each booking. */
interface Known {
  id: string;
  units: number;
  status: BookingStatus;
  expiresAt: number;
}

const HOLD_SECONDS = 300;
const DAY = '2026-11-20';

const aCommand = (partyMax: number): fc.Arbitrary<Command> =>
  fc.oneof(
    {
      weight: 4,
      arbitrary: fc.record({
        do: fc.constant('hold' as const),
        party: fc.integer({ min: 1, max: partyMax }),
      }),
    },
    {
      weight: 4,
      arbitrary: fc.record({
        do: fc.constantFrom('confirm', 'decline', 'cancel'),
        pick: fc.nat({ max: 30 }),
      }) as fc.Arbitrary<Command>,
    },
    { weight: 1, arbitrary: fc.constant<Command>({ do: 'sweep' }) },
  );
const rounds = (partyMax: number): fc.Arbitrary<Round[]> =>
  fc.array(
    fc.record({
      pause: fc.constantFrom(0, 0, 1, 150, 299, 300, 301),
      commands: fc.array(aCommand(partyMax), { minLength: 1, maxLength: 8 }),
    }),
    { minLength: 1, maxLength: 8 },
  );

const LIVE: BookingStatus[] = ['held', 'confirmed'];
const NEXT: Record<string, { from: BookingStatus[]; to: BookingStatus }> = {
  confirm: { from: ['held'], to: 'confirmed' },
  decline: { from: ['held'], to: 'declined' },
  cancel: { from: ['held', 'confirmed'], to: 'cancelled' },
};

/** Every state that some order of the commands leads to. */
function reachable(status: BookingStatus, commands: string[]): Set<BookingStatus> {
  if (commands.length === 0) return new Set([status]);
  const found = new Set<BookingStatus>();
  commands.forEach((command, n) => {
    const step = NEXT[command];
    const after = step?.from.includes(status) ? step.to : status;
    for (const end of reachable(
      after,
      commands.filter((_, m) => m !== n),
    ))
      found.add(end);
  });
  return found;
}

describe('capacity against a model, from parallel clients on the real database', () => {
  let world: World;
  const unused: Record<string, AvailabilityDto[]> = {};
  let crowd: string[];

  beforeAll(async () => {
    world = await startWorld({
      PERIODIC: 'false',
      DATABASE_POOL_MAX: '10',
      HOLD_SECONDS: String(HOLD_SECONDS),
    });
    crowd = await world.crowd(400);
  });
  afterAll(async () => {
    await world.assertConsistent();
    await world.service.stop();
  });

  const part = <T>(type: new (...args: never[]) => T): T => world.service.running.app.get(type);
  const asSystem = <T>(work: () => Promise<T>): Promise<T> =>
    runAs(SYSTEM_ACTOR, () => part(Database).write(() => work()));
  const asFrontEnd = <T>(work: () => Promise<T>): Promise<T> => runAs(aFrontEnd(world.operatorId), work);

  const perform = async (offering: OfferingSnapshot, sessionId: string, command: Command, target?: Known) => {
    if (command.do === 'sweep') return runAs(SYSTEM_ACTOR, () => part(Holds).expireLapsed());
    if (command.do === 'hold') {
      const residentId = crowd[Math.floor(Math.random() * crowd.length)] as string;
      const { offeringId } = offering;
      const ask = { offeringId, sessionId, residentId, partySize: command.party };
      return asFrontEnd(() => part(Bookings).book(ask, 0));
    }
    if (!target) return undefined;
    const booking = { id: target.id, contractId: newId(), siteId: newId(), residentId: newId() } as never;
    if (command.do === 'cancel')
      return asFrontEnd(() => part(Bookings).cancel(target.id, 'resident', 'model'));
    const data = command.do === 'confirm' ? world.authorised(booking) : world.declined(booking);
    const received = [{ id: newId(), data, correlationId: newId() }] as unknown as Received<never>[];
    const consumer = part(BookingsConsumer);
    return asSystem(() =>
      command.do === 'confirm' ? consumer.authorised(received) : consumer.declined(received),
    );
  };

  /** One run on a session of its own; every round is checked before the next. */
  const play = async (offering: OfferingSnapshot, capacity: number, script: Round[], heads: boolean) => {
    const sessionId = unused[offering.offeringId]?.pop()?.sessionId as string;
    const known: Known[] = [];
    const liveUnits = (): number =>
      known.filter(({ status }) => LIVE.includes(status)).reduce((n, b) => n + b.units, 0);
    for (const { pause, commands } of script) {
      world.clock.advance({ seconds: pause });
      const now = world.clock.now().getTime();
      for (const booking of known)
        if (booking.status === 'held' && booking.expiresAt <= now) booking.status = 'expired';
      const before = liveUnits();
      const targets = commands.map((command) =>
        'pick' in command ? known[command.pick % known.length] : undefined,
      );
      const outcomes = await Promise.allSettled(
        commands.map((command, n) => perform(offering, sessionId, command, targets[n])),
      );

      const asked = new Map<Known, string[]>();
      targets.forEach((target, n) => {
        if (target) asked.set(target, [...(asked.get(target) ?? []), (commands[n] as Command).do]);
      });
      const accepted: Known[] = [];
      const refused: number[] = [];
      commands.forEach((command, n) => {
        if (command.do !== 'hold') return;
        const outcome = outcomes[n] as PromiseSettledResult<{ id: string }>;
        const units = heads ? command.party : 1;
        if (outcome.status === 'fulfilled') {
          accepted.push({
            id: outcome.value.id,
            units,
            status: 'held',
            expiresAt: now + HOLD_SECONDS * 1000,
          });
        } else {
          const { code } = outcome.reason as DomainError;
          // A resident who was drawn twice is busy; that is no matter of capacity.
          if (code === 'resident_busy') return;
          expect(['full', 'space_taken', 'party_too_large']).toContain(code);
          refused.push(units);
        }
      });

      // No refusal where all of the round's bookings together would still have had room.
      const most = before + accepted.reduce((n, { units }) => n + units, 0);
      for (const units of refused) expect(most + units).toBeGreaterThan(capacity);
      for (const [booking, verbs] of asked) {
        const { status } = await asFrontEnd(() => part(Bookings).one(booking.id));
        const shown = status === 'held' && booking.expiresAt <= now ? 'expired' : status;
        expect([...reachable(booking.status, verbs)]).toContain(shown);
        booking.status = shown;
      }
      known.push(...accepted);

      // Never over, nothing lost: what is shown as free is exactly what the model has left.
      expect(liveUnits()).toBeLessThanOrEqual(capacity);
      const shown = (
        await world.availability(offering.offeringId, `from=${DAY}&to=2026-11-21&limit=1000`)
      ).find((slot) => slot.sessionId === sessionId);
      expect(shown?.free).toBe(capacity - liveUnits());
      for (const { id, status } of known) expect((await world.booking(id)).status).toBe(status);
    }
  };

  it('seats: never over, never lost, expired to the second', async () => {
    const lunch = await world.open({ capacity: 7, schedule: daily('08:00', '20:00', 15) });
    unused[lunch.offeringId] = await world.sessions(lunch.offeringId, DAY);
    await fc.assert(
      fc.asyncProperty(rounds(4), (script) => play(lunch, 7, script, true)),
      { numRuns: 20, endOnFailure: true },
    );
    await world.assertConsistent();
  }, 180_000);

  it('a court: one at a time', async () => {
    const court = await world.open({
      kind: 'sports',
      capacityModel: 'exclusive',
      capacity: 1,
      spaceId: newId(),
      schedule: daily('08:00', '20:00', 15),
    });
    unused[court.offeringId] = await world.sessions(court.offeringId, DAY);
    await fc.assert(
      fc.asyncProperty(rounds(3), (script) => play(court, 1, script, false)),
      { numRuns: 12, endOnFailure: true },
    );
    await world.assertConsistent();
  }, 180_000);
});
