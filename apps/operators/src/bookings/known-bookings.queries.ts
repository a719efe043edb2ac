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
  /** Only bookings of this kind, or of this offering; both undefined: all of the site. */
  kind?: string;
  offeringId?: string;
  /** Only bookings that need this type of licence, by the rules of the place on their day or by the offering's own word. */
  licenceType?: string;
  /** Instants in which they start, as a tstzmultirange. */
  during: string;
}

const NEEDS_LICENCE = `
  EXISTS (SELECT FROM licence_requirement r JOIN known_site s ON s.site_id = b.site_id
          WHERE r.licence_type = $5 AND r.kind = b.kind AND (r.region_code IS NULL OR starts_with(s.region_code, r.region_code))
            AND r.from_day <= b.service_day AND (r.to_day IS NULL OR b.service_day < r.to_day))
  OR EXISTS (SELECT FROM known_offering o WHERE o.offering_id = b.offering_id AND o.licences @> ARRAY[$5])`;

/** Bookings that stand at a site and that something concerns, by their start. */
export async function touchedBookings(
  tx: Tx,
  { siteId, kind, offeringId, licenceType, during }: TouchedBy,
  query: { limit: number; cursor?: string },
): Promise<Page<TouchedBookingDto>> {
  const after = decodeCursor(query.cursor, 2);
  const rows = await tx.sql<BookingRow>(
    `SELECT b.* FROM known_booking b
     WHERE b.site_id = $1 AND b.status IN ('held', 'confirmed')
       AND b.starts_at >= lower($2::tstzmultirange) AND $2::tstzmultirange @> b.starts_at
       AND ($3::text IS NULL OR b.kind = $3) AND ($4::uuid IS NULL OR b.offering_id = $4)
       AND ($5::text IS NULL OR ${NEEDS_LICENCE})
       AND ($6::timestamptz IS NULL OR (b.starts_at, b.booking_id) > ($6, $7::uuid))
     ORDER BY b.starts_at, b.booking_id LIMIT $8`,
    [
      siteId,
      during,
      kind ?? null,
      offeringId ?? null,
      licenceType ?? null,
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
