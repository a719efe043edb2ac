import { Injectable } from '@nestjs/common';
import type { Day } from '@doorstep/kernel';
import { Database, type Page, type Tx } from '@doorstep/platform';
import { touchedBookings } from '../bookings/known-bookings.queries';
import type { TouchedBookingDto } from '../bookings/touched-booking.dto';
import type { TouchedPlacementDto } from '../bookings/touched-placement.dto';
import { touchedPlacements } from '../bookings/touched-placements.queries';
import type { TouchedBy } from '../bookings/touched.queries';
import { OperatorsConfig } from '../config';
import { blockedSites } from '../shared/blocked-sites.queries';
import { Calendar } from '../shared/calendar.service';
import { endOfLicence } from './licence';
import { LicencesService } from './licences.service';
import type { StandingDto } from './requirements.dto';
import type { Block } from './standing';

/** What a licence that runs out means: sites that take no new bookings, and the bookings and places already given. */
@Injectable()
export class LapsesService {
  constructor(
    private readonly db: Database,
    private readonly config: OperatorsConfig,
    private readonly calendar: Calendar,
    private readonly licences: LicencesService,
  ) {}

  blocked(query: { limit: number; cursor?: string }): Promise<Page<StandingDto>> {
    return blockedSites<Block>(this.db, 'site_licence_standing', query);
  }

  /** Bookings that need such a licence, on days on which this one doesn't hold any more and no other of the site does. */
  bookings(licenceId: string, query: { limit: number; cursor?: string }): Promise<Page<TouchedBookingDto>> {
    return this.db.read(async (tx) => touchedBookings(tx, await this.touchedBy(tx, licenceId), query));
  }

  /** Children's places with days to come of the same sort; what has passed is nobody's to mend. */
  placements(
    licenceId: string,
    query: { limit: number; cursor?: string },
  ): Promise<Page<TouchedPlacementDto>> {
    return this.db.read(async (tx) =>
      touchedPlacements(tx, await this.touchedBy(tx, licenceId), this.calendar.today(), query),
    );
  }

  private async touchedBy(tx: Tx, licenceId: string): Promise<TouchedBy> {
    const licence = await this.licences.visible(tx, licenceId);
    const { siteId, type: licenceType } = licence;
    const from = endOfLicence(licence);
    const during = await daysWithout(tx, { siteId, licenceType, from }, this.config.contractTimeZone);
    return { siteId, licenceType, during };
  }
}

/** Instants from a day on at which no licence of a type holds at a site; none when the day never comes. */
async function daysWithout(
  tx: Tx,
  { siteId, licenceType, from }: { siteId: string; licenceType: string; from: Day | null },
  timeZone: string,
): Promise<string> {
  if (from === null) return '{}';
  const [{ during }] = await tx.sql<{ during: string }>(
    `SELECT (tstzmultirange(tstzrange($3::date::timestamp AT TIME ZONE $4, NULL)) - coalesce(
       (SELECT range_agg(tstzrange(l.valid_from::timestamp AT TIME ZONE $4,
                                   least(l.valid_to, l.revoked_on)::timestamp AT TIME ZONE $4))
        FROM licence l WHERE l.site_id = $1 AND l.type = $2), '{}'))::text AS during`,
    [siteId, licenceType, from, timeZone],
  );
  return during;
}
