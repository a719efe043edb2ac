import { Injectable } from '@nestjs/common';
import { CapacitySnapshot, event } from '@doorstep/contracts';
import type { Day } from '@doorstep/kernel';
import { Clock, Database, Periodic, type Tx } from '@doorstep/platform';
import { namedDays } from '../placements/workdays';
import {
  MONTHS,
  type MonthRow,
  NOTE_CHANGED_DAYS,
  OFFERINGS_CORRECTED,
  OFFERINGS_TO_COUNT,
} from './capacity.queries';

export const TELL_CAPACITY = 'tell-capacity';
export const TELL_CORRECTED = 'tell-corrected-care';
const OFFERINGS_PER_ROUND = 200;
/** Closures and waiting lists change a day without the maker; its last count is the one that stays. */
const DAYS_AHEAD = 1;
/** The years in which there was childcare under the standard of 2019, and for as long as notices are out. */
const NAMED_DAYS = JSON.stringify(namedDays('2019-01-01', '2040-01-01'));

/** Tells how many units offerings can take on a day, and how many people wait in vain. */
@Injectable()
export class CapacityTeller {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
  ) {}

  /** In the transaction that holds the offerings' rows and has changed their sessions. */
  async tell(tx: Tx, offeringIds: readonly string[], daysAhead: number | null = null): Promise<void> {
    const now = this.clock.now();
    const changed = await tx.sql<{ offeringId: string; first: Day }>(NOTE_CHANGED_DAYS, [
      offeringIds,
      now,
      daysAhead,
      NAMED_DAYS,
    ]);
    if (changed.length === 0) return;
    const months = await tx.sql<MonthRow>(MONTHS, [
      changed.map(({ offeringId }) => offeringId),
      changed.map(({ first }) => first),
    ]);
    for (const month of months) {
      const capacityId = `${month.offeringId}/${month.month}`;
      tx.tell(event(CapacitySnapshot, { ...month, capacityId, at: now.toISOString() }));
    }
  }

  @Periodic({ everyMs: 300_000, name: TELL_CAPACITY })
  async tellToday(): Promise<void> {
    let after: string | null = null;
    do after = await this.round(OFFERINGS_TO_COUNT, [after, OFFERINGS_PER_ROUND]);
    while (after !== null);
  }

  /** Sooner than all others, and until none is left: whoever corrects a day looks for what has come of it. */
  @Periodic({ everyMs: 10_000, name: TELL_CORRECTED })
  async tellCorrected(): Promise<void> {
    while ((await this.round(OFFERINGS_CORRECTED, [OFFERINGS_PER_ROUND])) !== null);
  }

  /** One transaction; answers with the last offering that it looked at, null when there are no more. */
  private round(offeringsOf: string, params: unknown[]): Promise<string | null> {
    return this.db.write(async (tx) => {
      const offerings = await tx.sql<{ id: string }>(offeringsOf, params);
      if (offerings.length === 0) return null;
      await this.tell(
        tx,
        offerings.map(({ id }) => id),
        DAYS_AHEAD,
      );
      return offerings.at(-1)?.id ?? null;
    });
  }
}
