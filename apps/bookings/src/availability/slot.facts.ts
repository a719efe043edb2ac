import type { Day } from '@doorstep/kernel';
import type { Tx } from '@doorstep/platform';
import { needsPresence } from '../bookings/booking';
import type { ResidentFacts, SlotFacts } from './availability';
import { FACTS_OF_SESSION, RESIDENT_FOR_SESSION, RESIDENT_FOR_SPAN } from './availability.queries';

/** Facts of a session, with what a booking of it copies. */
export interface SessionFacts extends SlotFacts {
  operatorId: string;
  regionCode: string;
  mode: string;
  delivery: string;
  bufferMinutes: number;
  /** Exclusive: what it occupies. */
  spaceId: string | null;
  /** It is part of another space, or has parts. */
  spaceShared: boolean | null;
  /** Somewhere a hold has lapsed and nobody has told of it yet. */
  anyLapsed: boolean;
}

interface ResidentRow extends Omit<ResidentFacts, 'busy'> {
  birthDate: Day;
  busy: Span[];
  inCare: Span[];
}

interface Span {
  from: string;
  to: string;
}

/** Who asks for which session; a booking that is to be replaced doesn't stand in its own way. */
export interface Asked {
  sessionId: string;
  residentId: string;
  replaces?: string | null;
}

/** One session and the resident who asks for it, in one round trip; undefined where there is no such row to see. */
export async function factsFor(
  tx: Tx,
  now: Date,
  { sessionId, residentId, replaces = null }: Asked,
  overlappingKinds: readonly string[],
): Promise<{ slot: SessionFacts | undefined; resident: ResidentFacts | undefined }> {
  const [[slot], [resident]] = await Promise.all([
    tx.prepared<SessionFacts>(FACTS_OF_SESSION, [now, sessionId, replaces, residentId]),
    tx.prepared<ResidentRow>(RESIDENT_FOR_SESSION, [now, residentId, sessionId, replaces]),
  ]);
  return {
    slot: slot && withPresence(slot, overlappingKinds),
    resident: resident && residentOf(resident),
  };
}

/** A resident as eligibility sees them, with everything that keeps them busy between two instants. */
export async function residentFor(
  tx: Tx,
  now: Date,
  residentId: string,
  from: Date,
  to: Date,
): Promise<ResidentFacts | undefined> {
  const [row] = await tx.prepared<ResidentRow>(RESIDENT_FOR_SPAN, [now, residentId, from, to]);
  return row && residentOf(row);
}

export function withPresence<F extends Omit<SessionFacts, 'needsPresence'>>(
  slot: F,
  overlappingKinds: readonly string[],
): F & { needsPresence: boolean } {
  // Thirty fields of hundreds of rows: added to the row, not copied with it.
  return Object.assign(slot, { needsPresence: needsPresence(slot.kind, slot.mode, overlappingKinds) });
}

function residentOf({ busy, inCare, ...row }: ResidentRow): ResidentFacts {
  const spans = [...busy, ...inCare].map(({ from, to }) => ({ from: new Date(from), to: new Date(to) }));
  return { ...row, busy: spans };
}
