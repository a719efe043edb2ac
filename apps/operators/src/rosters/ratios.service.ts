import { Injectable } from '@nestjs/common';
import { type Day, DomainError, newId, notFound } from '@doorstep/kernel';
import { Database, decodeCursor, type Page, type PageQuery, pageOf, type Tx } from '@doorstep/platform';
import { DateTime } from 'luxon';
import { type RegionalRow, RegionalRules } from '../shared/regional-rules.service';
import type { EndRuleDto } from '../shared/regional-rules.dto';
import { mayReach } from '../sites/own-sites.service';
import { type Gap, gapsOf, type RatioRule, rulesFor } from './ratio';
import type { RatioDto, SetRatioDto, StaffGapsDto, StaffGapsQuery } from './ratios.dto';
import { groupsOf, onShiftAt } from './ratios.queries';

const DAYS_MAX = 14;

interface RatioRow extends RegionalRow {
  age_class: string;
  age_months_min: number;
  age_months_max: number;
  children_per_staff: number;
  skill: string;
}

/** How many children one member of staff may mind, and where staff are too few. */
@Injectable()
export class RatiosService {
  constructor(
    private readonly db: Database,
    private readonly rules: RegionalRules,
  ) {}

  set(command: SetRatioDto): Promise<RatioDto> {
    const { ageMonthsMin, ageMonthsMax } = command;
    if (ageMonthsMin >= ageMonthsMax) {
      throw new DomainError('invalid', 'ages_empty', 'The ages end before they begin.', {
        field: 'ageMonthsMax',
        mend: `Give more than ${ageMonthsMin} months.`,
      });
    }
    const row = {
      id: newId(),
      age_class: command.ageClass,
      age_months_min: ageMonthsMin,
      age_months_max: ageMonthsMax,
      children_per_staff: command.childrenPerStaff,
      skill: command.skill,
      region_code: command.regionCode ?? null,
      from_day: command.from,
    };
    return this.db.write(async (tx) => show(await this.rules.add<RatioRow>(tx, 'staff_ratio', row)));
  }

  end(id: string, { on }: EndRuleDto): Promise<RatioDto> {
    return this.db.write(async (tx) => show(await this.rules.end<RatioRow>(tx, 'staff_ratio', id, on)));
  }

  list(query: PageQuery): Promise<Page<RatioDto>> {
    const after = decodeCursor(query.cursor, 1);
    return this.db.read(async (tx) => {
      const rows = await tx.sql<RatioRow>(
        `SELECT * FROM staff_ratio WHERE ($1::uuid IS NULL OR id > $1) ORDER BY id LIMIT $2`,
        [after ? String(after[0]) : null, query.limit + 1],
      );
      return pageOf(rows, query.limit, (row) => [row.id], show);
    });
  }

  /** Each day by the rules of that day. */
  gaps({ siteId, from, to, basis }: StaffGapsQuery): Promise<StaffGapsDto> {
    const days = daysFrom(from, to);
    return this.db.read(async (tx) => {
      const [site] = await tx.sql<{ region_code: string; time_zone: string }>(
        `SELECT region_code, time_zone FROM known_site WHERE site_id = $1`,
        [siteId],
      );
      if (!site || !mayReach(siteId)) throw notFound('site', siteId);
      const rules = await rulesFrom(tx, from);
      const gaps: Gap[] = [];
      for (const day of days) {
        const groups = await groupsOf(tx, siteId, day, site.time_zone);
        const staff = await onShiftAt(tx, siteId, day, site.time_zone);
        gaps.push(...gapsOf(groups, staff, rulesFor(rules, site.region_code, day), basis));
      }
      return { siteId, basis, gaps };
    });
  }
}

async function rulesFrom(tx: Tx, day: Day): Promise<RatioRule[]> {
  const rows = await tx.sql<RatioRow>(`SELECT * FROM staff_ratio WHERE to_day IS NULL OR to_day > $1`, [day]);
  return rows.map(show);
}

function daysFrom(from: Day, to: Day): Day[] {
  const first = DateTime.fromISO(from, { zone: 'utc' });
  const many = Math.round(DateTime.fromISO(to, { zone: 'utc' }).diff(first, 'days').days);
  if (many >= 1 && many <= DAYS_MAX) {
    return Array.from({ length: many }, (_, days) => first.plus({ days }).toFormat('yyyy-MM-dd'));
  }
  throw new DomainError('invalid', 'days_out_of_range', `That would be ${many} days.`, {
    field: 'to',
    mend: `Ask for 1 to ${DAYS_MAX} days.`,
  });
}

function show(row: RatioRow): RatioDto {
  return {
    id: row.id,
    regionCode: row.region_code,
    from: row.from_day,
    to: row.to_day,
    ageClass: row.age_class,
    ageMonthsMin: row.age_months_min,
    ageMonthsMax: row.age_months_max,
    childrenPerStaff: row.children_per_staff,
    skill: row.skill,
  };
}
