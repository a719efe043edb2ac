import { Injectable } from '@nestjs/common';
import { type Day, DomainError, newId } from '@doorstep/kernel';
import {
  Clock,
  Database,
  decodeCursor,
  type Page,
  type PageQuery,
  pageOf,
  type Tx,
} from '@doorstep/platform';
import { checkPlace, checkRuleDay } from '../rules/place.context';
import type { VisitRule } from './signals';
import type { SetVisitRuleDto, VisitRuleDto } from './visit-rules.dto';

interface RuleRow extends VisitRule {
  id: string;
  regionCode: string | null;
  from: Day;
}

const RULE = `
  id, region_code AS "regionCode", from_day AS "from", fence_metres AS "fenceMetres", far_metres AS "farMetres",
  minutes_min AS "minutesMin", share_percent_min AS "sharePercentMin", plan_km_per_hour AS "planKmPerHour",
  km_per_hour_max AS "kmPerHourMax", offline_hours_max AS "offlineHoursMax", qr_seconds AS "qrSeconds"`;

/** The rule of a place on a day: of the longest region code that fits, the newest. `$1` region code · `$2` day. */
export const RULE_OF_PLACE = `
  SELECT ${RULE} FROM visit_rule
  WHERE (region_code IS NULL OR starts_with($1, region_code)) AND from_day <= $2::date
  ORDER BY length(region_code) DESC NULLS LAST, from_day DESC LIMIT 1`;

/** What a place asks of visits: figures by region, from a day on. Set by authorities, never by who is paid for visits. */
@Injectable()
export class VisitRules {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
  ) {}

  async of(tx: Tx, regionCode: string, day: Day): Promise<VisitRule> {
    const [rule] = await tx.sql<RuleRow>(RULE_OF_PLACE, [regionCode, day]);
    if (rule) return rule;
    throw new DomainError('conflict', 'no_visit_rule', `No rule for visits holds on ${day}.`, {
      mend: 'An authority or an administrator sets one with POST /v1/visit-rules.',
    });
  }

  set(command: SetVisitRuleDto): Promise<VisitRuleDto> {
    const { regionCode = null, from, ...figures } = command;
    checkPlace(regionCode);
    checkRuleDay(from, this.clock.now());
    checkFigures(figures);
    return this.db.write(async (tx) => {
      const [row] = await tx.sql<RuleRow>(
        `INSERT INTO visit_rule (id, region_code, from_day, fence_metres, far_metres, minutes_min, share_percent_min,
                                 plan_km_per_hour, km_per_hour_max, offline_hours_max, qr_seconds)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
         ON CONFLICT (coalesce(region_code, ''), from_day) DO NOTHING
         RETURNING ${RULE}`,
        [
          newId(this.clock.now().getTime()),
          regionCode,
          from,
          figures.fenceMetres,
          figures.farMetres,
          figures.minutesMin,
          figures.sharePercentMin,
          figures.planKmPerHour,
          figures.kmPerHourMax,
          figures.offlineHoursMax,
          figures.qrSeconds,
        ],
      );
      if (row) return row;
      throw new DomainError('conflict', 'rule_exists', `A rule of this place begins on ${from} already.`, {
        field: 'from',
        mend: 'Choose another day.',
      });
    });
  }

  list({ limit, cursor }: PageQuery): Promise<Page<VisitRuleDto>> {
    const [after] = decodeCursor(cursor, 1) ?? [null];
    return this.db.read(async (tx) => {
      const rows = await tx.sql<RuleRow>(
        `SELECT ${RULE} FROM visit_rule WHERE $1::uuid IS NULL OR id > $1 ORDER BY id LIMIT $2`,
        [after, limit + 1],
      );
      return pageOf(
        rows,
        limit,
        (row) => [row.id],
        (row) => row,
      );
    });
  }
}

function checkFigures({ fenceMetres, farMetres, planKmPerHour, kmPerHourMax }: VisitRule): void {
  const wrong = (field: string, reason: string): DomainError =>
    new DomainError('invalid', 'figures_contradict', reason, { field, mend: 'Correct one of the two.' });
  if (farMetres < fenceMetres) throw wrong('farMetres', 'What is far lies inside of the fence.');
  if (kmPerHourMax < planKmPerHour) throw wrong('kmPerHourMax', 'Ways are planned faster than is possible.');
}
