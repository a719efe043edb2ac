import { Injectable } from '@nestjs/common';
import { DomainError, newId, notFound, period } from '@doorstep/kernel';
import { Clock, currentActor, Database, decodeCursor, page, type Page, type Tx } from '@doorstep/platform';
import { KnownService } from '../known/known.service';
import { addDays } from '../shared/days';
import { fourEyes } from '../shared/four-eyes';
import { reRatingLife } from './re-rating';
import {
  BEGIN_APPLYING,
  END,
  INSERT_RE_RATING,
  LIST_LINES,
  LIST_RE_RATINGS,
  LIST_RESIDENTS,
  RE_RATING_BY_ID,
  RE_RATING_FOR_UPDATE,
  type ReRatingRow,
} from './re-ratings.queries';
import type {
  AffectedResidentDto,
  AskReRatingDto,
  ReRatingDto,
  ReRatingLineDto,
  ReRatingLinesQuery,
  ReRatingResidentsQuery,
  ReRatingsQuery,
} from './re-ratings.dto';
import { ReRatingsRunner } from './re-ratings.runner';
import { countInScope } from './standing.queries';

const CHARGES_MAX = 50_000;
const DAYS_MAX = 366;

/** Charges of the past as they should have been: shown first, then applied as differences. */
@Injectable()
export class ReRatingsService {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly known: KnownService,
    private readonly runner: ReRatingsRunner,
  ) {}

  async preview(asked: AskReRatingDto): Promise<ReRatingDto> {
    const { from, to } = span(asked);
    const { contractId, reason, siteId, kind, mode, residentId, attendance, comment } = asked;
    if ((reason === 'attendance_changed') !== (attendance !== undefined)) throw attendanceMissing();
    const told = attendance?.map(({ bookingId, minutes }) => ({ bookingId, minutes: minutes ?? null }));
    if (told && new Set(told.map(({ bookingId }) => bookingId)).size < told.length) throw toldTwice();
    const { id } = await this.db.write(async (tx) => {
      const { operatorId } = await this.known.contract(tx, contractId);
      const made = newId();
      await tx.sql(INSERT_RE_RATING, [
        ...[made, operatorId, contractId, reason, from, to, siteId ?? null, kind ?? null, mode ?? null],
        ...[residentId ?? null, told ? JSON.stringify(told) : null, comment ?? null],
        ...[currentActor().id, this.clock.now()],
      ]);
      const charges = await countInScope(tx, made, CHARGES_MAX);
      if (charges > CHARGES_MAX) throw tooMany();
      await tx.sql(`UPDATE re_rating SET charges_total = $2 WHERE id = $1`, [made, charges]);
      return { id: made };
    });
    await this.runner.advanceNow(id);
    return this.find(id);
  }

  /** The same again is no harm. What belongs to a closed month is applied by another person than asked for it. */
  async apply(id: string): Promise<ReRatingDto> {
    await this.db.write(async (tx) => {
      const row = await forUpdate(tx, id);
      if (row.status === 'applying' || row.status === 'applied') return;
      reRatingLife.next(row.status, 'apply');
      const { id: by } = currentActor();
      if (row.touchesClosed && by === row.createdBy)
        throw fourEyes(
          'Some of it belongs to a closed month: somebody else has to apply what you asked for.',
          're-ratings:write',
        );
      await tx.sql(BEGIN_APPLYING, [id, by, this.clock.now()]);
    });
    await this.runner.advanceNow(id);
    return this.find(id);
  }

  discard(id: string): Promise<ReRatingDto> {
    return this.db.write(async (tx) => {
      const row = await forUpdate(tx, id);
      if (row.status !== 'discarded')
        await tx.sql(END, [id, reRatingLife.next(row.status, 'discard'), null, this.clock.now()]);
      return find(tx, id);
    });
  }

  find(id: string): Promise<ReRatingDto> {
    return this.db.read((tx) => find(tx, id));
  }

  list({ contractId, status, limit, cursor }: ReRatingsQuery): Promise<Page<ReRatingDto>> {
    const before = decodeCursor(cursor, 1)?.[0] ?? null;
    return this.db.read(async (tx) => {
      const values = [contractId ?? null, status ?? null, before, limit + 1];
      return page(await tx.sql<ReRatingRow>(LIST_RE_RATINGS, values), limit, (row) => [row.id]);
    });
  }

  lines(id: string, query: ReRatingLinesQuery): Promise<Page<ReRatingLineDto>> {
    const { outcome = 'changed', residentId, limit, cursor } = query;
    const after = decodeCursor(cursor, 1)?.[0] ?? null;
    return this.db.read(async (tx) => {
      await find(tx, id);
      const values = [id, outcome, residentId ?? null, after, limit + 1];
      return page(await tx.sql<ReRatingLineDto>(LIST_LINES, values), limit, (line) => [line.chargeId]);
    });
  }

  residents(id: string, { limit, cursor }: ReRatingResidentsQuery): Promise<Page<AffectedResidentDto>> {
    const after = decodeCursor(cursor, 1)?.[0] ?? null;
    return this.db.read(async (tx) => {
      await find(tx, id);
      const rows = await tx.sql<AffectedResidentDto>(LIST_RESIDENTS, [id, after, limit + 1]);
      return page(rows, limit, (row) => [row.residentId]);
    });
  }
}

async function find(tx: Tx, id: string): Promise<ReRatingRow> {
  const [row] = await tx.sql<ReRatingRow>(RE_RATING_BY_ID, [id]);
  if (!row) throw notFound('re-rating', id);
  return row;
}

async function forUpdate(tx: Tx, id: string): Promise<ReRatingRow> {
  const [row] = await tx.sql<ReRatingRow>(RE_RATING_FOR_UPDATE, [id]);
  if (!row) throw notFound('re-rating', id);
  return row;
}

function span(asked: Pick<AskReRatingDto, 'from' | 'to'>): { from: string; to: string } {
  const { from, to } = period(asked.from, asked.to);
  if (to !== null && to <= addDays(from, DAYS_MAX)) return { from, to };
  throw new DomainError('invalid', 'period_too_long', `At most ${DAYS_MAX} days are rated again at once.`, {
    field: 'to',
    mend: 'Ask for shorter periods, one after the other.',
  });
}

function attendanceMissing(): DomainError {
  return new DomainError(
    'invalid',
    'attendance_with_its_reason',
    'Attendance comes with the reason attendance_changed, and that one never without.',
    { field: 'attendance', mend: 'Name the bookings and how long each really was, or another reason.' },
  );
}

function toldTwice(): DomainError {
  return new DomainError('invalid', 'booking_twice', 'A booking is named twice.', {
    field: 'attendance',
    mend: 'Name each booking once.',
  });
}

function tooMany(): DomainError {
  return new DomainError(
    'invalid',
    'too_many_charges',
    `More than ${CHARGES_MAX} charges would be looked at.`,
    {
      field: 'from',
      mend: 'Narrow it by days, site, kind or mode.',
    },
  );
}
