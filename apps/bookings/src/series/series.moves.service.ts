import { Injectable } from '@nestjs/common';
import { newId } from '@doorstep/kernel';
import { Clock, Database, type Tx } from '@doorstep/platform';
import { DateTime } from 'luxon';
import { isRaced } from '../bookings/raced';
import { Reschedules } from '../bookings/reschedules.service';
import type { MoveSeriesDto, SeriesDto } from './series.dto';
import { type OccurrenceRow, OCCURRENCES, type SeriesRow, SESSIONS_AT, TOUCH_SERIES } from './series.queries';
import { conflicts, refusable, Series } from './series.service';

/** An occurrence and where it is to go. */
interface Move {
  occurrence: OccurrenceRow;
  to: Date;
}

/** Moving the rest of a series: each booking by the rules of moving one, so none is lost on the way. */
@Injectable()
export class SeriesMoves {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly series: Series,
    private readonly reschedules: Reschedules,
  ) {}

  /** Moves all, or none; with onConflict skip, those that can be. Bookings change once billing has said yes to each. */
  async move(id: string, command: MoveSeriesDto): Promise<SeriesDto> {
    const write = async (tx: Tx): Promise<{ start: string; reasons: string[] }[]> => {
      const row = await this.series.lock(tx, id);
      const moves = movesOf(row, await tx.sql<OccurrenceRow>(OCCURRENCES, [[id]]), command, this.clock.now());
      const refused = await this.apply(tx, row, moves);
      if (refused.length > 0 && command.onConflict === 'fail') throw conflicts(refused, moves.length);
      await tx.sql(TOUCH_SERIES, [id]);
      return refused.map(({ start, reasons }) => ({ start: start.toISOString(), reasons }));
    };
    const notMoved = await this.db.write(write, isRaced);
    const shown = await this.series.find(id);
    const reasonsOf = new Map(notMoved.map(({ start, reasons }) => [start, reasons]));
    const occurrences = shown.occurrences.map((each) => {
      const reasons = reasonsOf.get(each.originalStart);
      return reasons ? { ...each, reasons } : each;
    });
    return { ...shown, occurrences };
  }

  private async apply(
    tx: Tx,
    row: SeriesRow,
    moves: readonly Move[],
  ): Promise<{ start: Date; reasons: string[] }[]> {
    const targets = moves.map(({ to }) => to);
    const sessions = await tx.sql<{ id: string; start: Date }>(SESSIONS_AT, [row.offeringId, targets]);
    const sessionAt = new Map(sessions.map((session) => [session.start.getTime(), session.id]));
    const refused: { start: Date; reasons: string[] }[] = [];
    for (const { occurrence, to } of moves) {
      const { originalStart, bookingId } = occurrence;
      if (bookingId === null) {
        await tx.sql(`UPDATE occurrence SET starts_at = $3 WHERE series_id = $1 AND original_start = $2`, [
          row.id,
          originalStart,
          to,
        ]);
        continue;
      }
      const sessionId = sessionAt.get(to.getTime());
      const { reasons } = sessionId
        ? await refusable(async () => {
            await this.reschedules.begin(tx, bookingId, { sessionId }, newId(this.clock.now().getTime()));
            return { bookingId: null, reasons: [] as string[] };
          })
        : { reasons: ['no_session'] };
      if (reasons.length > 0) refused.push({ start: originalStart, reasons });
    }
    return refused;
  }
}

/** What is to move: planned or standing, from the given occurrence on, and not where it is to be already. */
function movesOf(
  { timeZone }: SeriesRow,
  occurrences: readonly OccurrenceRow[],
  { from, time, days }: MoveSeriesDto,
  now: Date,
): Move[] {
  const first = from ? new Date(from) : new Date(0);
  return occurrences
    .filter(
      ({ status, bookingStatus }) =>
        status === 'planned' || ['held', 'confirmed'].includes(bookingStatus ?? ''),
    )
    .filter(({ originalStart, start }) => originalStart >= first && start > now)
    .map((occurrence): Move => {
      const local = DateTime.fromJSDate(occurrence.start, { zone: timeZone }).plus({ days });
      const [hour = local.hour, minute = local.minute] = time?.split(':').map(Number) ?? [];
      return { occurrence, to: local.set({ hour, minute }).toJSDate() };
    })
    .filter(({ occurrence, to }) => to.getTime() !== occurrence.start.getTime());
}
