import { contractLines, dateRange, newestOf } from './reference';

describe('snapshots of one batch', () => {
  it('are reduced to the newest of each key, whatever their order', () => {
    const snapshots = [
      { id: 'a', version: 2 },
      { id: 'b', version: 1 },
      { id: 'a', version: 3 },
      { id: 'b', version: 0 },
    ];
    expect(newestOf(snapshots, ({ id }) => id)).toEqual([
      { id: 'a', version: 3 },
      { id: 'b', version: 1 },
    ]);
  });
});

describe('a period of a contract', () => {
  it('is half-open, and empty when it ends before it begins', () => {
    expect(dateRange('2026-01-01', '2027-01-01')).toBe('[2026-01-01,2027-01-01)');
    expect(dateRange('2026-01-01', '2026-01-01')).toBe('empty');
    expect(dateRange('2026-02-01', '2026-01-01')).toBe('empty');
  });
});

describe('services of a contract', () => {
  it('name a kind, or one mode of it, somewhere, by the days on which they were agreed', () => {
    const services = [{ kind: 'meals' }, { kind: 'childcare', mode: 'timed' as const, regionCode: '3101' }];
    expect(contractLines({ services })).toEqual({
      meals: [{}],
      childcare: [{ mode: 'timed', region: '3101' }],
    });
    const days = { from: '2026-01-01', to: '2026-06-01' };
    const revisions = [{ revision: 1, ...days, services }];
    expect(contractLines({ services: [], revisions })).toEqual({
      meals: [days],
      childcare: [{ mode: 'timed', region: '3101', ...days }],
    });
  });
});
