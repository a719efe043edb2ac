import { Controller } from '@nestjs/common';
import {
  BookingCancelled,
  BookingConfirmed,
  BookingExpired,
  BookingHeld,
  BookingNoShow,
  BookingRejected,
  ResidentMerged,
  ServiceDelivered,
} from '@doorstep/contracts';
import { Database, OnEventsForReadModel, type Received } from '@doorstep/platform';

type BookingFact =
  | BookingHeld
  | BookingConfirmed
  | BookingRejected
  | BookingExpired
  | BookingCancelled
  | ServiceDelivered
  | BookingNoShow;

/** What each fact makes of a booking. Every fact says the whole of it again, so the newest one is enough. */
const STATUS: Record<string, string> = {
  'bookings.BookingHeld.v1': 'held',
  'bookings.BookingConfirmed.v1': 'confirmed',
  'bookings.BookingRejected.v1': 'rejected',
  'bookings.BookingExpired.v1': 'expired',
  'bookings.BookingCancelled.v1': 'cancelled',
  'bookings.ServiceDelivered.v1': 'delivered',
  'bookings.BookingNoShow.v1': 'no_show',
};

/** `$1` the one that leads on · `$2` who stays, as told · `$3` version. Answers with who stays by now. */
const KEEP_MERGE = `
  INSERT INTO resident_merge AS m (merged_id, survivor_id, version)
  SELECT $1, into_id, $3
  FROM (SELECT coalesce((SELECT survivor_id FROM resident_merge WHERE merged_id = $2), $2) AS into_id) AS told
  WHERE into_id <> $1
  ON CONFLICT (merged_id) DO UPDATE SET survivor_id = excluded.survivor_id, version = excluded.version
    WHERE excluded.version >= m.version
  RETURNING survivor_id AS "survivorId"`;
const LEAD_ON = `UPDATE resident_merge SET survivor_id = $2 WHERE survivor_id = $1`;

/** Keeps the read model of bookings: what stands at which site, and for which pseudonym. */
@Controller()
export class BookingsConsumer {
  constructor(private readonly db: Database) {}

  @OnEventsForReadModel(
    BookingHeld,
    BookingConfirmed,
    BookingRejected,
    BookingExpired,
    BookingCancelled,
    ServiceDelivered,
    BookingNoShow,
  )
  async learn(batch: Received<BookingFact>[]): Promise<void> {
    const inOrder = [...batch].sort((a, b) => a.version - b.version);
    const newest = new Map(inOrder.map((received) => [received.data.bookingId, received]));
    const rows = [...newest.values()].map(({ type, data }) => ({
      booking_id: data.bookingId,
      operator_id: data.operatorId,
      contract_id: data.contractId,
      site_id: data.siteId,
      offering_id: data.offeringId,
      kind: data.kind,
      mode: data.mode,
      region_code: data.regionCode,
      starts_at: data.start,
      ends_at: data.end,
      service_day: data.serviceDay,
      party_size: data.partySize,
      units: data.units ?? null,
      resident_id: data.residentId,
      status: STATUS[type],
      version: data.version,
    }));
    await this.db.write((tx) =>
      tx.prepared(
        `INSERT INTO known_booking AS known
         SELECT * FROM json_populate_recordset(NULL::known_booking, $1::json)
         ON CONFLICT (booking_id) DO UPDATE SET
           contract_id = excluded.contract_id, starts_at = excluded.starts_at, ends_at = excluded.ends_at,
           service_day = excluded.service_day, party_size = excluded.party_size, units = excluded.units,
           resident_id = excluded.resident_id, region_code = excluded.region_code,
           status = excluded.status, version = excluded.version
         WHERE excluded.version > known.version`,
        [JSON.stringify(rows)],
      ),
    );
  }

  /** Two pseudonyms are one person's; a survivor that is merged takes along who was merged into it. */
  @OnEventsForReadModel(ResidentMerged)
  async merge(batch: Received<ResidentMerged>[]): Promise<void> {
    await this.db.write(async (tx) => {
      await tx.sql(`SELECT pg_advisory_xact_lock(hashtextextended('resident merges', 0))`);
      for (const { data } of batch) {
        const { residentId, survivorId, version } = data;
        const [kept] = await tx.sql<{ survivorId: string }>(KEEP_MERGE, [residentId, survivorId, version]);
        if (kept) await tx.sql(LEAD_ON, [residentId, kept.survivorId]);
      }
    });
  }
}
