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
import type { CareGrantDto, SetCareGrantDto } from './care.dto';
import type { Grant } from './plan';

const GRANT = `
  id, region_code AS "regionCode", from_day AS "from", care_level AS "careLevel", service, name_zh AS "nameZh",
  name_en AS "nameEn", skill, minutes, times_per_week AS "timesPerWeek"`;

/**
 * What a place grants to a level on a day: of the longest region code that says anything, each service's newest word.
 * `$1` region code · `$2` level · `$3` day.
 */
const GRANTS_OF_PLACE = `
  WITH fitting AS (
    SELECT *, length(coalesce(region_code, '')) AS depth FROM care_grant
    WHERE (region_code IS NULL OR starts_with($1, region_code)) AND care_level = $2 AND from_day <= $3::date)
  SELECT * FROM (
    SELECT DISTINCT ON (service) service, skill, minutes, times_per_week AS "timesPerWeek"
    FROM fitting WHERE depth = (SELECT max(depth) FROM fitting)
    ORDER BY service, from_day DESC) newest
  WHERE "timesPerWeek" > 0
  LIMIT 50`;

/** What places grant to care levels: data with a first day, set by authorities. */
@Injectable()
export class CareGrants {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
  ) {}

  of(tx: Tx, regionCode: string, careLevel: string, day: Day): Promise<Grant[]> {
    return tx.sql<Grant>(GRANTS_OF_PLACE, [regionCode, careLevel, day]);
  }

  set(command: SetCareGrantDto): Promise<CareGrantDto> {
    const { regionCode = null, from, careLevel, service, name, skill, minutes, timesPerWeek } = command;
    checkPlace(regionCode);
    checkRuleDay(from, this.clock.now());
    return this.db.write(async (tx) => {
      const now = this.clock.now();
      const what = [careLevel, service, name.zh, name.en ?? null, skill, minutes, timesPerWeek];
      const [row] = await tx.sql<CareGrantDto>(
        `INSERT INTO care_grant (id, region_code, from_day, care_level, service, name_zh, name_en, skill, minutes,
                                 times_per_week, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
         ON CONFLICT (coalesce(region_code, ''), care_level, service, from_day) DO NOTHING
         RETURNING ${GRANT}`,
        [newId(now.getTime()), regionCode, from, ...what, now],
      );
      if (row) return row;
      throw new DomainError('conflict', 'rule_exists', `${service} is granted from ${from} already.`, {
        field: 'from',
        mend: 'Choose another day.',
      });
    });
  }

  list({ limit, cursor }: PageQuery): Promise<Page<CareGrantDto>> {
    const [after] = decodeCursor(cursor, 1) ?? [null];
    return this.db.read(async (tx) => {
      const rows = await tx.sql<CareGrantDto>(
        `SELECT ${GRANT} FROM care_grant WHERE $1::uuid IS NULL OR id > $1 ORDER BY id LIMIT $2`,
        [after, limit + 1],
      );
      return pageOf(
        rows,
        limit,
        ({ id }) => [id],
        (row) => row,
      );
    });
  }
}
