import { Injectable } from '@nestjs/common';
import { newId } from '@doorstep/kernel';
import { Clock, currentActor, Database, decodeCursor, type Page, pageOf } from '@doorstep/platform';
import { over, owned, RosterChanges } from './roster-changes.service';
import type { AbsenceDto, AbsencesQuery, EnterAbsenceDto } from './rosters.dto';
import type { AbsenceRow } from './rosters.queries';

const ABSENCE_DAYS_MAX = 400;
const DAY_MS = 86_400_000;

/** When people are away. */
@Injectable()
export class AbsencesService {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly changes: RosterChanges,
  ) {}

  enter(command: EnterAbsenceDto): Promise<AbsenceDto> {
    const { start, end } = this.changes.spanOf(command, ABSENCE_DAYS_MAX * DAY_MS);
    return this.db.write(async (tx) => {
      const staff = await this.changes.locked(tx, command.staffId);
      const [row] = await tx.sql<AbsenceRow>(
        `INSERT INTO staff_absence (id, operator_id, staff_id, kind, starts_at, ends_at, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7) RETURNING *`,
        [newId(), staff.operatorId, staff.id, command.kind, start, end, this.clock.now()],
      );
      // Why somebody is away is nobody's business who reads the log.
      await this.changes.done(tx, 'rosters:enter-absence', row.id, staff);
      return showAbsence(row);
    });
  }

  cancel(id: string): Promise<AbsenceDto> {
    return this.db.write(async (tx) => {
      const former = await owned<AbsenceRow>(tx, 'staff_absence', 'absence', id);
      const staff = await this.changes.locked(tx, former.staff_id);
      const [row] = await tx.sql<AbsenceRow>(
        `UPDATE staff_absence SET cancelled = true WHERE id = $1 AND NOT cancelled AND ends_at > $2 RETURNING *`,
        [id, this.clock.now()],
      );
      if (!row) throw over('absence');
      await this.changes.done(tx, 'rosters:cancel-absence', id, staff);
      return showAbsence(row);
    });
  }

  list(query: AbsencesQuery): Promise<Page<AbsenceDto>> {
    const after = decodeCursor(query.cursor, 1);
    return this.db.read(async (tx) => {
      const rows = await tx.sql<AbsenceRow>(
        `SELECT a.* FROM staff_absence a JOIN staff s ON s.id = a.staff_id
         WHERE ($1::uuid IS NULL OR a.id > $1) AND ($2::uuid IS NULL OR a.staff_id = $2)
           AND ($3::uuid[] IS NULL OR s.site_ids && $3)
         ORDER BY a.id LIMIT $4`,
        [
          after ? String(after[0]) : null,
          query.staffId ?? null,
          currentActor().siteIds ?? null,
          query.limit + 1,
        ],
      );
      return pageOf(rows, query.limit, (row) => [row.id], showAbsence);
    });
  }
}

function showAbsence(row: AbsenceRow): AbsenceDto {
  const { id, kind, cancelled } = row;
  return { id, staffId: row.staff_id, kind, start: row.starts_at, end: row.ends_at, cancelled };
}
