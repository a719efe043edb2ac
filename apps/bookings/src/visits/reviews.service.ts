import { Injectable } from '@nestjs/common';
import { DomainError, notFound } from '@doorstep/kernel';
import { Clock, currentActor, Database, decodeCursor, type Page, pageOf } from '@doorstep/platform';
import { serviceDelivered } from '../bookings/booking.events';
import { Bookings } from '../bookings/bookings.service';
import { Holds, maySee } from '../bookings/holds.service';
import { EVIDENCE_OF, type EvidenceRow } from './evidence.queries';
import { visitLife } from './visit';
import type { DecideDto, VisitDto, VisitsQuery } from './visits.dto';
import { DECIDE, LIST_VISITS, VISIT_BY_ID, type VisitRow } from './visits.queries';

/** Visits as they went, and the queue of those that nobody is charged for until somebody has looked at them. */
@Injectable()
export class Reviews {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly bookings: Bookings,
    private readonly holds: Holds,
  ) {}

  list({ status, siteId, caregiverId, limit, cursor }: VisitsQuery): Promise<Page<VisitDto>> {
    const [after] = decodeCursor(cursor, 1) ?? [null];
    const { siteIds = null } = currentActor();
    const filters = [after, status ?? null, siteId ?? null, caregiverId ?? null];
    return this.db.read(async (tx) => {
      const rows = await tx.sql<VisitRow>(LIST_VISITS, [...filters, limit + 1, siteIds]);
      const evidence = await tx.sql<EvidenceRow>(EVIDENCE_OF, [rows.map(({ bookingId }) => bookingId)]);
      return pageOf(
        rows,
        limit,
        (row) => [row.bookingId],
        (row) => show(row, evidence),
      );
    });
  }

  find(bookingId: string): Promise<VisitDto> {
    return this.db.read(async (tx) => {
      const [row] = await tx.sql<VisitRow>(VISIT_BY_ID, [bookingId]);
      if (!row || !maySee(row.siteId)) throw notFound('visit', bookingId);
      return show(row, await tx.sql<EvidenceRow>(EVIDENCE_OF, [[bookingId]]));
    });
  }

  /**
   * Approves: the service is told as delivered, with the minutes as they were. Rejects: the booking is cancelled, so that
   * the charge is released, or corrected to nothing where it was posted before another visit contradicted this one.
   */
  async decide(bookingId: string, { outcome, reason }: DecideDto): Promise<VisitDto> {
    await this.db.write(async (tx) => {
      const booking = await this.bookings.lock(tx, bookingId);
      const [visit] = await tx.sql<VisitRow>(VISIT_BY_ID, [bookingId]);
      if (!visit) throw notFound('visit', bookingId);
      const status = visitLife.next(visit.status, outcome);
      const evidence = await tx.sql<EvidenceRow>(EVIDENCE_OF, [[bookingId]]);
      assertOtherEyes(visit, evidence);
      const now = this.clock.now();
      await tx.sql(DECIDE, [bookingId, status, currentActor().id, now, reason]);
      if (status === 'approved') {
        const delivered = await this.bookings.moveOn(tx, booking, 'delivered', visit.minutes);
        tx.tell(serviceDelivered(delivered, now, 'visit'));
      } else {
        const rejected = { id: bookingId, status: 'cancelled' as const, reason: 'visit_rejected' };
        await this.holds.end(tx, [{ ...rejected, by: 'operator' }], ['on_review']);
      }
    });
    return this.find(bookingId);
  }
}

/** Whoever took part in a visit doesn't decide on it. */
function assertOtherEyes(visit: VisitRow, evidence: readonly EvidenceRow[]): void {
  const { id } = currentActor();
  const tookPart = [visit.checkedInBy, visit.checkedOutBy, ...evidence.map(({ addedBy }) => addedBy)];
  if (!tookPart.includes(id)) return;
  throw new DomainError('forbidden', 'four_eyes', 'You took part in this visit.', {
    mend: 'Somebody else decides on it.',
  });
}

function show(row: VisitRow, evidence: readonly EvidenceRow[]): VisitDto {
  const step = (side: 'in' | 'out', at: Date | null) =>
    at && {
      at: at.toISOString(),
      proofs: side === 'in' ? row.inProofs : row.outProofs,
      offline: side === 'in' ? row.inOffline : row.outOffline,
      metresFromHome: side === 'in' ? row.inMetres : row.outMetres,
    };
  const checkedIn = step('in', row.checkedInAt);
  const checkedOut = step('out', row.checkedOutAt);
  return {
    bookingId: row.bookingId,
    operatorId: row.operatorId,
    siteId: row.siteId,
    offeringId: row.offeringId,
    residentId: row.residentId,
    ...(row.caregiverId !== null && { caregiverId: row.caregiverId }),
    start: row.start.toISOString(),
    end: row.end.toISOString(),
    status: row.status,
    ...(checkedIn && { checkedIn }),
    ...(checkedOut && { checkedOut }),
    ...(row.minutes !== null && { minutes: row.minutes }),
    findings: row.findings,
    evidence: evidence
      .filter(({ bookingId }) => bookingId === row.bookingId)
      .map(({ id, kind, name, contentType, bytes, sha256, addedAt }) => ({
        id,
        kind,
        name,
        contentType,
        bytes,
        sha256,
        addedAt: addedAt.toISOString(),
      })),
    ...(row.formerDecisions.length > 0 && {
      formerDecisions: row.formerDecisions.map((one) => ({ ...one, at: new Date(one.at).toISOString() })),
    }),
    ...(row.decidedAt && {
      decidedAt: row.decidedAt.toISOString(),
      decidedBy: row.decidedBy as string,
      reason: row.decisionReason as string,
    }),
  };
}
