import { Injectable } from '@nestjs/common';
import { type Day, DomainError, liesWithin, notFound } from '@doorstep/kernel';
import { currentActor, sqlStateOf, type Tx } from '@doorstep/platform';
import { AuditLog } from '../audit/audit.service';
import { Calendar } from './calendar.service';

const EXCLUSION_VIOLATION = '23P01';

/** A rule of a place, for some time. */
export interface RegionalRow {
  id: string;
  /** Null: everywhere. */
  region_code: string | null;
  from_day: Day;
  /** First day that is out; null: without end. */
  to_day: Day | null;
}

/** Tables of rules that authorities set for their regions; of each, one at a time holds for a place and a subject. */
export type RuleTable = 'skill_requirement' | 'staff_ratio' | 'checklist' | 'rating_rule';

const lockOf = (kind: '' | '_shared'): string =>
  `SELECT pg_advisory_xact_lock${kind}(hashtextextended('rules of ' || $1, 0))`;

/**
 * Before the rules are read that somebody is judged by: until that is written down none of them changes. Else a new rule
 * would not see whom to have looked at again, and these not the rule.
 */
export async function holdRules(tx: Tx, table: RuleTable): Promise<void> {
  await tx.sql(lockOf('_shared'), [table]);
}

/** What all rules have in common that authorities set by place and time. */
@Injectable()
export class RegionalRules {
  constructor(
    private readonly calendar: Calendar,
    private readonly audit: AuditLog,
  ) {}

  /** Columns are the program's own words, never the caller's. */
  async add<Row extends RegionalRow>(
    tx: Tx,
    table: RuleTable,
    row: Omit<Row, 'to_day' | 'created_at'>,
  ): Promise<Row> {
    this.assertNotPast(row.from_day, 'from');
    assertOwnRegion(row.region_code);
    const columns = Object.keys(row);
    const values = columns.map((_, index) => `$${index + 1}`);
    const text = `INSERT INTO ${table} (${columns.join(', ')}) VALUES (${values.join(', ')}) RETURNING *`;
    await tx.sql(lockOf(''), [table]);
    try {
      const [saved] = await tx.sql<Row>(text, Object.values(row));
      await this.record(tx, table, 'add', saved);
      return saved;
    } catch (error) {
      throw sqlStateOf(error) === EXCLUSION_VIOLATION ? thereAlready(table) : error;
    }
  }

  async end<Row extends RegionalRow>(tx: Tx, table: RuleTable, id: string, on: Day): Promise<Row> {
    this.assertNotPast(on, 'on');
    await tx.sql(lockOf(''), [table]);
    const [former] = await tx.sql<Row>(`SELECT * FROM ${table} WHERE id = $1 FOR UPDATE`, [id]);
    if (!former) throw notFound(nounOf(table), id);
    assertOwnRegion(former.region_code);
    if (on <= former.from_day || (former.to_day !== null && on > former.to_day)) {
      throw new DomainError('invalid', 'end_out_of_range', `It can't end on ${on}.`, {
        field: 'on',
        mend: `Choose a day after ${former.from_day}${former.to_day ? `, up to ${former.to_day}` : ''}.`,
      });
    }
    const [row] = await tx.sql<Row>(`UPDATE ${table} SET to_day = $2 WHERE id = $1 RETURNING *`, [id, on]);
    await this.record(tx, table, 'end', row);
    return row;
  }

  /** Past days were judged by the rules of those days. */
  private assertNotPast(day: Day, field: string): void {
    const today = this.calendar.today();
    if (day >= today) return;
    throw new DomainError('invalid', 'day_past', `${day} is past.`, {
      field,
      mend: `Choose ${today} or a later day.`,
    });
  }

  private record(tx: Tx, table: RuleTable, verb: string, row: RegionalRow): Promise<void> {
    const { id, region_code: regionCode, from_day: from, to_day: to } = row;
    const action = `${table.replace('_', '-')}s:${verb}`;
    return this.audit.record(tx, { action, entityId: id, operatorId: null, facts: { regionCode, from, to } });
  }
}

/** An authority rules its own region, an administrator everywhere. */
function assertOwnRegion(regionCode: string | null): void {
  const { roles, regionPrefix } = currentActor();
  if (roles.includes('administrator')) return;
  if (regionPrefix && regionCode && liesWithin(regionCode, regionPrefix)) return;
  throw new DomainError('forbidden', 'region_not_yours', 'You can only set rules for your own region.', {
    field: 'regionCode',
    mend: `Give a region code that begins with ${regionPrefix ?? 'yours'}.`,
  });
}

function thereAlready(table: RuleTable): DomainError {
  return new DomainError('conflict', `${table}_exists`, 'Another one holds there on some of these days.', {
    mend: 'End that one first, or begin when it ends.',
  });
}

const nounOf = (table: RuleTable): string => table.replace('_', ' ');
