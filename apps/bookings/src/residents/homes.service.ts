import { Injectable } from '@nestjs/common';
import { type LngLat, locate, notFound, type SourcePoint } from '@doorstep/kernel';
import { Database, type Tx } from '@doorstep/platform';
import type { HomeDto } from './homes.dto';
import { ResidentKeys } from './resident-keys.service';
import { ResidentRecords } from './resident-records.service';
import { seal, unseal } from './sealing';

/** Grid on which ways are planned: a hundredth of a degree, some kilometre. */
const CELLS_PER_DEGREE = 100;

/** Where residents live: the point sealed under their own key, and beside it the coarse cell that planning sees. */
@Injectable()
export class Homes {
  constructor(
    private readonly db: Database,
    private readonly keys: ResidentKeys,
    private readonly records: ResidentRecords,
  ) {}

  put(residentId: string, given: SourcePoint): Promise<HomeDto> {
    const point = locate(given, '');
    return this.db.write(async (tx) => {
      await this.records.forChange(tx, residentId);
      return { residentId, near: await this.keep(tx, residentId, point) };
    });
  }

  /** Seals the point of a resident whom this transaction has locked; answers with the coarse one. */
  async keep(tx: Tx, residentId: string, point: LngLat): Promise<LngLat> {
    const key = (await this.keys.of(tx, [residentId])).get(residentId);
    if (!key) throw notFound('resident', residentId);
    const near = coarse(point);
    await tx.sql(`UPDATE resident SET home_sealed = $2, home_lng = $3, home_lat = $4 WHERE id = $1`, [
      residentId,
      seal(key, JSON.stringify(point), about(residentId)),
      near.lng,
      near.lat,
    ]);
    return near;
  }

  /** The point itself; undefined where none was given, or after erasure. */
  async pointOf(tx: Tx, residentId: string): Promise<LngLat | undefined> {
    const [row] = await tx.sql<{ sealed: Buffer | null }>(
      `SELECT home_sealed AS sealed FROM resident WHERE id = $1`,
      [residentId],
    );
    if (!row?.sealed) return undefined;
    const key = (await this.keys.of(tx, [residentId])).get(residentId);
    return key && (JSON.parse(unseal(key, row.sealed, about(residentId)).toString('utf8')) as LngLat);
  }

  async forget(tx: Tx, residentId: string): Promise<void> {
    await tx.sql(`UPDATE resident SET home_sealed = NULL, home_lng = NULL, home_lat = NULL WHERE id = $1`, [
      residentId,
    ]);
    await tx.sql(
      `UPDATE booking SET place_lng = NULL, place_lat = NULL WHERE resident_id = $1 AND place_lng IS NOT NULL`,
      [residentId],
    );
  }
}

export function coarse({ lng, lat }: LngLat): LngLat {
  const snapped = (degrees: number): number => Math.round(degrees * CELLS_PER_DEGREE) / CELLS_PER_DEGREE;
  return { lng: snapped(lng), lat: snapped(lat) };
}

/** A box that is moved to another row, or to another use, does not open. */
function about(residentId: string): string {
  return `home of ${residentId}`;
}
