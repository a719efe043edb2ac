import { Injectable } from '@nestjs/common';
import { type DomainEvent, packageWishOf } from '@doorstep/contracts';
import { DomainError, notFound } from '@doorstep/kernel';
import { Clock, currentActor, Database, Periodic, type Received, type Tx } from '@doorstep/platform';
import { reasonsAgainst, refusalOf, type Reason, unitsOf } from '../availability/availability';
import { factsFor, type SessionFacts } from '../availability/slot.facts';
import { BookingsConfig } from '../config';
import { Fees } from '../cancellations/fees.service';
import type { BookingStatus, Ending } from './booking';
import { bookingConfirmed, bookingEnded, bookingHeld } from './booking.events';
import {
  type BookingRow,
  END,
  type EndedRow,
  HOLD_CAREGIVER,
  HOLD_SPACE,
  HOLD_UNITS,
  LOCK,
} from './bookings.queries';
import { ANY_LAPSED_OF_RESIDENT, LAPSED, LAPSED_IN_THE_WAY, LAPSED_OF_RESIDENT } from './lapsed.queries';
import { maySee } from './may-see.context';
import { residentMerged } from '../residents/resident';
import { Outcomes } from './outcomes.service';
import { ATTEMPTS_MAX, racedBy } from './raced';
import { CONFIRM_UNPRICED } from './unpriced.queries';

export { maySee } from './may-see.context';

export interface HoldCommand {
  bookingId: string;
  offeringId: string;
  sessionId: string;
  residentId: string;
  partySize: number;
  noteSealed: Buffer | null;
  /** A confirmed booking, locked by this transaction, whose place the new one is to take. */
  replaces: string | null;
  /** Which package is to pay, as it was asked for: `auto`, `none`, or an id. */
  packageId?: string | null;
  /** They stand at the door, and the session goes on already. */
  walkIn?: boolean;
  /** The API client whose hold it is; undefined: of whoever asks. */
  ownerId?: string | null;
}

interface Looked {
  slot: SessionFacts;
  reasons: Reason[];
}

const LAPSED_PER_ROUND = 500;

/** Called inside the transaction that has just given capacity back. */
export type OnReleased = (tx: Tx, ended: readonly EndedRow[]) => Promise<void>;

/** Takes capacity and gives it back. */
@Injectable()
export class Holds {
  private released: OnReleased = () => Promise.resolve();

  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly outcomes: Outcomes,
    private readonly fees: Fees,
    private readonly config: BookingsConfig,
  ) {}

  /** Who waits for freed places registers here. */
  onReleased(listener: OnReleased): void {
    this.released = listener;
  }

  /** Looks, decides, takes: a held booking, or the refusal that names what stands against it. */
  async hold(tx: Tx, command: HoldCommand): Promise<BookingRow> {
    const now = this.clock.now();
    const { sessionId, residentId } = command;
    for (let attempt = 0; attempt < ATTEMPTS_MAX; attempt++) {
      const { slot, reasons } = await this.look(tx, command, now);
      if (reasons.length > 0) throw refusalOf(reasons);
      if (slot.anyLapsed) await this.expire(tx, LAPSED_IN_THE_WAY, [now, sessionId, residentId]);
      const held = await this.takeAndTell(tx, command, slot, now);
      if (held) return held;
    }
    throw refusalOf(['full']);
  }

  /**
   * Looks at several sessions for one resident, then takes all that can be had, as one conversation with the database: who
   * wants one of them too waits for as little as can be. Undefined in the place of what has to be asked for by itself:
   * somebody was faster, or two of them are at one time.
   */
  async holdAll(tx: Tx, commands: readonly HoldCommand[]): Promise<(BookingRow | Reason[] | undefined)[]> {
    const now = this.clock.now();
    const looked = await Promise.all(commands.map((command) => this.look(tx, command, now)));
    const isAlone = ({ slot }: Looked): boolean =>
      !slot.anyLapsed &&
      looked.every(
        (other) => other.slot === slot || other.slot.end <= slot.start || other.slot.start >= slot.end,
      );
    return Promise.all(
      commands.map(async (command, n) => {
        const found = looked[n] as Looked;
        if (found.reasons.length > 0) return found.reasons;
        return isAlone(found) ? this.takeAndTell(tx, command, found.slot, now) : undefined;
      }),
    );
  }

  private async look(tx: Tx, command: HoldCommand, now: Date): Promise<Looked> {
    const { sessionId, residentId, partySize, walkIn } = command;
    const { slot, resident } = await factsFor(tx, now, command, this.config.overlappingKinds);
    if (!slot || !maySee(slot.siteId)) throw notFound('session', sessionId);
    if (slot.offeringId !== command.offeringId) throw otherOffering();
    if (!resident) throw notFound('resident', residentId);
    if (resident.mergedInto) throw residentMerged(residentId, resident.mergedInto);
    return { slot, reasons: reasonsAgainst(slot, { now, partySize, resident, walkIn }) };
  }

  private async takeAndTell(
    tx: Tx,
    command: HoldCommand,
    slot: SessionFacts,
    now: Date,
  ): Promise<BookingRow | undefined> {
    const expiresAt = new Date(now.getTime() + this.config.holdSeconds * 1000);
    const held = await this.take(tx, command, slot, now, expiresAt);
    if (held) tx.tell(bookingHeld(held, expiresAt, now));
    return held;
  }

  /** Ends bookings that are in one of `from`, gives back their capacity once, tells each end and what it costs. */
  async end(
    tx: Tx,
    endings: readonly Ending[],
    from: readonly BookingStatus[],
    because?: Map<string, Received<DomainEvent>>,
  ): Promise<EndedRow[]> {
    if (endings.length === 0) return [];
    const now = this.clock.now();
    const fees = await this.fees.ofCancellations(tx, endings);
    const asked = endings.map((ending) => ({ ...ending, ...fees.get(ending.id) }));
    const ended = await tx.prepared<EndedRow>(END, [JSON.stringify(asked), from, now]);
    // An offer that nobody took was told to nobody but who waits.
    for (const row of ended.filter(({ statusBefore }) => statusBefore !== 'offered')) {
      tx.tell(bookingEnded(row, now), { because: because?.get(row.id) });
    }
    if (ended.length > 0) await this.released(tx, ended);
    tx.afterCommit(() => this.outcomes.settled(ended));
    return ended;
  }

  /** A hold that lapsed counts nowhere any more; this only writes it down and tells of it. */
  @Periodic({ everyMs: 1_000, name: 'expire-holds' })
  async expireLapsed(): Promise<void> {
    let expired: number;
    do {
      expired = await this.db.write((tx) => this.expire(tx, LAPSED, [this.clock.now(), LAPSED_PER_ROUND]));
    } while (expired === LAPSED_PER_ROUND);
  }

  /** Billing is silent, and the offering lets its bookings be confirmed all the same; the price follows. */
  @Periodic({ everyMs: 1_000, name: 'confirm-unpriced' })
  async confirmUnpriced(): Promise<void> {
    let confirmed: BookingRow[];
    do {
      confirmed = await this.db.write(async (tx) => {
        const now = this.clock.now();
        const rows = await tx.prepared<BookingRow>(CONFIRM_UNPRICED, [now, LAPSED_PER_ROUND]);
        for (const row of rows) tx.tell(bookingConfirmed(row, now));
        tx.afterCommit(() => this.outcomes.settled(rows));
        return rows;
      });
    } while (confirmed.length === LAPSED_PER_ROUND);
  }

  /** When a hold that begins now is confirmed without a price, where the policy says so. */
  unpricedAt(now: Date): Date {
    return new Date(now.getTime() + this.config.unpricedSeconds * 1000);
  }

  /** Before a resident is asked to be somewhere: bookings of theirs that lapsed keep them nowhere. */
  async expireOf(tx: Tx, residentId: string): Promise<void> {
    await this.expire(tx, LAPSED_OF_RESIDENT, [this.clock.now(), residentId]);
  }

  /** Whether there is anything for `expireOf` to end, for who has to lock something else before. */
  async anyLapsedOf(tx: Tx, residentId: string): Promise<boolean> {
    const lapsed = await tx.prepared(ANY_LAPSED_OF_RESIDENT, [this.clock.now(), residentId]);
    return lapsed.length > 0;
  }

  private async expire(tx: Tx, lapsedSql: string, params: unknown[]): Promise<number> {
    const lapsed = await tx.prepared<{ id: string }>(lapsedSql, params);
    const endings = lapsed.map(({ id }): Ending => ({ id, status: 'expired', reason: 'hold_expired' }));
    return (await this.end(tx, endings, ['held', 'offered'])).length;
  }

  /**
   * Takes what the decision found to be free; undefined when it was gone a moment later. Until `expiresAt` it is held, or
   * offered to who waits.
   */
  async take(
    tx: Tx,
    command: HoldCommand,
    slot: SessionFacts,
    now: Date,
    expiresAt: Date,
    as: 'held' | 'offered' = 'held',
  ): Promise<BookingRow | undefined> {
    const { bookingId, sessionId, residentId, partySize, noteSealed } = command;
    const units = unitsOf(slot.capacityModel, partySize);
    const lock = lockOf(slot);
    try {
      // Both travel together; the second statement sees what was committed before it got the lock.
      const [[held]] = await Promise.all([
        ...(lock ? [tx.prepared(LOCK, [lock])] : []),
        tx.prepared<BookingRow>(holdSqlOf(slot), [
          now,
          sessionId,
          bookingId,
          residentId,
          partySize,
          units,
          slot.contractId,
          slot.needsPresence,
          expiresAt,
          noteSealed,
          command.replaces,
          as,
          this.unpricedAt(now),
          command.ownerId === undefined ? askingClient() : command.ownerId,
          packageWishOf(command.packageId),
        ]),
      ]).then((answers) => [answers.at(-1) as BookingRow[]]);
      return held;
    } catch (error) {
      throw racedBy(error) ?? error;
    }
  }
}

/** The API client that asks; null for the operator's people and the service itself. */
export function askingClient(): string | null {
  const { kind, id } = currentActor();
  return kind === 'client' ? id : null;
}

function holdSqlOf({ capacityModel }: SessionFacts): string {
  if (capacityModel === 'exclusive') return HOLD_SPACE;
  return capacityModel === 'caregiver' ? HOLD_CAREGIVER : HOLD_UNITS;
}

/** Gaps between neighbours, and a carer among several, are looked for by one transaction at a time. */
function lockOf({ capacityModel, spaceId, spaceShared, siteId }: SessionFacts): string | undefined {
  if (capacityModel === 'exclusive') return spaceShared ? `spaces ${siteId}` : `space ${spaceId}`;
  return capacityModel === 'caregiver' ? `carers ${siteId}` : undefined;
}

function otherOffering(): DomainError {
  return new DomainError('invalid', 'session_of_other_offering', 'The session is one of another offering.', {
    field: 'sessionId',
    mend: 'Take sessionId and offeringId from the same item of GET /v1/availability.',
  });
}
