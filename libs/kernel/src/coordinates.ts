import gcoord from 'gcoord';
import { DomainError } from './errors';
import type { LngLat } from './geo';

/**
 * Coordinate systems that come in: WGS-84 from phones and satellites, GCJ-02 from Amap and Tencent, BD-09 from Baidu.
 * The two Chinese ones are shifted by up to some 700 m, so a pair without its system is worth nothing.
 */
export const CRS = ['WGS84', 'GCJ02', 'BD09'] as const;
export type Crs = (typeof CRS)[number];

/** A point as somebody measured it. */
export interface SourcePoint extends LngLat {
  crs: Crs;
}

/** Seven decimals are about a centimetre: finer than any survey, and stable when written and read again. */
const DECIMALS = 1e7;

/** The WGS-84 point, which is what is stored and compared. GCJ-02 and BD-09 outside of China are WGS-84 already. */
export function toWgs84({ lng, lat, crs }: SourcePoint): LngLat {
  const [east, north] =
    crs === 'WGS84' ? [lng, lat] : gcoord.transform([lng, lat], gcoord[crs], gcoord.WGS84);
  // The date line has one name.
  return { lng: east === 180 ? -180 : round(east), lat: round(north) };
}

/** What is wrong with a pair of degrees, or undefined. Swapped pairs are the usual mistake, so it is named. */
export function degreesFault(
  lng: number,
  lat: number,
): { field: 'lng' | 'lat'; reason: string; mend: string } | undefined {
  if (!Number.isFinite(lng) || Math.abs(lng) > 180) {
    return {
      field: 'lng',
      reason: `${lng} is no longitude`,
      mend: 'Longitudes lie between −180 and 180 degrees.',
    };
  }
  if (!Number.isFinite(lat) || Math.abs(lat) > 90) {
    const swapped = Math.abs(lat) <= 180 && Math.abs(lng) <= 90;
    return {
      field: 'lat',
      reason: `${lat} is no latitude`,
      mend: swapped
        ? 'Longitude and latitude look swapped: lng comes first.'
        : 'Latitudes lie between −90 and 90 degrees.',
    };
  }
  return undefined;
}

/** The WGS-84 point of a request's location, or a refusal that names the field. */
export function locate(point: SourcePoint, field = 'location'): LngLat {
  const fault = degreesFault(point.lng, point.lat);
  if (fault) {
    throw new DomainError('invalid', 'coordinates_out_of_range', `${fault.reason}.`, {
      field: field === '' ? fault.field : `${field}.${fault.field}`,
      mend: fault.mend,
    });
  }
  return toWgs84(point);
}

function round(degrees: number): number {
  return Math.round(degrees * DECIMALS) / DECIMALS;
}
