import fc from 'fast-check';
import gcoord from 'gcoord';
import { degreesFault, locate, toWgs84 } from './coordinates';
import { distanceM } from './geo';

const insideChina = fc.record({
  lng: fc.double({ min: 80, max: 126, noNaN: true }),
  lat: fc.double({ min: 22, max: 45, noNaN: true }),
});

describe('a point in WGS-84', () => {
  it('is kept as it is', () => {
    expect(toWgs84({ lng: 121.4737, lat: 31.2304, crs: 'WGS84' })).toEqual({ lng: 121.4737, lat: 31.2304 });
  });
});

describe.each(['GCJ02', 'BD09'] as const)('a point in %s', (crs) => {
  it('comes back to within a metre of where it was measured', () => {
    fc.assert(
      fc.property(insideChina, (point) => {
        const [lng, lat] = gcoord.transform([point.lng, point.lat], gcoord.WGS84, gcoord[crs]);
        expect(distanceM(toWgs84({ lng, lat, crs }), point)).toBeLessThan(1);
      }),
    );
  });

  it('is moved by hundreds of metres in Shanghai, and nowhere by kilometres', () => {
    const moved = (point: { lng: number; lat: number }) => distanceM(toWgs84({ ...point, crs }), point);
    expect(moved({ lng: 121.4737, lat: 31.2304 })).toBeGreaterThan(50);
    fc.assert(fc.property(insideChina, (point) => moved(point) < 2000));
  });
});

describe('degrees out of range', () => {
  it('name the field', () => {
    expect(degreesFault(200, 31)).toMatchObject({ field: 'lng' });
    expect(degreesFault(121, Number.NaN)).toMatchObject({ field: 'lat' });
    expect(degreesFault(121, 31)).toBeUndefined();
  });

  it('name the usual mistake when the pair is swapped', () => {
    expect(degreesFault(31.2, 121.5)?.mend).toMatch(/swapped/);
  });

  it('refuse a location with the path of its field', () => {
    expect(() => locate({ lng: 121, lat: 95, crs: 'WGS84' })).toThrow(
      expect.objectContaining({
        code: 'coordinates_out_of_range',
        details: expect.objectContaining({ field: 'location.lat' }),
      }),
    );
  });
});
