import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { type Day, sha256Hex } from '@doorstep/kernel';
import { AppLogger, Clock, Database, Periodic, SYSTEM_ACTOR, type Tx } from '@doorstep/platform';
import { SHUT_COVERED } from '../closures/closures.queries';
import { BookingsConfig } from '../config';
import { addDays, localDay, type Occurrence, occurrencesOf, type SiteHours, type Window } from './calendar';
import { CapacityTeller } from './capacity.teller';
import { type OfferingCapacity, unitsOfOffering } from './session';
import {
  CLOSE_UNWANTED,
  DELETE_UNUSED,
  EXTEND_HORIZON,
  INSERT_WANTED,
  OFFERINGS_DONE,
  TAKE_DUE_OFFERINGS,
  UPDATE_WANTED,
} from './sessions.queries';

interface DueOffering extends OfferingCapacity, SiteHours {
  id: string;
  operatorId: string;
  siteId: string;
  regionCode: string;
  kind: string;
  mode: string;
  schedule: Window[];
  active: boolean;
  siteStatus: string;
  calendarDigest: string | null;
  sessionsUntil: Day | null;
}

interface Calendar {
  offering: DueOffering;
  digest: string;
  until: Day;
  sessions: Occurrence[];
}

/** Offerings in one transaction: short enough that nobody waits long for a session's row. */
const OFFERINGS_PER_ROUND = 20;
const UNUSED_PER_ROUND = 5_000;
const MINUTE_MS = 60_000;

/**
 * Makes sessions of what is due: an offering or its site has changed, or another day has come into the horizon. Runs
 * beside the consumers and not in them, so that a thousand changed sites don't hold up their topic.
 */
@Injectable()
export class SessionsMaker implements OnApplicationShutdown {
  private running: Promise<void> | undefined;
  private again = false;
  private stopped = false;

  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly config: BookingsConfig,
    private readonly logger: AppLogger,
    private readonly capacity: CapacityTeller,
  ) {}

  /** Something became due just now. */
  nudge(): void {
    this.again = true;
    this.running ??= this.drain().finally(() => (this.running = undefined));
  }

  /** Behind the nudges: what another process left due, or a crash. */
  @Periodic({ everyMs: 5_000, name: 'make-sessions' })
  async makeDue(): Promise<void> {
    while (!this.stopped && (await this.round()) > 0);
  }

  @Periodic({ everyMs: 10 * MINUTE_MS, name: 'extend-sessions' })
  async extend(): Promise<void> {
    const until = this.horizon('UTC');
    // A zone ahead of UTC may be a day further; the day more or less at the far end is nobody's concern.
    await this.db.write((tx) => tx.sql(EXTEND_HORIZON, [until]));
    await this.makeDue();
  }

  @Periodic({ everyMs: 30 * MINUTE_MS, name: 'clear-unused-sessions' })
  async clearUnused(): Promise<void> {
    const before = new Date(this.clock.now().getTime() - 24 * 60 * MINUTE_MS);
    const deleted = await this.db.write((tx) => tx.sql(DELETE_UNUSED, [before, UNUSED_PER_ROUND]));
    if (deleted.length === UNUSED_PER_ROUND) await this.clearUnused();
  }

  async onApplicationShutdown(): Promise<void> {
    this.stopped = true;
    await this.running;
  }

  private async drain(): Promise<void> {
    try {
      while (this.again && !this.stopped) {
        this.again = false;
        while (!this.stopped && (await this.round()) > 0);
      }
    } catch (error) {
      // The periodic round comes back to it.
      this.logger.failure('making sessions failed', error);
    }
  }

  /** One transaction; answers with how many offerings it took. */
  private round(): Promise<number> {
    return this.db.writeAs(SYSTEM_ACTOR, async (tx) => {
      const due = await tx.sql<DueOffering>(TAKE_DUE_OFFERINGS, [OFFERINGS_PER_ROUND]);
      if (due.length === 0) return 0;
      const calendars = due.map((offering) => this.calendarOf(offering));
      const changed = calendars.filter(
        ({ offering, digest, until }) =>
          offering.calendarDigest !== digest || (offering.sessionsUntil ?? '') < until,
      );
      if (changed.length > 0) {
        await apply(tx, changed, this.clock.now());
        await this.capacity.tell(
          tx,
          changed.map(({ offering }) => offering.id),
        );
      }
      await tx.sql(OFFERINGS_DONE, [
        calendars.map(({ offering }) => offering.id),
        calendars.map(({ digest }) => digest),
        calendars.map(({ until }) => until),
      ]);
      return due.length;
    });
  }

  /**
   * What an offering that isn't active, or whose site doesn't operate, would run stays in the calendar: it is shown, and
   * the decision says why it can't be booked.
   */
  private calendarOf(offering: DueOffering): Calendar {
    const { schedule, timeZone, openingHours, openingExceptions, regionCode, kind, mode } = offering;
    const units = unitsOfOffering(offering);
    const digest = sha256Hex(
      JSON.stringify([schedule, timeZone, openingHours, openingExceptions, regionCode, kind, mode, units]),
    );
    const today = localDay(this.clock.now(), timeZone);
    const until = addDays(today, this.config.sessionHorizonDays);
    const sessions = occurrencesOf(schedule, offering, addDays(today, -1), until);
    return { offering, digest, until, sessions };
  }

  private horizon(timeZone: string): Day {
    return addDays(localDay(this.clock.now(), timeZone), this.config.sessionHorizonDays);
  }
}

async function apply(tx: Tx, calendars: readonly Calendar[], now: Date): Promise<void> {
  const sessions = calendars.flatMap(({ offering, sessions }) =>
    sessions.filter(({ start }) => start > now).map((session) => ({ ...session, offeringId: offering.id })),
  );
  const offerings = calendars.map(({ offering }) => ({
    id: offering.id,
    operatorId: offering.operatorId,
    siteId: offering.siteId,
    regionCode: offering.regionCode,
    kind: offering.kind,
    mode: offering.mode,
    units: unitsOfOffering(offering),
  }));
  const ids = offerings.map(({ id }) => id);
  const offeringIds = sessions.map(({ offeringId }) => offeringId);
  const starts = sessions.map(({ start }) => start);
  await tx.sql(CLOSE_UNWANTED, [offeringIds, starts, ids, now]);
  const wanted = [
    offeringIds,
    starts,
    sessions.map(({ end }) => end),
    sessions.map(({ day }) => day),
    JSON.stringify(offerings),
    now,
  ];
  await tx.sql(UPDATE_WANTED, wanted);
  await tx.sql(INSERT_WANTED, wanted);
  await tx.sql(SHUT_COVERED, [ids]);
}
