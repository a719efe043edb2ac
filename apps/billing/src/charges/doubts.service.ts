import { Injectable } from '@nestjs/common';
import type { VisitContradicted } from '@doorstep/contracts';
import { DomainError } from '@doorstep/kernel';
import { Clock, Database, type Received, type Tx } from '@doorstep/platform';
import { RatingService } from '../re-ratings/rating.service';
import { lockStanding } from '../re-ratings/standing.queries';
import { endDoubts, raiseDoubts, refusedBefore } from './doubts.queries';
import type { LockedCharge } from './endings.queries';

/**
 * Visits that were told as delivered and are contradicted by a later one. Until somebody has decided, no funder is asked for
 * them; one that did not take place after all is corrected to nothing.
 */
@Injectable()
export class DoubtsService {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly rating: RatingService,
  ) {}

  /** Charged or not: a capture that waits for its price finds the doubt. */
  async raise(batch: readonly Received<VisitContradicted>[]): Promise<void> {
    const newest = new Map(batch.map(({ data }) => [data.bookingId, data]));
    const now = this.clock.now();
    await this.db.write((tx) =>
      raiseDoubts(
        tx,
        [...newest.values()].map(({ bookingId, operatorId, contradictedBy, signals }) => ({
          ...{ booking_id: bookingId, operator_id: operatorId, contradicted_by: contradictedBy },
          ...{ signals, raised_at: now },
        })),
      ),
    );
  }

  /** They took place: what was told as delivered is told once more. */
  async clear(tx: Tx, bookingIds: readonly string[]): Promise<void> {
    await endDoubts(tx, bookingIds, 'cleared', this.clock.now());
  }

  /**
   * They did not take place: charges that are posted are corrected to nothing, and caps, budgets and uses of packages are free
   * again. What a funder has been asked for already goes back with its next claim.
   *
   * @param charges captured and locked
   */
  async refuse(tx: Tx, charges: readonly LockedCharge[]): Promise<void> {
    if (charges.length === 0) return;
    const bookingIds = charges.map(({ bookingId }) => bookingId);
    const before = await refusedBefore(tx, bookingIds);
    const refused = await endDoubts(tx, bookingIds, 'refused', this.clock.now());
    const known = new Set([...before, ...refused]);
    const other = charges.find(({ bookingId }) => !known.has(bookingId));
    if (other) throw chargeCaptured(other);
    for (const { id, bookingId, serviceDay } of charges) {
      if (refused.includes(bookingId)) await this.correct(tx, id, bookingId, serviceDay);
    }
  }

  private async correct(tx: Tx, chargeId: string, bookingId: string, day: string): Promise<void> {
    const attendance = [{ bookingId, minutes: null }];
    const question = { id: bookingId, reason: 'attendance_changed', attendance } as const;
    const answer = await this.rating.rate(tx, question, await lockStanding(tx, [chargeId]), {
      binding: true,
    });
    const cause = { reason: 'attendance_changed', sourceType: 'visit_refused', sourceId: bookingId } as const;
    await this.rating.enter(tx, answer, { ...cause, day });
  }
}

/** Bookings never ends a booking after its delivery, unless the visit was in doubt: somebody has to look at such an event. */
function chargeCaptured({ id }: LockedCharge): DomainError {
  return new DomainError(
    'invalid',
    'charge_captured',
    `Charge ${id} is captured, its booking can't end without service.`,
  );
}
