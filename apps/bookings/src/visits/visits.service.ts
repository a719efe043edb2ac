import { Injectable } from '@nestjs/common';
import { DomainError } from '@doorstep/kernel';
import { Clock, currentActor, Database, type Tx } from '@doorstep/platform';
import { serviceDelivered } from '../bookings/booking.events';
import type { BookingRow } from '../bookings/bookings.queries';
import { Bookings, stateOf } from '../bookings/bookings.service';
import { BookingsConfig } from '../config';
import { ResidentKeys } from '../residents/resident-keys.service';
import { checkIn, checkOut, tryCode, type Visit, type VisitFlag, type VisitRules } from './visit';

/** A booking after a step of its visit. */
export interface VisitStep {
  booking: BookingRow;
  flags: VisitFlag[];
}

/** Plain data: a repeat of the request gets it back from JSON. */
type Outcome = { done: VisitStep } | { refused: Pick<DomainError, 'kind' | 'code' | 'message' | 'details'> };

const NO_VISIT: Visit = { wrongTries: 0, lastWrongAt: null, checkedInAt: null };

/** Care at home or at the bedside: checked in with the client's code, checked out, delivered. */
@Injectable()
export class Visits {
  private readonly rules: VisitRules;

  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly bookings: Bookings,
    private readonly keys: ResidentKeys,
    config: BookingsConfig,
  ) {
    this.rules = {
      wrongTriesMax: config.visitWrongTriesMax,
      lockMinutes: config.visitLockMinutes,
      earlyMinutesMax: config.attendanceEarlyMinutesMax,
      sharePercentMin: config.visitSharePercentMin,
    };
  }

  async checkIn(bookingId: string, code: string): Promise<VisitStep> {
    return this.step(bookingId, code, async (tx, row, _visit, now) => {
      const status = checkIn(stateOf(row), now, this.rules);
      const booking = await this.bookings.moveOn(tx, row, status, null);
      await tx.sql(
        `INSERT INTO visit (booking_id, operator_id, checked_in_at, checked_in_by) VALUES ($1, $2, $3, $4)
         ON CONFLICT (booking_id) DO UPDATE
         SET checked_in_at = excluded.checked_in_at, checked_in_by = excluded.checked_in_by, wrong_tries = 0`,
        [bookingId, row.operatorId, now, currentActor().id],
      );
      return { booking, flags: [] };
    });
  }

  /** The code is optional at the door on the way out; when it is given it must be right. */
  async checkOut(bookingId: string, code?: string): Promise<VisitStep> {
    return this.step(bookingId, code, async (tx, row, visit, now) => {
      const { minutes, flags } = checkOut(stateOf(row), visit, now, this.rules);
      const booking = await this.bookings.moveOn(tx, row, 'delivered', minutes);
      await tx.sql(
        `UPDATE visit SET checked_out_at = $2, checked_out_by = $3, flags = $4 WHERE booking_id = $1`,
        [bookingId, now, currentActor().id, flags],
      );
      tx.tell(serviceDelivered(booking, now, 'visit'));
      return { booking, flags };
    });
  }

  /** A wrong code is counted for good, so the refusal is thrown only after the commit. */
  private async step(
    bookingId: string,
    code: string | undefined,
    work: (tx: Tx, row: BookingRow, visit: Visit, now: Date) => Promise<VisitStep>,
  ): Promise<VisitStep> {
    const outcome = await this.db.write(async (tx): Promise<Outcome> => {
      const row = await this.bookings.lock(tx, bookingId);
      const now = this.clock.now();
      const [visit = NO_VISIT] = await tx.sql<Visit>(
        `SELECT wrong_tries AS "wrongTries", last_wrong_at AS "lastWrongAt", checked_in_at AS "checkedInAt"
         FROM visit WHERE booking_id = $1`,
        [bookingId],
      );
      if (code !== undefined && stateOf(row).isVisit) {
        const tried = tryCode(visit, code, this.keys.ring.visitCode(bookingId), now, this.rules);
        if (!tried.right) {
          await countWrongTry(tx, row, tried.wrongTries, now);
          const { kind, code: refusal, message, details } = tried.refusal;
          return { refused: { kind, code: refusal, message, details } };
        }
      }
      return { done: await work(tx, row, visit, now) };
    });
    if ('done' in outcome) return outcome.done;
    const { kind, code: refusal, message, details } = outcome.refused;
    throw new DomainError(kind, refusal, message, details);
  }
}

async function countWrongTry(tx: Tx, row: BookingRow, wrongTries: number, now: Date): Promise<void> {
  await tx.sql(
    `INSERT INTO visit (booking_id, operator_id, wrong_tries, last_wrong_at) VALUES ($1, $2, $3, $4)
     ON CONFLICT (booking_id) DO UPDATE SET wrong_tries = $3, last_wrong_at = $4`,
    [row.id, row.operatorId, wrongTries, now],
  );
}
