import fc from 'fast-check';
import { type Nursery, startNursery } from '../groups/childcare.fixture';
import type { GroupDayDto } from '../groups/groups.dto';
import { comingByEvents } from './coming.fixture';
import { Oracle, type OracleDay } from './placements.oracle.fixture';
import type { PlacementDto } from './placements.dto';

type Half = 'day' | 'morning' | 'afternoon';
/** What random families and a random site do; `pick` chooses among what is there. */
type Command =
  | { do: 'enrol'; group: number; born: string; pattern: Half[]; wished: number }
  | { do: 'guest'; group: number; child: number; days: number[]; part: Half; gap: number }
  | { do: 'absent'; pick: number; from: number; days: number }
  | { do: 'reserve'; gap: number }
  | { do: 'end'; pick: number; on: number }
  | { do: 'change'; pick: number; group: number; from: number; pattern: Half[] }
  | { do: 'resize'; group: number; from: number; places: number; staff: number };

const TODAY = '2026-11-02';
const WINDOW_DAYS = 45;
const dayAt = (n: number): string => new Date(Date.parse(TODAY) + n * 86_400_000).toISOString().slice(0, 10);

const half = fc.constantFrom<Half>('day', 'day', 'morning', 'afternoon');
const pattern = fc.array(half, { minLength: 2, maxLength: 5 });
const offset = fc.nat({ max: WINDOW_DAYS - 5 });
const group = fc.nat({ max: 1 });
const pick = fc.nat({ max: 20 });
/** Toddlers, some who outgrow their class within the weeks played, and some who have outgrown the service. */
const born = fc.constantFrom(
  '2025-07-01',
  '2025-02-10',
  '2024-11-18',
  '2024-12-05',
  '2023-11-25',
  '2023-10-01',
);
const aCommand: fc.Arbitrary<Command> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({ do: fc.constant('enrol' as const), group, born, pattern, wished: offset }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('guest' as const),
      group,
      child: pick,
      days: fc.uniqueArray(fc.nat({ max: 20 }), { minLength: 1, maxLength: 4 }),
      part: half,
      gap: pick,
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('absent' as const),
      pick,
      from: offset,
      days: fc.integer({ min: 1, max: 9 }),
    }),
  },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('reserve' as const), gap: pick }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('end' as const), pick, on: offset }) },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant('change' as const), pick, group, from: offset, pattern }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('resize' as const),
      group,
      from: offset,
      places: fc.integer({ min: 1, max: 6 }),
      staff: fc.integer({ min: 1, max: 2 }),
    }),
  },
);

/** Before the random commands: the second group is full, and every question is asked so that it gets either answer. */
const OPENING: Command[] = [
  ...['2025-02-10', '2024-11-18', '2023-11-25', '2025-04-01', '2024-06-01'].map((born) => enrolment(1, born)),
  enrolment(1, '2025-02-10'),
  enrolment(0, '2025-07-01'),
  { do: 'absent', pick: 0, from: 1, days: 4 },
  { do: 'guest', group: 1, child: 20, days: [7], part: 'day', gap: 20 },
  { do: 'guest', group: 1, child: 5, days: [7], part: 'day', gap: 0 },
  { do: 'reserve', gap: 0 },
  { do: 'reserve', gap: 1 },
  { do: 'resize', group: 1, from: 5, places: 4, staff: 1 },
  { do: 'resize', group: 1, from: 9, places: 6, staff: 1 },
  { do: 'change', pick: 0, group: 0, from: 9, pattern: ['morning', 'morning'] },
  { do: 'change', pick: 1, group: 0, from: 3, pattern: ['day', 'day'] },
];

function enrolment(group: number, born: string): Command {
  return { do: 'enrol', group, born, pattern: ['day', 'day', 'morning', 'day', 'afternoon'], wished: 0 };
}

describe('places of two groups against a day-by-day oracle, on the real database', () => {
  let nursery: Nursery;

  beforeAll(async () => {
    nursery = await startNursery();
  });
  afterAll(async () => {
    await nursery.assertConsistent();
    await nursery.world.service.stop();
  });

  /** Does the command; true when it was accepted. */
  const perform = async (oracle: Oracle, groups: string[], command: Command): Promise<boolean> => {
    const target = 'pick' in command ? oracle.placements[command.pick % oracle.placements.length] : undefined;
    if ('pick' in command && !target) return true;
    const id = target?.id ?? '';
    switch (command.do) {
      case 'enrol': {
        const [child] = (await nursery.children(1, command.born)) as [string];
        const weekdays = command.pattern.map((part, n) => ({ weekday: n + 1, part }));
        const mode = command.pattern.includes('day') ? 'full_day' : 'half_day';
        const wishedStart = dayAt(command.wished);
        const { id: applied } = await nursery.apply(child, { mode, pattern: weekdays, wishedStart });
        const [offered] = await nursery.offer(groups[command.group] as string);
        await nursery.answer(offered ? 'accept' : 'withdraw', applied).expect(200);
        oracle.enrolled(command.group, child, command.born, weekdays, wishedStart, offered?.id);
        return true;
      }
      case 'guest': {
        const known = oracle.children[command.child];
        const child = known?.id ?? ((await nursery.children(1)) as [string])[0];
        // Now and then the very day on which somebody is away.
        const gap = oracle.absences()[command.gap];
        const days = gap ? [gap.day] : command.days.map(dayAt);
        const group = gap?.placement.group ?? command.group;
        const { status, body } = await nursery.takeDays(groups[group] as string, child, days, command.part);
        const placed = status === 201 ? (body as PlacementDto).id : undefined;
        oracle.guest(group, child, known?.born ?? '2025-07-01', days, command.part, placed);
        return true;
      }
      case 'absent': {
        const [from, to] = [dayAt(command.from), dayAt(command.from + command.days)];
        const { status } = await nursery.post(id, 'absences', { kind: 'sick', from, to });
        return oracle.absent(target as never, from, to) === (status === 201);
      }
      case 'reserve': {
        const gaps = oracle.absences();
        const gap = gaps[command.gap % gaps.length];
        if (!gap) return true;
        const { status } = await nursery.post(gap.placement.id, 'reservations', { day: gap.day });
        return oracle.reserve(gap.placement, gap.day) === (status === 201);
      }
      case 'end': {
        const { status } = await nursery.post(id, 'end', { on: dayAt(command.on), reason: 'model' });
        return oracle.end(target as never, dayAt(command.on)) === (status === 200);
      }
      case 'change': {
        const weekdays = command.pattern.map((part, n) => ({ weekday: n + 1, part }));
        const mode = command.pattern.includes('day') ? 'full_day' : 'half_day';
        const ask = { from: dayAt(command.from), groupId: groups[command.group], mode, pattern: weekdays };
        const { status, body } = await nursery.post(id, 'change', ask);
        const placed = status === 201 ? (body as PlacementDto).id : undefined;
        oracle.changed(target as never, command.group, weekdays, ask.from, placed);
        return true;
      }
      case 'resize': {
        const size = { from: dayAt(command.from), places: command.places, staff: command.staff };
        const { status } = await nursery.owner
          .post(`/v1/care-groups/${groups[command.group]}/sizes`)
          .send(size);
        return oracle.resize(command.group, size) === (status === 201);
      }
    }
  };

  const seen = new Set<string>();

  it('accepts what fits on every day, refuses the rest, counts the same, and tells all of it', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(aCommand, { minLength: 6, maxLength: 16 }), async (commands) => {
        const sizes = { places: 2, staff: 1 };
        const toddlers = await nursery.group(sizes);
        const mixed = await nursery.group({ ...sizes, ageClass: 'mixed', places: 5 });
        const groups = [toddlers.id, mixed.id];
        const oracle = new Oracle(TODAY, [
          { ageClass: 'toddler', ...sizes },
          { ageClass: 'mixed', ...sizes, places: 5 },
        ]);
        for (const command of [...OPENING, ...commands]) {
          expect([command, await perform(oracle, groups, command)]).toEqual([command, true]);
          expect([command, oracle.disagreements]).toEqual([command, []]);
          seen.add(oracle.last);
        }
        const coming = await comingByEvents(nursery.world.service);
        for (const [n, id] of groups.entries()) {
          const days = await nursery.days(id, TODAY, dayAt(WINDOW_DAYS));
          expect(days.map(countsOf)).toEqual(days.map(({ day }) => oracle.counts(n, day)));
          const expected = days.map((one) => [one.day, one.expectedMorning, one.expectedAfternoon]);
          expect(days.map(({ day }) => [day, ...coming(id, day)])).toEqual(expected);
        }
      }),
      { numRuns: 4, endOnFailure: true },
    );
    // Both answers of each question were given, or the proof would be none.
    const both = ['enrol', 'guest', 'reserve', 'change', 'resize'].flatMap((what) => [
      `${what} yes`,
      `${what} no`,
    ]);
    expect([...seen]).toEqual(expect.arrayContaining(both));
  }, 240_000);
});

function countsOf({
  day,
  claimedMorning,
  claimedAfternoon,
  expectedMorning,
  expectedAfternoon,
}: GroupDayDto): OracleDay {
  return { day, claimedMorning, claimedAfternoon, expectedMorning, expectedAfternoon };
}
