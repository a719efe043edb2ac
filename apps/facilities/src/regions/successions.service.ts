import { Injectable } from '@nestjs/common';
import type { RegionCode } from '@doorstep/kernel';
import { Clock, Database, LineFaults, readCsv, type Tx } from '@doorstep/platform';
import { In } from 'typeorm';
import { recordChange } from '../changes';
import { refuse } from '../faults';
import { SiteEntity } from '../sites/site.entity';
import { siteSnapshot } from '../sites/sites.events';
import { localTimeOf } from '../sites/wall-clock';
import { tellRegions } from './regions.events';
import type { RowFault } from './region';
import { checkRegionExists, type Edition, regionStandings, type WrittenRegion } from './regions.queries';
import { rehearse } from './regions.service';
import { soleSuccessors, type Succession, successionFaults, successionKind } from './succession';
import type { RegionFile } from './region-files.service';
import type { RegionHistoryDto, RevisedByFileDto, RevisedDto } from './successions.dto';
import {
  countRules,
  countUndecided,
  historyOf,
  moveSites,
  oneRevisionAtATime,
  retire,
  stillEnclosing,
} from './successions.queries';

/** The codes are China's, and so are the days of its rules. */
const TIME_ZONE = 'Asia/Shanghai';
/** Faults named in one refusal. */
const FAULTS_SHOWN_MAX = 100;
/** Columns of a file of successions; a few thousand a year. */
export const SUCCESSION_COLUMNS = { required: ['oldCode', 'newCode'], optional: [], rowsMax: 100_000 };

export interface Revision extends Edition {
  successions: Succession[];
  dryRun?: boolean;
}

/** The yearly revision of the codes: what was renamed, merged, split. */
@Injectable()
export class SuccessionsService {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
  ) {}

  /** The rows of a file, whose faults are named by its lines. */
  async reviseByFile(
    file: RegionFile,
    { source, year, dryRun }: Omit<Revision, 'successions'>,
  ): Promise<RevisedByFileDto> {
    const lines: number[] = [];
    const successions: Succession[] = [];
    for await (const { line, cells } of readCsv(file.open(), SUCCESSION_COLUMNS)) {
      lines.push(line);
      successions.push({ oldCode: cells.oldCode ?? '', newCode: cells.newCode ?? '' });
    }
    const done = await this.revise({ source, year, dryRun, successions }, (found) => {
      const faults = new LineFaults('successions_refused');
      faults.add(...found.map(({ row, ...fault }) => ({ file: file.name, line: lines[row - 1], ...fault })));
      faults.refuse();
    });
    return { rows: successions.length, ...done };
  }

  /** All rows or none; the same rows again change nothing. */
  revise(command: Revision, refuse: Refusal = refuseRows): Promise<RevisedDto> {
    const { source, year, successions, dryRun = false } = command;
    return this.db.write(async (tx) => {
      await oneRevisionAtATime(tx);
      const codes = new Set(successions.flatMap(({ oldCode, newCode }) => [oldCode, newCode]));
      refuse(successionFaults(successions, await regionStandings(tx, codes), year));
      const write = () => this.write(tx, command, refuse);
      const { retired, moved, ...undecided } = dryRun ? await rehearse(tx, write) : await write();
      if (!dryRun && retired.length > 0) {
        const facts = { source, year, retired: retired.length, sitesMoved: moved.length };
        recordChange(tx, this.clock.now(), {
          action: 'regions:revise',
          entity: 'regions',
          operatorId: null,
          facts,
        });
      }
      if (!dryRun) await this.tell(tx, retired, moved);
      return { source, year, retired: retired.length, sitesMoved: moved.length, ...undecided, dryRun };
    });
  }

  history(code: RegionCode): Promise<RegionHistoryDto> {
    return this.db.read(async (tx) => {
      await checkRegionExists(tx, code);
      const { successions, names } = await historyOf(tx, code);
      const related = (rows: typeof successions, other: 'oldCode' | 'newCode') =>
        rows.map((row) => ({ code: row[other], year: row.year, kind: successionKind(row, successions) }));
      return {
        code,
        names,
        predecessors: related(
          successions.filter(({ newCode }) => newCode === code),
          'oldCode',
        ),
        successors: related(
          successions.filter(({ oldCode }) => oldCode === code),
          'newCode',
        ),
      };
    });
  }

  private async write(tx: Tx, { source, year, successions }: Revision, refuse: Refusal) {
    const now = this.clock.now();
    const old = [...new Set(successions.map(({ oldCode }) => oldCode))];
    const retired = await retire(tx, successions, { source, year }, now);
    const enclosing = await stillEnclosing(tx, old);
    refuse(
      successions.flatMap(({ oldCode }, i) =>
        enclosing.has(oldCode) ? [enclosesStill(i + 1, oldCode)] : [],
      ),
    );
    const moved = await moveSites(tx, soleSuccessors(successions), now);
    const { day } = localTimeOf(now, TIME_ZONE);
    const sitesUndecided = await countUndecided(tx, old);
    return { retired, moved, sitesUndecided, rulesUndecided: await countRules(tx, old, day) };
  }

  private async tell(tx: Tx, retired: WrittenRegion[], siteIds: string[]): Promise<void> {
    const now = this.clock.now();
    const sites = await tx.manager.findBy(SiteEntity, { id: In(siteIds) });
    for (const site of sites) tx.tell(siteSnapshot(site, now));
    await tellRegions(tx, retired, now);
  }
}

function enclosesStill(row: number, code: RegionCode): RowFault {
  const mend =
    'Say in the same revision what becomes of the regions in it, or import them under the new code.';
  return { row, field: 'oldCode', reason: `${code} still has current regions in it`, mend };
}

/** Refuses when there are faults. */
type Refusal = (faults: RowFault[]) => void;

function refuseRows(faults: RowFault[]): void {
  refuse(
    'successions_refused',
    'The codes cannot be revised like this',
    faults.slice(0, FAULTS_SHOWN_MAX).map(({ row, field, reason, mend }) => ({
      field: `successions[${row - 1}].${field}`,
      reason,
      mend,
    })),
  );
}
