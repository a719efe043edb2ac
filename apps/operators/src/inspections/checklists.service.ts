import { Injectable } from '@nestjs/common';
import { newId, notFound } from '@doorstep/kernel';
import { Database, decodeCursor, type Page, pageOf, type Tx } from '@doorstep/platform';
import { type RegionalRow, RegionalRules } from '../shared/regional-rules.service';
import type { EndRuleDto } from '../shared/regional-rules.dto';
import { checkedItems, type Checklist, checklistFor, type ChecklistItem } from './checklist';
import type { ChecklistDto, ChecklistsQuery, SetChecklistDto } from './checklists.dto';

interface ChecklistRow extends RegionalRow {
  name: string;
  kind: string | null;
  items: ChecklistItem[];
}

/** What inspections look at: data, by place, kind and time. */
@Injectable()
export class ChecklistsService {
  constructor(
    private readonly db: Database,
    private readonly rules: RegionalRules,
  ) {}

  set(command: SetChecklistDto): Promise<ChecklistDto> {
    const { name, kind = null, regionCode = null, from } = command;
    const items = JSON.stringify(checkedItems(command.items));
    const row = { id: newId(), name: name.trim(), kind, region_code: regionCode, from_day: from, items };
    return this.db.write(async (tx) =>
      show(await this.rules.add<ChecklistRow>(tx, 'checklist', row as never)),
    );
  }

  end(id: string, { on }: EndRuleDto): Promise<ChecklistDto> {
    return this.db.write(async (tx) => show(await this.rules.end<ChecklistRow>(tx, 'checklist', id, on)));
  }

  list(query: ChecklistsQuery): Promise<Page<ChecklistDto>> {
    const after = decodeCursor(query.cursor, 1);
    return this.db.read(async (tx) => {
      const rows = await tx.sql<ChecklistRow>(
        `SELECT * FROM checklist
         WHERE ($1::uuid IS NULL OR id > $1) AND ($2::text IS NULL OR kind = $2) ORDER BY id LIMIT $3`,
        [after ? String(after[0]) : null, query.kind ?? null, query.limit + 1],
      );
      return pageOf(rows, query.limit, (row) => [row.id], show);
    });
  }

  async find(tx: Tx, id: string): Promise<Checklist> {
    const [row] = await tx.sql<ChecklistRow>(`SELECT * FROM checklist WHERE id = $1`, [id]);
    if (!row) throw notFound('checklist', id);
    return show(row);
  }

  /** The one that holds for a site and kind on a day. */
  async choose(tx: Tx, place: { regionCode: string; kind: string | null; day: string }): Promise<Checklist> {
    const rows = await tx.sql<ChecklistRow>(
      `SELECT * FROM checklist
       WHERE kind IS NOT DISTINCT FROM $1 AND from_day <= $2 AND (to_day IS NULL OR to_day > $2)
         AND (region_code IS NULL OR starts_with($3, region_code))`,
      [place.kind, place.day, place.regionCode],
    );
    return checklistFor(rows.map(show), place);
  }
}

function show(row: ChecklistRow): ChecklistDto {
  const { id, name, kind, region_code: regionCode, from_day: from, to_day: to, items } = row;
  return { id, name, kind, regionCode, from, to, items };
}
