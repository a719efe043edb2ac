import { Injectable } from '@nestjs/common';
import { DomainError, newId, notFound, sumFen } from '@doorstep/kernel';
import { Clock, currentActor, Database, decodeCursor, page, type Page, type Tx } from '@doorstep/platform';
import type { LockedCharge } from '../charges/endings.queries';
import { KnownService } from '../known/known.service';
import { HeldMoneyService, type Holder } from '../payments/held-money.service';
import { PayingService } from '../payments/paying.service';
import { paymentExists, refundExists } from '../payments/payments.service';
import { currentOperatorId } from '../shared/actor.scope';
import { refusing } from '../shared/refusals';
import type {
  DepositDetailDto,
  DepositDto,
  DepositsQuery,
  DepositStatementDto,
  DepositStatementQuery,
  ReturnDepositDto,
  SetOffDepositDto,
  TakeDepositDto,
} from './deposits.dto';
import { depositReturned, depositSetOff, depositTaken } from './deposits.events';
import {
  depositsOf,
  findDeposit,
  INSERT_DEPOSIT,
  insertSetOffs,
  listDeposits,
  movesOf,
} from './deposits.queries';

/** Deposits: taken once, held as a liability, set off against what is owed or returned, each time with a reason. */
@Injectable()
export class DepositsService {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly known: KnownService,
    private readonly held: HeldMoneyService,
    private readonly paying: PayingService,
  ) {}

  async take(command: TakeDepositDto): Promise<DepositDetailDto> {
    const { contractId, residentId, kind, referenceId = null, reason, ...money } = command;
    await this.known.arrival({ contract: contractId, resident: residentId });
    const operatorId = currentOperatorId();
    const taken = this.db.write(async (tx) => {
      const contract = await this.known.contract(tx, contractId);
      if (!contract.services.some((service) => service.kind === kind)) throw notContracted(kind);
      await this.known.assertResident(tx, residentId);
      const id = newId();
      const by = [currentActor().id, this.clock.now()];
      await tx.sql(INSERT_DEPOSIT, [
        ...[id, operatorId, contractId, residentId, kind, referenceId, reason],
        ...by,
      ]);
      await this.held.receive(tx, holderOf({ id, operatorId, contractId, residentId }), money);
      const deposit = await this.load(tx, id);
      tx.tell(depositTaken(deposit, money.amountFen, this.clock.now()));
      return deposit;
    });
    return refusing(() => taken, {
      payment_operator_id_channel_merchant_order_no_key: () => paymentExists(command.merchantOrderNo),
    });
  }

  giveBack(id: string, money: ReturnDepositDto): Promise<DepositDetailDto> {
    const returned = this.db.write(async (tx) => {
      const deposit = await this.deposit(tx, id);
      await this.held.giveBack(tx, holderOf(deposit), { ...money, paymentId: deposit.paymentId });
      const after = await this.load(tx, id);
      tx.tell(depositReturned(after, money.amountFen, this.clock.now()));
      return after;
    });
    return refusing(() => returned, {
      refund_operator_id_channel_merchant_refund_no_key: () => refundExists(money.merchantRefundNo),
    });
  }

  /** All or nothing: what is open of the bookings, or the amount that is named. */
  setOff(id: string, { reason, ...use }: SetOffDepositDto): Promise<DepositDetailDto> {
    return this.db.write(async (tx) => {
      const deposit = await this.deposit(tx, id);
      const parts = await this.paying.partsOf(tx, use, deposit);
      parts.forEach(({ charge }) => assertOwed(charge));
      await this.held.use(tx, holderOf(deposit), parts);
      const rows = parts.map(({ charge, amountFen }) => ({ id: newId(), chargeId: charge.id, amountFen }));
      await insertSetOffs(tx, deposit, rows, { reason, by: currentActor().id, at: this.clock.now() });
      const after = await this.load(tx, id);
      tx.tell(depositSetOff(after, sumFen(parts.map(({ amountFen }) => amountFen)), this.clock.now()));
      return after;
    });
  }

  find(id: string): Promise<DepositDetailDto> {
    return this.db.read((tx) => this.load(tx, id));
  }

  list({ limit, cursor, ...sought }: DepositsQuery): Promise<Page<DepositDto>> {
    const after = (decodeCursor(cursor, 1)?.[0] as string | undefined) ?? null;
    return this.db.read(async (tx) =>
      page(await listDeposits(tx, sought, after, limit), limit, (deposit) => [deposit.id]),
    );
  }

  statement({ residentId, contractId, period }: DepositStatementQuery): Promise<DepositStatementDto> {
    return this.db.read(async (tx) => {
      const ids = await depositsOf(tx, residentId, contractId);
      return { period, ...(await this.held.statement(tx, ids, 'deposit', period)) };
    });
  }

  private async load(tx: Tx, id: string): Promise<DepositDetailDto> {
    return { ...(await this.deposit(tx, id)), moves: await movesOf(tx, id) };
  }

  private async deposit(tx: Tx, id: string): Promise<DepositDto> {
    const deposit = await findDeposit(tx, id);
    if (!deposit) throw notFound('deposit', id);
    return deposit;
  }
}

function holderOf({ id, operatorId, contractId, residentId }: Omit<Holder, 'purpose'>): Holder {
  return { id, operatorId, contractId, residentId, purpose: 'deposit' };
}

/** What is still to come isn't owed. */
function assertOwed({ status, bookingId }: LockedCharge): void {
  if (status === 'captured') return;
  throw new DomainError('conflict', 'not_owed_yet', `Booking ${bookingId} is not delivered yet.`, {
    field: 'bookingIds',
    mend: 'Set it off once its service is delivered, or its fee is due.',
  });
}

function notContracted(kind: string): DomainError {
  return new DomainError('invalid', 'kind_not_in_contract', `The contract has no ${kind}.`, {
    field: 'kind',
    mend: 'Take a kind that the contract names.',
  });
}
