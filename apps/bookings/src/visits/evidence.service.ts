import { Injectable } from '@nestjs/common';
import { DomainError, newId, notFound, readDocument } from '@doorstep/kernel';
import { Clock, currentActor, Database } from '@doorstep/platform';
import { Bookings, stateOf } from '../bookings/bookings.service';
import { maySee } from '../bookings/holds.service';
import { ResidentKeys } from '../residents/resident-keys.service';
import { seal, unsealAny } from '../residents/sealing';
import { ADD_EVIDENCE, EVIDENCE_FILE, EVIDENCE_OF, type EvidenceRow } from './evidence.queries';
import { notAVisit } from './visit';
import type { AddEvidenceDto } from './evidence.dto';
import { VISIT_BY_ID, type VisitRow } from './visits.queries';

export const EVIDENCE_MAX = 10;

/** Photos and signatures of a visit, under the resident's own key; their digests find a file that is shown twice. */
@Injectable()
export class Evidence {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly bookings: Bookings,
    private readonly keys: ResidentKeys,
  ) {}

  /** While the visit lasts, and while somebody looks at it; what has passed was judged by what there was. */
  add(bookingId: string, { kind, document }: AddEvidenceDto): Promise<EvidenceRow> {
    const file = readDocument(document);
    return this.db.write(async (tx) => {
      const booking = await this.bookings.lock(tx, bookingId);
      if (!stateOf(booking).isVisit) throw notAVisit();
      if (booking.status !== 'checked_in' && booking.status !== 'on_review') throw notNow(booking.status);
      const there = await tx.sql<EvidenceRow>(EVIDENCE_OF, [[bookingId]]);
      if (there.length >= EVIDENCE_MAX) throw tooMuch();
      if (there.some(({ sha256 }) => sha256 === file.sha256)) throw thereAlready();
      const { residentId, operatorId } = booking;
      const key = (await this.keys.of(tx, [residentId])).get(residentId);
      if (!key) throw notFound('resident', residentId);
      const now = this.clock.now();
      const id = newId(now.getTime());
      const { name, contentType, sha256, bytes, content } = file;
      const actor = currentActor().id;
      const place = [id, operatorId, bookingId, there.length + 1, residentId, kind];
      const kept = [name, contentType, sha256, bytes, seal(key, content, id), actor, now];
      await tx.sql(ADD_EVIDENCE, [...place, ...kept]);
      return {
        id,
        bookingId,
        residentId,
        kind,
        name,
        contentType,
        bytes,
        sha256,
        addedBy: actor,
        addedAt: now,
      };
    });
  }

  /** The file itself; gone with the resident's key. */
  file(bookingId: string, id: string): Promise<EvidenceRow & { content: Buffer }> {
    return this.db.read(async (tx) => {
      const [visit] = await tx.sql<VisitRow>(VISIT_BY_ID, [bookingId]);
      if (!visit || !maySee(visit.siteId)) throw notFound('visit', bookingId);
      const [row] = await tx.sql<EvidenceRow & { sealed: Buffer }>(EVIDENCE_FILE, [id, bookingId]);
      if (!row) throw notFound('evidence', id);
      const keys = (await this.keys.opening(tx, [row.residentId])).get(row.residentId);
      if (keys) return { ...row, content: unsealAny(keys, row.sealed, id) };
      throw new DomainError('gone', 'resident_erased', 'What was known of this resident has been erased.', {
        mend: 'The digest of the file is left in the visit.',
      });
    });
  }
}

function notNow(status: string): DomainError {
  return new DomainError('conflict', `booking_${status}`, `Nothing is added to a visit that is ${status}.`, {
    mend: 'Add evidence between check-in and check-out, or while the visit is on review.',
    state: status,
  });
}

function tooMuch(): DomainError {
  return new DomainError('limited', 'evidence_full', `A visit has ${EVIDENCE_MAX} files at most.`, {
    mend: 'Go on without this one.',
  });
}

function thereAlready(): DomainError {
  return new DomainError('conflict', 'evidence_exists', 'This file is there already.', {
    mend: 'Nothing is left to do.',
  });
}
