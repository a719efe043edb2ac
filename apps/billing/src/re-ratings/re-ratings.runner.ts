import { Injectable, Logger } from '@nestjs/common';
import { fundersFenOf, type Difference } from '../corrections/correction';
import { Clock, Database, Periodic, runAs, SYSTEM_ACTOR, type Tx } from '@doorstep/platform';
import { reRatingLife, sameDifference, type Rating } from './re-rating';
import { RatingService, type Answer } from './rating.service';
import {
  END,
  FINISH_PREVIEW,
  markApplied,
  NEXT_SLICE,
  NOTE_APPLIED,
  NOTE_PREVIEWED,
  noteBudgets,
  readLines,
  TAKE_WORK,
  writeLines,
  type LineRow,
  type WorkedOn,
} from './re-ratings.queries';
import { lockStanding, nextResidents, standingOf, type Standing } from './standing.queries';

/** Residents whose charges are looked at in one transaction, all of each together. */
const SLICE_RESIDENTS = 20;
/** A round of one re-rating is over after so many slices; the next one goes on. */
const SLICES_A_ROUND = 50;
const WORKING_MAX = 20;

/**
 * Goes through the charges of previews and applications, a few residents in each transaction. The last resident is noted
 * with the work, so after a crash it goes on where it was.
 */
@Injectable()
export class ReRatingsRunner {
  private readonly logger = new Logger(ReRatingsRunner.name);

  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly rating: RatingService,
  ) {}

  @Periodic({ everyMs: 500, name: 're-rate charges' })
  async goOn(): Promise<void> {
    const working = await this.db.read((tx) =>
      tx.sql<{ id: string }>(
        `SELECT id FROM re_rating WHERE status IN ('previewing', 'applying') ORDER BY id LIMIT $1`,
        [WORKING_MAX],
      ),
    );
    const failed: unknown[] = [];
    // One after the other: they wait for the same budgets, and live bookings need connections too.
    for (const { id } of working) await this.advance(id).catch((error: unknown) => failed.push(error));
    if (failed.length > 0) throw new AggregateError(failed, 're-ratings that did not go on');
  }

  /** Goes on with one of them, a bounded while. */
  async advance(id: string): Promise<void> {
    for (let slice = 0; slice < SLICES_A_ROUND; slice++) if (!(await this.slice(id))) return;
  }

  /** After a commit that nobody waits for: what fails is tried again by the next round. */
  async advanceNow(id: string): Promise<void> {
    try {
      await this.advance(id);
    } catch (error) {
      this.logger.warn(`re-rating ${id} goes on later: ${(error as Error).message}`);
    }
  }

  /** @returns whether there may be more to do */
  private slice(id: string): Promise<boolean> {
    return this.db.writeAs(SYSTEM_ACTOR, async (tx) => {
      const [work] = await tx.sql<WorkedOn>(TAKE_WORK, [id]);
      if (!work) return false;
      if (work.status === 'previewing') await this.preview(tx, work);
      else await this.apply(tx, work);
      return true;
    });
  }

  private async preview(tx: Tx, work: WorkedOn): Promise<void> {
    const residents = await nextResidents(tx, work.id, work.cursor, SLICE_RESIDENTS);
    const sliceEnd = residents.at(-1);
    if (sliceEnd === undefined) {
      reRatingLife.next(work.status, 'finish');
      await tx.sql(FINISH_PREVIEW, [work.id, this.clock.now()]);
      return;
    }
    const charges = await standingOf(tx, work.id, residents);
    const answer = await this.rating.rate(tx, work, charges, { binding: false });
    await writeLines(tx, work, sliceEnd, linesOf(charges, answer));
    await noteBudgets(tx, work, answer.budgets);
    await tx.sql(NOTE_PREVIEWED, [work.id, sliceEnd, charges.length]);
  }

  private async apply(tx: Tx, work: WorkedOn): Promise<void> {
    const [next] = await tx.sql<{ sliceEnd: string }>(NEXT_SLICE, [work.id, work.cursor]);
    if (!next) return this.end(tx, work, 'finish');
    const { sliceEnd } = next;
    const lines = await readLines(tx, work.id, sliceEnd);
    const charges = await lockStanding(
      tx,
      lines.map((line) => line.charge_id),
    );
    const answer = await this.rating.rate(tx, work, charges, { binding: true });
    const other = otherwise(lines, charges, answer);
    if (other) return this.end(tx, work, 'outdate', `Charge ${other} is not as the preview showed it.`);
    const by = work.appliedBy as string;
    const cause = { reason: work.reason, sourceType: 're_rating', sourceId: work.id, day: work.from };
    await runAs({ ...SYSTEM_ACTOR, id: by }, () => this.rating.enter(tx, answer, cause));
    const changed = answer.ratings.filter(({ difference }) => difference).length;
    await markApplied(tx, work.id, sliceEnd);
    await tx.sql(NOTE_APPLIED, [work.id, sliceEnd, changed]);
  }

  private async end(
    tx: Tx,
    { id, status }: WorkedOn,
    how: 'finish' | 'outdate',
    why?: string,
  ): Promise<void> {
    await tx.sql(END, [id, reRatingLife.next(status, how), why ?? null, this.clock.now()]);
  }
}

function linesOf(charges: readonly Standing[], { ratings, skipped }: Answer): LineRow[] {
  const byId = new Map(charges.map((charge) => [charge.id, charge]));
  const base = (id: string): Omit<LineRow, 'outcome'> => {
    const charge = byId.get(id) as Standing;
    return {
      ...{ charge_id: id, booking_id: charge.bookingId, resident_id: charge.residentId },
      ...{ site_id: charge.siteId, kind: charge.kind, service_day: charge.serviceDay },
      ...{ booked_on: charge.bookedOn, owed_before_fen: charge.residentFen },
      ...{ gross_fen: 0, resident_fen: 0, funders_fen: 0, operator_fen: 0, shares: [], trace: [] },
    };
  };
  return [
    ...ratings.map(({ charge, difference, trace }): LineRow => {
      if (!difference) return { ...base(charge.id), outcome: 'same', trace };
      const { grossFen, residentFen, operatorFen, shares } = difference;
      return {
        ...base(charge.id),
        ...{ outcome: 'changed', gross_fen: grossFen, resident_fen: residentFen, operator_fen: operatorFen },
        ...{ funders_fen: fundersFenOf(difference), shares, trace },
      };
    }),
    ...skipped.map(({ charge, code, reason }): LineRow => ({
      ...base(charge.id),
      outcome: 'skipped',
      code,
      reason,
    })),
  ];
}

/** @returns a charge for which something else would be written than the preview has shown */
function otherwise(
  lines: readonly LineRow[],
  charges: readonly Standing[],
  { ratings }: Answer,
): string | undefined {
  const rated = new Map<string, Rating>(ratings.map((one) => [one.charge.id, one]));
  const bookedOn = new Map(charges.map((charge) => [charge.id, charge.bookedOn]));
  return lines.find((line) => {
    const now = rated.get(line.charge_id);
    if (!now || bookedOn.get(line.charge_id) !== line.booked_on) return true;
    return !sameDifference(line.outcome === 'changed' ? shown(line) : undefined, now.difference);
  })?.charge_id;
}

function shown(line: LineRow): Difference {
  return {
    ...{ chargeId: line.charge_id, grossFen: line.gross_fen, residentFen: line.resident_fen },
    ...{ operatorFen: line.operator_fen, shares: line.shares as Difference['shares'] },
  };
}
