import { Injectable } from '@nestjs/common';
import { DomainError, notFound } from '@doorstep/kernel';
import { Clock, Database, decodeCursor, type Page, page, type Tx } from '@doorstep/platform';
import { BookingsConfig } from '../config';
import { checkSpan } from '../sessions/day-span';
import { freeUnits, type Reason, reasonsAgainst } from './availability';
import type { AvailabilityDto, AvailabilityQuery } from './availability.dto';
import { FACTS_OF_OFFERING, FACTS_OF_SITE } from './availability.queries';
import { residentFor, type SessionFacts, withPresence } from './slot.facts';

const DAY_MS = 86_400_000;

/** What can be booked, and why the rest can't: the same facts and the same decision that a booking meets. */
@Injectable()
export class Availability {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly config: BookingsConfig,
  ) {}

  async list(query: AvailabilityQuery): Promise<Page<AvailabilityDto>> {
    const { residentId, partySize, limit, from, to } = query;
    const owner = ownerOf(query);
    checkSpan(from, to);
    const after = decodeCursor(query.cursor, 2) ?? [null, null];
    const now = this.clock.now();
    return this.db.read(async (tx) => {
      const statement = query.offeringId ? FACTS_OF_OFFERING : FACTS_OF_SITE;
      const rowsAsked = tx.prepared<SessionFacts>(statement, [
        now,
        owner,
        from,
        to,
        ...after,
        limit + 1,
        residentId ?? null,
      ]);
      // A day more on each side covers every time zone.
      const [start, end] = [new Date(Date.parse(from) - DAY_MS), new Date(Date.parse(to) + DAY_MS)];
      const residentAsked = residentId ? residentFor(tx, now, residentId, start, end) : undefined;
      const [rows, resident] = await Promise.all([rowsAsked, residentAsked]);
      if (rows.length === 0 && !query.cursor)
        await assertKnown(tx, query.offeringId ? 'offering' : 'site', owner);
      if (residentId && !resident) throw notFound('resident', residentId);
      const { items, nextCursor } = page(rows, limit, (row) => [row.start.toISOString(), row.sessionId]);
      const shown = items.map((row): AvailabilityDto => {
        const slot = withPresence(row, this.config.overlappingKinds);
        return showSlot(slot, reasonsAgainst(slot, { now, partySize, resident }));
      });
      return { items: shown, nextCursor };
    });
  }
}

export function showSlot(
  slot: SessionFacts & { needsPresence: boolean },
  reasons: Reason[],
): AvailabilityDto {
  return {
    sessionId: slot.sessionId,
    offeringId: slot.offeringId,
    siteId: slot.siteId,
    start: slot.start.toISOString(),
    end: slot.end.toISOString(),
    day: slot.day,
    capacity: slot.capacity,
    free: freeUnits(slot),
    bookable: reasons.length === 0,
    reasons,
  };
}

function ownerOf({ offeringId, siteId }: AvailabilityQuery): string {
  const owner = offeringId ?? siteId;
  if (owner && !(offeringId && siteId)) return owner;
  throw new DomainError('malformed', 'validation_failed', 'Ask for one offering or for one site.', {
    field: owner ? 'siteId' : 'offeringId',
    mend: 'Give either offeringId or siteId.',
  });
}

/** Nothing to show is one thing, nothing of that name another. */
async function assertKnown(tx: Tx, table: 'offering' | 'site', id: string): Promise<void> {
  const found = await tx.sql(`SELECT FROM ${table} WHERE id = $1`, [id]);
  if (found.length === 0) throw notFound(table, id);
}
