import { Injectable } from '@nestjs/common';
import { event, OccurrenceSkipped } from '@doorstep/contracts';
import { newId } from '@doorstep/kernel';
import { Clock, Database, EachAlone, Periodic, type Tx } from '@doorstep/platform';
import { Holds } from '../bookings/holds.service';
import { isRaced } from '../bookings/raced';
import { DUE_OCCURRENCES, SETTLE_OCCURRENCE, TAKE_PLANNED } from './series.queries';
import { refusable } from './series.service';

interface Planned {
  seriesId: string;
  originalStart: Date;
  operatorId: string;
  siteId: string;
  offeringId: string;
  residentId: string;
  partySize: number;
  sessionId: string | null;
  ownerId: string | null;
  packageId: string | null;
}

type Due = Pick<Planned, 'seriesId' | 'originalStart'>;

const OCCURRENCES_PER_ROUND = 500;

/** Books later occurrences as their sessions come into the horizon; each in a transaction of its own. */
@Injectable()
export class SeriesPlanner {
  private readonly alone = new EachAlone();

  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly holds: Holds,
  ) {}

  @Periodic({ everyMs: 10_000, name: 'book-planned' })
  async bookPlanned(): Promise<void> {
    const due = await this.db.read((tx) => tx.sql<Due>(DUE_OCCURRENCES, [OCCURRENCES_PER_ROUND]));
    await this.alone.run(
      due,
      ({ seriesId, originalStart }) => `series ${seriesId} at ${originalStart.toISOString()}`,
      (one) => this.occurrence(one),
      this.clock.now(),
    );
  }

  private async occurrence(due: Due): Promise<void> {
    try {
      await this.db.write((tx) => this.book(tx, due));
    } catch (error) {
      // Somebody was faster: the next look at it sees what they did.
      if (!isRaced(error)) throw error;
    }
  }

  private async book(tx: Tx, due: Due): Promise<void> {
    const [planned] = await tx.sql<Planned>(TAKE_PLANNED, [due.seriesId, due.originalStart]);
    if (!planned) return;
    const { seriesId, originalStart, sessionId, offeringId, residentId, partySize, ownerId, packageId } =
      planned;
    const now = this.clock.now();
    const { bookingId, reasons } =
      sessionId === null
        ? { bookingId: null, reasons: ['no_session'] }
        : await refusable(async () => {
            const whose = { residentId, ownerId, packageId, noteSealed: null, replaces: null };
            const ask = { offeringId, sessionId, partySize, ...whose };
            const held = await this.holds.hold(tx, { ...ask, bookingId: newId(now.getTime()) });
            return { bookingId: held.id, reasons: [] as string[] };
          });
    const status = bookingId === null ? 'skipped' : 'booked';
    await tx.sql(SETTLE_OCCURRENCE, [seriesId, originalStart, status, bookingId, reasons]);
    if (bookingId === null) this.tell(tx, planned, reasons, now);
  }

  private tell(tx: Tx, planned: Planned, reasons: string[], now: Date): void {
    const { seriesId, operatorId, siteId, offeringId, residentId, originalStart } = planned;
    tx.tell(
      event(OccurrenceSkipped, {
        operatorId,
        seriesId,
        siteId,
        offeringId,
        residentId,
        originalStart: originalStart.toISOString(),
        reasons,
        version: 1,
        at: now.toISOString(),
      }),
    );
  }
}
