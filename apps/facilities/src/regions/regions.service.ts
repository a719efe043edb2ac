import { Injectable } from '@nestjs/common';
import { DomainError, notFound, type RegionCode, type RegionLevel } from '@doorstep/kernel';
import { Clock, Database, decodeCursor, type Page, pageOf, type Tx } from '@doorstep/platform';
import { recordChange } from '../changes';
import { placeRegions, readRegionRow, type RegionRow, type RowFault } from './region';
import { tellRegions, tally } from './regions.events';
import type { ImportedDto, ImportRegionsDto, RegionDto, RegionsQuery } from './regions.dto';
import {
  countNewer,
  type Edition,
  knownParents,
  listRegions,
  type StoredRegion,
  upsertRegions,
  type WrittenRegion,
} from './regions.queries';

/** Faults named in one refusal; the rest is counted. */
const FAULTS_SHOWN_MAX = 100;

@Injectable()
export class RegionsService {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
  ) {}

  /** All rows or none. The same rows again change nothing and tell nothing. */
  import(command: ImportRegionsDto): Promise<ImportedDto> {
    const { source, year, dryRun = false } = command;
    return this.db.write(async (tx) => {
      const rows = readRows(command.rows);
      refuseRows(placeRegions(rows, await knownParents(tx, rows)));
      const written = dryRun
        ? await rehearse(tx, () => this.write(tx, rows, { source, year }))
        : await this.write(tx, rows, { source, year });
      if (!dryRun) await tellRegions(tx, written, this.clock.now());
      if (!dryRun) recordImport(tx, this.clock.now(), { source, year, changed: written.length });
      const codes = rows.map(({ code }) => code);
      const older = await countNewer(tx, codes, year);
      return { source, year, rows: rows.length, ...tally(rows.length, written, older), older, dryRun };
    });
  }

  list(query: RegionsQuery): Promise<Page<RegionDto>> {
    const after = decodeCursor(query.cursor, 1);
    const { parentCode, level, within, limit } = query;
    const retired = query.retired === 'true';
    return this.db.read(async (tx) => {
      const filter = {
        parentCode,
        level,
        within,
        retired,
        after: after && String(after[0]),
        limit: limit + 1,
      };
      return pageOf(await listRegions(tx, filter), limit, (row) => [row.code], showRegion);
    });
  }

  find(code: RegionCode): Promise<RegionDto> {
    return this.db.read(async (tx) => {
      const [region] = await listRegions(tx, { within: code, limit: 1 });
      if (region?.code !== code) throw notFound('region', code);
      return showRegion(region);
    });
  }

  private write(tx: Tx, rows: RegionRow[], edition: Edition): Promise<WrittenRegion[]> {
    return upsertRegions(tx, rows, edition, this.clock.now());
  }
}

/** Tells who brought an edition, or a part of it; nothing when nothing was new. */
export function recordImport(tx: Tx, at: Date, facts: Edition & { changed: number }): void {
  if (facts.changed === 0) return;
  recordChange(tx, at, {
    action: 'regions:import',
    entity: 'regions',
    operatorId: null,
    facts: { ...facts },
  });
}

/** Runs a change, keeps its result and undoes it. */
export async function rehearse<T>(tx: Tx, change: () => Promise<T>): Promise<T> {
  await tx.sql('SAVEPOINT rehearsal');
  const result = await change();
  await tx.sql('ROLLBACK TO SAVEPOINT rehearsal');
  return result;
}

function readRows(raw: unknown[]): RegionRow[] {
  const read = raw.map((row, i) => readRegionRow(row, i + 1));
  refuseRows(read.flatMap(({ faults }) => faults));
  return read.map(({ region }) => region as RegionRow);
}

function refuseRows(faults: RowFault[]): void {
  if (faults.length === 0) return;
  const [first] = faults;
  throw new DomainError(
    'invalid',
    'region_rows_refused',
    `Nothing was imported: ${faults.length} fault(s), the first in row ${first.row}: ${first.field} ${first.reason}.`,
    {
      mend: 'Correct the rows listed in errors and send all of them again.',
      faults: faults.length,
      rowsAtFault: new Set(faults.map(({ row }) => row)).size,
      errors: faults.slice(0, FAULTS_SHOWN_MAX).map(({ row, field, reason, mend }) => ({
        field: `rows[${row - 1}]${field && `.${field}`}`,
        reason: `Row ${row}: ${field} ${reason}.`,
        mend,
      })),
    },
  );
}

function showRegion(region: StoredRegion): RegionDto {
  const { code, name, level, lng, lat, households, source, year } = region;
  return {
    code,
    name,
    level: level as RegionLevel,
    parentCode: region.parent_code,
    location: lng === null || lat === null ? null : { lng, lat },
    households,
    population0to3: region.population_0_to_3,
    population60plus: region.population_60_plus,
    population80plus: region.population_80_plus,
    source,
    year,
    retiredYear: region.retired_year,
  };
}
