import { Injectable } from '@nestjs/common';
import { DomainError, newId } from '@doorstep/kernel';
import { Clock, currentActor, type Tx } from '@doorstep/platform';
import { LedgerService } from '../ledger/ledger.service';
import { bankMatchUndone, summed } from '../matches/match-entries';
import { allocate, undoAllocations } from '../matches/matches.queries';
import { MatchesService } from '../matches/matches.service';
import { chinaDay } from '../shared/days';
import { noteCuts } from '../matches/expected.queries';
import { billDifferenceSettled, missingWrittenOff } from './exception-entries';
import { giveUp, MONEY_OF, type ExceptionRow, type MoneyRow } from './exceptions.queries';

/** The money side of a decision: what giving a difference up, or taking that back, books. */
@Injectable()
export class ExceptionMoney {
  constructor(
    private readonly clock: Clock,
    private readonly ledger: LedgerService,
    private readonly matches: MatchesService,
  ) {}

  /** Under which contract a difference is booked; asked for when nothing says it. */
  async contractOf(tx: Tx, exception: ExceptionRow, asked: string | undefined): Promise<string> {
    if (exception.contractId) return exception.contractId;
    const contracts = await tx.sql<{ id: string }>(
      `SELECT id FROM known_contract WHERE operator_id = $1 AND ($2::uuid IS NULL OR id = $2) ORDER BY id LIMIT 2`,
      [exception.operatorId, asked ?? null],
    );
    if (contracts.length === 1) return contracts[0].id;
    throw new DomainError(
      'invalid',
      'contract_needed',
      'Nothing says under which of your contracts it is booked.',
      {
        field: 'contractId',
        mend: 'Add contractId, one of your own.',
      },
    );
  }

  /** Books a write-off, or with sign -1 takes it back. `exception.contractId` is known here. */
  async writeOff(tx: Tx, exception: ExceptionRow, sign: 1 | -1): Promise<void> {
    const { type, statementLineId, expectedId, differenceFen } = exception;
    if (type === 'fee_mismatch') return; // the fee is booked as it was charged
    if (type === 'unknown_in_statement' && statementLineId !== null)
      return sign === 1
        ? this.takeLine(tx, exception, statementLineId)
        : this.giveLineBack(tx, exception.id, statementLineId);
    const [money] = await tx.sql<MoneyRow>(MONEY_OF, [exception.id]);
    const reason = sign === 1 ? 'difference_written_off' : 'write_off_undone';
    if (type === 'missing_in_statement' && expectedId !== null) {
      // What a funder has cut meanwhile is missing no more.
      await noteCuts(tx, exception.operatorId);
      if (!(await giveUp(tx, expectedId, -sign * differenceFen))) throw lessMissing();
      return this.ledger.post(
        tx,
        missingWrittenOff({ ...factsOf(exception), ...money, kind: money.kind as string }, reason, sign),
      );
    }
    if (type === 'amount_difference') throw alreadyBooked();
    await this.ledger.post(tx, billDifferenceSettled(this.billFacts(exception, money), reason, sign));
  }

  /** A line of a bill that nobody knew is the payment that the bill lacked. */
  async matchBill(tx: Tx, line: ExceptionRow, ours: ExceptionRow, sign: 1 | -1): Promise<void> {
    const [money] = await tx.sql<MoneyRow>(MONEY_OF, [line.id]);
    const facts = {
      ...this.billFacts({ ...line, contractId: ours.contractId, oursFen: ours.oursFen }, money),
    };
    await this.ledger.post(
      tx,
      billDifferenceSettled(facts, sign === 1 ? 'exception_matched' : 'exception_unmatched', sign),
    );
    if (sign === -1) {
      await tx.sql(`DELETE FROM settlement_allocation WHERE line_id = $1`, [line.lineId]);
      return;
    }
    await tx.sql(
      `INSERT INTO settlement_allocation (line_id, operator_id, reconciliation_id, payment_id, refund_id, amount_fen, fee_fen)
       VALUES ($1, $2, $3, $4, $5, $6, $7)`,
      [
        line.lineId,
        line.operatorId,
        line.reconciliationId,
        ours.paymentId,
        ours.refundId,
        line.theirsFen,
        money.feeFen,
      ],
    );
  }

  /** What its line's match explained is open again with that match, not by itself. */
  async assertLineOpen(tx: Tx, lineId: number): Promise<void> {
    if ((await openOf(tx, lineId)) === 0) throw lineMatched();
  }

  /** A line of the bank that is nobody's, or what is left of one, is income or cost of its own. */
  private async takeLine(tx: Tx, exception: ExceptionRow, lineId: number): Promise<void> {
    const matchId = newId();
    await tx.sql(
      `UPDATE reconciliation_exception SET contract_id = $2 WHERE id = $1 AND contract_id IS NULL`,
      [exception.id, exception.contractId],
    );
    const amountFen = await openOf(tx, lineId);
    if (amountFen !== exception.differenceFen) throw lineMatched();
    const part = { lineId, expectedId: null, exceptionId: exception.id, amountFen };
    await allocate(tx, { matchId, operatorId: exception.operatorId, step: 'write_off' }, [part]);
    await this.matches.book(tx, matchId);
  }

  /** Only what was given up: what else the line is matched with stays so. */
  private async giveLineBack(tx: Tx, exceptionId: string, lineId: number): Promise<void> {
    const undoId = newId();
    const now = { at: this.clock.now(), by: currentActor().id };
    const { parts } = await undoAllocations(tx, lineId, now, { exceptionId });
    await this.ledger.post(
      tx,
      summed(parts).map((part) => bankMatchUndone(undoId, part)),
    );
  }

  private billFacts(exception: ExceptionRow, { channel, feeFen, carrierId }: MoneyRow) {
    const facts = factsOf(exception);
    return {
      ...facts,
      ...{ channel: channel as string, feeFen, theirsFen: exception.theirsFen },
      carrierId: carrierId ?? facts.contractId,
    };
  }
}

function factsOf({ id, version, operatorId, contractId, day, createdAt, oursFen }: ExceptionRow) {
  return {
    ...{ exceptionId: id, version, operatorId, contractId: contractId as string, oursFen },
    day: day ?? chinaDay(createdAt),
  };
}

function lessMissing(): DomainError {
  return new DomainError('conflict', 'less_missing', 'Part of it has come since: less is missing.', {
    mend: 'Split it into what has come and what has not: POST /v1/exceptions/{id}/split.',
  });
}

function alreadyBooked(): DomainError {
  return new DomainError('conflict', 'difference_booked', 'It was within the tolerance and is booked.', {
    mend: 'Undo the match of its line instead.',
  });
}

async function openOf(tx: Tx, lineId: number): Promise<number> {
  const [line] = await tx.sql<{ openFen: number }>(
    `SELECT amount_fen - matched_fen AS "openFen" FROM statement_line WHERE id = $1`,
    [lineId],
  );
  return line.openFen;
}

function lineMatched(): DomainError {
  return new DomainError('conflict', 'line_matched', 'The line is matched: none of it, or less, is open.', {
    mend: 'See what it is matched with (GET /v1/statement-lines/{id}), and undo that first.',
  });
}
