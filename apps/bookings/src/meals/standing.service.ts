import { Injectable } from '@nestjs/common';
import { type Day, DomainError, newId, notFound } from '@doorstep/kernel';
import {
  Clock,
  currentActor,
  Database,
  decodeCursor,
  type Page,
  pageOf,
  PeriodicRunner,
  type Tx,
} from '@doorstep/platform';
import { HoldOwners } from '../bookings/hold-owners.service';
import type { Ending } from '../bookings/booking';
import { askingClient, Holds, maySee } from '../bookings/holds.service';
import { assertNotMerged } from '../residents/merged.queries';
import { addDays, localDay } from '../sessions/calendar';
import type {
  ChangeStandingDto,
  PauseDto,
  PlaceStandingDto,
  StandingDto,
  StandingQuery,
} from './standing.dto';
import {
  CHANGE_ORDER,
  DAYS_OF,
  INSERT_ORDER,
  LIST_ORDERS,
  ORDER_BY_ID,
  ORDER_FOR_UPDATE,
  REOPEN_PAUSED,
  SKIP_DAYS,
  STANDING_BOOKINGS,
  type StandingDayRow,
  type StandingRow,
} from './standing.queries';
import { BOOK_STANDING } from './standing.runner.service';

interface Place {
  operatorId: string;
  siteId: string;
  kind: string;
  timeZone: string;
}

const PLACE = `
  SELECT o.operator_id AS "operatorId", o.site_id AS "siteId", o.kind, t.time_zone AS "timeZone"
  FROM offering o JOIN site t ON t.id = o.site_id WHERE o.id = $1`;

/** Days that an order shows: from a week ago as far as sessions reach. */
const DAYS_SHOWN_BACK = 7;
const DAYS_SHOWN_MAX = 500;

/** The same meal on the same weekdays until further notice, with pauses; a runner books the days as they come up. */
@Injectable()
export class StandingOrders {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly holds: Holds,
    private readonly owners: HoldOwners,
    private readonly rounds: PeriodicRunner,
  ) {}

  async place(command: PlaceStandingDto): Promise<StandingDto> {
    const { offeringId, residentId, weekdays, time, partySize, from, to = null } = command;
    const placed = await this.db.write(async (tx) => {
      const place = await placeOf(tx, offeringId);
      if (place.kind !== 'meals') throw notAMeal();
      await assertNotMerged(tx, residentId);
      const [resident] = await tx.sql(`SELECT FROM resident WHERE id = $1 AND erased_at IS NULL`, [
        residentId,
      ]);
      if (!resident) throw notFound('resident', residentId);
      const now = this.clock.now();
      if (to !== null && to <= from) throw emptySpan();
      if (from < localDay(now, place.timeZone)) throw past('from');
      const id = newId(now.getTime());
      const sorted = [...weekdays].sort((a, b) => a - b);
      const what = [offeringId, residentId, sorted, time, partySize, from, to, now, askingClient()];
      await tx
        .sql(INSERT_ORDER, [id, place.operatorId, place.siteId, ...what])
        .catch((error: Error & { constraint?: string }) => {
          throw error.constraint === 'standing_order_once' ? standsAlready() : error;
        });
      tx.afterCommit(() => this.rounds.soon(BOOK_STANDING));
      return this.show(await one(tx, id), []);
    });
    return { ...placed, holdToken: this.owners.tokenOf(placed.id) };
  }

  /**
   * Pauses from a day to another, or lifts the pause. What is booked in the pause is cancelled where orders have not ended;
   * days that were skipped for a former pause are booked again.
   */
  pause(id: string, pause: PauseDto | null, token?: string): Promise<StandingDto> {
    return this.change(id, async (tx, order, today) => {
      if (pause && pause.to <= pause.from) throw emptySpan();
      await tx.sql(REOPEN_PAUSED, [id, today]);
      const range = pause ? `[${pause.from},${pause.to})` : null;
      await tx.sql(CHANGE_ORDER, [id, range, null, order.status]);
      if (!pause) return;
      const first = pause.from > today ? pause.from : today;
      const days = await this.takeBack(tx, order, [first, pause.to], 'paused', token);
      await tx.sql(SKIP_DAYS, [id, days]);
    });
  }

  /** No more meals from a day on; what is booked from there is cancelled where orders have not ended. */
  end(id: string, { from }: ChangeStandingDto, token?: string): Promise<StandingDto> {
    return this.change(id, async (tx, order, today) => {
      const last = from && from > today ? from : today;
      const over = last <= today || last <= order.from;
      const to = last > order.from ? last : addDays(order.from, 1);
      await tx.sql(CHANGE_ORDER, [id, rangeOf(order), to, over ? 'ended' : 'active']);
      await this.takeBack(tx, order, [last, null], 'standing_order_ended', token);
    });
  }

  find(id: string): Promise<StandingDto> {
    return this.db.read(async (tx) => {
      const row = await one(tx, id);
      return this.show(row, await this.days(tx, [id]));
    });
  }

  list({ residentId, limit, cursor }: StandingQuery): Promise<Page<StandingDto>> {
    const [after] = decodeCursor(cursor, 1) ?? [null];
    const { siteIds = null } = currentActor();
    return this.db.read(async (tx) => {
      const rows = await tx.sql<StandingRow>(LIST_ORDERS, [residentId ?? null, after, limit + 1, siteIds]);
      return pageOf(
        rows,
        limit,
        (row) => [row.id],
        (row) => this.show(row, []),
      );
    });
  }

  private async change(
    id: string,
    work: (tx: Tx, order: StandingRow, today: Day) => Promise<void>,
  ): Promise<StandingDto> {
    await this.db.write(async (tx) => {
      const order = await one(tx, id, ORDER_FOR_UPDATE);
      if (order.status === 'ended') throw ended();
      const { timeZone } = await placeOf(tx, order.offeringId);
      await work(tx, order, localDay(this.clock.now(), timeZone));
      tx.afterCommit(() => this.rounds.soon(BOOK_STANDING));
    });
    return this.find(id);
  }

  /** Cancels bookings of an order on some days, by its owner while any is only held; answers with the days. */
  private async takeBack(
    tx: Tx,
    { id, ownerId }: StandingRow,
    span: [from: Day, to: Day | null],
    reason: string,
    token: string | undefined,
  ): Promise<Day[]> {
    const rows = await tx.sql<{ id: string; day: Day; status: string }>(STANDING_BOOKINGS, [
      id,
      ...span,
      this.clock.now(),
    ]);
    const held = rows.some(({ status }) => status === 'held');
    this.owners.assertOwner(id, held ? ownerId : null, token);
    const by = currentActor().kind === 'client' ? ('resident' as const) : ('operator' as const);
    const endings = rows.map((row): Ending => ({ id: row.id, status: 'cancelled', reason, by }));
    await this.holds.end(tx, endings, ['held', 'confirmed']);
    return rows.map(({ day }) => day);
  }

  private days(tx: Tx, ids: string[]): Promise<StandingDayRow[]> {
    const first = addDays(localDay(this.clock.now(), 'UTC'), -DAYS_SHOWN_BACK);
    return tx.sql<StandingDayRow>(DAYS_OF, [ids, first, DAYS_SHOWN_MAX]);
  }

  private show(row: StandingRow, days: readonly StandingDayRow[]): StandingDto {
    const { pauseFrom, pauseTo, createdAt, to, ownerId: _owner, ...rest } = row;
    return {
      ...rest,
      ...(to !== null && { to }),
      ...(pauseFrom !== null && pauseTo !== null && { pause: { from: pauseFrom, to: pauseTo } }),
      days: days.map(({ day, status, bookingId, bookingStatus, reasons }) => ({
        day,
        status,
        ...(bookingId !== null && { bookingId }),
        ...(bookingStatus !== null && { bookingStatus }),
        ...(reasons.length > 0 && { reasons }),
      })),
      createdAt: new Date(createdAt).toISOString(),
    };
  }
}

async function one(tx: Tx, id: string, sql = ORDER_BY_ID): Promise<StandingRow> {
  const [row] = await tx.sql<StandingRow>(sql, [id]);
  if (!row || !maySee(row.siteId)) throw notFound('standing order', id);
  return row;
}

async function placeOf(tx: Tx, offeringId: string): Promise<Place> {
  const [place] = await tx.sql<Place>(PLACE, [offeringId]);
  if (!place || !maySee(place.siteId)) throw notFound('offering', offeringId);
  return place;
}

function rangeOf({ pauseFrom, pauseTo }: StandingRow): string | null {
  return pauseFrom === null || pauseTo === null ? null : `[${pauseFrom},${pauseTo})`;
}

function notAMeal(): DomainError {
  return new DomainError('invalid', 'not_a_meal', 'This offering is no meal.', {
    field: 'offeringId',
    mend: 'Book a series instead: POST /v1/series.',
  });
}

function emptySpan(): DomainError {
  return new DomainError('invalid', 'period_empty', 'The span of days is empty.', {
    field: 'to',
    mend: 'to is the first day that is out, so it lies after from.',
  });
}

function past(field: string): DomainError {
  return new DomainError('invalid', 'day_past', 'That day is past.', {
    field,
    mend: 'Choose today or later.',
  });
}

function standsAlready(): DomainError {
  return new DomainError(
    'conflict',
    'standing_order_exists',
    'The resident has a standing order for it then.',
    {
      mend: 'Change or end that one: GET /v1/standing-orders?residentId=…',
    },
  );
}

function ended(): DomainError {
  return new DomainError('conflict', 'standing_order_ended', 'The standing order has ended.', {
    mend: 'Place a new one.',
  });
}
