import { Injectable } from '@nestjs/common';
import { type Day, DomainError } from '@doorstep/kernel';
import { Clock, currentActor, Database, decodeCursor, type Page, pageOf } from '@doorstep/platform';
import { localDay } from '../sessions/calendar';
import { checkRule } from './cancellation';
import type {
  CancellationRuleDto,
  CancellationRulesQuery,
  SetCancellationRuleDto,
} from './cancellations.dto';
import { END_RULE_BEFORE, INSERT_RULE, LIST_RULES, type RuleRow } from './cancellations.queries';

/** Rules are a city's, and so are the days that they begin on. */
const TIME_ZONE = 'Asia/Shanghai';

/** What cities ask for late cancellations and no-shows: data with the days that it holds. */
@Injectable()
export class CancellationRules {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
  ) {}

  /** Puts a rule into force from a day on. What held before stays as it was. */
  set(command: SetCancellationRuleDto): Promise<CancellationRuleDto> {
    const { regionCode, kind = null, validFrom, freeMinutes, late, noShow, exemptReasons, source } = command;
    checkMaySet(regionCode);
    checkBegins(validFrom, localDay(this.clock.now(), TIME_ZONE));
    const terms = {
      late: { shareBp: late?.shareBp ?? null, feeFen: late?.feeFen ?? null },
      noShow: { shareBp: noShow?.shareBp ?? null, feeFen: noShow?.feeFen ?? null },
    };
    checkRule(terms);
    return this.db.write(async (tx) => {
      await tx.sql(END_RULE_BEFORE, [regionCode, kind, validFrom]);
      try {
        const [row] = await tx.sql<RuleRow>(INSERT_RULE, [
          regionCode,
          kind,
          validFrom,
          freeMinutes,
          terms.late.shareBp,
          terms.late.feeFen,
          terms.noShow.shareBp,
          terms.noShow.feeFen,
          exemptReasons,
          source,
        ]);
        return show(row as RuleRow);
      } catch (error) {
        const { constraint } = error as { constraint?: unknown };
        throw constraint === 'cancellation_rule_one_at_a_time' ? beginsAlready(validFrom) : error;
      }
    });
  }

  list({ regionCode, kind, limit, cursor }: CancellationRulesQuery): Promise<Page<CancellationRuleDto>> {
    const after = decodeCursor(cursor, 3) ?? [null, null, null];
    return this.db.read(async (tx) => {
      const params = [regionCode ?? null, kind ?? null, ...after, limit + 1];
      const rows = await tx.sql<RuleRow>(LIST_RULES, params);
      return pageOf(rows, limit, ({ rule }) => [rule.regionPrefix, rule.kind ?? '', rule.validFrom], show);
    });
  }
}

function show({ rule, source }: RuleRow): CancellationRuleDto {
  const { regionPrefix, kind, validTo, late, noShow, ...rest } = rule;
  const terms = ({ shareBp, feeFen }: typeof late) => ({
    ...(shareBp !== null && { shareBp }),
    ...(feeFen !== null && { feeFen }),
  });
  return {
    ...rest,
    regionCode: regionPrefix,
    ...(kind !== null && { kind }),
    ...(validTo !== null && { validTo }),
    late: terms(late),
    noShow: terms(noShow),
    source,
  };
}

/** An authority sets the rules of its own region and of what lies in it. */
function checkMaySet(regionCode: string): void {
  const actor = currentActor();
  if (actor.roles.includes('administrator')) return;
  if (actor.regionPrefix && regionCode.startsWith(actor.regionPrefix)) return;
  throw new DomainError('forbidden', 'region_not_yours', `${regionCode} lies outside of your region.`, {
    field: 'regionCode',
    mend: `Set rules for ${actor.regionPrefix ?? 'your region'} or a region within it.`,
  });
}

function checkBegins(day: Day, today: Day): void {
  if (day >= today) return;
  throw new DomainError('invalid', 'rule_backdated', `${day} has passed; today is ${today}.`, {
    field: 'validFrom',
    mend: 'Let the rule begin today or later: what was booked before was booked by the old one.',
  });
}

function beginsAlready(day: Day): DomainError {
  return new DomainError('conflict', 'rule_begins_already', `A rule begins on ${day} already.`, {
    field: 'validFrom',
    mend: 'Let the new one begin on another day.',
  });
}
