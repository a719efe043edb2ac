import { Injectable } from '@nestjs/common';
import { DomainError } from '@doorstep/kernel';
import type { Tx } from '@doorstep/platform';
import { exceptionLife } from './exception';
import { ExceptionMoney } from './exception-money.service';
import type { CommentExceptionDto, ExceptionDto, MatchExceptionDto } from './exceptions.dto';
import { MONEY_OF, PAIR_OF, type ExceptionRow, type MoneyRow } from './exceptions.queries';
import { ExceptionsService, lockException, type Change } from './exceptions.service';

/** Two differences that are one: a line that nobody knew, and the money that the bill lacked. */
@Injectable()
export class ExceptionPairsService {
  constructor(
    private readonly exceptions: ExceptionsService,
    private readonly money: ExceptionMoney,
  ) {}

  /** A line of a bill that nobody knew, and something of ours that the bill lacked, are the same. */
  match(id: string, { exceptionId, comment, version }: MatchExceptionDto): Promise<ExceptionDto> {
    return this.exceptions.change(id, version, async (line, tx) =>
      this.pair(tx, line, await lockException(tx, exceptionId), comment),
    );
  }

  /** The same in the caller's transaction, who has the lock of matching. */
  async makeOne(tx: Tx, lineId: string, oursId: string, comment: string): Promise<void> {
    const line = await lockException(tx, lineId);
    await this.exceptions.save(tx, line, await this.pair(tx, line, await lockException(tx, oursId), comment));
  }

  /** The pair is two differences again. */
  unmatch(id: string, { comment, version }: CommentExceptionDto): Promise<ExceptionDto> {
    return this.exceptions.change(id, version, async (line, tx) => {
      const [pair] =
        line.resolution === 'matched' ? await tx.sql<{ id: string }>(PAIR_OF, [line.lineId]) : [];
      if (!pair) throw notMatched();
      const ours = await lockException(tx, pair.id);
      await this.money.matchBill(tx, line, ours, -1);
      await this.exceptions.save(tx, ours, {
        status: exceptionLife.next(ours.status, 'reopen'),
        resolution: null,
        comment,
      });
      return { status: exceptionLife.next(line.status, 'reopen'), resolution: null, comment };
    });
  }

  private async pair(tx: Tx, line: ExceptionRow, ours: ExceptionRow, comment: string): Promise<Change> {
    const [[theirs], [recorded]] = await Promise.all(
      [line.id, ours.id].map((one) => tx.sql<MoneyRow>(MONEY_OF, [one])),
    );
    checkPair(line, ours, theirs.channel === recorded.channel);
    const [itsStatus, ourStatus] = [line, ours].map(({ status }) => exceptionLife.next(status, 'resolve'));
    await this.money.matchBill(tx, line, ours, 1);
    const matched = { resolution: 'matched' as const, comment };
    await this.exceptions.save(tx, ours, { status: ourStatus, ...matched });
    return { status: itsStatus, ...matched, contractId: ours.contractId };
  }
}

function checkPair(line: ExceptionRow, ours: ExceptionRow, sameChannel: boolean): void {
  const isLine = line.type === 'unknown_in_bill' || line.type === 'unknown_refund';
  const isOurs = (ours.type === 'missing_in_bill' || ours.type === 'refund_mismatch') && ours.lineId === null;
  const isRefund = (line.type === 'unknown_refund') === (ours.refundId !== null);
  const sameMoney = sameChannel && line.theirsFen === ours.oursFen;
  if (isLine && isOurs && isRefund && !ours.parentId && sameMoney) return;
  throw new DomainError('conflict', 'not_a_pair', 'These two are not the same money.', {
    field: 'exceptionId',
    mend: 'Pair a line that is unknown with something of the same channel and amount that a bill lacks.',
  });
}

function notMatched(): DomainError {
  return new DomainError('conflict', 'exception_not_matched', 'It is no line that was matched by hand.', {
    mend: 'Unmatch the exception of the line, not that of the payment.',
  });
}
