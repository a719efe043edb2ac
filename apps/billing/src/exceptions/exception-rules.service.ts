import { Injectable } from '@nestjs/common';
import { DomainError } from '@doorstep/kernel';
import { Clock, Database } from '@doorstep/platform';
import { beginMatch } from '../matches/matches.queries';
import { currentOperatorId } from '../shared/actor.scope';
import type { BulkExceptionsDto, BulkOutcomeDto, ExceptionDto } from './exceptions.dto';
import { EXCEPTIONS_OF_RULE } from './exceptions.queries';
import { ExceptionsService } from './exceptions.service';

/** As many as one call takes: each is decided, booked and noted by itself. */
const AT_ONCE = 200;
const DAY_MS = 86_400_000;

/** The same decision about everything that a rule describes, each under the limits that hold for a single one. */
@Injectable()
export class ExceptionRulesService {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly exceptions: ExceptionsService,
  ) {}

  async apply(command: BulkExceptionsDto): Promise<BulkOutcomeDto> {
    const act = this.actOf(command);
    const { type, contractId, reconciliationId, differenceFenMax, ageDaysMin } = command.where;
    const before =
      ageDaysMin === undefined ? null : new Date(this.clock.now().getTime() - ageDaysMin * DAY_MS);
    return this.db.write(async (tx) => {
      await beginMatch(tx, currentOperatorId());
      const rows = await tx.sql<{ id: string }>(EXCEPTIONS_OF_RULE, [
        ...[type, contractId ?? null, reconciliationId ?? null, differenceFenMax ?? null, before, AT_ONCE],
        ...[command.action, command.ownerId ?? null],
      ]);
      let proposed = 0;
      for (const { id } of rows) if ((await act(id)).status === 'proposed') proposed++;
      return { changed: rows.length, proposed, takes: AT_ONCE };
    });
  }

  /** @throws when the action lacks something, whatever the rule describes */
  private actOf({
    action,
    ownerId,
    resolution,
    contractId,
    comment,
  }: BulkExceptionsDto): (id: string) => Promise<ExceptionDto> {
    switch (action) {
      case 'assign':
        if (!ownerId) throw incomplete('ownerId');
        return (id) => this.exceptions.assign(id, { ownerId, comment });
      case 'resolve':
        if (!resolution) throw incomplete('resolution');
        return (id) => this.exceptions.resolve(id, { resolution, comment });
      case 'write_off':
        return (id) => this.exceptions.writeOff(id, { comment, contractId });
      case 'dispute':
        return (id) => this.exceptions.dispute(id, { comment });
    }
  }
}

function incomplete(field: string): DomainError {
  return new DomainError('invalid', 'rule_incomplete', `The action needs ${field}.`, {
    field,
    mend: `Add ${field}.`,
  });
}
