import type { Readable } from 'node:stream';
import { Injectable } from '@nestjs/common';
import { newId, type RegionCode } from '@doorstep/kernel';
import { Clock, Database, isFormula, LineFaults, planAnew, readCsv, type Tx } from '@doorstep/platform';
import { FacilitiesConfig } from '../config';
import { CODE_COLUMNS, FIGURE_COLUMNS, readRegionCells, type RegionFileKind } from './region-cells';
import type { ImportStage } from './region-progress.dto';
import { RegionStage, type StagedRow } from './region-stage.store';
import { tally, tellRegions } from './regions.events';
import { type Edition, updateStaged, upsertStaged, type WrittenRegion } from './regions.queries';
import { recordImport, rehearse } from './regions.service';

export interface RegionFile {
  /** As faults name it. */
  name: string;
  open(): Readable;
}

export interface RegionFilesImport extends Edition {
  files: RegionFile[];
  kind: RegionFileKind;
  dryRun: boolean;
  /** Leaves rows out by their code. */
  keep?: (code: RegionCode) => boolean;
  onProgress?: (progress: ImportProgress) => void;
}

export interface ImportProgress {
  phase: ImportStage;
  rows: number;
  /** Known once all is read. */
  of?: number;
}

export interface Imported extends Edition {
  rows: number;
  added: number;
  changed: number;
  unchanged: number;
  older: number;
  dryRun: boolean;
}

/** Rows of all files together. */
const ROWS_MAX = 1_000_000;
/** Rows of one transaction. */
const PART_ROWS = 5_000;
const PROGRESS_ROWS = 1_000;

/**
 * Imports of any length. Everything is read into a stage and checked there before the first region changes; then it is
 * written in parts, parents first. An import that is cut off in between is finished by running it again.
 */
@Injectable()
export class RegionFilesService {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly config: FacilitiesConfig,
  ) {}

  async import(job: RegionFilesImport): Promise<Imported> {
    const { source, year, kind, dryRun, onProgress } = job;
    const stage = await RegionStage.open(this.config.databaseUrl, newId());
    try {
      const faults = new LineFaults('region_rows_refused');
      const rows = await stage.copy(rowsOf(job, faults));
      faults.refuse();
      onProgress?.({ phase: 'checking', rows: 0, of: rows });
      faults.add(...(await stage.duplicates()));
      faults.add(...(kind === 'codes' ? await stage.placeUnderParents() : await stage.unknown()));
      faults.refuse();
      const older = kind === 'codes' ? await stage.countNewer(year) : 0;
      const written = await this.write(stage, rows, job);
      onProgress?.({ phase: 'done', rows, of: rows });
      return { source, year, rows, ...tally(rows, written, older), older, dryRun };
    } finally {
      await stage.close();
    }
  }

  private async write(stage: RegionStage, rows: number, job: RegionFilesImport): Promise<Versions[]> {
    const parts = await stage.parts(PART_ROWS);
    if (job.dryRun) {
      return this.db.write((tx) =>
        rehearse(tx, () => this.writeParts(stage, parts, rows, job, (work) => work(tx))),
      );
    }
    return this.writeParts(stage, parts, rows, job, (work) => this.db.write(work));
  }

  private async writeParts(
    stage: RegionStage,
    parts: RegionCode[],
    rows: number,
    { source, year, kind, dryRun, onProgress }: RegionFilesImport,
    inTransaction: (work: (tx: Tx) => Promise<Versions[]>) => Promise<Versions[]>,
  ): Promise<Versions[]> {
    const all: Versions[] = [];
    let done = 0;
    for (let i = 0; i < parts.length; i++) {
      const part = { importId: stage.importId, after: parts[i - 1] ?? '', rowsMax: PART_ROWS };
      const versions = await inTransaction(async (tx) => {
        const now = this.clock.now();
        await planAnew(tx);
        const written =
          kind === 'codes'
            ? await upsertStaged(tx, part, { source, year }, now)
            : await updateStaged(tx, part, now);
        if (!dryRun) await tellRegions(tx, written, now);
        if (!dryRun) recordImport(tx, now, { source, year, changed: written.length });
        return written.map(({ former_version, version }) => ({ former_version, version }));
      });
      all.push(...versions);
      done = Math.min(rows, done + PART_ROWS);
      onProgress?.({ phase: 'writing', rows: done, of: rows });
    }
    return all;
  }
}

type Versions = Pick<WrittenRegion, 'former_version' | 'version'>;

/** The rows of all files that can be read and are wanted; what can't be read goes to the faults. */
async function* rowsOf(
  { files, kind, keep, onProgress }: RegionFilesImport,
  faults: LineFaults,
): AsyncGenerator<StagedRow> {
  const columns = kind === 'codes' ? CODE_COLUMNS : FIGURE_COLUMNS;
  let read = 0;
  for (const file of files) {
    for await (const { line, cells } of readCsv(file.open(), { ...columns, rowsMax: ROWS_MAX })) {
      if (++read % PROGRESS_ROWS === 0) onProgress?.({ phase: 'reading', rows: read });
      if (keep && cells.code !== undefined && !keep(cells.code)) continue;
      const { region, faults: found } = readRegionCells(cells, line, kind, isFormula);
      faults.add(...found.map(({ row, ...fault }) => ({ file: file.name, line: row, ...fault })));
      if (region && faults.count === 0) yield { file: file.name, region };
    }
  }
  onProgress?.({ phase: 'reading', rows: read, of: read });
}
