import { Injectable } from '@nestjs/common';
import { notFound } from '@doorstep/kernel';
import { Clock, Database, type Tx } from '@doorstep/platform';
import type { Ending } from '../bookings/booking';
import { maySee } from '../bookings/may-see.context';
import {
  cancellationFee,
  type CancellationTerms,
  type FeeDue,
  noShowFee,
  ruleFor,
  termsOf,
} from './cancellation';
import { ENDINGS, ENDINGS_FOR_UPDATE, type EndingRow } from './cancellations.queries';

/** What a late end costs, by the city's rules. */
@Injectable()
export class Fees {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
  ) {}

  /** Fees of bookings that are about to be cancelled, by their ids; those that cost nothing are left out. */
  async ofCancellations(tx: Tx, endings: readonly Ending[]): Promise<Map<string, FeeDue>> {
    const asked = new Map(
      endings
        .filter(({ status, by, free }) => status === 'cancelled' && by === 'resident' && !free)
        .map((ending) => [ending.id, ending.reason ?? '']),
    );
    if (asked.size === 0) return new Map();
    const now = this.clock.now();
    const fees = new Map<string, FeeDue>();
    for (const row of await tx.prepared<EndingRow>(ENDINGS_FOR_UPDATE, [[...asked.keys()]])) {
      const how = { by: 'resident', reason: asked.get(row.id) ?? '' } as const;
      const due = cancellationFee(ruleFor(row.rules, row), row, how, now);
      if (due) fees.set(row.id, due);
    }
    return fees;
  }

  /** The fee of a booking that nobody came to. */
  async ofNoShow(tx: Tx, bookingId: string, reason?: string): Promise<FeeDue | undefined> {
    const [row] = await tx.prepared<EndingRow>(ENDINGS, [[bookingId]]);
    return row && noShowFee(ruleFor(row.rules, row), row, reason);
  }

  /** What cancelling would cost now, and later; undefined: no rule asks for anything. */
  terms(bookingId: string): Promise<CancellationTerms | undefined> {
    return this.db.read(async (tx) => {
      const [row] = await tx.prepared<EndingRow>(ENDINGS, [[bookingId]]);
      if (!row || !maySee(row.siteId)) throw notFound('booking', bookingId);
      const rule = ruleFor(row.rules, row);
      return rule && termsOf(rule, row, this.clock.now());
    });
  }
}
