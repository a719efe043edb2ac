import { type Project, projectFaults, projectWarnings } from './project';

const project = (changes: Partial<Project> = {}): Project => ({
  costFen: 100_000_00,
  funding: [
    { source: 'central_budget', amountFen: 60_000_00 },
    { source: 'local_budget', amountFen: 40_000_00 },
  ],
  plannedStart: '2026-03-01',
  plannedOpening: '2026-12-01',
  ...changes,
});
const warnings = (
  changes: Partial<Project>,
  status: 'building' | 'operating' = 'building',
  today = '2026-11-01',
) => projectWarnings(project(changes), status, today).map(({ code }) => code);

describe('a project', () => {
  it.each([
    [{}, []],
    [{ plannedStart: null, plannedOpening: null }, []],
    [{ plannedOpening: '2026-02-01' }, ['plannedOpening']],
    [{ plannedStart: '2026-02-30' }, ['plannedStart']],
  ] as [Partial<Project>, string[]][])('%j has its faults named', (changes, fields) => {
    expect(projectFaults(project(changes)).map(({ field }) => field)).toEqual(fields);
  });

  it('warns of money that is missing or too much, as soon as the cost is known', () => {
    expect(warnings({})).toEqual([]);
    expect(warnings({ costFen: null })).toEqual([]);
    expect(warnings({ costFen: 100_000_01 })).toEqual(['project_underfunded']);
    expect(warnings({ costFen: 99_999_99 })).toEqual(['project_overfunded']);
  });

  it('warns of an opening that is late, until the site has opened', () => {
    expect(warnings({}, 'building', '2026-12-01')).toEqual([]);
    expect(warnings({}, 'building', '2026-12-02')).toEqual(['project_late']);
    expect(warnings({}, 'operating', '2026-12-02')).toEqual([]);
  });
});
