import { Injectable } from '@nestjs/common';
import type { RegionCode } from '@doorstep/kernel';
import { Clock, Database, type Tx } from '@doorstep/platform';
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
import type { RegionHistoryDto, RevisedDto } from './successions.dto';
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

  /** All rows or none; the same rows again change nothing. @param place how a fault names row n, from 1 */
  revise(command: Revision, place = (row: number) => `successions[${row - 1}].`): Promise<RevisedDto> {
    const { source, year, successions, dryRun = false } = command;
    return this.db.write(async (tx) => {
      await oneRevisionAtATime(tx);
      const codes = new Set(successions.flatMap(({ oldCode, newCode }) => [oldCode, newCode]));
      refuseRows(successionFaults(successions, await regionStandings(tx, codes), year), place);
      const write = () => this.write(tx, command, place);
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

  private async write(tx: Tx, { source, year, successions }: Revision, place: (row: number) => string) {
    const now = this.clock.now();
    const old = [...new Set(successions.map(({ oldCode }) => oldCode))];
    const retired = await retire(tx, successions, { source, year }, now);
    const enclosing = await stillEnclosing(tx, old);
    refuseRows(
      successions.flatMap(({ oldCode }, i) =>
        enclosing.has(oldCode) ? [enclosesStill(i + 1, oldCode)] : [],
      ),
      place,
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

function refuseRows(faults: RowFault[], place: (row: number) => string): void {
  refuse(
    'successions_refused',
    'The codes cannot be revised like this',
    faults
      .slice(0, FAULTS_SHOWN_MAX)
      .map(({ row, field, reason, mend }) => ({ field: `${place(row)}${field}`, reason, mend })),
  );
}
