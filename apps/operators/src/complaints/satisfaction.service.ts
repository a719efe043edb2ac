import { Injectable } from '@nestjs/common';
import { event, ServiceRated } from '@doorstep/contracts';
import { type Day, DomainError } from '@doorstep/kernel';
import { Clock, currentActor, Database, decodeCursor, type Page, pageOf, type Tx } from '@doorstep/platform';
import { DateTime } from 'luxon';
import { AuditLog } from '../audit/audit.service';
import { mayReach } from '../sites/own-sites.service';
import { QUALITY_FIGURES, type QualityRow } from './satisfaction.queries';
import type {
  QualityFiguresDto,
  QualityFiguresQuery,
  RateServiceDto,
  ServiceRatingDto,
} from './satisfaction.dto';

const MONTHS_MAX = 24;

interface BookingRow {
  operator_id: string;
  site_id: string;
  kind: string;
  service_day: Day;
  status: string;
}

/** What residents thought of what was delivered: stars alone, once per booking. */
@Injectable()
export class SatisfactionService {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly audit: AuditLog,
  ) {}

  rate({ bookingId, stars }: RateServiceDto): Promise<ServiceRatingDto> {
    return this.db.write(async (tx) => {
      const booking = await delivered(tx, bookingId);
      const { operator_id: operatorId, site_id: siteId, kind, service_day: serviceDay } = booking;
      const saved = await tx.sql(
        `INSERT INTO service_rating (booking_id, operator_id, site_id, kind, service_day, stars, rated_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (booking_id) DO NOTHING RETURNING booking_id`,
        [bookingId, operatorId, siteId, kind, serviceDay, stars, this.clock.now()],
      );
      if (saved.length === 0) throw ratedAlready();
      const rating = { bookingId, siteId, kind, serviceDay, stars };
      await this.audit.record(tx, {
        action: 'satisfaction:rate',
        entityId: bookingId,
        operatorId,
        facts: { stars },
      });
      tx.tell(event(ServiceRated, { operatorId, ...rating, version: 1, at: this.clock.now().toISOString() }));
      return rating;
    });
  }

  /** Ratings, deliveries and complaints by site and month, for months in which there was any of them. */
  figures(query: QualityFiguresQuery): Promise<Page<QualityFiguresDto>> {
    const after = decodeCursor(query.cursor, 2);
    const { from, to } = spanOf(query);
    return this.db.read(async (tx) => {
      const rows = await tx.sql<QualityRow>(QUALITY_FIGURES, [
        from,
        to,
        query.siteId ?? null,
        currentActor().siteIds ?? null,
        after ? String(after[0]) : null,
        after ? String(after[1]) : null,
        query.limit + 1,
      ]);
      return pageOf(rows, query.limit, (row) => [row.siteId, row.month], show);
    });
  }
}

async function delivered(tx: Tx, bookingId: string): Promise<BookingRow> {
  const [booking] = await tx.sql<BookingRow>(
    `SELECT operator_id, site_id, kind, service_day, status FROM known_booking WHERE booking_id = $1`,
    [bookingId],
  );
  if (!booking || !mayReach(booking.site_id)) {
    throw new DomainError('invalid', 'booking_not_known', 'There is no such booking that you may see.', {
      field: 'bookingId',
      mend: 'Give a booking of yours. A new one takes a few seconds to be known.',
    });
  }
  if (booking.status === 'delivered') return booking;
  throw new DomainError('conflict', 'not_delivered', `The booking is ${booking.status}.`, {
    mend: 'Rate it once the service has been delivered.',
  });
}

/** Half-open span of days of the months. */
function spanOf({ from, to }: QualityFiguresQuery): { from: Day; to: Day } {
  const [first, last] = [from, to].map((month) => DateTime.fromISO(`${month}-01`, { zone: 'utc' }));
  const months = Math.round(last.diff(first, 'months').months) + 1;
  if (months >= 1 && months <= MONTHS_MAX) {
    return { from: `${from}-01`, to: last.plus({ months: 1 }).toFormat('yyyy-MM-dd') };
  }
  throw new DomainError('invalid', 'months_out_of_range', `That would be ${months} months.`, {
    field: 'to',
    mend: `Ask for 1 to ${MONTHS_MAX} months.`,
  });
}

function ratedAlready(): DomainError {
  return new DomainError('conflict', 'rated_already', 'The booking has been rated.', {
    mend: 'Nothing needs to be done: the first rating counts.',
  });
}

function show(row: QualityRow): QualityFiguresDto {
  const { starsSum, ...figures } = row;
  const mean = row.rated === 0 ? null : Math.floor((starsSum * 100) / row.rated);
  return { ...figures, starsMeanHundredths: mean };
}
