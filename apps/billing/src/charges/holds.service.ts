import { Injectable } from '@nestjs/common';
import type { BookingHeld } from '@doorstep/contracts';
import { newId } from '@doorstep/kernel';
import { Clock, Database, Periodic, type Received, type Tx } from '@doorstep/platform';
import { BillingConfig } from '../config';
import { packageUsedUp } from '../packages/packages.events';
import { freeUses, packagesFor, takeUses, usedUp, type Taken } from '../packages/uses.queries';
import { countersOf, type ServiceFacts } from '../programmes/programme';
import {
  budgetsCovering,
  changeBudgets,
  changeCounters,
  lockBudgets,
  lockCounters,
  termsConcerning,
  type CounterSought,
} from '../programmes/programmes.queries';
import { Purse } from '../programmes/purse';
import { split, type Split } from '../programmes/split';
import { candidatesFor } from '../programmes/candidates';
import { followResidents, shareResidents } from '../residents/current-residents';
import { byPackage } from './by-package';
import { judge, type Priceable, type Refusal } from './charge';
import { authorisedRow, baseRow, pendingRow } from './charge-rows';
import { chargeAuthorised, chargeDeclined, heldAs } from './charges.events';
import {
  knowledgeOf,
  writeCharges,
  writeShares,
  type ChargeRow,
  type Hold,
  type ShareRow,
} from './holds.queries';
import { takePending, type Waiting } from './pending.queries';

/** Most pending charges that one round decides. */
const ROUND_MAX = 200;

/** Somebody's service with the programmes that it will be put before. */
export interface Put {
  hold: Pick<Hold, 'residentId' | 'operatorId'>;
  service: ServiceFacts;
  candidates: ReturnType<typeof candidatesFor>;
}

/** A hold that is being authorised. */
interface Pricing extends Put {
  hold: Hold;
  judged: Priceable;
}

/**
 * Turns held bookings into authorised or declined charges, a batch at a time: three round trips to the database whatever
 * the number of bookings, one update per budget and counter, locks taken late and always in the same order.
 */
@Injectable()
export class HoldsService {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly config: BillingConfig,
  ) {}

  /** Bookings just held. One whose release has overtaken it, or that was decided before, is passed over. */
  async authorise(batch: readonly Received<BookingHeld>[]): Promise<void> {
    const patienceMs = this.config.pendingSecondsMax * 1000;
    const latest = this.clock.now().getTime() + patienceMs;
    const first = new Map(batch.toReversed().map((received) => [received.data.bookingId, received]));
    const holds = [...first.values()].reverse().map(({ id, correlationId, data }): Hold => {
      const expiresAt = Date.parse(data.expiresAt);
      // After the expiry nobody waits for the answer: the booking has ended, or was confirmed without a price.
      const decideBy = new Date(
        expiresAt > this.clock.now().getTime() ? Math.min(latest, expiresAt) : latest,
      );
      return { ...bookingOf(data), chargeId: newId(), decideBy, heldEventId: id, correlationId };
    });
    await this.db.write(async (tx) => {
      const current = await followResidents(tx, holds);
      const undecided = await this.decide(tx, current, { isNew: true });
      if (undecided.length === 0) return;
      // Their news may have been committed since this transaction looked, and found nobody waiting for it.
      tx.afterCommit(() => this.reconsider({ column: 'id', ids: undecided }));
    });
  }

  /** Looks again at charges that waited for what has just come. */
  async reconsider(waiting: Waiting): Promise<void> {
    await this.db.write(async (tx) => {
      const [, holds] = await Promise.all([shareResidents(tx), takePending(tx, ROUND_MAX, waiting)]);
      if (holds.length > 0) await this.decide(tx, holds, { isNew: false });
    });
  }

  /** Decides what news overtook in the other order, and declines what nothing was heard about in time. */
  @Periodic({ everyMs: 500, name: 'decide pending charges' })
  async decidePending(): Promise<void> {
    await this.db.write(async (tx) => {
      const [, holds] = await Promise.all([shareResidents(tx), takePending(tx, ROUND_MAX)]);
      if (holds.length > 0) await this.decide(tx, holds, { isNew: false });
    });
  }

  /** @returns ids of the charges that are pending now */
  private async decide(tx: Tx, holds: readonly Hold[], { isNew }: { isNew: boolean }): Promise<string[]> {
    const services = holds.map(serviceOf);
    const [known, offers, budgets, packages] = await Promise.all([
      knowledgeOf(tx, holds),
      termsConcerning(tx, services),
      budgetsCovering(tx, services),
      packagesFor(tx, holds),
    ]);
    const uses = await freeUses(tx, packages, { lock: true, services: holds });
    const now = this.clock.now();
    const pricings: Pricing[] = [];
    const rows: ChargeRow[] = [];
    holds.forEach((hold, index) => {
      if (isNew && known[index].status !== null) return;
      const found = judge(hold, known[index]);
      const judged = found.outcome === 'priceable' ? byPackage(found, uses, hold) : found;
      if (judged.outcome === 'priceable') {
        const service = services[index];
        const asked = judged.use ? [] : offers;
        const candidates = candidatesFor(
          asked,
          { ...service, operatorId: hold.operatorId, siteStars: known[index].siteStars },
          known[index].resident,
        );
        pricings.push({ hold, judged, service, candidates });
      } else if (judged.outcome === 'refused' || hold.decideBy <= now) {
        rows.push(this.decline(tx, hold, judged.refusal, { isNew, now }));
      } else if (isNew) {
        rows.push(pendingRow(hold, judged.waitsFor, now));
      }
    });
    const purse = await openPurse(tx, pricings, budgets);
    const shares: ShareRow[] = [];
    for (const pricing of pricings) {
      const authorised = this.price(tx, pricing, purse, { isNew, now });
      rows.push(authorised.row);
      shares.push(...authorised.shares);
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
    ]);
    await takeUses(tx, takenBy(pricings), now);
    await tellUsedUp(tx, pricings, now);
    return rows.filter(({ status }) => status === 'pending').map(({ id }) => id);
  }

  private price(
    tx: Tx,
    { hold, judged, service, candidates }: Pricing,
    purse: Purse,
    { isNew, now }: { isNew: boolean; now: Date },
  ): { row: ChargeRow; shares: ShareRow[] } {
    const own = purse.for(hold.residentId, service);
    const result = split(judged.cost, candidates, own);
    const version = isNew ? 1 : 2;
    const shares = result.shares.map(({ terms, payer, amountFen }, place) => ({
      id: newId(),
      operator_id: hold.operatorId,
      charge_id: hold.chargeId,
      programme_id: terms.programmeId,
      terms_id: terms.termsId,
      funder_id: terms.funderId,
      payer,
      budget_id: own.budgetOf(terms)?.id ?? '',
      place,
      reserved_fen: amountFen,
    }));
    const facts = {
      ...{ ...hold, ...amountsOf(result), version, at: now, funders: fundersOf(result) },
      packageId: judged.use?.packageId,
    };
    tx.tell(chargeAuthorised(facts), { because: heldAs(hold) });
    return { row: authorisedRow(hold, judged, result, { version, now }), shares };
  }

  private decline(
    tx: Tx,
    hold: Hold,
    refusal: Refusal,
    { isNew, now }: { isNew: boolean; now: Date },
  ): ChargeRow {
    const version = isNew ? 1 : 2;
    tx.tell(chargeDeclined({ ...hold, version, at: now }, refusal), { because: heldAs(hold) });
    const { code, reason } = refusal;
    return { ...baseRow(hold, now), code, reason, status: 'declined', version };
  }
}

/** Counters first, budgets last: everybody locks in this order, and the budgets, which all share, for the shortest time. */
export async function openPurse(
  tx: Tx,
  pricings: readonly Put[],
  seen: Awaited<ReturnType<typeof budgetsCovering>>,
): Promise<Purse> {
  const counters: CounterSought[] = [];
  const budgetIds = new Set<string>();
  const glance = new Purse([], seen);
  for (const { hold, service, candidates } of pricings) {
    for (const { terms, ineligible } of candidates) {
      if (ineligible) continue;
      const budget = glance.for(hold.residentId, service).budgetOf(terms);
      if (!budget) continue;
      budgetIds.add(budget.id);
      for (const counter of countersOf(terms.caps, service.day)) {
        const { programmeId, caps } = terms;
        const { residentId, operatorId } = hold;
        counters.push({ ...counter, programmeId, residentId, operatorId, caps });
      }
    }
  }
  const [held, budgets] = await Promise.all([lockCounters(tx, counters), lockBudgets(tx, [...budgetIds])]);
  return new Purse(held, budgets);
}

/** A use that moves with its booking is the other one's until that has ended. */
function takenBy(pricings: readonly Pricing[]): Taken[] {
  return pricings.flatMap(({ hold: { chargeId, operatorId }, judged: { use } }) =>
    use && !use.heldBy ? [{ chargeId, operatorId, use }] : [],
  );
}

/** Who took the last use of a package is told of with it. */
async function tellUsedUp(tx: Tx, pricings: readonly Pricing[], now: Date): Promise<void> {
  const last = new Map(
    pricings.flatMap(({ hold, judged: { use } }) =>
      use && !use.heldBy ? [[use.packageId, hold] as const] : [],
    ),
  );
  for (const one of await usedUp(tx, [...last.keys()])) {
    const hold = last.get(one.id) as Hold;
    tx.tell(packageUsedUp(one, hold.bookingId, now), { because: heldAs(hold) });
  }
}

function bookingOf(data: BookingHeld) {
  const { bookingId, operatorId, contractId, siteId, offeringId, residentId, kind, mode } = data;
  const { regionCode, start, end, serviceDay, partySize, replaces } = data;
  const { packageId: packageWish = null } = data;
  return {
    ...{ bookingId, operatorId, contractId, siteId, offeringId, residentId, kind, mode },
    ...{ regionCode, start, end, serviceDay, partySize, packageWish, replaces },
  };
}

function serviceOf({ kind, mode, regionCode, serviceDay }: Hold): ServiceFacts {
  return { kind, mode, regionCode, day: serviceDay };
}

function amountsOf({ grossFen, residentFen, fundersFen, operatorFen }: Split) {
  return { grossFen, residentFen, fundersFen, operatorFen };
}

function fundersOf({ shares }: Split) {
  return shares
    .filter(({ payer }) => payer === 'funder')
    .map(({ terms, amountFen }) => ({ programmeId: terms.programmeId, funderId: terms.funderId, amountFen }));
}
