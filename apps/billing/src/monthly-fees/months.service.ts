import { Injectable } from '@nestjs/common';
import type { MonthAttendanceClosed, MonthAttendanceCorrected } from '@doorstep/contracts';
import { newId } from '@doorstep/kernel';
import { Clock, Database, Periodic, type Received, type Tx } from '@doorstep/platform';
import { CapturesService } from '../charges/captures.service';
import { judge, type HeldBooking, type Knowledge } from '../charges/charge';
import { noteDeliveries } from '../charges/endings.queries';
import { openPurse, type Put } from '../charges/holds.service';
import {
  knowledgeOf,
  writeCharges,
  writeShares,
  type ChargeRow,
  type ShareRow,
} from '../charges/holds.queries';
import type { Price } from '../prices/price';
import { candidatesFor } from '../programmes/candidates';
import { daysOfPeriod, type ServiceFacts } from '../programmes/programme';
import {
  budgetsCovering,
  changeBudgets,
  changeCounters,
  termsConcerning,
} from '../programmes/programmes.queries';
import { split, type Split } from '../programmes/split';
import { RatingService } from '../re-ratings/rating.service';
import { lockStanding } from '../re-ratings/standing.queries';
import { shareResidents } from '../residents/current-residents';
import { idMadeOf } from '../shared/made-ids';
import { monthlyFee, WHOLE_FEE, type RatedMonth } from './month';
import {
  keepMonths,
  noteCharged,
  noteWaiting,
  rulesOf,
  takeMonths,
  type Month,
  type MonthRow,
} from './months.queries';

const ROUND_MAX = 200;

type MonthTold = MonthAttendanceClosed | MonthAttendanceCorrected;

interface Priced extends Put {
  month: Month;
  price: Price;
  rated: RatedMonth;
}

/**
 * One charge for each child's place and month, posted when its sheet is closed; what a later revision of the sheet changes
 * is added as a difference. A month that can't be charged waits, says why, and is looked at again.
 */
@Injectable()
export class MonthsService {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly captures: CapturesService,
    private readonly rating: RatingService,
  ) {}

  async told(batch: readonly Received<MonthTold>[]): Promise<void> {
    const newest = new Map<string, MonthRow>();
    for (const received of batch) {
      const row = rowOf(received);
      if ((newest.get(row.id)?.revision ?? 0) < row.revision) newest.set(row.id, row);
    }
    await this.db.write(async (tx) => {
      await shareResidents(tx);
      await keepMonths(tx, [...newest.values()]);
      await this.charge(tx, await takeMonths(tx, [...newest.keys()], newest.size));
    });
  }

  @Periodic({ everyMs: 60_000, name: 'charge waiting months' })
  async chargeWaiting(): Promise<void> {
    await this.db.write(async (tx) => {
      await shareResidents(tx);
      await this.charge(tx, await takeMonths(tx, null, ROUND_MAX));
    });
  }

  private async charge(tx: Tx, months: readonly Month[]): Promise<void> {
    const charged = months.filter(({ chargeId }) => chargeId !== null);
    const fresh = months.filter(({ chargeId }) => chargeId === null);
    for (const month of charged) await this.correct(tx, month);
    if (fresh.length > 0) await this.post(tx, fresh);
    await noteCharged(
      tx,
      charged.map(({ id }) => id),
      this.clock.now(),
    );
  }

  /** The whole month again by its new sheet, and only what that differs by. */
  private async correct(tx: Tx, { id, chargeId, facts, eventId, serviceDay }: Month): Promise<void> {
    const charges = await lockStanding(tx, [chargeId as string]);
    const question = { id: eventId, reason: 'attendance_changed', attendance: null } as const;
    const answer = await this.rating.rate(tx, { ...question, months: new Map([[id, facts]]) }, charges, {
      binding: true,
    });
    const cause = {
      reason: 'attendance_changed',
      sourceType: 'month_attendance',
      sourceId: eventId,
    } as const;
    await this.rating.enter(tx, answer, { ...cause, day: serviceDay });
  }

  private async post(tx: Tx, months: readonly Month[]): Promise<void> {
    const now = this.clock.now();
    const services = months.map(serviceOf);
    const [known, offers, budgets, rules] = await Promise.all([
      knowledgeOf(
        tx,
        months.map((month) => ({ ...month, bookingId: month.id })),
      ),
      termsConcerning(tx, services),
      budgetsCovering(tx, services),
      rulesOf(tx, months),
    ]);
    const waiting: { id: string; code: string; reason: string }[] = [];
    const priced = months.flatMap((month, index): Priced[] => {
      const judged = judge(asBooking(month), afterwards(known[index]), 'month');
      if (judged.outcome !== 'priceable') {
        waiting.push({ id: month.id, ...judged.refusal });
        return [];
      }
      const service = services[index];
      const { operatorId, facts: attendance } = month;
      const facts = { operatorId, attendance, siteStars: known[index].siteStars };
      const candidates = candidatesFor(offers, { ...service, ...facts }, known[index].resident);
      const rated = { facts: month.facts, rule: rules[index] ?? WHOLE_FEE };
      return [{ month, hold: month, service, candidates, price: judged.price, rated }];
    });
    const purse = await openPurse(tx, priced, budgets);
    const rows: ChargeRow[] = [];
    const shares: ShareRow[] = [];
    for (const { month, service, candidates, price, rated } of priced) {
      const own = purse.for(month.residentId, service);
      const cost = { ownFen: monthlyFee(price.amountFen, rated.facts, rated.rule), guestsFen: 0 };
      const result = split(cost, candidates, own);
      const row = chargeRow(month, price, rated, result, now);
      rows.push(row);
      shares.push(...shareRows(row, result, (terms) => own.budgetOf(terms)?.id ?? ''));
    }
    const taken = purse.taken();
    await Promise.all([
      changeCounters(tx, taken.counters),
      changeBudgets(
        tx,
        taken.budgets.map(({ id, fen }) => ({ id, reservedFen: fen, spentFen: 0 })),
      ),
      writeCharges(tx, rows),
      writeShares(tx, shares),
      noteDeliveries(
        tx,
        priced.map(({ month }) => deliveryOf(month)),
      ),
    ]);
    await this.captures.captureAuthorised(
      tx,
      priced.map(({ month: { id, minutes } }) => ({ bookingId: id, minutes, evidence: 'attendance' })),
    );
    await noteCharged(
      tx,
      priced.map(({ month }) => month.id),
      now,
    );
    await noteWaiting(tx, waiting, now);
  }
}

/** The same month of a place is the same charge, whoever asks. */
export function monthId(placementId: string, month: string): string {
  return idMadeOf(`month ${placementId} ${month}`);
}

function rowOf({ id: eventId, time, data }: Received<MonthTold>): MonthRow {
  const { month, revision, workdays, patternDays, totals } = data;
  const { daysPlanned, daysAttended, daysSick, daysAbsentPlanned, daysAbsentUnplanned } = totals;
  const { daysClosed, daysForceMajeure, minutesAttended } = totals;
  const first = `${month}-01`;
  return {
    ...{ id: monthId(data.placementId, month), operator_id: data.operatorId, placement_id: data.placementId },
    ...{ month: first, contract_id: data.contractId, site_id: data.siteId, offering_id: data.offeringId },
    ...{ resident_id: data.residentId, kind: data.kind, mode: data.mode, age_class: data.ageClass },
    ...{ region_code: data.regionCode, service_day: data.from > first ? data.from : first },
    facts: {
      ...{ month, revision, workdays, patternDays, daysPlanned, daysAttended, daysSick, daysAbsentPlanned },
      ...{ daysAbsentUnplanned, daysClosed, daysForceMajeure },
    },
    ...{ minutes: minutesAttended, revision, event_id: eventId, told_at: time },
  };
}

function serviceOf({ kind, mode, regionCode, serviceDay }: Month): ServiceFacts {
  return { kind, mode, regionCode, day: serviceDay };
}

/** China has one time, eight hours ahead of UTC all year. */
function asBooking(month: Month): HeldBooking {
  const instant = (day: string) => new Date(`${day}T00:00:00+08:00`).toISOString();
  const end = instant(daysOfPeriod(month.facts.month).to);
  const { id: bookingId, serviceDay } = month;
  return { ...month, bookingId, start: instant(serviceDay), end, partySize: 1, packageWish: null };
}

/** What was in force on the day counts, though the contract or the site's standing under it has ended since. */
function afterwards(known: Knowledge): Knowledge {
  const { contract, placement } = known;
  const began = contract !== null && contract.status !== 'draft' && contract.status !== 'signed';
  return {
    ...known,
    contract: contract && (began ? { ...contract, status: 'active' } : contract),
    placement: placement && { ...placement, inForce: true },
  };
}

function chargeRow(
  month: Month,
  price: Price,
  rated: RatedMonth,
  { grossFen, residentFen, fundersFen, operatorFen, trace }: Split,
  now: Date,
): ChargeRow {
  const { start, end } = asBooking(month);
  return {
    ...{ id: newId(), operator_id: month.operatorId, booking_id: month.id, contract_id: month.contractId },
    ...{ site_id: month.siteId, offering_id: month.offeringId, resident_id: month.residentId },
    ...{ kind: month.kind, mode: month.mode, region_code: month.regionCode, service_day: month.serviceDay },
    ...{ starts_at: start, ends_at: end, party_size: 1, status: 'authorised', version: 1 },
    ...{ price_id: price.id, unit: price.unit, unit_fen: price.amountFen, step_minutes: price.stepMinutes },
    ...{ quantity: 1, planned_minutes: month.minutes, month: rated },
    ...{ gross_fen: grossFen, resident_fen: residentFen, funders_fen: fundersFen, operator_fen: operatorFen },
    ...{ trace, held_event_id: month.eventId, created_at: now, changed_at: now },
  };
}

function shareRows(
  charge: ChargeRow,
  { shares }: Split,
  budgetOf: (terms: Split['shares'][number]['terms']) => string,
): ShareRow[] {
  return shares.map(({ terms, payer, amountFen }, place) => ({
    ...{ id: newId(), operator_id: charge.operator_id, charge_id: charge.id, place, payer },
    ...{ programme_id: terms.programmeId, terms_id: terms.termsId, funder_id: terms.funderId },
    ...{ budget_id: budgetOf(terms), reserved_fen: amountFen },
  }));
}

function deliveryOf(month: Month) {
  return {
    ...{ bookingId: month.id, operatorId: month.operatorId, contractId: month.contractId },
    ...{ siteId: month.siteId, kind: month.kind, serviceDay: month.serviceDay, minutes: month.minutes },
    ...{ evidence: 'attendance', eventId: month.eventId, deliveredAt: month.toldAt.toISOString() },
  };
}
