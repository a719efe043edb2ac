import { Injectable } from '@nestjs/common';
import { DomainError, newId, sumFen, type Fen } from '@doorstep/kernel';
import { Clock, currentActor, type Tx } from '@doorstep/platform';
import type { LockedCharge } from '../charges/endings.queries';
import { advanceApplied, paymentReceived, paymentRefunded } from '../ledger/entry';
import { HOLDINGS, type Purpose } from '../ledger/held-money';
import { LedgerService } from '../ledger/ledger.service';
import { chinaDay } from '../shared/days';
import { addAllocations } from './allocations.queries';
import {
  heldBefore,
  heldMovements,
  LINES_MAX,
  lockFree,
  paymentsHeld,
  type HeldMovement,
  type HeldPayment,
} from './held-money.queries';
import type { MoneyBackDto } from './held-money.dto';
import type { MoneyInDto } from './money.dto';
import { takeFrom } from './payment';
import { insertPayment, insertRefund } from './payments.queries';
import { notAhead } from './payments.service';

/** Whom money is held for, and as what. */
export interface Holder {
  id: string;
  operatorId: string;
  contractId: string;
  residentId: string;
  purpose: Exclude<Purpose, 'services'>;
}

/**
 * Money held for a resident by name. It comes in as payments by their channels, whose bills confirm them on that day; it
 * is used by being meant for charges, as any payment is, so what is freed of them is held again; a payment never gives more
 * than it brought (payment_not_overspent), whoever asks at once.
 */
@Injectable()
export class HeldMoneyService {
  constructor(
    private readonly clock: Clock,
    private readonly ledger: LedgerService,
  ) {}

  /** @returns the payment's id */
  async receive(tx: Tx, holder: Holder, money: MoneyInDto): Promise<string> {
    const { operatorId, contractId, residentId, purpose } = holder;
    const id = newId();
    const { channel, merchantOrderNo, amountFen } = money;
    const paidAt = notAhead(this.clock, money.paidAt, 'paidAt');
    const day = await insertPayment(
      tx,
      {
        ...{ id, operatorId, contractId, siteId: null, channel, merchantOrderNo, amountFen, paidAt },
        ...{ purpose, holderId: holder.id },
        ...{ recordedBy: currentActor().id, recordedAt: this.clock.now() },
      },
      [],
    );
    const moved = { operatorId, contractId, residentId, purpose, channel, day, amountFen, delivered: [] };
    await this.ledger.post(tx, [paymentReceived({ ...moved, paymentId: id })]);
    return id;
  }

  /** Pays so much of each locked charge, the oldest money first. */
  async use(
    tx: Tx,
    holder: Holder,
    parts: readonly { charge: LockedCharge; amountFen: Fen }[],
  ): Promise<void> {
    const free = await lockFree(tx, holder.id);
    const taken = takeFrom(
      parts.map(({ amountFen }) => amountFen),
      free,
    );
    if (!taken) throw tooLow(sumFen(free.map(({ freeFen }) => freeFen)), parts);
    const now = this.clock.now();
    const used = taken.map(({ part, paymentId, amountFen }) => {
      const { charge } = parts[part];
      const applied = charge.status === 'captured';
      return { id: newId(), paymentId, chargeId: charge.id, amountFen, applied, charge };
    });
    await addAllocations(
      tx,
      holder.operatorId,
      used.map(({ charge: _charge, ...row }) => row),
      now,
    );
    const { operatorId, contractId, purpose } = holder;
    const entries = used
      .filter(({ applied }) => applied)
      .map(({ id: allocationId, chargeId, amountFen, charge: { siteId, residentId } }) =>
        advanceApplied({
          ...{ operatorId, contractId, residentId, siteId, allocationId, chargeId, amountFen, purpose },
          day: chinaDay(now),
        }),
      );
    await this.ledger.post(tx, entries);
  }

  /** Gives back what is free of one of the payments, by its own channel. */
  async giveBack(tx: Tx, holder: Holder, money: MoneyBackDto): Promise<void> {
    const payment = await freeOf(tx, holder, money.paymentId);
    if (!payment || payment.freeFen < money.amountFen) throw notSoMuch(payment?.freeFen ?? 0);
    await this.refund(tx, holder, payment, money);
  }

  /** All that is free of one of the payments. */
  async giveBackRest(tx: Tx, holder: Holder, money: Omit<MoneyBackDto, 'amountFen'>): Promise<void> {
    const payment = await freeOf(tx, holder, money.paymentId);
    if (!payment) throw notSoMuch(0);
    await this.refund(tx, holder, payment, { ...money, amountFen: payment.freeFen });
  }

  private async refund(
    tx: Tx,
    { operatorId, contractId, residentId, purpose }: Holder,
    { channel }: HeldPayment,
    money: MoneyBackDto,
  ): Promise<void> {
    const { paymentId, merchantRefundNo, amountFen, reason } = money;
    const id = newId();
    const day = await insertRefund(tx, {
      ...{ id, operatorId, paymentId, channel, merchantRefundNo, amountFen, reason },
      refundedAt: notAhead(this.clock, money.refundedAt, 'refundedAt'),
      ...{ recordedBy: currentActor().id, recordedAt: this.clock.now() },
    });
    const moved = { operatorId, contractId, residentId, purpose, channel, day, amountFen, delivered: [] };
    await this.ledger.post(tx, [paymentRefunded({ ...moved, refundId: id })]);
  }

  async statement(
    tx: Tx,
    holderIds: readonly string[],
    purpose: Holder['purpose'],
    period: string,
  ): Promise<{ openingFen: Fen; lines: HeldMovement[]; more: boolean; closingFen: Fen }> {
    const { account } = HOLDINGS[purpose];
    const openingFen = await heldBefore(tx, holderIds, account, `${period}-01`);
    const lines = await heldMovements(tx, holderIds, account, `${period}-01`);
    const shown = lines.slice(0, LINES_MAX);
    return {
      ...{ openingFen, lines: shown, more: lines.length > LINES_MAX },
      closingFen: openingFen + sumFen(shown.map(({ amountFen }) => amountFen)),
    };
  }

  payments(tx: Tx, holderId: string): ReturnType<typeof paymentsHeld> {
    return paymentsHeld(tx, holderId);
  }
}

async function freeOf(tx: Tx, { id }: Holder, paymentId: string): Promise<HeldPayment | undefined> {
  return (await lockFree(tx, id)).find((one) => one.paymentId === paymentId);
}

function tooLow(freeFen: Fen, parts: readonly { amountFen: Fen }[]): DomainError {
  const wantedFen = sumFen(parts.map(({ amountFen }) => amountFen));
  return new DomainError('conflict', 'balance_too_low', `Of ${wantedFen} fen only ${freeFen} are there.`, {
    mend: 'Pay a smaller amount from it, top it up, or pay the rest by a channel: POST /v1/payments.',
    balanceFen: freeFen,
  });
}

function notSoMuch(freeFen: Fen): DomainError {
  return new DomainError(
    'conflict',
    'refund_exceeds_balance',
    `Only ${freeFen} fen of the payment are left to give back.`,
    { field: 'amountFen', mend: 'See what is left of each payment, and give back at most that.', freeFen },
  );
}
