import { Injectable } from '@nestjs/common';
import { Database, type Page } from '@doorstep/platform';
import { touchedBookings } from '../bookings/known-bookings.queries';
import type { TouchedBookingDto } from '../bookings/touched-booking.dto';
import { OperatorsConfig } from '../config';
import { blockedSites } from '../shared/blocked-sites.queries';
import { endOfLicence } from './licence';
import { LicencesService } from './licences.service';
import type { StandingDto } from './requirements.dto';
import type { Block } from './standing';

/** What a licence that runs out means: sites that take no new bookings, and the bookings already made. */
@Injectable()
export class LapsesService {
  constructor(
    private readonly db: Database,
    private readonly config: OperatorsConfig,
    private readonly licences: LicencesService,
  ) {}

  blocked(query: { limit: number; cursor?: string }): Promise<Page<StandingDto>> {
    return blockedSites<Block>(this.db, 'site_licence_standing', query);
  }

  /** Bookings of the kinds that need this licence, on days on which it doesn't hold any more. */
  bookings(licenceId: string, query: { limit: number; cursor?: string }): Promise<Page<TouchedBookingDto>> {
    return this.db.read(async (tx) => {
      const licence = await this.licences.visible(tx, licenceId);
      // A licence that never runs out has no such days.
      const [needs] = await tx.sql<{ kinds: string[]; offeringIds: string[]; from: Date | null }>(
        `SELECT ARRAY(SELECT r.kind FROM licence_requirement r WHERE r.licence_type = $1) AS kinds,
                ARRAY(SELECT o.offering_id FROM known_offering o
                      WHERE o.site_id = $4 AND o.licences @> ARRAY[$1::text]) AS "offeringIds",
                ($2::date)::timestamp AT TIME ZONE $3 AS "from"`,
        [licence.type, endOfLicence(licence), this.config.contractTimeZone, licence.siteId],
      );
      const touched = { siteId: licence.siteId, ...needs, from: needs.from ?? 'infinity' };
      return touchedBookings(tx, touched, query);
    });
  }
}
