import { Injectable } from '@nestjs/common';
import { DomainError } from '@doorstep/kernel';
import { type Cell, currentActor, Database, type Table } from '@doorstep/platform';
import { Raw } from 'typeorm';
import { formatExceptions, formatWeeklyHours } from './hours-cells';
import { formatDays, STAGES } from './course';
import { formatNotes, NOTES_COLUMN } from './milestone-notes';
import type { Project } from './project';
import { cellsOfProject, PROJECT_COLUMNS } from './project-cells';
import { ROWS_MAX } from './site-cells';
import type { SiteFileQuery } from './site-import.dto';
import { type KnownSite, lives } from './site-lives.queries';
import { SiteEntity } from './site.entity';
import { sitesWhere } from './sites.queries';

const SITE_CELLS: [column: string, cell: (site: SiteEntity) => Cell][] = [
  ['code', ({ code }) => code],
  ['nameZh', ({ nameZh }) => nameZh],
  ['nameEn', ({ nameEn }) => nameEn],
  ['regionCode', ({ regionCode }) => regionCode],
  ['form', ({ form }) => form],
  ['tier', ({ tier }) => tier],
  ['spaceSource', ({ spaceSource }) => spaceSource],
  ['lng', ({ sourceLng }) => sourceLng],
  ['lat', ({ sourceLat }) => sourceLat],
  ['crs', ({ sourceCrs }) => sourceCrs],
  ['areaM2', ({ areaM2 }) => areaM2],
  ['timeZone', ({ timeZone }) => timeZone],
  ['openingHours', ({ openingHours }) => formatWeeklyHours(openingHours)],
  ['onHoliday', ({ onHoliday }) => onHoliday],
  ['onMakeUpWorkday', ({ onMakeUpWorkday }) => onMakeUpWorkday],
  ['openingExceptions', ({ openingOverrides }) => formatExceptions(openingOverrides) || null],
  ['status', ({ status }) => status],
];

/** As spreadsheets have it. */
const CELL_CHARACTERS_MAX = 32_767;

/** An operator's sites as the file that their import takes: taken along and handed in again it changes nothing. */
@Injectable()
export class SiteExportService {
  constructor(private readonly db: Database) {}

  export({ operatorId: named, regionCode, format }: SiteFileQuery): Promise<Table> {
    const operatorId = operatorOf(named);
    return this.db.read(async (tx) => {
      const sites = await tx.manager.find(SiteEntity, {
        where: {
          ...sitesWhere({ regionCode, limit: ROWS_MAX }, currentActor().siteIds),
          operatorId: Raw((column) => `${column} = :operatorId`, { operatorId }),
        },
        order: { code: 'ASC' },
        take: ROWS_MAX + 1,
      });
      if (sites.length > ROWS_MAX) throw tooMany();
      const known = await lives(
        tx,
        operatorId,
        sites.map(({ code }) => code),
      );
      const rows = sites.map((site) => {
        const { milestones, project } = known.get(site.code) as KnownSite;
        return [
          ...SITE_CELLS.map(([, cell]) => cell(site)),
          ...STAGES.map((stage) => formatDays(milestones, stage)),
          formatNotes(milestones),
          ...projectOf(project),
        ];
      });
      if (format === 'xlsx') rows.forEach(assertFits);
      const columns = [...SITE_CELLS.map(([column]) => column), ...STAGES, NOTES_COLUMN, ...PROJECT_COLUMNS];
      return { name: 'sites', columns, rows };
    });
  }
}

/** Hundreds of exceptions with long reasons are more than a spreadsheet's cell holds. */
function assertFits(row: readonly Cell[]): void {
  if (row.every((cell) => String(cell ?? '').length <= CELL_CHARACTERS_MAX)) return;
  throw new DomainError(
    'invalid',
    'cell_too_long',
    `A cell of ${String(row[0])} is too long for a workbook.`,
    {
      field: 'format',
      mend: 'Take the sites along as CSV.',
    },
  );
}

function projectOf(project: Project | null): Cell[] {
  return project ? cellsOfProject(project) : PROJECT_COLUMNS.map(() => null);
}

/** The owner's codes are unique for one operator only. */
function operatorOf(named: string | undefined): string {
  const own = currentActor().operatorId;
  if (own && named !== undefined && named !== own)
    throw new DomainError('forbidden', 'operator_not_yours', 'You take sites of your own operator only.', {
      field: 'operatorId',
      mend: 'Leave operatorId out.',
    });
  const operatorId = own ?? named;
  if (operatorId) return operatorId;
  throw new DomainError('invalid', 'operator_missing', 'A file holds the sites of one operator.', {
    field: 'operatorId',
    mend: 'Give the operatorId of the operator that runs them.',
  });
}

function tooMany(): DomainError {
  return new DomainError('invalid', 'file_too_long', `These are more than ${ROWS_MAX} sites.`, {
    field: 'regionCode',
    mend: 'Give a region; several files together hold them all.',
  });
}
