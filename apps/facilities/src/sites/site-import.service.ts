import { Injectable } from '@nestjs/common';
import { DomainError } from '@doorstep/kernel';
import {
  Clock,
  currentActor,
  Database,
  LineFaults,
  mayDo,
  planAnew,
  type TableRow,
  type Tx,
} from '@doorstep/platform';
import { In } from 'typeorm';
import { recordChange } from '../changes';
import { siteWarnings } from '../guidelines/guideline';
import { guidelinesOn } from '../guidelines/guidelines.queries';
import { rehearse } from '../regions/regions.service';
import { regionFault, regionStandings } from '../regions/regions.queries';
import { tenantOf, withTenant } from '../tenant';
import { projectWarnings } from './project';
import { PROJECT_COLUMNS } from './project-cells';
import type { SitesImportedDto } from './site-import.dto';
import { type ImportRow, upsertSites } from './site-import.queries';
import { type Command, FILE, readCommands } from './site-import.rows';
import { lockByCode, recordSteps, renote, upsertProjects } from './site-lives.queries';
import { type Planned, planOf } from './site-plan';
import { SiteEntity } from './site.entity';
import { siteSnapshot, toldAhead } from './sites.events';
import { kindsByCode } from './sites.queries';
import { localTimeOf } from './wall-clock';

/** Guidelines are China's, and so are the days that they hold. */
const TIME_ZONE = 'Asia/Shanghai';
const SHOWN_MAX = 100;

export interface SiteImport {
  rows: AsyncIterable<TableRow>;
  operatorId: string | undefined;
  dryRun: boolean;
}

/** An operator's whole list of sites at once: new ones are entered, known ones (by the owner's code) changed. */
@Injectable()
export class SiteImportService {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
  ) {}

  /** All rows or none. The same file again changes nothing and tells nothing. */
  async import({ rows, operatorId: named, dryRun }: SiteImport): Promise<SitesImportedDto> {
    const faults = new LineFaults('site_rows_refused');
    const commands = await readCommands(rows, faults);
    return this.db.write(async (outer) => {
      const regions = await regionStandings(
        outer,
        commands.map(({ regionCode }) => regionCode),
        { lock: true },
      );
      for (const { line, regionCode } of commands)
        if (!regions.has(regionCode)) faults.add(...regionFaults(line, regionCode, regions));
      faults.refuse();
      const operatorId = operatorOf(named, commands);
      return withTenant(this.db, operatorId, async (tx) => {
        const rows = await this.planned(tx, operatorId, commands, { faults, regions });
        faults.refuse();
        assertMayEnterProjects(rows);
        const write = () => this.write(tx, operatorId, rows);
        const written = dryRun ? await rehearse(tx, write) : await write();
        const { added, changed } = written;
        if (!dryRun) await this.tell(tx, operatorId, written);
        const counts = { rows: rows.length, added, changed, unchanged: rows.length - added - changed };
        return { ...counts, dryRun, ...clearings(rows), ...(await this.warnings(tx, operatorId, rows)) };
      });
    });
  }

  /** What each row adds to what is known of its site, with what is wrong about it. */
  private async planned(
    tx: Tx,
    operatorId: string,
    commands: readonly Command[],
    { faults, regions }: { faults: LineFaults; regions: Standings },
  ): Promise<Planned[]> {
    // One file of an operator at a time: what one finds new the other must find known.
    await tx.sql(`SELECT pg_advisory_xact_lock(hashtextextended('site import ' || $1, 0))`, [operatorId]);
    const known = await lockByCode(
      tx,
      operatorId,
      commands.map(({ code }) => code),
    );
    const now = this.clock.now();
    return commands.map((command): Planned => {
      const { line, code, regionCode } = command;
      const site = known.get(code);
      // A site whose region was given up stands there until somebody decides; only nothing new may come.
      if (site?.regionCode !== regionCode) faults.add(...regionFaults(line, regionCode, regions));
      const plan = planOf(command, site, now);
      faults.add(...plan.faults.map((fault) => ({ file: FILE, line, ...fault })));
      return plan;
    });
  }

  private async write(tx: Tx, operatorId: string, rows: readonly Planned[]): Promise<Written> {
    const now = this.clock.now();
    const by = { now, actorId: currentActor().id };
    const sites = rows.map(({ columns, timeZone, code, course }): ImportRow => ({
      ...columns,
      ...toldAhead(now, timeZone),
      ...{ code, status: course.status, firstStatus: course.first },
    }));
    await planAnew(tx);
    const entered = await upsertSites(tx, operatorId, sites, by);
    const added = entered.filter((site) => site.former_version === null);
    assertStillNew(rows, added);
    const lives = rows.map(({ code, steps, course }) => ({ code, steps, status: course.status }));
    const moved = await recordSteps(tx, operatorId, lives, by);
    const renoted = await renote(
      tx,
      operatorId,
      rows.flatMap((row) => row.renoted),
    );
    const projects = rows.flatMap(({ code, projectAfter }) =>
      projectAfter ? { code, ...projectAfter } : [],
    );
    const built = await upsertProjects(tx, operatorId, projects, now);
    const told = new Set([...entered.map(({ id }) => id), ...moved]);
    const touched = new Set([...told, ...renoted, ...built]);
    const changed = touched.size - added.length;
    return { told: [...told], touched: [...touched], added: added.length, changed };
  }

  /** What guidelines would like to be different and what projects lack, line by line; the first hundred of them. */
  private async warnings(tx: Tx, operatorId: string, rows: readonly Planned[]) {
    const guidelineOf = await guidelinesOn(tx, localTimeOf(this.clock.now(), TIME_ZONE).day);
    const kinds = await kindsByCode(tx, operatorId);
    const all = rows.flatMap(({ line, regionCode, facts, code, projectAfter, course, today }) =>
      [
        ...siteWarnings({ ...facts, kinds: kinds.get(code) ?? [] }, guidelineOf(regionCode)),
        ...(projectAfter ? projectWarnings(projectAfter, course.status, today) : []),
      ].map((warning) => ({ line, ...warning })),
    );
    return { warningCount: all.length, warnings: all.slice(0, SHOWN_MAX) };
  }

  private async tell(tx: Tx, operatorId: string, { told, touched, added }: Written): Promise<void> {
    const now = this.clock.now();
    const sites = await tx.manager.findBy(SiteEntity, { id: In(told) });
    for (const site of sites) tx.tell(siteSnapshot(site, now));
    const facts = { added, changed: touched.length - added };
    for (const entity of touched)
      recordChange(tx, now, { action: 'sites:import', entity, operatorId, facts });
  }
}

interface Written {
  /** Sites about which something is to be told. */
  told: string[];
  /** These, and those of which only the project or what is said of milestones is another. */
  touched: string[];
  added: number;
  changed: number;
}

/** A site that somebody else has entered since would get milestones that were thought out for a new one. */
function assertStillNew(rows: readonly Planned[], added: readonly { code: string }[]): void {
  const codes = new Set(added.map(({ code }) => code));
  const overtaken = rows.find(({ isNew, code }) => isNew && !codes.has(code));
  if (!overtaken) return;
  throw new DomainError('conflict', 'site_entered_meanwhile', `${overtaken.code} has just been entered.`, {
    mend: 'Import the file again.',
  });
}

/** What empty cells take away, line by line; the first hundred of them. */
function clearings(rows: readonly Planned[]) {
  const all = rows.flatMap(({ line, cleared }) => cleared.map((one) => ({ line, ...one })));
  return { clearedCount: all.length, cleared: all.slice(0, SHOWN_MAX) };
}

function assertMayEnterProjects(rows: readonly Planned[]): void {
  if (mayDo(currentActor(), 'projects:write') || !rows.some(({ projectAfter }) => projectAfter)) return;
  throw new DomainError('forbidden', 'projects_not_yours', 'You may not enter what building costs.', {
    mend: `Leave out the columns ${PROJECT_COLUMNS.join(', ')}.`,
  });
}

type Standings = Awaited<ReturnType<typeof regionStandings>>;

function regionFaults(line: number, regionCode: string, regions: Standings) {
  const fault = regionFault(regionCode, regions);
  return fault ? [{ file: FILE, line, field: 'regionCode', ...fault }] : [];
}

/** The one operator whose sites these are; each row's region is checked against an authority's own. */
function operatorOf(named: string | undefined, commands: Command[]): string {
  const operators = new Set(commands.map(({ regionCode }) => tenantOf(named, regionCode)));
  return [...operators][0];
}
