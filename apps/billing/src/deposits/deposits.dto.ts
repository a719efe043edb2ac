import { ApiProperty } from '@nestjs/swagger';
import { PAYMENT_CHANNELS } from '@doorstep/contracts';
import { PageQuery } from '@doorstep/platform';
import { HeldStatementDto, UseMoneyDto } from '../payments/held-money.dto';
import { MoneyInDto, MoneyOutDto } from '../payments/money.dto';
import { Amount, Choice, Id, Instant, MonthField, Text } from '../shared/fields.dto';

export const DEPOSIT_STATUSES = ['held', 'settled'] as const;
export type DepositStatus = (typeof DEPOSIT_STATUSES)[number];

export class TakeDepositDto extends MoneyInDto {
  @Id('Contract under which it is taken.')
  contractId: string;

  @Id('Resident whose money it is.')
  residentId: string;

  @Text('Kind of service, as the contract names it.', { example: 'childcare', max: 50 })
  kind: string;

  @Id('Place or booking that it is for.', { optional: true })
  referenceId?: string;

  @Text('What it is for.', { example: '入托押金' })
  reason: string;
}

export class ReturnDepositDto extends MoneyOutDto {}

export class SetOffDepositDto extends UseMoneyDto {
  @Text('Why.', { example: 'fees_unpaid' })
  reason: string;
}

export class DepositsQuery extends PageQuery {
  @Id('Only of this contract.', { optional: true })
  contractId?: string;

  @Id('Only of this resident.', { optional: true })
  residentId?: string;

  @Choice('Only what is held, or only what is not any more.', DEPOSIT_STATUSES, { optional: true })
  status?: DepositStatus;
}

export class DepositStatementQuery {
  @Id('Resident, by pseudonym.')
  residentId: string;

  @Id('Contract.')
  contractId: string;

  @MonthField('Month in which it was booked.')
  period: string;
}

export class DepositDto {
  @Id('Id.')
  id: string;

  @Id('Operator.')
  operatorId: string;

  @Id('Contract under which it is taken.')
  contractId: string;

  @Id('Resident, by pseudonym.')
  residentId: string;

  @Text('Kind of service.', { example: 'childcare' })
  kind: string;

  @Id('Place or booking that it is for.', { nullable: true })
  referenceId: string | null;

  @Text('What it is for.', { example: '入托押金' })
  reason: string;

  @Choice('settled: nothing of it is held any more.', DEPOSIT_STATUSES)
  status: DepositStatus;

  @Amount('What was taken.', { example: 100_000 })
  amountFen: number;

  @Amount('Of it: held.', { example: 60_000 })
  heldFen: number;

  @Amount('Of it: set off.', { example: 40_000 })
  setOffFen: number;

  @Amount('Of it: returned.', { example: 0 })
  returnedFen: number;

  @Id('Payment that brought it.')
  paymentId: string;

  @Choice('Its channel, by which it goes back.', PAYMENT_CHANNELS)
  channel: string;

  @Instant('When it was taken.')
  takenAt: Date;
}

export class DepositMoveDto {
  @Choice('What happened.', ['set_off', 'returned'])
  what: string;

  @Amount('How much.', { example: 40_000 })
  amountFen: number;

  @Text('Why.', { example: 'fees_unpaid' })
  reason: string;

  @Id('Booking that it was set off against.', { nullable: true })
  bookingId: string | null;

  @Text('Number of the refund.', { nullable: true, example: null })
  merchantRefundNo: string | null;

  @Id('Who did it.')
  by: string;

  @Instant('When.')
  at: Date;
}

export class DepositDetailDto extends DepositDto {
  @ApiProperty({
    description:
      'What was set off and returned, oldest first. What a correction of the charge frees is held again.',
    type: [DepositMoveDto],
  })
  moves: DepositMoveDto[];
}

export class DepositStatementDto extends HeldStatementDto {}
