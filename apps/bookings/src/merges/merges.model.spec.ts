import { newId } from '@doorstep/kernel';
import fc from 'fast-check';
import type { BookingDto } from '../bookings/bookings.dto';
import { daily } from '../testing/neighbours.fixture';
import { startWorld, type World } from '../testing/world.fixture';

/** What clients do at the same time; `who` and `into` choose among five records of one person, `when` a session. */
type Command =
  { do: 'book' | 'cancel'; who: number; when: number } | { do: 'merge'; who: number; into: number };

const RECORDS = 5;
const who = fc.nat({ max: RECORDS - 1 });
const command: fc.Arbitrary<Command> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ do: fc.constant('book' as const), who, when: fc.nat({ max: 5 }) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('cancel' as const), who, when: fc.nat({ max: 5 }) }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('merge' as const), who, into: who }) },
);
const rounds = fc.array(fc.array(command, { minLength: 3, maxLength: 10 }), { minLength: 2, maxLength: 5 });

describe('merges among bookings, from parallel clients on the real database', () => {
  let world: World;
  let offering: { offeringId: string };
  let sessions: { sessionId: string }[];

  beforeAll(async () => {
    world = await startWorld({ PERIODIC: 'false', DATABASE_POOL_MAX: '10' });
    offering = await world.open({
      capacity: 500,
      schedule: ['10', '11', '12', '13', '14', '15'].flatMap((hour) =>
        daily(`${hour}:00`, `${Number(hour) + 1}:00`),
      ),
    });
    sessions = await world.sessions(offering.offeringId);
  });
  afterAll(async () => {
    await world.assertConsistent();
    await world.service.stop();
  });

  const mergedInto = async (ids: readonly string[]): Promise<Map<string, string>> => {
    const { rows } = await world.service.db.query<{ id: string; into: string | null }>(
      `SELECT id, merged_into AS "into" FROM resident WHERE id = ANY ($1::uuid[])`,
      [ids],
    );
    return new Map(rows.map(({ id, into }) => [id, into ?? id]));
  };
  const merge = (id: string, mergedId: string) =>
    world.owner.post(`/v1/residents/${id}/merge`).set('idempotency-key', newId()).send({ mergedId });

  it('lose nothing, leave nobody in two places, and end in one record for whom all is', async () => {
    expect(sessions).toHaveLength(6);
    await fc.assert(
      fc.asyncProperty(rounds, async (all) => {
        const ids = await Promise.all(Array.from({ length: RECORDS }, () => world.resident()));
        const made = new Map<string, number>();
        const cancelled = new Set<string>();
        const perform = async (one: Command): Promise<void> => {
          const id = ids[one.who] as string;
          if (one.do === 'merge') {
            const { status } = await merge(ids[one.into] as string, id);
            expect([200, 409, 410, 422]).toContain(status);
          } else if (one.do === 'book') {
            const answer = await world.book(offering, sessions[one.when]?.sessionId as string, id);
            expect([202, 409, 410]).toContain(answer.status);
            if (answer.status === 202) made.set((answer.body as BookingDto).id, one.when);
          } else {
            const [bookingId] = [...made].find(([, when]) => when === one.when) ?? [];
            if (!bookingId) return;
            await world.owner.post(`/v1/bookings/${bookingId}/cancel`).send({ reason: 'changed_plans' });
            cancelled.add(bookingId);
          }
        };
        for (const round of all) await Promise.all(round.map(perform));

        const leads = await mergedInto(ids);
        const { rows } = await world.service.db.query<{ id: string; resident: string; status: string }>(
          `SELECT id, resident_id AS resident, status FROM booking WHERE resident_id = ANY ($1::uuid[])`,
          [ids],
        );
        // Nothing is lost, and nothing is left on a record that has gone.
        expect(rows.map(({ id }) => id).sort()).toEqual([...made.keys()].sort());
        for (const { resident } of rows) expect(leads.get(resident)).toBe(resident);
        // A redirect leads to somebody who stands.
        for (const into of leads.values()) expect(leads.get(into)).toBe(into);
        const live = rows.filter(({ status }) => status === 'held');
        expect(live.length).toBe(made.size - cancelled.size);
        const places = live.map(({ id, resident }) => `${resident} ${made.get(id)}`);
        expect(new Set(places).size).toBe(places.length);
      }),
      { numRuns: 12 },
    );
  }, 120_000);

  it('of two who are merged into each other at once one goes, and the other says so', async () => {
    for (let n = 0; n < 5; n++) {
      const [a, b, c] = await Promise.all([world.resident(), world.resident(), world.resident()]);
      const answers = await Promise.all([merge(a, b), merge(b, a), merge(c, b), merge(b, c)]);
      const leads = await mergedInto([a, b, c]);
      const gone = [...leads].filter(([id, into]) => id !== into);
      expect(answers.filter(({ status }) => status === 200)).toHaveLength(gone.length);
      expect(answers.every(({ status }) => status === 200 || status === 410)).toBe(true);
      for (const into of leads.values()) expect(leads.get(into)).toBe(into);
    }
  });
});
