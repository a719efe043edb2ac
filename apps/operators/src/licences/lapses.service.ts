import { Injectable } from '@nestjs/common';
import { currentActor, Database, decodeCursor, type Page, pageOf } from '@doorstep/platform';
import { OperatorsConfig } from '../config';
import { endOfLicence } from './licence';
import { LicencesService } from './licences.service';
import type { StandingDto, TouchedBookingDto } from './requirements.dto';
import type { Block } from './standing';

interface BookingRow {
  booking_id: string;
  offering_id: string;
  kind: string;
  mode: string;
  starts_at: Date;
  ends_at: Date;
  status: string;
}

/** What a licence that runs out means: sites that take no new bookings, and the bookings already made. */
@Injectable()
export class LapsesService {
  constructor(
    private readonly db: Database,
    private readonly config: OperatorsConfig,
    private readonly licences: LicencesService,
  ) {}

  blocked(query: { limit: number; cursor?: string }): Promise<Page<StandingDto>> {
    const after = decodeCursor(query.cursor, 1);
    return this.db.read(async (tx) => {
      const rows = await tx.sql<{ site_id: string; blocks: Block[] }>(
        `SELECT site_id, blocks FROM site_licence_standing
         WHERE blocks <> '[]' AND ($1::uuid IS NULL OR site_id > $1) AND ($2::uuid[] IS NULL OR site_id = ANY ($2))
         ORDER BY site_id LIMIT $3`,
        [after ? String(after[0]) : null, currentActor().siteIds ?? null, query.limit + 1],
      );
      return pageOf(
        rows,
        query.limit,
        (row) => [row.site_id],
        (row): StandingDto => ({ siteId: row.site_id, blocks: row.blocks }),
      );
    });
  }

  /** Bookings of the kinds that need this licence, on days on which it doesn't hold any more. */
  bookings(licenceId: string, query: { limit: number; cursor?: string }): Promise<Page<TouchedBookingDto>> {
    const after = decodeCursor(query.cursor, 2);
    return this.db.read(async (tx) => {
      const licence = await this.licences.visible(tx, licenceId);
      const end = endOfLicence(licence);
      const rows = await tx.sql<BookingRow>(
        `SELECT b.* FROM known_booking b
         WHERE b.site_id = $1 AND b.status IN ('held', 'confirmed')
           AND b.starts_at >= ($2::date)::timestamp AT TIME ZONE $3
           AND b.kind IN (SELECT r.kind FROM licence_requirement r WHERE r.licence_type = $4)
           AND ($5::timestamptz IS NULL OR (b.starts_at, b.booking_id) > ($5, $6::uuid))
         ORDER BY b.starts_at, b.booking_id LIMIT $7`,
        [
          licence.siteId,
          end,
          this.config.contractTimeZone,
          licence.type,
          after ? String(after[0]) : null,
          after ? String(after[1]) : null,
          query.limit + 1,
        ],
      );
      return pageOf(rows, query.limit, (row) => [row.starts_at.toISOString(), row.booking_id], show);
    });
  }
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
