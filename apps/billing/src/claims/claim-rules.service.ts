import { Injectable } from '@nestjs/common';
import { DomainError, newId, notFound } from '@doorstep/kernel';
import { Clock, currentActor, Database, decodeCursor, page, type Page } from '@doorstep/platform';
import { refusing } from '../shared/refusals';
import type { ClaimRuleDto, ClaimRulesQuery, SetClaimRuleDto } from './claim-rules.dto';

const RULE = `
  SELECT id, programme_id AS "programmeId", from_day AS "from", to_day AS "to", attendance_bp AS "attendanceBp",
         payment_required AS "paymentRequired", created_at AS "createdAt"
  FROM claim_rule`;

/** What a funder wants proven beyond the delivery: its own affair, from a day on. */
@Injectable()
export class ClaimRulesService {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
  ) {}

  set({ programmeId, from, attendanceBp, paymentRequired }: SetClaimRuleDto): Promise<ClaimRuleDto> {
    const id = newId();
    const set = this.db.write(async (tx) => {
      // Locking needs the right to write: a programme that one only sees is as good as not there.
      const own = await tx.sql(`SELECT FROM programme WHERE id = $1 FOR NO KEY UPDATE`, [programmeId]);
      if (own.length === 0) throw notFound('programme', programmeId);
      await tx.sql(
        `UPDATE claim_rule SET to_day = $2 WHERE programme_id = $1 AND to_day IS NULL AND from_day < $2`,
        [programmeId, from],
      );
      await tx.sql(
        `INSERT INTO claim_rule (id, programme_id, from_day, attendance_bp, payment_required, created_by, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7)`,
        [id, programmeId, from, attendanceBp ?? null, paymentRequired, currentActor().id, this.clock.now()],
      );
      const [rule] = await tx.sql<ClaimRuleDto>(`${RULE} WHERE id = $1`, [id]);
      return rule;
    });
    return refusing(() => set, { claim_rule_one_at_a_time: ruleExists });
  }

  list({ programmeId, limit, cursor }: ClaimRulesQuery): Promise<Page<ClaimRuleDto>> {
    const after = decodeCursor(cursor, 1)?.[0] ?? null;
    return this.db.read(async (tx) => {
      const rows = await tx.sql<ClaimRuleDto>(
        `${RULE} WHERE ($1::uuid IS NULL OR programme_id = $1) AND ($2::uuid IS NULL OR id > $2) ORDER BY id LIMIT $3`,
        [programmeId ?? null, after, limit + 1],
      );
      return page(rows, limit, ({ id }) => [id]);
    });
  }
}

function ruleExists(): DomainError {
  return new DomainError('conflict', 'claim_rule_exists', 'A rule begins on or after this day already.', {
    field: 'from',
    mend: 'Begin later: rules follow each other and are never rewritten.',
  });
}
