/** A point in WGS-84 degrees. Other systems are converted on the way in, never compared across. */
export interface LngLat {
  lng: number;
  lat: number;
}

/** Mean Earth radius in metres (IUGG R1). */
const EARTH_RADIUS_M = 6_371_008.8;

/** Great-circle distance in metres by the haversine formula. */
export function distanceM(a: LngLat, b: LngLat): number {
  const rad = Math.PI / 180;
  const dLat = (b.lat - a.lat) * rad;
  const dLng = (b.lng - a.lng) * rad;
  const h = Math.sin(dLat / 2) ** 2 + Math.cos(a.lat * rad) * Math.cos(b.lat * rad) * Math.sin(dLng / 2) ** 2;
  return 2 * EARTH_RADIUS_M * Math.asin(Math.min(1, Math.sqrt(h)));
}
