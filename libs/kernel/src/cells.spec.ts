import fc from 'fast-check';
import { cellOf, cellsAround } from './cells';
import { distanceM } from './geo';

const anywhere = fc.record({
  lng: fc.double({ min: -180, max: 179.999, noNaN: true }),
  lat: fc.double({ min: -89, max: 89, noNaN: true }),
});
const aRadiusM = fc.integer({ min: 1, max: 5000 });

/** A point at a bearing and a distance, on the sphere. */
function moved(from: { lng: number; lat: number }, bearing: number, metres: number) {
  const rad = Math.PI / 180;
  const d = metres / 6_371_008.8;
  const lat1 = from.lat * rad;
  const lat2 = Math.asin(Math.sin(lat1) * Math.cos(d) + Math.cos(lat1) * Math.sin(d) * Math.cos(bearing));
  const lng2 =
    from.lng * rad +
    Math.atan2(
      Math.sin(bearing) * Math.sin(d) * Math.cos(lat1),
      Math.cos(d) - Math.sin(lat1) * Math.sin(lat2),
    );
  return { lng: ((lng2 / rad + 540) % 360) - 180, lat: lat2 / rad };
}

describe('the cells around a point', () => {
  it('hold every point within the radius, over the date line and far north too', () => {
    fc.assert(
      fc.property(
        anywhere,
        aRadiusM,
        fc.double({ min: 0, max: 6.28, noNaN: true }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (centre, radiusM, bearing, share) => {
          const there = moved(centre, bearing, radiusM * share * 0.999999);
          expect(distanceM(centre, there)).toBeLessThanOrEqual(radiusM + 0.01);
          expect(cellsAround(centre, radiusM)).toContain(cellOf(there));
        },
      ),
      { numRuns: 1000 },
    );
  });

  it('are few for a walk of fifteen minutes in Shanghai', () => {
    expect(cellsAround({ lng: 121.47, lat: 31.23 }, 960).length).toBeLessThanOrEqual(12);
  });

  it('are numbered as the database does it', () => {
    expect(cellOf({ lng: 121.4737, lat: 31.2304 })).toBe(12_123 * 36_000 + 30_147);
    expect(cellOf({ lng: -0.005, lat: -0.005 })).toBe(8_999 * 36_000 + 17_999);
  });
});
