import { type DomainError, newId } from '@doorstep/kernel';
import { type Actor, type Received, runAs, SYSTEM_ACTOR } from '@doorstep/platform';
import { aFrontEnd } from '@doorstep/testing';
import type { OfferingSnapshot } from '@doorstep/contracts';
import fc from 'fast-check';
import { daily } from '../testing/neighbours.fixture';
import { startWorld, type World } from '../testing/world.fixture';
import { Offers } from '../waiting/offers.service';
import { Waiting } from '../waiting/waiting.service';
import { BookingsConsumer } from './bookings.consumer';
import { Bookings } from './bookings.service';
import { Holds } from './holds.service';
import { Reschedules } from './reschedules.service';

/** What random clients do at the same time; `a` and `b` choose among residents, sessions and bookings that are known. */
interface Command {
  do: 'book' | 'move' | 'cancel' | 'confirm' | 'decline' | 'wait' | 'accept' | 'refuse';
  a: number;
  b: number;
}

const aCommand: fc.Arbitrary<Command> = fc.record({
  do: fc.constantFrom(
    ...(['book', 'book', 'move', 'move', 'cancel', 'confirm', 'confirm', 'confirm'] as const),
    ...(['decline', 'wait', 'wait', 'wait', 'accept', 'accept', 'refuse'] as const),
  ),
  a: fc.nat({ max: 60 }),
  b: fc.nat({ max: 60 }),
});
const someRounds = fc.array(
  fc.record({
    pauseSeconds: fc.constantFrom(0, 0, 1, 299, 300, 1801),
    commands: fc.array(aCommand, { minLength: 2, maxLength: 8 }),
  }),
  { minLength: 8, maxLength: 14 },
);

/*
 * What must hold after every round, as questions to which no row is the right answer. `$1` is now: a hold or an offer that
 * has lapsed is over, whether or not it was written down.
 */
const BROKEN: Record<string, string> = {
  'a move lost both': `
    SELECT o.id FROM booking o WHERE o.status = 'cancelled' AND o.status_reason = 'rescheduled'
      AND NOT EXISTS (SELECT FROM booking n WHERE n.replaces = o.id AND n.status_reason IS DISTINCT FROM 'rescheduled_too_late'
                        AND n.status IN ('confirmed', 'cancelled')) AND $1::timestamptz IS NOT NULL`,
  'a move kept both': `
    SELECT o.id FROM booking o JOIN booking n ON n.replaces = o.id
    WHERE o.status = 'confirmed' AND n.status = 'confirmed' AND $1::timestamptz IS NOT NULL`,
  'a resident is in two places': `
    SELECT a.id FROM booking a JOIN booking b ON a.resident_id = b.resident_id AND a.id < b.id AND a.busy && b.busy
    WHERE $1::timestamptz IS NOT NULL`,
  'a place is offered twice to one': `
    SELECT booking_id FROM waiting_entry WHERE booking_id IS NOT NULL AND $1::timestamptz IS NOT NULL
    GROUP BY booking_id HAVING count(*) > 1
    UNION ALL
    SELECT session_id FROM waiting_entry WHERE status IN ('waiting', 'offered') GROUP BY session_id, resident_id
    HAVING count(*) > 1`,
  'an entry and its offer tell different stories': `
    SELECT w.id FROM waiting_entry w LEFT JOIN booking b ON b.id = w.booking_id
    WHERE (w.status = 'offered') <> (b.id IS NOT NULL AND b.status = 'offered') AND $1::timestamptz IS NOT NULL`,
  'somebody waits beside an empty seat': `
    SELECT w.id FROM waiting_entry w JOIN session s ON s.id = w.session_id
    WHERE w.status = 'waiting' AND w.party_size <= s.capacity - s.taken AND $1::timestamptz IS NOT NULL
      AND NOT EXISTS (SELECT FROM booking b WHERE b.resident_id = w.resident_id
                        AND b.busy && tstzrange(s.starts_at, s.ends_at))`,
};

describe('moves and waiting against what must always hold, from parallel clients on the real database', () => {
  let world: World;
  /** One front-end of many people: it may answer the offers that it asked for. */
  let frontEnd: Actor;

  beforeAll(async () => {
    world = await startWorld({
      PERIODIC: 'false',
      DATABASE_POOL_MAX: '10',
      HOLD_SECONDS: '300',
      OFFER_MINUTES: '30',
    });
    frontEnd = aFrontEnd(world.operatorId);
  });
  afterAll(() => world.service.stop());

  const part = <T>(type: new (...args: never[]) => T): T => world.service.running.app.get(type);
  const idsOf = async (status: string, offeringId: string): Promise<string[]> => {
    const { rows } = await world.service.db.query(
      'SELECT id FROM booking WHERE status = $1 AND offering_id = $2 ORDER BY id',
      [status, offeringId],
    );
    return rows.map(({ id }) => id as string);
  };

  /** One client's try; a refusal is an answer like any other. */
  async function perform(
    offering: OfferingSnapshot,
    sessions: string[],
    residents: string[],
    { do: what, a, b }: Command,
  ) {
    const { offeringId } = offering;
    const residentId = residents[a % residents.length] as string;
    const sessionId = sessions[b % sessions.length] as string;
    const partySize = 1 + (b % 2);
    const known = async (status: string): Promise<string | undefined> => {
      const ids = await idsOf(status, offeringId);
      return ids[a % Math.max(1, ids.length)];
    };
    const answer = async (yes: boolean, id: string | undefined): Promise<unknown> => {
      if (!id) return undefined;
      const booking = { id, contractId: newId(), siteId: newId(), residentId: newId() } as never;
      const consumer = part(BookingsConsumer);
      const data = yes ? world.authorised(booking) : world.declined(booking);
      const batch = [{ data } as Received<never>];
      return runAs(SYSTEM_ACTOR, () => (yes ? consumer.authorised(batch) : consumer.declined(batch)));
    };
    if (what === 'confirm' || what === 'decline') return answer(what === 'confirm', await known('held'));
    return runAs(frontEnd, async () => {
      if (what === 'book') return part(Bookings).book({ offeringId, sessionId, residentId, partySize }, 0);
      if (what === 'wait') return part(Waiting).join(sessionId, { residentId, partySize, priority: 0 });
      const id = await known(what === 'accept' || what === 'refuse' ? 'offered' : 'confirmed');
      if (!id) return undefined;
      if (what === 'move') return part(Reschedules).reschedule(id, { sessionId }, 0);
      if (what === 'cancel') return part(Bookings).cancel(id, 'resident', 'changed_plans');
      return what === 'accept' ? part(Waiting).accept(id, 0) : part(Waiting).decline(id);
    });
  }

  it('never lose both, never offer twice, never leave a seat empty beside who waits', async () => {
    const done: Record<string, number> = {};
    await fc.assert(
      fc.asyncProperty(someRounds, async (rounds) => {
        world.clock.set('2026-11-02T01:00:00Z');
        const offering = await world.open({
          capacity: 2,
          schedule: daily('11:00', '15:00', 120),
          cutoffMinutes: 0,
        });
        const sessions = (await world.sessions(offering.offeringId)).map(({ sessionId }) => sessionId);
        const residents = await world.crowd(8);
        for (const { pauseSeconds, commands } of rounds) {
          world.clock.advance({ seconds: pauseSeconds });
          await Promise.all(
            commands.map((command) =>
              perform(offering, sessions, residents, command).then(
                (answer) => answer && (done[command.do] = (done[command.do] ?? 0) + 1),
                (error: DomainError) => expect(error).toHaveProperty('code'),
              ),
            ),
          );
          await runAs(SYSTEM_ACTOR, async () => {
            await part(Holds).expireLapsed();
            await part(Offers).offerWhatIsLeft();
          });
          await world.assertConsistent();
          for (const [what, sql] of Object.entries(BROKEN)) {
            const { rows } = await world.service.db.query(sql, [world.clock.now()]);
            expect([what, rows]).toEqual([what, []]);
          }
        }
      }),
      { numRuns: 18, seed: 5, endOnFailure: true },
    );
    // The draw is worth something only when everything is done now and then.
    const { accept = 0, refuse = 0, ...others } = done;
    for (const what of ['book', 'move', 'cancel', 'wait'])
      expect([what, others[what] ?? 0]).not.toEqual([what, 0]);
    expect(accept + refuse).toBeGreaterThan(0);
  }, 120_000);
});
