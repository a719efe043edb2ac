import { Injectable } from '@nestjs/common';
import { DomainError, newId, period } from '@doorstep/kernel';
import { Clock, currentActor, Database, decodeCursor, page, type Page } from '@doorstep/platform';
import { KnownService } from '../known/known.service';
import { siteScopeOf } from '../shared/actor.scope';
import { refusing } from '../shared/refusals';
import type {
  AbsenceRuleDto,
  AbsenceRulesQuery,
  AttendanceMonthDto,
  AttendanceMonthsQuery,
  SetAbsenceRuleDto,
} from './monthly-fees.dto';

const RULE = `
  id, contract_id AS "contractId", kind, from_day AS "from", to_day AS "to", sick_month_bp AS "sickMonthBp",
  sick_days_min AS "sickDaysMin", sick_days_bp AS "sickDaysBp", absent_month_bp AS "absentMonthBp",
  closed_day_back_bp AS "closedDayBackBp", force_majeure_day_back_bp AS "forceMajeureDayBackBp"`;

@Injectable()
export class AbsenceRulesService {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly known: KnownService,
  ) {}

  async set(rule: SetAbsenceRuleDto): Promise<AbsenceRuleDto> {
    const { from, to } = period(rule.from, rule.to ?? null);
    const set = this.db.write(async (tx) => {
      const { operatorId } = await this.known.contract(tx, rule.contractId);
      await tx.sql(
        `UPDATE absence_rule SET to_day = $3
         WHERE contract_id = $1 AND kind = $2 AND from_day < $3 AND (to_day IS NULL OR to_day > $3)`,
        [rule.contractId, rule.kind, from],
      );
      const [row] = await tx.sql<AbsenceRuleDto>(
        `INSERT INTO absence_rule (id, operator_id, contract_id, kind, from_day, to_day, sick_month_bp, sick_days_min,
                sick_days_bp, absent_month_bp, closed_day_back_bp, force_majeure_day_back_bp, created_by, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14) RETURNING ${RULE}`,
        [
          ...[newId(), operatorId, rule.contractId, rule.kind, from, to, rule.sickMonthBp],
          ...[rule.sickDaysMin ?? null, rule.sickDaysBp, rule.absentMonthBp, rule.closedDayBackBp],
          ...[rule.forceMajeureDayBackBp, currentActor().id, this.clock.now()],
        ],
      );
      return row;
    });
    return refusing(() => set, { absence_rule_one_at_a_time: overlap });
  }

  list({ contractId, limit, cursor }: AbsenceRulesQuery): Promise<Page<AbsenceRuleDto>> {
    const after = decodeCursor(cursor, 1)?.[0] ?? null;
    return this.db.read(async (tx) => {
      const rows = await tx.sql<AbsenceRuleDto>(
        `SELECT ${RULE} FROM absence_rule
         WHERE ($2::uuid IS NULL OR id > $2) AND ($3::uuid IS NULL OR contract_id = $3) ORDER BY id LIMIT $1`,
        [limit + 1, after, contractId ?? null],
      );
      return page(rows, limit, (row) => [row.id]);
    });
  }

  months(query: AttendanceMonthsQuery): Promise<Page<AttendanceMonthDto>> {
    const { status, residentId, period: month, limit, cursor } = query;
    const after = decodeCursor(cursor, 1)?.[0] ?? null;
    return this.db.read(async (tx) => {
      const rows = await tx.sql<AttendanceMonthDto>(
        `SELECT m.id, placement_id AS "placementId", to_char(month, 'YYYY-MM') AS period, contract_id AS "contractId",
                site_id AS "siteId", resident_id AS "residentId", kind, mode, age_class AS "ageClass", facts, revision,
                status, code, reason, (SELECT c.id FROM charge c WHERE c.booking_id = m.id) AS "chargeId"
         FROM attendance_month m
         WHERE ($2::uuid IS NULL OR m.id > $2) AND ($3::text IS NULL OR status = $3)
           AND ($4::uuid IS NULL OR resident_id = $4) AND ($5::date IS NULL OR month = $5)
           AND ($6::uuid[] IS NULL OR site_id = ANY ($6))
         ORDER BY m.id LIMIT $1`,
        [
          ...[limit + 1, after, status ?? null, residentId ?? null, month ? `${month}-01` : null],
          siteScopeOf(currentActor()),
        ],
      );
      return page(rows, limit, (row) => [row.id]);
    });
  }
}

function overlap(): DomainError {
  return new DomainError('conflict', 'absence_rule_overlaps', 'A later rule begins before this would end.', {
    field: 'to',
    mend: 'Let it end on the day the later one begins.',
  });
}
