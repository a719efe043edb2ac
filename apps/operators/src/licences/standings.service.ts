import { Injectable } from '@nestjs/common';
import { event, LicenceDue, SiteLicenceSnapshot } from '@doorstep/contracts';
import { Clock, Database, Periodic, type Tx } from '@doorstep/platform';
import { Calendar } from '../shared/calendar.service';
import { licencesOfSites } from './licences.queries';
import { type Block, blockedKinds, blockedOfferings, daysBetween, reminderDue, standingOf } from './standing';
import {
  dueLicences,
  licensedOfferings,
  lockStandings,
  noteReminders,
  requirementsFrom,
  saveStandings,
  sitesToLookAt,
  type StoredStanding,
} from './standings.queries';

export const LICENCE_CALENDAR = 'licence-calendar';
const SITES_PER_ROUND = 500;

/** Keeps up how sites stand with their licences, and tells when that changes. */
@Injectable()
export class LicenceStandings {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly calendar: Calendar,
  ) {}

  /** Looks at sites again, in the transaction that changed their licences: bookings stop with its commit. */
  async refresh(tx: Tx, siteIds: readonly string[]): Promise<void> {
    const today = this.calendar.today();
    const former = await lockStandings(tx, siteIds);
    const requirements = await requirementsFrom(tx, today);
    const licences = await licencesOfSites(tx, siteIds);
    const offerings = await licensedOfferings(tx, siteIds);
    const next = former.map((site): StoredStanding => {
      const own = licences.filter(({ siteId }) => siteId === site.siteId);
      const { blocks, nextChangeOn } = standingOf(
        site.regionCode,
        own,
        requirements,
        today,
        offerings.get(site.siteId),
      );
      const changed = JSON.stringify(blocks) !== JSON.stringify(site.blocks.map(inOrder));
      return { ...site, blocks, nextChangeOn, version: site.version + (changed ? 1 : 0) };
    });
    await saveStandings(tx, next);
    next.forEach((site, index) => {
      if (site.version !== former[index].version) this.tell(tx, site);
    });
  }

  /** Once a minute: what the new day, a new rule or a new site has changed, and whose papers run out. */
  @Periodic({ name: LICENCE_CALENDAR, everyMs: 60_000 })
  async turn(): Promise<void> {
    for (;;) {
      const siteIds = await this.db.read((tx) => sitesToLookAt(tx, this.calendar.today(), SITES_PER_ROUND));
      if (siteIds.length === 0) break;
      await this.db.write((tx) => this.refresh(tx, siteIds));
    }
    await this.remind();
  }

  private async remind(): Promise<void> {
    const today = this.calendar.today();
    await this.db.write(async (tx) => {
      const due = (await dueLicences(tx, today)).flatMap((licence) => {
        const reminder = reminderDue(licence.validTo, today);
        const again =
          licence.lastReminder !== null && reminder !== undefined && licence.lastReminder <= reminder;
        return reminder === undefined || again ? [] : [{ ...licence, reminder }];
      });
      await noteReminders(tx, due, this.clock.now());
      for (const { reminder, lastReminder: _last, ...licence } of due) {
        const daysLeft = daysBetween(today, licence.validTo);
        tx.tell(event(LicenceDue, { ...licence, daysLeft, reminder, at: this.now() }));
      }
    });
  }

  private tell(tx: Tx, { operatorId, siteId, blocks, version }: StoredStanding): void {
    const snapshot = {
      operatorId,
      siteId,
      blockedKinds: blockedKinds(blocks),
      blockedOfferingIds: blockedOfferings(blocks),
      blocks,
      version,
      at: this.now(),
    };
    tx.tell(event(SiteLicenceSnapshot, snapshot));
  }

  private now(): string {
    return this.clock.now().toISOString();
  }
}

/** jsonb keeps no order of fields. */
function inOrder({ kind, licenceType, reason, since, offeringId }: Block): {
  [field: string]: string | undefined;
} {
  return {
    kind,
    licenceType,
    reason,
    ...(since !== undefined && { since }),
    ...(offeringId !== undefined && { offeringId }),
  };
}
