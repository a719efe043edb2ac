import { everyTestRuns, specPlacement } from './specs';

describe('specPlacement', () => {
  const judge = (...paths: string[]) => specPlacement(paths.map((path) => ({ path, text: '' })));

  it.each([
    ['apps/x/src/booking/booking.ts', 'apps/x/src/booking/booking.spec.ts'],
    ['apps/x/src/booking/booking.ts', 'apps/x/src/booking/booking.cancellation.spec.ts'],
    ['apps/x/src/booking/bookings.service.ts', 'apps/x/src/booking/bookings.http.spec.ts'],
  ])('is content with %s and %s', (source, spec) => {
    expect(judge(source, spec)).toEqual([]);
  });

  it('refuses a spec in a folder of its own', () => {
    const [finding] = judge('apps/x/src/booking/booking.ts', 'apps/x/test/booking.spec.ts');
    expect(finding).toMatchObject({ path: 'apps/x/test/booking.spec.ts', line: 1 });
  });

  it('leaves stories and fault proofs alone', () => {
    expect(judge('scenarios/src/day.scenario-spec.ts', 'faults/src/broker.fault-spec.ts')).toEqual([]);
  });
});

describe('everyTestRuns', () => {
  // The words are put together so that the rule does not find this spec.
  const judge = (words: string) => everyTestRuns([{ path: 'a.spec.ts', text: `// top\n${words}('x', f)` }]);

  it.each([
    'it.' + 'skip',
    'test.' + 'todo',
    'describe.' + 'only',
    'x' + 'it',
    'f' + 'describe',
    'it.concurrent.' + 'only',
  ])('finds %s', (words) => {
    expect(judge(words)).toMatchObject([{ line: 2 }]);
  });

  it.each(['it', 'describe', 'it.each', 'test.concurrent', 'exit', 'unit', 'benefit'])(
    'lets %s be',
    (words) => {
      expect(judge(words)).toEqual([]);
    },
  );
});
