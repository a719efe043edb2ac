import { Injectable } from '@nestjs/common';
import { DomainError, newId, notFound } from '@doorstep/kernel';
import { Clock, currentActor, Database, decodeCursor, page, type Page, type Tx } from '@doorstep/platform';
import { KnownService } from '../known/known.service';
import type { MoneyBackDto, UseMoneyDto } from '../payments/held-money.dto';
import type { MoneyInDto } from '../payments/money.dto';
import { HeldMoneyService, type Holder } from '../payments/held-money.service';
import { PayingService } from '../payments/paying.service';
import { paymentExists, refundExists } from '../payments/payments.service';
import { currentOperatorId } from '../shared/actor.scope';
import { chinaDay } from '../shared/days';
import { refusing } from '../shared/refusals';
import {
  assertActive,
  assertEmpty,
  assertLonger,
  assertUsable,
  assertWithinLimit,
  expiryOf,
} from './prepaid-card';
import type {
  IssuePrepaidCardDto,
  PrepaidCardDetailDto,
  PrepaidCardDto,
  PrepaidCardsQuery,
  PrepaidRuleDto,
  PrepaidStatementDto,
} from './prepaid.dto';
import { prepaidCardRefunded, prepaidCardToppedUp } from './prepaid.events';
import { CLOSE_CARD, EXTEND_CARD, findCard, issueCard, listCards, lockCard, ruleOn } from './prepaid.queries';

/** Residents' prepaid cards: money is held on them, pays the resident's share, and goes back. */
@Injectable()
export class PrepaidService {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly known: KnownService,
    private readonly held: HeldMoneyService,
    private readonly paying: PayingService,
  ) {}

  async issue({ contractId, residentId, number }: IssuePrepaidCardDto): Promise<PrepaidCardDetailDto> {
    await this.known.arrival({ contract: contractId, resident: residentId });
    const operatorId = currentOperatorId();
    const issued = this.db.write(async (tx) => {
      await this.known.contract(tx, contractId);
      await this.known.assertResident(tx, residentId);
      const rule = await this.rule(tx, operatorId);
      const expiresOn = expiryOf(rule, chinaDay(this.clock.now()));
      const by = { by: currentActor().id, at: this.clock.now() };
      const id = await issueCard(tx, {
        ...{ id: newId(), operatorId, contractId, residentId, number, expiresOn },
        ...by,
      });
      if (!id) throw exists();
      return this.load(tx, id);
    });
    return refusing(() => issued, { prepaid_card_number_once: numberTaken });
  }

  topUp(id: string, money: MoneyInDto): Promise<PrepaidCardDetailDto> {
    const toppedUp = this.db.write(async (tx) => {
      const card = await this.locked(tx, id, 'alone');
      assertUsable(card, chinaDay(this.clock.now()));
      assertWithinLimit(card, money.amountFen, await this.rule(tx, card.operatorId));
      const paymentId = await this.held.receive(tx, holderOf(card), money);
      const after = await this.load(tx, id);
      const { amountFen } = money;
      tx.tell(prepaidCardToppedUp(after, { paymentId, amountFen }, this.clock.now()));
      return after;
    });
    return refusing(() => toppedUp, {
      payment_operator_id_channel_merchant_order_no_key: () => paymentExists(money.merchantOrderNo),
    });
  }

  /** All or nothing: what is open of the bookings, or the amount that is named. */
  pay(id: string, use: UseMoneyDto): Promise<PrepaidCardDetailDto> {
    return this.db.write(async (tx) => {
      const found = await findCard(tx, id);
      if (!found) throw notFound('prepaid_card', id);
      const parts = await this.paying.partsOf(tx, use, found);
      const card = await this.locked(tx, id, 'shared');
      assertUsable(card, chinaDay(this.clock.now()));
      await this.held.use(tx, holderOf(card), parts);
      return this.load(tx, id);
    });
  }

  refund(id: string, money: MoneyBackDto): Promise<PrepaidCardDetailDto> {
    const refunded = this.db.write(async (tx) => {
      const card = await this.locked(tx, id, 'alone');
      assertActive(card);
      await this.held.giveBack(tx, holderOf(card), money);
      const after = await this.load(tx, id);
      const { paymentId, amountFen } = money;
      tx.tell(prepaidCardRefunded(after, { paymentId, amountFen }, this.clock.now()));
      return after;
    });
    return refusing(() => refunded, {
      refund_operator_id_channel_merchant_refund_no_key: () => refundExists(money.merchantRefundNo),
    });
  }

  extend(id: string, expiresOn: string | null): Promise<PrepaidCardDetailDto> {
    return this.db.write(async (tx) => {
      const card = await this.locked(tx, id, 'alone');
      assertActive(card);
      assertLonger(card.expiresOn, expiresOn);
      await tx.sql(EXTEND_CARD, [id, expiresOn]);
      return this.load(tx, id);
    });
  }

  /** The same again is no harm. */
  close(id: string): Promise<PrepaidCardDetailDto> {
    return this.db.write(async (tx) => {
      const card = await this.locked(tx, id, 'alone');
      if (card.status === 'active') {
        assertEmpty(card);
        await tx.sql(CLOSE_CARD, [id, this.clock.now()]);
      }
      return this.load(tx, id);
    });
  }

  find(id: string): Promise<PrepaidCardDetailDto> {
    return this.db.read((tx) => this.load(tx, id));
  }

  list({ limit, cursor, ...sought }: PrepaidCardsQuery): Promise<Page<PrepaidCardDto>> {
    const after = decodeCursor(cursor, 1)?.[0] as string | undefined;
    return this.db.read(async (tx) =>
      page(await listCards(tx, { ...sought, after }, limit), limit, (card) => [card.id]),
    );
  }

  statement(id: string, period: string): Promise<PrepaidStatementDto> {
    return this.db.read(async (tx) => {
      const card = await findCard(tx, id);
      if (!card) throw notFound('prepaid_card', id);
      return { cardId: id, period, ...(await this.held.statement(tx, [id], 'prepaid', period)) };
    });
  }

  private async load(tx: Tx, id: string): Promise<PrepaidCardDetailDto> {
    const card = await findCard(tx, id);
    if (!card) throw notFound('prepaid_card', id);
    return { ...card, topUps: await this.held.payments(tx, id) };
  }

  private async locked(tx: Tx, id: string, lock: 'alone' | 'shared'): Promise<PrepaidCardDto> {
    const card = await lockCard(tx, id, lock);
    if (!card) throw notFound('prepaid_card', id);
    return card;
  }

  private async rule(tx: Tx, operatorId: string): Promise<PrepaidRuleDto> {
    const rule = await ruleOn(tx, operatorId, chinaDay(this.clock.now()));
    if (rule) return rule;
    throw new DomainError('conflict', 'no_prepaid_rule', 'It is not set what a card may hold.', {
      mend: 'Set it first, with the provision that says so: POST /v1/prepaid-rules.',
    });
  }
}

function holderOf({ id, operatorId, contractId, residentId }: PrepaidCardDto): Holder {
  return { id, operatorId, contractId, residentId, purpose: 'prepaid' };
}

function exists(): DomainError {
  return new DomainError(
    'conflict',
    'prepaid_card_exists',
    'The resident has a card under this contract already.',
    { field: 'residentId', mend: 'Find it with GET /v1/prepaid-cards?residentId=… and top it up.' },
  );
}

function numberTaken(): DomainError {
  return new DomainError('conflict', 'prepaid_number_taken', 'Another card has this number.', {
    field: 'number',
    mend: 'Take another number.',
  });
}
