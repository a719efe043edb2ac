import { CapacitySnapshot } from '@doorstep/contracts';
import { PeriodicRunner } from '@doorstep/platform';
import fc from 'fast-check';
import { type Nursery, startNursery } from '../groups/childcare.fixture';
import { TELL_CAPACITY } from './capacity.teller';

/** A child's wish for a place, as a list on paper would have it: days by their number from the first of October. */
interface Wish {
  appliedAt: Date;
  wishedStart: string;
  dueOn: string;
  status: 'waiting' | 'withdrawn' | 'lapsed';
  endedAt: Date | null;
  /** By ISO weekday; none: by the hour. */
  weekdays: number[] | null;
}

const MINUTE_MS = 60_000;
const DAY_MS = 1_440 * MINUTE_MS;
const FIRST = Date.parse('2026-10-01T00:00:00Z');
const NOW = new Date('2026-11-25T02:00:00Z');
const dayOf = (n: number): string => new Date(FIRST + n * DAY_MS).toISOString().slice(0, 10);
const inShanghai = (at: Date): string => new Date(at.getTime() + 480 * MINUTE_MS).toISOString().slice(0, 10);

const aWish: fc.Arbitrary<Wish> = fc
  .record({
    minutes: fc.nat({ max: 54 * 1_440 }),
    starts: fc.nat({ max: 20 }),
    lasts: fc.nat({ max: 60 }),
    status: fc.constantFrom<Wish['status']>('waiting', 'withdrawn', 'lapsed'),
    until: fc.nat({ max: 40 * 1_440 }),
    weekdays: fc.option(fc.uniqueArray(fc.integer({ min: 1, max: 7 }), { minLength: 1, maxLength: 5 })),
  })
  .map(({ minutes, starts, lasts, status, until, weekdays }) => {
    const appliedAt = new Date(FIRST + minutes * MINUTE_MS);
    const n = Math.floor(minutes / 1_440);
    const ended = new Date(Math.min(appliedAt.getTime() + until * MINUTE_MS, NOW.getTime()));
    const endedAt = status === 'waiting' ? null : ended;
    return { appliedAt, wishedStart: dayOf(n + starts), dueOn: dayOf(n + lasts), status, endedAt, weekdays };
  });

describe('who waits for a place', () => {
  let nursery: Nursery;
  let placed: string;
  const wishes: Wish[] = [];
  beforeAll(async () => {
    nursery = await startNursery();
    const { id } = await nursery.group({ places: 1, staff: 1 });
    placed = (await nursery.placed(id, await nursery.child())).id;
    nursery.world.clock.set(NOW);
  });
  afterAll(() => nursery.world.service.stop());

  const keep = async (some: readonly Wish[]): Promise<void> => {
    const children = await nursery.children(some.length);
    for (const [n, { weekdays, ...wish }] of some.entries()) {
      const pattern = [1, 2, 3, 4, 5, 6, 7].map((day) => (weekdays?.includes(day) ? 3 : 0));
      const terms = weekdays ? ['full_day', pattern, null] : ['timed', pattern, 5];
      await nursery.world.service.db.query(
        `INSERT INTO care_application (id, operator_id, site_id, offering_id, resident_id, mode, pattern, contingent_days,
                                       wished_start, due_on, priority, status, version, applied_at, ended_at)
         SELECT uuidv7(), operator_id, site_id, offering_id, $2, $3, $4, $5, $6, $7, 0, $8, 1, $9, $10
         FROM placement WHERE id = $1`,
        [
          placed,
          children[n],
          ...terms,
          wish.wishedStart,
          wish.dueOn,
          wish.status,
          wish.appliedAt,
          wish.endedAt,
        ],
      );
    }
  };
  const waitsOn = (day: string, { appliedAt, wishedStart, dueOn, endedAt, weekdays }: Wish): boolean =>
    inShanghai(appliedAt) <= day &&
    wishedStart <= day &&
    day <= dueOn &&
    (endedAt === null || day < inShanghai(endedAt)) &&
    (weekdays === null || weekdays.includes(new Date(day).getUTCDay() || 7));

  it('is counted on every day as on a list on paper', async () => {
    let most = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(aWish, { minLength: 4, maxLength: 12 }), async (some) => {
        wishes.push(...some);
        await keep(some);
        await nursery.world.service.running.app.get(PeriodicRunner).runNow(TELL_CAPACITY);
        const months = (await nursery.world.service.told(CapacitySnapshot)).sort(
          (a, b) => a.version - b.version,
        );
        const days = [...new Map(months.map((month) => [month.month, month])).values()].flatMap(
          (month) => month.days,
        );
        const counted = days.filter(({ placed }) => placed === 1).map(({ day, waiting }) => [day, waiting]);
        const byHand = counted.map(([day]) => [
          day,
          wishes.filter((wish) => waitsOn(String(day), wish)).length,
        ]);
        expect(counted.length).toBeGreaterThan(30);
        expect(counted).toEqual(byHand);
        most = Math.max(most, ...counted.map(([, waiting]) => Number(waiting)));
      }),
      { numRuns: 6, endOnFailure: true },
    );
    expect(most).toBeGreaterThan(3);
  });
});
