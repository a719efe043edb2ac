import { Injectable } from '@nestjs/common';
import { DomainError, newId } from '@doorstep/kernel';
import { Database, decodeCursor, type Page, PageQuery, pageOf, SYSTEM_ACTOR } from '@doorstep/platform';
import { Calendar } from '../shared/calendar.service';
import type { EndRuleDto } from '../shared/regional-rules.dto';
import { RegionalRules } from '../shared/regional-rules.service';
import type { RatingRuleDto, SetRatingRuleDto } from './site-ratings.dto';
import type { RuleRow } from './site-ratings.queries';

/** How scores become stars: data, by place and time. */
@Injectable()
export class RatingRulesService {
  constructor(
    private readonly db: Database,
    private readonly calendar: Calendar,
    private readonly rules: RegionalRules,
  ) {}

  set(command: SetRatingRuleDto): Promise<RatingRuleDto> {
    assertRising(command);
    const row = {
      id: newId(),
      region_code: command.regionCode ?? null,
      from_day: command.from,
      window_months: command.windowMonths,
      counts: command.counts,
      inspections_min: command.inspectionsMin,
      two_stars_bp: command.twoStarsBp,
      three_stars_bp: command.threeStarsBp,
      four_stars_bp: command.fourStarsBp,
      five_stars_bp: command.fiveStarsBp,
      severe_stars_max: command.severeStarsMax,
    };
    return this.db.write(async (tx) => {
      const saved = await this.rules.add<RuleRow>(tx, 'rating_rule', row);
      await this.lookAgain(saved.from_day);
      return show(saved);
    });
  }

  end(id: string, { on }: EndRuleDto): Promise<RatingRuleDto> {
    return this.db.write(async (tx) => {
      const ended = await this.rules.end<RuleRow>(tx, 'rating_rule', id, on);
      await this.lookAgain(on);
      return show(ended);
    });
  }

  list(query: PageQuery): Promise<Page<RatingRuleDto>> {
    const after = decodeCursor(query.cursor, 1);
    return this.db.read(async (tx) => {
      const rows = await tx.sql<RuleRow>(
        `SELECT * FROM rating_rule WHERE ($1::uuid IS NULL OR id > $1) ORDER BY id LIMIT $2`,
        [after ? String(after[0]) : null, query.limit + 1],
      );
      return pageOf(rows, query.limit, (row) => [row.id], show);
    });
  }

  /** Every site that may be rated is looked at when the rule begins or ends; today: within a minute. */
  private async lookAgain(day: string): Promise<void> {
    const on = day < this.calendar.today() ? this.calendar.today() : day;
    await this.db.writeAs(SYSTEM_ACTOR, (system) =>
      system.sql(`UPDATE site_rating_standing SET look_on = least(look_on, $1)`, [on]),
    );
  }
}

function assertRising(command: SetRatingRuleDto): void {
  const { twoStarsBp, threeStarsBp, fourStarsBp, fiveStarsBp } = command;
  if (twoStarsBp <= threeStarsBp && threeStarsBp <= fourStarsBp && fourStarsBp <= fiveStarsBp) return;
  throw new DomainError('invalid', 'thresholds_not_rising', 'More stars ask for less.', {
    field: 'fiveStarsBp',
    mend: 'Give scores that rise from two stars to five.',
  });
}

function show(row: RuleRow): RatingRuleDto {
  return {
    id: row.id,
    regionCode: row.region_code,
    from: row.from_day,
    to: row.to_day,
    windowMonths: row.window_months,
    counts: row.counts,
    inspectionsMin: row.inspections_min,
    twoStarsBp: row.two_stars_bp,
    threeStarsBp: row.three_stars_bp,
    fourStarsBp: row.four_stars_bp,
    fiveStarsBp: row.five_stars_bp,
    severeStarsMax: row.severe_stars_max,
  };
}
