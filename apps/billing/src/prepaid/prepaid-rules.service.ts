import { Injectable } from '@nestjs/common';
import { DomainError, newId, period } from '@doorstep/kernel';
import { Clock, currentActor, Database, decodeCursor, page, type Page, PageQuery } from '@doorstep/platform';
import { currentOperatorId } from '../shared/actor.scope';
import { refusing } from '../shared/refusals';
import type { PrepaidRuleDto, SetPrepaidRuleDto } from './prepaid.dto';
import { RULE } from './prepaid.queries';

@Injectable()
export class PrepaidRulesService {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
  ) {}

  async set(rule: SetPrepaidRuleDto): Promise<PrepaidRuleDto> {
    const { from, to } = period(rule.from, rule.to ?? null);
    const operatorId = currentOperatorId();
    const set = this.db.write(async (tx) => {
      await tx.sql(
        `UPDATE prepaid_rule SET to_day = $2
         WHERE operator_id = $1 AND from_day < $2 AND (to_day IS NULL OR to_day > $2)`,
        [operatorId, from],
      );
      const [row] = await tx.sql<PrepaidRuleDto>(
        `INSERT INTO prepaid_rule (id, operator_id, from_day, to_day, balance_max_fen, validity_months, source, created_by,
                                   created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) RETURNING ${RULE}`,
        [
          ...[newId(), operatorId, from, to, rule.balanceMaxFen, rule.validityMonths ?? null, rule.source],
          ...[currentActor().id, this.clock.now()],
        ],
      );
      return row;
    });
    return refusing(() => set, { prepaid_rule_one_at_a_time: overlap });
  }

  list({ limit, cursor }: PageQuery): Promise<Page<PrepaidRuleDto>> {
    const after = decodeCursor(cursor, 1)?.[0] ?? null;
    return this.db.read(async (tx) => {
      const rows = await tx.sql<PrepaidRuleDto>(
        `SELECT ${RULE} FROM prepaid_rule WHERE $2::uuid IS NULL OR id > $2 ORDER BY id LIMIT $1`,
        [limit + 1, after],
      );
      return page(rows, limit, (row) => [row.id]);
    });
  }
}

function overlap(): DomainError {
  return new DomainError('conflict', 'prepaid_rule_overlaps', 'A later rule begins before this would end.', {
    field: 'to',
    mend: 'Let it end on the day the later one begins.',
  });
}
