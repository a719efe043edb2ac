import { percentiles, withFloor } from './measure';

describe('figures', () => {
  it('takes percentiles by nearest rank', () => {
    const samples = Array.from({ length: 100 }, (_, i) => 100 - i);
    expect(percentiles(samples)).toEqual({ p50: 50, p95: 95, p99: 99, max: 100 });
    expect(percentiles([])).toEqual({ p50: 0, p95: 0, p99: 0, max: 0 });
  });

  it('says how a figure stands to its floor', () => {
    expect(withFloor({ name: 'x', value: 1, unit: '/s', floor: 3 }).ratio).toBe(0.333);
  });
});
