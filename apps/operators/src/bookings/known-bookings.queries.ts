import { decodeCursor, type Page, pageOf, type Tx } from '@doorstep/platform';
import type { TouchedBookingDto } from './touched-booking.dto';
import { needs, type TouchedBy, wordsOf } from './touched.queries';

interface BookingRow {
  booking_id: string;
  offering_id: string;
  kind: string;
  mode: string;
  starts_at: Date;
  ends_at: Date;
  status: string;
}

/** Bookings that stand at a site and that something concerns, by their start. */
export async function touchedBookings(
  tx: Tx,
  what: TouchedBy,
  query: { limit: number; cursor?: string },
): Promise<Page<TouchedBookingDto>> {
  const after = decodeCursor(query.cursor, 2);
  const rows = await tx.sql<BookingRow>(
    `SELECT b.* FROM known_booking b
     WHERE b.site_id = $1 AND b.status IN ('held', 'confirmed')
       AND b.starts_at >= lower($2::tstzmultirange) AND $2::tstzmultirange @> b.starts_at
       AND ($3::text IS NULL OR b.kind = $3) AND ($4::uuid IS NULL OR b.offering_id = $4)
       AND (${needs('b')}) @> b.service_day
       AND ($6::timestamptz IS NULL OR (b.starts_at, b.booking_id) > ($6, $7::uuid))
     ORDER BY b.starts_at, b.booking_id LIMIT $8`,
    [...wordsOf(what), after ? String(after[0]) : null, after ? String(after[1]) : null, query.limit + 1],
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
