import { combinedRate } from './bookings';

describe('the combined floor', () => {
  it('adds the times of its parts', () => {
    expect(combinedRate(1_000, 1_000)).toBe(500);
    expect(combinedRate(300, 600)).toBeCloseTo(200);
  });
});
