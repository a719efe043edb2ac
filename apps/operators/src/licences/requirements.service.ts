import { Injectable } from '@nestjs/common';
import { type Day, DomainError, liesWithin, newId, notFound } from '@doorstep/kernel';
import {
  currentActor,
  Database,
  decodeCursor,
  type Page,
  pageOf,
  sqlStateOf,
  SYSTEM_ACTOR,
  type Tx,
} from '@doorstep/platform';
import { AuditLog } from '../audit/audit.service';
import { checkedDay } from '../contracts/contracts.service';
import { Calendar } from '../shared/calendar.service';
import type {
  EndRequirementDto,
  RequireLicenceDto,
  RequirementDto,
  RequirementsQuery,
} from './requirements.dto';
import type { Enforcement } from './standing';
import { lookAgain } from './standings.queries';

const EXCLUSION_VIOLATION = '23P01';

interface RequirementRow {
  id: string;
  kind: string;
  licence_type: string;
  region_code: string | null;
  from_day: Day;
  to_day: Day | null;
  enforcement: Enforcement;
}

/** Which kind of service needs which licence: data, by place and time. */
@Injectable()
export class RequirementsService {
  constructor(
    private readonly db: Database,
    private readonly calendar: Calendar,
    private readonly audit: AuditLog,
  ) {}

  require(command: RequireLicenceDto): Promise<RequirementDto> {
    const { kind, licenceType, regionCode = null, enforcement } = command;
    const from = this.notPast(checkedDay(command.from, 'from'), 'from');
    checkPlace(regionCode);
    const work = this.db.write(async (tx) => {
      const [row] = await tx.sql<RequirementRow>(
        `INSERT INTO licence_requirement (id, kind, licence_type, region_code, from_day, enforcement)
         VALUES ($1, $2, $3, $4, $5, $6) RETURNING *`,
        [newId(), kind, licenceType, regionCode, from, enforcement],
      );
      await this.changed(tx, 'licence-requirements:require', row);
      return show(row);
    });
    return work.catch((error: unknown) => {
      throw sqlStateOf(error) === EXCLUSION_VIOLATION ? askedTwice(command) : error;
    });
  }

  end(id: string, command: EndRequirementDto): Promise<RequirementDto> {
    const on = this.notPast(checkedDay(command.on, 'on'), 'on');
    return this.db.write(async (tx) => {
      const [former] = await tx.sql<RequirementRow>(
        `SELECT * FROM licence_requirement WHERE id = $1 FOR UPDATE`,
        [id],
      );
      if (!former) throw notFound('licence requirement', id);
      checkPlace(former.region_code);
      if (on <= former.from_day || (former.to_day !== null && on > former.to_day)) {
        throw new DomainError('invalid', 'end_out_of_range', `It can't end on ${on}.`, {
          field: 'on',
          mend: `Choose a day after ${former.from_day}${former.to_day ? `, up to ${former.to_day}` : ''}.`,
        });
      }
      const [row] = await tx.sql<RequirementRow>(
        `UPDATE licence_requirement SET to_day = $2 WHERE id = $1 RETURNING *`,
        [id, on],
      );
      await this.changed(tx, 'licence-requirements:end', row);
      return show(row);
    });
  }

  list(query: RequirementsQuery): Promise<Page<RequirementDto>> {
    const after = decodeCursor(query.cursor, 1);
    return this.db.read(async (tx) => {
      const rows = await tx.sql<RequirementRow>(
        `SELECT * FROM licence_requirement
         WHERE ($1::uuid IS NULL OR id > $1) AND ($2::text IS NULL OR kind = $2) ORDER BY id LIMIT $3`,
        [after ? String(after[0]) : null, query.kind ?? null, query.limit + 1],
      );
      return pageOf(rows, query.limit, (row) => [row.id], show);
    });
  }

  /** Past days were judged by the rules of those days. */
  private notPast(day: Day, field: string): Day {
    const today = this.calendar.today();
    if (day >= today) return day;
    throw new DomainError('invalid', 'day_past', `${day} is past.`, {
      field,
      mend: `Choose ${today} or a later day.`,
    });
  }

  /** Every site is looked at again with the next turn of the calendar, within a minute. */
  private async changed(tx: Tx, action: string, row: RequirementRow): Promise<void> {
    await this.db.writeAs(SYSTEM_ACTOR, (system) => lookAgain(system, null));
    const { kind, licence_type: licenceType, region_code: regionCode } = row;
    await this.audit.record(tx, {
      action,
      entityId: row.id,
      operatorId: null,
      facts: { kind, licenceType, regionCode },
    });
  }
}

/** An authority rules its own region, an administrator everywhere. */
function checkPlace(regionCode: string | null): void {
  const { roles, regionPrefix } = currentActor();
  if (roles.includes('administrator')) return;
  if (regionPrefix && regionCode && liesWithin(regionCode, regionPrefix)) return;
  throw new DomainError(
    'forbidden',
    'region_not_yours',
    'You can only ask for licences in your own region.',
    {
      field: 'regionCode',
      mend: `Give a region code that begins with ${regionPrefix ?? 'yours'}.`,
    },
  );
}

function askedTwice({ kind, licenceType }: RequireLicenceDto): DomainError {
  return new DomainError('conflict', 'requirement_exists', `${kind} needs a ${licenceType} there already.`, {
    mend: 'End that requirement first, or begin when it ends.',
  });
}

function show(row: RequirementRow): RequirementDto {
  return {
    id: row.id,
    kind: row.kind,
    licenceType: row.licence_type,
    regionCode: row.region_code,
    from: row.from_day,
    to: row.to_day,
    enforcement: row.enforcement,
  };
}
