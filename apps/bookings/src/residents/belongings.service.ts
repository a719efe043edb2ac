import { Injectable } from '@nestjs/common';
import type { LngLat } from '@doorstep/kernel';
import type { Tx } from '@doorstep/platform';
import type { Diet } from '../meals/menu';
import { type CarerGrantRow, GRANTS_ABOUT, showGrant } from '../carers/carer-grants.queries';
import type { CarerGrantDto } from '../carers/carers.dto';
import { Diets } from './diets.service';
import { Homes } from './homes.service';

/** What is kept beside the person: photos and signatures are named by their digests, the files are with the visits. */
export interface Belongings {
  home?: LngLat;
  diet?: Diet;
  carers: CarerGrantDto[];
  evidence: { bookingId: string; kind: string; name: string; sha256: string }[];
}

/** What else hangs on a resident: home, diet, addresses of deliveries, evidence of visits, standing orders, carers. */
@Injectable()
export class ResidentBelongings {
  constructor(
    private readonly homes: Homes,
    private readonly diets: Diets,
  ) {}

  async of(tx: Tx, residentId: string): Promise<Belongings> {
    const home = await this.homes.pointOf(tx, residentId);
    const diet = (await this.diets.of(tx, [residentId])).get(residentId);
    const evidence = await tx.sql<Belongings['evidence'][number]>(
      `SELECT booking_id AS "bookingId", kind, name, sha256 FROM visit_evidence WHERE resident_id = $1
       ORDER BY booking_id, position`,
      [residentId],
    );
    const carers = await tx.sql<CarerGrantRow>(GRANTS_ABOUT, [residentId]);
    return { ...(home && { home }), ...(diet && { diet }), carers: carers.map(showGrant), evidence };
  }

  /** Sealed things go with their key; what goes on by itself ends, and what is not sealed is forgotten. */
  async forget(tx: Tx, residentId: string, now: Date): Promise<void> {
    await this.homes.forget(tx, residentId);
    await tx.sql(`DELETE FROM resident_diet WHERE resident_id = $1`, [residentId]);
    await tx.sql(
      `DELETE FROM meal_delivery d USING booking b WHERE b.id = d.booking_id AND b.resident_id = $1`,
      [residentId],
    );
    await tx.sql(
      `UPDATE carer_grant SET withdrawn_at = $2 WHERE withdrawn_at IS NULL AND (resident_id = $1 OR carer_resident_id = $1)`,
      [residentId, now],
    );
    await tx.sql(`UPDATE standing_order SET status = 'ended' WHERE resident_id = $1 AND status = 'active'`, [
      residentId,
    ]);
  }
}
