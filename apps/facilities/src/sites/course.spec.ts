import { courseOf, formatDays, type Life, parseDays, type StageColumn } from './course';

const TODAY = '2026-11-02';
type StageCells = Partial<Record<StageColumn, string>>;
const life = (status: Life['status'], ...milestones: [command: string, day: string][]): Life => ({
  status,
  milestones: milestones.map(([command, day]) => ({ command, day })),
});
const of = (known: Life | undefined, cells: StageCells, said?: Life['status']) => {
  const days = Object.fromEntries(Object.entries(cells).map(([stage, cell]) => [stage, parseDays(cell)]));
  const { first, status, steps, faults } = courseOf(known, days, said, TODAY);
  return {
    first,
    status,
    steps: steps.map(({ command }) => command),
    faults: faults.map(({ field }) => field),
  };
};
const BUILT = {
  ...{ approvedOn: '2025-01-10', buildingOn: '2025-03-01', acceptedOn: '2025-12-01' },
  ...{ handedOverOn: '2026-01-15', openedOn: '2026-03-01' },
};
const HISTORY: [string, string][] = [
  ...([
    ['approve', '2025-01-10'],
    ['build', '2025-03-01'],
    ['accept', '2025-12-01'],
  ] as [string, string][]),
  ...([
    ['hand_over', '2026-01-15'],
    ['open', '2026-03-01'],
  ] as [string, string][]),
];

describe('the course of a new site', () => {
  it.each<[string, StageCells, Life['status'] | undefined, object]>([
    ['without a word is in operation', {}, undefined, { first: 'operating', status: 'operating', steps: [] }],
    ['may be a plan', {}, 'planned', { first: 'planned', status: 'planned', steps: [] }],
    [
      'goes through the stages of its days',
      BUILT,
      'operating',
      { first: 'planned', status: 'operating', steps: ['approve', 'build', 'accept', 'hand_over', 'open'] },
    ],
    [
      'needs no building work',
      { approvedOn: '2025-01-10', acceptedOn: '2025-02-01' },
      'accepted',
      { first: 'planned', status: 'accepted', steps: ['approve', 'accept'] },
    ],
    [
      'may be out of operation',
      { suspendedOn: '2026-10-01' },
      'suspended',
      { first: 'operating', status: 'suspended', steps: ['suspend'] },
    ],
  ])('%s', (_what, days, said, expected) =>
    expect(of(undefined, days, said)).toEqual({ faults: [], ...expected }),
  );

  it.each<[string, StageCells, Life['status'] | undefined, string]>([
    ['leaves out a stage', { approvedOn: '2025-01-10', openedOn: '2025-02-01' }, undefined, 'openedOn'],
    ['goes back in time', { approvedOn: '2025-03-02', buildingOn: '2025-03-01' }, undefined, 'buildingOn'],
    ['lies ahead', { approvedOn: '2026-11-03' }, undefined, 'approvedOn'],
    ['names no day', { approvedOn: '2026-02-30' }, undefined, 'approvedOn'],
    ['leads elsewhere than it says', { approvedOn: '2025-01-10' }, 'building', 'status'],
    ['says a stage without days', {}, 'accepted', 'status'],
  ])('is refused when it %s', (_what, days, said, field) =>
    expect(of(undefined, days, said).faults).toEqual([field]),
  );
});

describe('the course of a known site', () => {
  it('is unchanged by what is recorded already', () => {
    const known = life('operating', ...HISTORY);
    expect(of(known, BUILT, 'operating')).toMatchObject({ status: 'operating', steps: [], faults: [] });
  });

  it('goes on from where it stands', () => {
    const known = life('building', ...HISTORY.slice(0, 2));
    expect(of(known, BUILT)).toMatchObject({ status: 'operating', steps: ['accept', 'hand_over', 'open'] });
  });

  it('may be suspended again, and keeps earlier times', () => {
    const known = life('operating', ['suspend', '2026-05-01'], ['resume', '2026-06-01']);
    expect(of(known, { suspendedOn: '2026-05-01' })).toMatchObject({ steps: [], faults: [] });
    expect(of(known, { suspendedOn: '2026-10-01' })).toMatchObject({
      status: 'suspended',
      steps: ['suspend'],
    });
  });

  it('goes through its times out of operation in the order of their days, however often', () => {
    const known = life('suspended', ['suspend', '2026-05-01']);
    const cells = { suspendedOn: '2026-05-01; 2026-07-01;2026-10-01', resumedOn: '2026-06-01; 2026-08-01' };
    expect(of(known, cells, 'suspended')).toMatchObject({
      ...{ status: 'suspended', faults: [] },
      steps: ['resume', 'suspend', 'resume', 'suspend'],
    });
    const oneDay = { suspendedOn: '2026-06-01', resumedOn: '2026-06-01' };
    expect(of(known, oneDay).steps).toEqual(['resume', 'suspend']);
    expect(of(life('operating'), oneDay).steps).toEqual(['suspend', 'resume']);
  });

  it('is written as it is read', () => {
    const { milestones: known } = life(
      'operating',
      ['suspend', '2026-05-01'],
      ['resume', '2026-06-01'],
      ['suspend', '2026-07-01'],
    );
    expect(formatDays(known, 'suspendedOn')).toBe('2026-05-01; 2026-07-01');
    expect(formatDays(known, 'resumedOn')).toBe('2026-06-01');
    expect(formatDays(known, 'closedOn')).toBeNull();
  });

  it.each<[string, Life, StageCells, Life['status'] | undefined, string]>([
    [
      'resumes what was never suspended',
      life('operating'),
      { resumedOn: '2026-05-01' },
      undefined,
      'resumedOn',
    ],
    [
      'moves a suspension',
      life('suspended', ['suspend', '2026-05-01']),
      { suspendedOn: '2026-05-02' },
      undefined,
      'suspendedOn',
    ],
    [
      'rewrites a day',
      life('approved', ['approve', '2025-01-10']),
      { approvedOn: '2025-01-11' },
      undefined,
      'approvedOn',
    ],
    [
      'tells the past of a site that was entered in operation',
      life('operating'),
      { approvedOn: '2025-01-10' },
      undefined,
      'approvedOn',
    ],
    [
      'lies before the last milestone',
      life('operating', ['suspend', '2026-05-01'], ['resume', '2026-06-01']),
      { closedOn: '2026-05-20' },
      undefined,
      'closedOn',
    ],
    ['says another status', life('suspended', ['suspend', '2026-05-01']), {}, 'operating', 'status'],
    [
      'goes on after the end',
      life('closed', ['close', '2026-05-01']),
      { suspendedOn: '2026-06-01' },
      undefined,
      'suspendedOn',
    ],
  ])('is refused when it %s', (_what, known, days, said, field) =>
    expect(of(known, days, said).faults).toEqual([field]),
  );
});
