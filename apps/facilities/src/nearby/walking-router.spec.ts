import fc from 'fast-check';
import { StraightLineRouter } from './walking-router';

describe('walking along the straight line with a detour', () => {
  const router = new StraightLineRouter({ metresPerMinute: 80, detourPercent: 125 });

  it('takes a quarter longer than the crow', async () => {
    const [walk] = await router.walk({ lng: 0, lat: 0 }, [{ lng: 0, lat: 0.01 }]);
    expect(walk?.distanceM).toBeCloseTo(1389.94, 1);
    expect(walk?.seconds).toBeCloseTo((1389.94 / 80) * 60, 0);
  });

  it('reaches about the kilometre that planners mean by fifteen minutes (GB 50180-2018)', () => {
    expect(router.reachM(15)).toBe(960);
  });

  it('never arrives in time at a place beyond its reach', async () => {
    const degrees = fc.double({ min: -0.05, max: 0.05, noNaN: true });
    await fc.assert(
      fc.asyncProperty(degrees, degrees, fc.integer({ min: 1, max: 60 }), async (lng, lat, minutes) => {
        const from = { lng: 121, lat: 31 };
        const [walk] = await router.walk(from, [{ lng: 121 + lng, lat: 31 + lat }]);
        const straightM = (walk?.distanceM ?? 0) / 1.25;
        expect((walk?.seconds ?? 0) <= minutes * 60).toBe(straightM <= router.reachM(minutes));
      }),
    );
  });
});
