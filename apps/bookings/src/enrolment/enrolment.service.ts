import { Injectable } from '@nestjs/common';
import { Clock, Database, EachAlone, Periodic, type Tx } from '@doorstep/platform';
import { type GroupRow, GROUPS_FOR_UPDATE } from '../groups/groups.queries';
import { weekdaysOf } from '../placements/placement';
import { placementOfferEnded } from '../placements/placement.events';
import {
  DROP_OFFERED,
  LAPSED_OFFERS,
  type PlacementRow,
  SETTLE_OFFER,
} from '../placements/placements.queries';
import { isRefusal, Places } from '../placements/places.service';
import { localDay } from '../sessions/calendar';
import { LEGAL_ZONE } from '../standards/standards.service';
import { QUEUE_LENGTH_MAX, startOf } from './application';
import {
  type ApplicationRow,
  CLAIM,
  LAPSE,
  OFFERED,
  QUEUE,
  SETTLE,
  WAIT_AGAIN,
} from './applications.queries';

const APPLICATIONS_PER_PAGE = 50;
/** Some may have applied at the same moment as the last who could. */
const PAGES_MAX = (2 * QUEUE_LENGTH_MAX) / APPLICATIONS_PER_PAGE;
const OFFERS_PER_ROUND = 100;
/** What a family has to answer an offer that came from another family's no. */
export const ANSWER_HOURS = 72;

type LapsedOffer = Pick<PlacementRow, 'id' | 'groupId'>;

export interface OfferRound {
  freeFrom: string;
  offers: number;
  answerHours: number;
}

/**
 * Offers places of a group to who waits: by priority, then by who came first, passing over those whom the place doesn't
 * fit. An offer takes the place, so nobody else can have it while it stands.
 */
@Injectable()
export class Enrolment {
  private readonly alone = new EachAlone();

  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly places: Places,
  ) {}

  /** Looks at all who wait, until enough offers are made. @param group locked by this transaction */
  async offer(
    tx: Tx,
    group: GroupRow,
    { freeFrom, offers, answerHours }: OfferRound,
  ): Promise<PlacementRow[]> {
    const now = this.clock.now();
    const today = localDay(now, group.timeZone);
    const acceptBy = new Date(now.getTime() + answerHours * 3_600_000);
    const made: PlacementRow[] = [];
    const earliest = freeFrom > today ? freeFrom : today;
    let last: ApplicationRow | undefined;
    for (let n = 0; n < PAGES_MAX; n++) {
      const after = [last?.priority ?? null, last?.place ?? null];
      const params = [group.id, today, earliest, ...after, APPLICATIONS_PER_PAGE];
      const page = await tx.prepared<ApplicationRow>(QUEUE, params);
      for (const application of page) {
        if (made.length === offers) return made;
        const from = startOf(application.wishedStart, earliest);
        const placed = await this.tryOffer(tx, group, application, from, acceptBy);
        if (placed) made.push(placed);
      }
      last = page.at(-1);
      if (!last) return made;
    }
    return made;
  }

  /** An offer was declined or not answered: the place goes on to the next in the same transaction. */
  async settle(
    tx: Tx,
    offered: LapsedOffer,
    outcome: 'declined' | 'expired',
  ): Promise<PlacementRow | undefined> {
    const now = this.clock.now();
    const [group] = await tx.prepared<GroupRow>(GROUPS_FOR_UPDATE, [[offered.groupId]]);
    const [ended] = await tx.prepared<PlacementRow>(SETTLE_OFFER, [offered.id, outcome]);
    if (!group || !ended) return undefined;
    await tx.prepared(DROP_OFFERED, [ended.id, null]);
    const today = localDay(now, ended.timeZone);
    const day = ended.from > today ? ended.from : today;
    // Who couldn't take the place up through nothing of its own keeps its turn.
    if (outcome === 'expired' && (await this.places.against(tx, ended, day)).length > 0)
      await tx.sql(WAIT_AGAIN, [ended.applicationId]);
    else await tx.sql(SETTLE, [ended.applicationId, outcome, now]);
    tx.tell(placementOfferEnded(ended, now));
    await this.offer(tx, group, { freeFrom: ended.from, offers: 1, answerHours: ANSWER_HOURS });
    return ended;
  }

  @Periodic({ everyMs: 5_000, name: 'expire-placement-offers' })
  async expireLapsed(): Promise<void> {
    const now = this.clock.now();
    const lapsed = await this.db.read((tx) =>
      tx.sql<LapsedOffer>(LAPSED_OFFERS, [now, OFFERS_PER_ROUND, null]),
    );
    await this.alone.run(
      lapsed,
      ({ id }) => `offer ${id}`,
      (offer) => this.db.write((tx) => this.settle(tx, offer, 'expired')),
      now,
    );
  }

  /** Before anybody takes a place of a group: what lapsed there goes on to who waits. */
  async expireIn(tx: Tx, groupId: string): Promise<void> {
    const lapsed = await tx.sql<LapsedOffer>(LAPSED_OFFERS, [this.clock.now(), OFFERS_PER_ROUND, groupId]);
    for (const offer of lapsed) await this.settle(tx, offer, 'expired');
  }

  @Periodic({ everyMs: 60_000, name: 'lapse-care-applications' })
  async lapseOverdue(): Promise<void> {
    const now = this.clock.now();
    await this.db.write((tx) => tx.sql(LAPSE, [localDay(now, LEGAL_ZONE), now]));
  }

  /** A refusal means that the place isn't for this child; then the transaction goes on as if nobody had tried. */
  private async tryOffer(
    tx: Tx,
    group: GroupRow,
    application: ApplicationRow,
    from: string,
    acceptBy: Date,
  ): Promise<PlacementRow | undefined> {
    const { id, residentId, mode, pattern, contingentMinutes, contingentDays } = application;
    const terms = { mode, pattern: weekdaysOf(pattern), contingentMinutes, contingentDays };
    const ask = { residentId, terms, from, to: null, acceptBy, applicationId: id, continues: null };
    await tx.sql('SAVEPOINT tried');
    try {
      const claimed = await tx.prepared(CLAIM, [id]);
      if (claimed.length === 0) return undefined;
      const placed = await this.places.give(tx, group, ask);
      await tx.sql(OFFERED, [id, placed.id]);
      await tx.sql('RELEASE SAVEPOINT tried');
      return placed;
    } catch (error) {
      if (!isRefusal(error)) throw error;
      await tx.sql('ROLLBACK TO SAVEPOINT tried');
      return undefined;
    }
  }
}
