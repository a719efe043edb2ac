import { Injectable } from '@nestjs/common';
import { event, VisitContradicted } from '@doorstep/contracts';
import { DomainError } from '@doorstep/kernel';
import { Clock, currentActor, Database, type Tx } from '@doorstep/platform';
import { minutesBetween } from '../bookings/booking';
import { factOf, serviceDelivered } from '../bookings/booking.events';
import { type BookingRow, LOCK } from '../bookings/bookings.queries';
import { Bookings, stateOf } from '../bookings/bookings.service';
import { BookingsConfig } from '../config';
import { ResidentKeys } from '../residents/resident-keys.service';
import { assertProved, type Given, Proofs, type Proved, qrUsed } from './proofs.service';
import { type Finding, type Signal, signalsOf, type VisitRule } from './signals';
import { checkIn, checkOut, type DoorRules, notAVisit, timeOf, tryCode, visitLife } from './visit';
import { VisitRules } from './visit-rules.service';
import {
  CLOSE_VISIT,
  CONTRADICTED,
  COUNT_WRONG_TRY,
  HOME_OF,
  NOTE_CLIENT_DEVICE,
  OPEN_OF_CARER,
  OPEN_VISIT,
  SAME_EVIDENCE,
  type StayRow,
  STAYS_OF_CARER,
  VISIT_BY_ID,
  type VisitRow,
} from './visits.queries';

/** A booking after a step of its visit. */
export interface VisitStep {
  booking: BookingRow;
  flags: Signal[];
}

export interface StepCommand extends Given {
  /** When the device noted it, where it had no connection. */
  deviceTime?: string;
}

/** Plain data: a repeat of the request gets it back from JSON. */
type Outcome = { done: VisitStep } | { refused: Pick<DomainError, 'kind' | 'code' | 'message' | 'details'> };

/** One step at the door, with all that was looked up for it. */
interface Step {
  tx: Tx;
  row: BookingRow;
  visit: Pick<VisitRow, 'status' | 'wrongTries' | 'lastWrongAt' | 'checkedInAt'> & Partial<VisitRow>;
  rule: VisitRule;
  proved: Proved;
  now: Date;
  /** The time that counts. */
  at: Date;
  offline: boolean;
}

const NO_VISIT = { status: 'expected' as const, wrongTries: 0, lastWrongAt: null, checkedInAt: null };
/** Other visits of a carer count when they began so near to this one. */
const NEAR_MS = 12 * 3_600_000;

/** Care at home or at the bedside: checked in, checked out, and delivered unless something about it is odd. */
@Injectable()
export class Visits {
  private readonly door: DoorRules;

  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly bookings: Bookings,
    private readonly keys: ResidentKeys,
    private readonly proofs: Proofs,
    private readonly rules: VisitRules,
    config: BookingsConfig,
  ) {
    this.door = {
      wrongTriesMax: config.visitWrongTriesMax,
      lockMinutes: config.visitLockMinutes,
      earlyMinutesMax: config.attendanceEarlyMinutesMax,
    };
  }

  checkIn(bookingId: string, command: StepCommand): Promise<VisitStep> {
    return this.step(bookingId, command, async (step) => {
      const { tx, row, visit, rule, proved, now, at, offline } = step;
      const status = checkIn(stateOf(row), at, this.door);
      visitLife.next(visit.status, 'check in');
      assertProved(proved, command, rule);
      await assertCarerFree(tx, row);
      const booking = await this.bookings.moveOn(tx, row, status, null);
      const { proofs, metres, device, qr } = proved;
      const by = [at, currentActor().id, now, offline];
      await tx.sql(OPEN_VISIT, [
        row.id,
        row.operatorId,
        row.siteId,
        row.caregiverId,
        ...by,
        proofs,
        metres,
        device,
        qr,
      ]);
      return { booking, flags: [] };
    });
  }

  /** Proofs are optional on the way out: the client may no longer be able to show them. What is given must be right. */
  checkOut(bookingId: string, command: StepCommand): Promise<VisitStep> {
    return this.step(bookingId, command, async (step) => {
      const { tx, row, visit, proved, now, at, offline } = step;
      const minutes = checkOut(stateOf(row), visit, at);
      if (proved.qr !== null && proved.qr === visit.inQr) throw qrUsed();
      const findings = await this.findings(step, minutes);
      const odd = findings.length > 0;
      const status = visitLife.next(visit.status, odd ? 'put on review' : 'pass');
      const booking = await this.bookings.moveOn(
        tx,
        row,
        odd ? 'on_review' : 'delivered',
        odd ? null : minutes,
      );
      const { proofs, metres, device, qr } = proved;
      const by = [at, currentActor().id, now, offline];
      await tx.sql(CLOSE_VISIT, [
        row.id,
        status,
        ...by,
        proofs,
        metres,
        device,
        qr,
        minutes,
        JSON.stringify(findings),
      ]);
      if (odd) await doubt(tx, findings, booking.id, now);
      else tx.tell(serviceDelivered(booking, now, 'visit'));
      return { booking, flags: [...new Set(findings.map(({ signal }) => signal))] };
    });
  }

  /** A QR code for the client to show; which device shows it is remembered, so that the carer's is not the same. */
  qr(bookingId: string, deviceId?: string): Promise<{ qr: string; expiresAt: Date }> {
    return this.db.write(async (tx) => {
      const row = await this.bookings.lock(tx, bookingId);
      if (!stateOf(row).isVisit) throw notAVisit();
      if (row.status !== 'confirmed' && row.status !== 'checked_in') throw notStanding(row);
      const rule = await this.rules.of(tx, row.regionCode, row.serviceDay);
      const device = deviceId ? this.proofs.deviceOf(row.operatorId, deviceId) : null;
      await tx.sql(NOTE_CLIENT_DEVICE, [row.id, row.operatorId, row.siteId, device]);
      const { qr, expiresAt } = await this.proofs.qrOf(row.id, this.clock.now(), rule.qrSeconds);
      return { qr, expiresAt };
    });
  }

  /** Visits of one carer are judged one after the other, so that of two that contradict one sees the other. */
  private async findings({ tx, row, visit, rule, proved, at }: Step, minutes: number): Promise<Finding[]> {
    const from = visit.checkedInAt as Date;
    const carer = visit.caregiverId ?? row.caregiverId;
    if (carer) await tx.sql(LOCK, [`visits of ${carer}`]);
    const near = [new Date(from.getTime() - NEAR_MS), new Date(at.getTime() + NEAR_MS)];
    const others = carer ? await tx.sql<StayRow>(STAYS_OF_CARER, [carer, row.id, ...near]) : [];
    const [place] = await tx.sql<Pick<StayRow, 'home'>>(HOME_OF, [row.residentId]);
    const same = await tx.sql<{ bookingId: string }>(SAME_EVIDENCE, [row.id]);
    const hex = (digest: Buffer | null | undefined): string[] => (digest ? [digest.toString('hex')] : []);
    return signalsOf(
      {
        minutes,
        bookedMinutes: minutesBetween(row.start, row.end),
        stay: { bookingId: row.id, from, to: at, home: place?.home ?? null },
        others,
        metres: [visit.inMetres ?? null, proved.metres].filter((metres) => metres !== null),
        sameEvidence: same.map(({ bookingId }) => bookingId),
        carerDevices: [...hex(visit.inDevice), ...hex(proved.device)],
        clientDevice: hex(visit.clientDevice)[0] ?? null,
      },
      rule,
    );
  }

  /** A wrong code is counted for good, so the refusal is thrown only after the commit. */
  private async step(
    bookingId: string,
    command: StepCommand,
    work: (step: Step) => Promise<VisitStep>,
  ): Promise<VisitStep> {
    const outcome = await this.db.write(async (tx): Promise<Outcome> => {
      const row = await this.bookings.lock(tx, bookingId);
      if (!stateOf(row).isVisit) throw notAVisit();
      const now = this.clock.now();
      const rule = await this.rules.of(tx, row.regionCode, row.serviceDay);
      const deviceTime = command.deviceTime ? new Date(command.deviceTime) : undefined;
      const at = timeOf(now, deviceTime, rule.offlineHoursMax);
      const [visit = NO_VISIT] = await tx.sql<VisitRow>(VISIT_BY_ID, [bookingId]);
      if (command.code !== undefined) {
        const tried = tryCode(visit, command.code, this.keys.ring.visitCode(bookingId), now, this.door);
        if (!tried.right) {
          await tx.sql(COUNT_WRONG_TRY, [row.id, row.operatorId, row.siteId, tried.wrongTries, now]);
          const { kind, code: refusal, message, details } = tried.refusal;
          return { refused: { kind, code: refusal, message, details } };
        }
      }
      const proved = await this.proofs.look(tx, row, command, rule, at);
      return {
        done: await work({ tx, row, visit, rule, proved, now, at, offline: deviceTime !== undefined }),
      };
    });
    if ('done' in outcome) return outcome.done;
    const { kind, code: refusal, message, details } = outcome.refused;
    throw new DomainError(kind, refusal, message, details);
  }
}

/** What a finding names may have been billed by now: it is on review too, and whoever keeps accounts of it hears of the doubt. */
async function doubt(tx: Tx, findings: readonly Finding[], by: string, now: Date): Promise<void> {
  const ids = [...new Set(findings.flatMap(({ bookingId }) => bookingId ?? []))].sort();
  if (ids.length === 0) return;
  const against = (id: string): Finding[] =>
    findings.filter(({ bookingId }) => bookingId === id).map((finding) => ({ ...finding, bookingId: by }));
  const named = ids.map((bookingId) => ({ bookingId, findings: against(bookingId) }));
  for (const row of await tx.sql<BookingRow>(CONTRADICTED, [JSON.stringify(named)])) {
    tx.tell(
      event(VisitContradicted, {
        ...factOf(row, now),
        contradictedBy: by,
        signals: [...new Set(against(row.id).map(({ signal }) => signal))],
        ...(row.caregiverId && { caregiverId: row.caregiverId }),
      }),
    );
  }
}

/** The constraint has the last word; this one can name the visit. */
async function assertCarerFree(tx: Tx, { id, caregiverId }: BookingRow): Promise<void> {
  if (caregiverId === null) return;
  await tx.sql(LOCK, [`visits of ${caregiverId}`]);
  const [open] = await tx.sql<{ bookingId: string }>(OPEN_OF_CARER, [caregiverId, id]);
  if (!open) return;
  throw new DomainError('conflict', 'caregiver_in_visit', 'The carer is in another visit still.', {
    mend: 'Check that one out first.',
    bookingId: open.bookingId,
  });
}

function notStanding({ status }: BookingRow): DomainError {
  return new DomainError(
    'conflict',
    `booking_${status}`,
    `The booking is ${status}: there is no code to show.`,
    {
      mend: 'Codes are shown once the booking is confirmed, until the visit is over.',
      state: status,
    },
  );
}
