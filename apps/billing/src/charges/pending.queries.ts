import type { Tx } from '@doorstep/platform';
import type { HeldBooking } from './charge';
import type { Hold } from './holds.queries';

/** Which pending charges to look at again. */
export interface Waiting {
  column: 'id' | 'offering_id' | 'contract_id' | 'site_id' | 'resident_id';
  ids: string[];
}

interface PendingRow extends Omit<HeldBooking, 'start' | 'end'> {
  chargeId: string;
  version: number;
  starts: Date;
  ends: Date;
  decideBy: Date;
  heldEventId: string;
  correlationId: string;
}

const PENDING = `
  SELECT id AS "chargeId", version, booking_id AS "bookingId", operator_id AS "operatorId", contract_id AS "contractId",
         site_id AS "siteId", offering_id AS "offeringId", resident_id AS "residentId", kind, mode,
         region_code AS "regionCode", service_day AS "serviceDay", starts_at AS starts, ends_at AS ends,
         party_size AS "partySize", package_wish AS "packageWish", replaces, decide_by AS "decideBy", held_event_id AS "heldEventId",
         correlation_id AS "correlationId"
  FROM charge WHERE status = 'pending'`;

/** Takes hold of pending charges that nobody else is deciding on at this moment. */
export async function takePending(tx: Tx, limit: number, waiting?: Waiting): Promise<Hold[]> {
  const of = waiting ? `AND ${waiting.column} = ANY ($2)` : '';
  const rows = await tx.sql<PendingRow>(
    `${PENDING} ${of} ORDER BY id LIMIT $1 FOR UPDATE SKIP LOCKED`,
    waiting ? [limit, waiting.ids] : [limit],
  );
  return rows.map(({ starts, ends, version: _version, ...row }) => ({
    ...row,
    start: starts.toISOString(),
    end: ends.toISOString(),
  }));
}
