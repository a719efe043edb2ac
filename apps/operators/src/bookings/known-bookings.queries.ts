import { decodeCursor, type Page, pageOf, type Tx } from '@doorstep/platform';
import type { TouchedBookingDto } from './touched-booking.dto';

interface BookingRow {
  booking_id: string;
  offering_id: string;
  kind: string;
  mode: string;
  starts_at: Date;
  ends_at: Date;
  status: string;
}

export interface TouchedBy {
  siteId: string;
  /** Bookings of these kinds or of these offerings; both undefined: all of the site. */
  kinds?: readonly string[];
  offeringIds?: readonly string[];
  /** Instant from which on. */
  from: Date | string;
}

/** Bookings that stand at a site and that something concerns, by their start. */
export async function touchedBookings(
  tx: Tx,
  { siteId, kinds, offeringIds, from }: TouchedBy,
  query: { limit: number; cursor?: string },
): Promise<Page<TouchedBookingDto>> {
  const after = decodeCursor(query.cursor, 2);
  const rows = await tx.sql<BookingRow>(
    `SELECT b.* FROM known_booking b
     WHERE b.site_id = $1 AND b.status IN ('held', 'confirmed') AND b.starts_at >= $2
       AND (($3::text[] IS NULL AND $4::uuid[] IS NULL) OR b.kind = ANY ($3) OR b.offering_id = ANY ($4))
       AND ($5::timestamptz IS NULL OR (b.starts_at, b.booking_id) > ($5, $6::uuid))
     ORDER BY b.starts_at, b.booking_id LIMIT $7`,
    [
      siteId,
      from,
      kinds ?? null,
      offeringIds ?? null,
      after ? String(after[0]) : null,
      after ? String(after[1]) : null,
      query.limit + 1,
    ],
  );
  return pageOf(rows, query.limit, (row) => [row.starts_at.toISOString(), row.booking_id], show);
}

function show(row: BookingRow): TouchedBookingDto {
  return {
    bookingId: row.booking_id,
    offeringId: row.offering_id,
    kind: row.kind,
    mode: row.mode,
    start: row.starts_at,
    end: row.ends_at,
    status: row.status,
  };
}
