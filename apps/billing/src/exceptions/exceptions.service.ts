import { Injectable } from '@nestjs/common';
import { DomainError, newId, notFound } from '@doorstep/kernel';
import {
  Clock,
  currentActor,
  Database,
  decodeCursor,
  page,
  pageOf,
  type Page,
  type PageQuery,
  type Tx,
} from '@doorstep/platform';
import { beginMatch } from '../matches/matches.queries';
import { assertMayBeWrittenOff, closedBy } from '../matches/terms';
import { termsOn } from '../matches/terms.service';
import { currentOperatorId } from '../shared/actor.scope';
import { assertAnother } from '../shared/four-eyes';
import {
  assertProposed,
  checkSplit,
  exceptionLife,
  proposedAction,
  type Closing,
  type Resolution,
} from './exception';
import { ExceptionMoney } from './exception-money.service';
import type {
  ApproveExceptionDto,
  AssignExceptionDto,
  CommentExceptionDto,
  ExceptionDto,
  ExceptionEventDto,
  ExceptionsQuery,
  ResolveExceptionDto,
  SplitExceptionDto,
  WriteOffExceptionDto,
} from './exceptions.dto';
import {
  CHANGE_EXCEPTION,
  closedBeside,
  EXCEPTION_BY_ID,
  EXCEPTION_FOR_UPDATE,
  HISTORY,
  insertParts,
  missingNow,
  LIST_EXCEPTIONS,
  type ExceptionRow,
} from './exceptions.queries';
import { assertNotVoided } from './voided.queries';

export type Change = Partial<
  Pick<ExceptionRow, 'status' | 'ownerId' | 'comment' | 'resolution' | 'proposal' | 'contractId'>
>;

const DAY_MS = 86_400_000;

/** The queue of differences: each belongs to somebody until it is settled, and every word about it is kept. */
@Injectable()
export class ExceptionsService {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly money: ExceptionMoney,
  ) {}

  list({
    reconciliationId,
    status,
    type,
    ownerId,
    contractId,
    limit,
    cursor,
  }: ExceptionsQuery): Promise<Page<ExceptionDto>> {
    const after = decodeCursor(cursor, 1)?.[0];
    return this.db.read(async (tx) => {
      const filters = [reconciliationId, status, type, ownerId, contractId, after].map(
        (value) => value ?? null,
      );
      const rows = await tx.sql<ExceptionRow>(LIST_EXCEPTIONS, [...filters, limit + 1]);
      return pageOf(
        rows,
        limit,
        (row) => [row.id],
        (row) => this.shown(row),
      );
    });
  }

  find(id: string): Promise<ExceptionDto> {
    return this.db.read(async (tx) => {
      const [found] = await tx.sql<ExceptionRow>(EXCEPTION_BY_ID, [id]);
      if (!found) throw notFound('exception', id);
      return this.shown(found);
    });
  }

  history(id: string, { limit, cursor }: PageQuery): Promise<Page<ExceptionEventDto>> {
    const after = decodeCursor(cursor, 1)?.[0] ?? null;
    return this.db.read(async (tx) => {
      const [found] = await tx.sql<ExceptionRow>(EXCEPTION_BY_ID, [id]);
      if (!found) throw notFound('exception', id);
      const rows = await tx.sql<ExceptionEventDto>(HISTORY, [id, after, limit + 1]);
      return page(rows, limit, (row) => [row.version]);
    });
  }

  assign(id: string, { ownerId, comment, version }: AssignExceptionDto): Promise<ExceptionDto> {
    return this.change(id, version, () => ({ ownerId, ...(comment !== undefined && { comment }) }));
  }

  /** Written off is money and needs a contract; the other resolutions say what was found. The limits are the same. */
  resolve(id: string, { resolution, comment, version }: ResolveExceptionDto): Promise<ExceptionDto> {
    if (resolution === 'written_off') return this.writeOff(id, { comment, version });
    return this.change(id, version, (exception, tx) =>
      this.close(tx, exception, { resolution, comment, contractId: null }),
    );
  }

  dispute(id: string, { comment, version }: CommentExceptionDto): Promise<ExceptionDto> {
    return this.change(id, version, ({ status, ownerId }) => ({
      ...{ status: exceptionLife.next(status, 'dispute'), ownerId: ownerId ?? currentActor().id, comment },
    }));
  }

  writeOff(id: string, { comment, contractId: asked, version }: WriteOffExceptionDto): Promise<ExceptionDto> {
    return this.change(id, version, async (exception, tx) => {
      const contractId = await this.money.contractOf(tx, exception, asked);
      return this.close(tx, exception, { resolution: 'written_off', comment, contractId });
    });
  }

  /** Whoever approves names what: those who only know write-offs approve nothing else. */
  approve(
    id: string,
    { resolution = 'written_off', comment, version }: ApproveExceptionDto,
  ): Promise<ExceptionDto> {
    return this.change(id, version, (exception, tx) => {
      const { proposal } = exception;
      if (!proposal) throw nothingProposed();
      assertProposed(proposal, resolution);
      assertAnother(proposal.by, currentActor().id, 'exceptions:approve');
      const contractId = proposal.contractId ?? exception.contractId;
      return this.closed(tx, exception, { resolution, comment, contractId });
    });
  }

  reject(id: string, { comment, version }: CommentExceptionDto): Promise<ExceptionDto> {
    return this.change(id, version, ({ status, proposal }) => {
      if (!proposal) throw nothingProposed();
      return { status: exceptionLife.next(status, 'reject'), comment };
    });
  }

  /** What was resolved or disputed is open again, and booked back when it had been written off. */
  reopen(id: string, { comment, version }: CommentExceptionDto): Promise<ExceptionDto> {
    return this.change(id, version, async (exception, tx) => {
      const { status, resolution } = exception;
      const next = exceptionLife.next(status, 'reopen');
      if (resolution === 'matched') throw undoTheMatch();
      await assertNotVoided(tx, id);
      if (exception.statementLineId !== null && resolution === 'explained')
        await this.money.assertLineOpen(tx, exception.statementLineId);
      if (resolution === 'written_off') await this.money.writeOff(tx, exception, -1);
      return { status: next, resolution: null, comment };
    });
  }

  async split(id: string, { parts, comment, version }: SplitExceptionDto): Promise<ExceptionDto> {
    return this.change(id, version, async (exception, tx) => {
      const status = exceptionLife.next(exception.status, 'split');
      checkSplit(
        exception.type,
        exception.differenceFen,
        parts.map(({ amountFen }) => amountFen),
      );
      const children = parts.map((part) => ({
        id: newId(),
        amountFen: part.amountFen,
        comment: part.comment ?? null,
      }));
      await insertParts(tx, exception, children, { at: this.clock.now(), by: currentActor().id });
      return { status, comment };
    });
  }

  /** Within the limit at once; above it, a second person has to approve, whatever is said of it. */
  private async close(tx: Tx, exception: ExceptionRow, closing: Closing): Promise<Change> {
    // Whoever closes what nobody had taken answers for it.
    const ownerId = exception.ownerId ?? currentActor().id;
    if ((await this.mayClose(tx, exception, closing.resolution)) === 'alone')
      return { ownerId, ...(await this.closed(tx, exception, closing)) };
    if (exception.status === 'proposed') throw alreadyProposed();
    const status = exceptionLife.next(exception.status, 'propose');
    return { status, ownerId, comment: closing.comment, proposal: { ...closing, by: currentActor().id } };
  }

  /** Splitting takes nothing below a limit: parts count together. */
  private async mayClose(
    tx: Tx,
    exception: ExceptionRow,
    resolution: Resolution,
  ): Promise<'alone' | 'four_eyes'> {
    const { id, operatorId, differenceFen, feeDifferenceFen } = exception;
    const terms = await termsOn(tx, operatorId, this.clock.now());
    const ownFen = Math.max(Math.abs(differenceFen), Math.abs(feeDifferenceFen));
    const { closedFen, writtenOffFen } = await closedBeside(tx, id);
    if (resolution === 'written_off') assertMayBeWrittenOff(ownFen + writtenOffFen, terms);
    // What is closed is what is missing, whatever was when it was named.
    return closedBy(Math.max(ownFen, await missingNow(tx, exception)) + closedFen, terms);
  }

  private async closed(
    tx: Tx,
    exception: ExceptionRow,
    { resolution, comment, contractId }: Closing,
  ): Promise<Change> {
    const status = exceptionLife.next(exception.status, 'resolve');
    if (resolution !== 'written_off') return { status, resolution, comment };
    await this.money.writeOff(tx, { ...exception, contractId }, 1);
    return { status, resolution, comment, contractId };
  }

  /** Inside an open transaction, too: for rules over many, and for two that are settled together. */
  change(
    id: string,
    seen: number | undefined,
    decide: (exception: ExceptionRow, tx: Tx) => Change | Promise<Change>,
  ): Promise<ExceptionDto> {
    return this.db.write(async (tx) => {
      // The same order as matching: whoever settles money waits for whoever is matching.
      await beginMatch(tx, currentOperatorId());
      const exception = await lockException(tx, id);
      if (seen !== undefined && seen !== exception.version) throw changedMeanwhile(exception.version);
      return this.shown(await this.save(tx, exception, await decide(exception, tx)));
    });
  }

  /** Whatever else is decided, a proposal has nothing to wait for any more. */
  async save(tx: Tx, exception: ExceptionRow, change: Change): Promise<ExceptionRow> {
    const { id, status, ownerId, comment, resolution, contractId, ...rest } = { ...exception, ...change };
    const proposal = status === 'proposed' ? rest.proposal : null;
    const [changed] = await tx.sql<ExceptionRow>(CHANGE_EXCEPTION, [
      ...[id, status, ownerId, comment, resolution, this.clock.now(), currentActor().id],
      ...[proposal && JSON.stringify(proposal), contractId],
    ]);
    return changed;
  }

  private shown(row: ExceptionRow): ExceptionDto {
    const ageDays = Math.max(0, Math.floor((this.clock.now().getTime() - row.createdAt.getTime()) / DAY_MS));
    return { ...row, ageDays, proposedAction: proposedAction(row.type) };
  }
}

export async function lockException(tx: Tx, id: string): Promise<ExceptionRow> {
  const [exception] = await tx.sql<ExceptionRow>(EXCEPTION_FOR_UPDATE, [id]);
  if (!exception) throw notFound('exception', id);
  return exception;
}

function undoTheMatch(): DomainError {
  return new DomainError('conflict', 'exception_matched', 'It is matched; its line settles the payment.', {
    mend: 'Undo the match first: POST /v1/exceptions/{id}/unmatch.',
  });
}

function nothingProposed(): DomainError {
  return new DomainError('conflict', 'nothing_proposed', 'Nobody has proposed how to close it.', {
    mend: 'Propose it with POST /v1/exceptions/{id}/resolve or /write-off.',
  });
}

function alreadyProposed(): DomainError {
  return new DomainError('conflict', 'exception_proposed', 'Somebody has proposed how to close it.', {
    mend: 'Approve or reject that first: POST /v1/exceptions/{id}/approve, /reject.',
  });
}

function changedMeanwhile(version: number): DomainError {
  return new DomainError(
    'conflict',
    'version_outdated',
    'Somebody else changed the exception in the meantime.',
    {
      field: 'version',
      mend: `Read it again and decide on version ${version}.`,
    },
  );
}
