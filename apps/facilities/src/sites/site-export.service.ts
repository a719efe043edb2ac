import { Injectable } from '@nestjs/common';
import { DomainError } from '@doorstep/kernel';
import { type Cell, currentActor, Database, type Table } from '@doorstep/platform';
import { Raw } from 'typeorm';
import { type Life, STAGE_COLUMNS, STAGES } from './course';
import type { Project } from './project';
import { cellsOfProject, PROJECT_COLUMNS } from './project-cells';
import { formatWeeklyHours, ROWS_MAX } from './site-cells';
import type { SiteFileQuery } from './site-import.dto';
import { lives } from './site-lives.queries';
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
  ['status', ({ status }) => status],
];

/** An operator's sites as the file that their import takes: taken along and handed in again it changes nothing. */
@Injectable()
export class SiteExportService {
  constructor(private readonly db: Database) {}

  export({ operatorId: named, regionCode }: SiteFileQuery): Promise<Table> {
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
      return {
        name: 'sites',
        columns: [...SITE_CELLS.map(([column]) => column), ...STAGES, ...PROJECT_COLUMNS],
        rows: sites.map((site) => [
          ...SITE_CELLS.map(([, cell]) => cell(site)),
          ...daysOf(known.get(site.code)),
          ...projectOf(known.get(site.code)?.project),
        ]),
      };
    });
  }
}

/** Of the times that a site was suspended only the one that still lasts is told. */
function daysOf(life: Life | undefined): Cell[] {
  return STAGES.map((stage) => {
    if (stage === 'suspendedOn' && life?.status !== 'suspended') return null;
    return life?.milestones.findLast(({ command }) => command === STAGE_COLUMNS[stage])?.day ?? null;
  });
}

function projectOf(project: Project | null | undefined): Cell[] {
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
