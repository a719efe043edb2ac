import { Injectable } from '@nestjs/common';
import { DomainError, notFound } from '@doorstep/kernel';
import { Clock, currentActor, Database, decodeCursor, page, type Page } from '@doorstep/platform';
import { exceptionLife } from './exception';
import type {
  AssignExceptionDto,
  ExceptionDto,
  ExceptionsQuery,
  ReopenExceptionDto,
  ResolveExceptionDto,
} from './exceptions.dto';
import {
  CHANGE_EXCEPTION,
  EXCEPTION_BY_ID,
  EXCEPTION_FOR_UPDATE,
  LIST_EXCEPTIONS,
  type ExceptionRow,
} from './exceptions.queries';

type Change = Partial<Pick<ExceptionRow, 'status' | 'ownerId' | 'comment' | 'resolution'>>;

/** The queue of differences that reconciliation found: each belongs to somebody until it is settled. */
@Injectable()
export class ExceptionsService {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
  ) {}

  list({
    reconciliationId,
    status,
    type,
    ownerId,
    limit,
    cursor,
  }: ExceptionsQuery): Promise<Page<ExceptionDto>> {
    const after = decodeCursor(cursor, 1)?.[0];
    return this.db.read(async (tx) => {
      const filters = [reconciliationId, status, type, ownerId, after].map((value) => value ?? null);
      const rows = await tx.sql<ExceptionRow>(LIST_EXCEPTIONS, [...filters, limit + 1]);
      return page(rows, limit, (row) => [row.id]);
    });
  }

  find(id: string): Promise<ExceptionDto> {
    return this.db.read(async (tx) => {
      const [found] = await tx.sql<ExceptionRow>(EXCEPTION_BY_ID, [id]);
      if (!found) throw notFound('exception', id);
      return found;
    });
  }

  assign(id: string, { ownerId, comment, version }: AssignExceptionDto): Promise<ExceptionDto> {
    return this.change(id, version, () => ({ ownerId, ...(comment !== undefined && { comment }) }));
  }

  resolve(id: string, { resolution, comment, version }: ResolveExceptionDto): Promise<ExceptionDto> {
    return this.change(id, version, (exception) => ({
      status: exceptionLife.next(exception.status, 'resolve'),
      // Whoever resolves what nobody had taken answers for it.
      ownerId: exception.ownerId ?? currentActor().id,
      resolution,
      comment,
    }));
  }

  reopen(id: string, { comment, version }: ReopenExceptionDto): Promise<ExceptionDto> {
    return this.change(id, version, (exception) => ({
      status: exceptionLife.next(exception.status, 'reopen'),
      resolution: null,
      comment,
    }));
  }

  private change(
    id: string,
    seen: number | undefined,
    decide: (exception: ExceptionRow) => Change,
  ): Promise<ExceptionDto> {
    return this.db.write(async (tx) => {
      const [exception] = await tx.sql<ExceptionRow>(EXCEPTION_FOR_UPDATE, [id]);
      if (!exception) throw notFound('exception', id);
      if (seen !== undefined && seen !== exception.version) throw changedMeanwhile(exception.version);
      const { status, ownerId, comment, resolution } = { ...exception, ...decide(exception) };
      const values = [id, status, ownerId, comment, resolution, this.clock.now(), currentActor().id];
      const [changed] = await tx.sql<ExceptionRow>(CHANGE_EXCEPTION, values);
      return changed;
    });
  }
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
