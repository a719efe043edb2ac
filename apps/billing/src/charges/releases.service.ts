import { Injectable } from '@nestjs/common';
import type { BookingCancelled, BookingExpired, BookingNoShow, BookingRejected } from '@doorstep/contracts';
import { newId } from '@doorstep/kernel';
import { Clock, Database, type Received, type Tx } from '@doorstep/platform';
import { advanceApplied } from '../ledger/entry';
import { LedgerService } from '../ledger/ledger.service';
import { heirsOf, type Heir } from '../packages/moved-uses.queries';
import { giveUsesBack, takeUses } from '../packages/uses.queries';
import { endAllocations } from '../payments/allocations.queries';
import { countersGivenBack } from '../programmes/changes';
import { shareResidents } from '../residents/current-residents';
import { chinaDay } from '../shared/days';
import type { GivenBack } from './capture-changes';
import { CapturesService, type Fee } from './captures.service';
import { chargeLife, FEE_EVIDENCE } from './charge';
import { chargeReleased } from './charges.events';
import { DoubtsService } from './doubts.service';
import { lockChargesOf, writeReleases, type LockedCharge } from './endings.queries';
import { writeCharges, type ChargeRow } from './holds.queries';

export type BookingEnded = BookingCancelled | BookingExpired | BookingNoShow | BookingRejected;

/**
 * Gives back what ended bookings had reserved, once, whatever order and number the news comes in. Where a fee is due for
 * the late end, it is posted instead.
 */
@Injectable()
export class ReleasesService {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly captures: CapturesService,
    private readonly doubts: DoubtsService,
    private readonly ledger: LedgerService,
  ) {}

  async release(batch: readonly Received<BookingEnded>[]): Promise<void> {
    const news = new Map(batch.map((received) => [received.data.bookingId, received]));
    await this.db.write(async (tx) => {
      await shareResidents(tx);
      const known = await lockChargesOf(tx, [...news.keys()]);
      await this.doubts.refuse(tx, known.filter(isPostedService));
      const now = this.clock.now();
      const standing = known.filter(({ status }) => chargeLife.allows(status, 'release'));
      const due = standing.filter((charge) => feeOf(charge, news) !== undefined);
      const free = standing.filter((charge) => !due.includes(charge));
      const reserved = free.filter(({ status }) => status === 'authorised');
      const withUse = reserved.filter(({ packageId }) => packageId !== null).map(({ id }) => id);
      const heirs = await heirsOf(tx, withUse);
      for (const { id, version, operatorId, bookingId } of reserved) {
        const received = news.get(bookingId) as Received<BookingEnded>;
        const facts = { operatorId, chargeId: id, bookingId, version: version + 1, at: now };
        tx.tell(chargeReleased(facts, reasonOf(received).code), { because: received });
      }
      const releases = free.map(({ id, version, bookingId }) => ({
        id,
        version: version + 1,
        ...reasonOf(news.get(bookingId) as Received<BookingEnded>),
      }));
      await this.captures.captureFees(tx, due, (charge) => feeOf(charge, news) as Fee, givenBack(reserved));
      known.forEach(({ bookingId }) => news.delete(bookingId));
      await Promise.all([
        writeReleases(tx, releases, now),
        endAllocations(
          tx,
          reserved.filter(({ paidFen }) => paidFen > 0).map(({ id }) => id),
          'booking_ended',
          now,
        ),
        giveUsesBack(tx, withUse),
        // The hold itself has not arrived yet, and must find that it is over.
        writeCharges(
          tx,
          [...news.values()].map((received) => overtaking(received, now)),
        ),
      ]);
      await this.passOn(tx, heirs, now);
    });
  }

  /** What a booking had that has moved pays the one that took its place, also when that was delivered before. */
  private async passOn(tx: Tx, heirs: readonly Heir[], now: Date): Promise<void> {
    const paid = await takeUses(
      tx,
      heirs.map(({ chargeId, operatorId, status, openFen, use }) => {
        const amountFen = Math.min(use.partFen, Math.max(0, openFen));
        return { chargeId, operatorId, use, pays: { amountFen, applied: status === 'captured' } };
      }),
      now,
    );
    const byCharge = new Map(heirs.map((heir) => [heir.chargeId, heir]));
    const entries = paid
      .filter(({ applied }) => applied)
      .map(({ id: allocationId, chargeId, amountFen }) => {
        const { operatorId, contractId, siteId, residentId } = byCharge.get(chargeId) as Heir;
        const facts = { operatorId, contractId, siteId, residentId, chargeId, amountFen, allocationId };
        return advanceApplied({ ...facts, purpose: 'package', day: chinaDay(now) });
      });
    if (entries.length > 0) await this.ledger.post(tx, entries);
  }
}

/** Locked and given back in one with what fees take, so that one order of locks holds for both. */
function givenBack(reserved: readonly LockedCharge[]): GivenBack {
  const shares = reserved.flatMap((charge) => charge.shares.map((share) => ({ ...share, charge })));
  return {
    counters: shares.flatMap(({ terms, reservedFen, charge }) =>
      countersGivenBack(
        { terms, residentId: charge.residentId, day: charge.serviceDay },
        { fen: reservedFen, uses: 1 },
      ),
    ),
    budgets: shares.map(({ budgetId, reservedFen }) => ({
      id: budgetId,
      reservedFen: -reservedFen,
      spentFen: 0,
    })),
    released: reserved.filter(({ paidFen }) => paidFen > 0).map(({ id }) => id),
  };
}

/** A fee is due for an authorised charge alone: a resident who never had a price never agreed to one. */
function feeOf(charge: LockedCharge, news: ReadonlyMap<string, Received<BookingEnded>>): Fee | undefined {
  const because = news.get(charge.bookingId) as Received<BookingEnded>;
  const feeFen = 'feeFen' in because.data ? because.data.feeFen : undefined;
  if (!feeFen || charge.status !== 'authorised') return undefined;
  const evidence = because.type === 'bookings.BookingNoShow.v1' ? 'no_show' : 'late_cancellation';
  return { feeFen, evidence, because };
}

/** The end that a fee was posted for may be told again. */
function isPostedService({ status, evidence }: LockedCharge): boolean {
  return status === 'captured' && !FEE_EVIDENCE.some((fee) => fee === evidence);
}

function reasonOf({ type, data }: Received<BookingEnded>): { code: string; reason: string } {
  const code = REASON_CODES[type] ?? 'ended';
  return { code, reason: 'reason' in data ? data.reason : code };
}

const REASON_CODES: Record<string, string> = {
  'bookings.BookingCancelled.v1': 'cancelled',
  'bookings.BookingExpired.v1': 'expired',
  'bookings.BookingRejected.v1': 'rejected',
  'bookings.BookingNoShow.v1': 'no_show',
};

function overtaking(received: Received<BookingEnded>, now: Date): ChargeRow {
  const { data } = received;
  return {
    id: newId(),
    operator_id: data.operatorId,
    booking_id: data.bookingId,
    contract_id: data.contractId,
    site_id: data.siteId,
    offering_id: data.offeringId,
    resident_id: data.residentId,
    kind: data.kind,
    mode: data.mode,
    region_code: data.regionCode,
    service_day: data.serviceDay,
    starts_at: data.start,
    ends_at: data.end,
    party_size: data.partySize,
    status: 'released',
    version: 1,
    gross_fen: 0,
    resident_fen: 0,
    funders_fen: 0,
    operator_fen: 0,
    trace: [],
    ...reasonOf(received),
    correlation_id: received.correlationId,
    created_at: now,
    changed_at: now,
  };
}
