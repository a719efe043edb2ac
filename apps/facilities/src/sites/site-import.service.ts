import { Injectable } from '@nestjs/common';
import { DomainError } from '@doorstep/kernel';
import {
  Clock,
  currentActor,
  Database,
  isFormula,
  LineFaults,
  type TableRow,
  type Tx,
} from '@doorstep/platform';
import { plainToInstance } from 'class-transformer';
import { validateSync, type ValidationError } from 'class-validator';
import { In } from 'typeorm';
import { type SiteFacts, siteWarnings } from '../guidelines/guideline';
import { guidelinesOn } from '../guidelines/guidelines.queries';
import { rehearse } from '../regions/regions.service';
import { regionFault, regionStandings } from '../regions/regions.queries';
import { tenantOf, withTenant } from '../tenant';
import { columnOf, siteOfCells } from './site-cells';
import type { SitesImportedDto } from './site-import.dto';
import { type ImportRow, upsertSites, type WrittenSite } from './site-import.queries';
import type { FirstStatus } from './site';
import { SiteEntity } from './site.entity';
import { CreateSiteDto } from './sites.dto';
import { siteSnapshot, toldAhead } from './sites.events';
import { kindsByCode } from './sites.queries';
import { columnsOf } from './sites.rows';
import { localTimeOf } from './wall-clock';

const FILE = 'file';
/** Guidelines are China's, and so are the days that they hold. */
const TIME_ZONE = 'Asia/Shanghai';
const WARNINGS_SHOWN_MAX = 100;

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
      await checkRegions(outer, commands, faults);
      faults.refuse();
      const operatorId = operatorOf(named, commands);
      return withTenant(this.db, operatorId, async (tx) => {
        const write = () => this.write(tx, operatorId, commands);
        const written = dryRun ? await rehearse(tx, write) : await write();
        if (!dryRun) await this.tell(tx, written);
        const added = written.filter((site) => site.former_version === null).length;
        const changed = written.length - added;
        const counts = { rows: commands.length, added, changed, unchanged: commands.length - written.length };
        return { ...counts, dryRun, ...(await this.warnings(tx, operatorId, commands)) };
      });
    });
  }

  private write(tx: Tx, operatorId: string, commands: Command[]): Promise<WrittenSite[]> {
    const now = this.clock.now();
    const rows = commands.map(({ columns, status, timeZone }): ImportRow => ({
      ...columns,
      ...toldAhead(now, timeZone),
      status,
    }));
    return upsertSites(tx, operatorId, rows, { now, actorId: currentActor().id });
  }

  /** What guidelines would like to be different, line by line; the first hundred of them. */
  private async warnings(tx: Tx, operatorId: string, commands: Command[]) {
    const guidelineOf = await guidelinesOn(tx, localTimeOf(this.clock.now(), TIME_ZONE).day);
    const kinds = await kindsByCode(tx, operatorId);
    const all = commands.flatMap(({ line, regionCode, facts, code }) =>
      siteWarnings({ ...facts, kinds: kinds.get(code) ?? [] }, guidelineOf(regionCode)).map((warning) => ({
        line,
        ...warning,
      })),
    );
    return { warningCount: all.length, warnings: all.slice(0, WARNINGS_SHOWN_MAX) };
  }

  private async tell(tx: Tx, written: WrittenSite[]): Promise<void> {
    const sites = await tx.manager.findBy(SiteEntity, { id: In(written.map(({ id }) => id)) });
    const now = this.clock.now();
    for (const site of sites) tx.tell(siteSnapshot(site, now));
  }
}

interface Command {
  line: number;
  regionCode: string;
  timeZone: string;
  status: FirstStatus;
  code: string;
  /** What guidelines look at. */
  facts: Pick<SiteFacts, 'form' | 'areaM2'>;
  columns: ReturnType<typeof columnsOf>;
}

/** Reads every row by the rules of POST /v1/sites. */
async function readCommands(rows: AsyncIterable<TableRow>, faults: LineFaults): Promise<Command[]> {
  const commands: Command[] = [];
  const lineOf = new Map<string, number>();
  // A file that is too long, or broken further down, is refused before any row is looked at.
  const all: TableRow[] = [];
  for await (const row of rows) all.push(row);
  for (const { line, cells } of all) {
    const at = (field: string, reason: string, mend: string) =>
      faults.add({ file: FILE, line, field: columnOf(field), reason, mend });
    for (const [column, text] of Object.entries(cells)) {
      if (text && isFormula(text)) at(column, 'is a formula', 'Write the value itself.');
    }
    const body = plainToInstance(CreateSiteDto, siteOfCells(cells));
    const broken = validateSync(body, { whitelist: true });
    broken
      .flatMap((error) => reasonsOf(error))
      .forEach(([field, reason]) => at(field, reason, 'See POST /v1/sites.'));
    if (broken.length > 0) continue;
    const first = lineOf.get(body.code);
    if (first !== undefined) at('code', `${body.code} stands in line ${first} too`, 'Leave one out.');
    lineOf.set(body.code, line);
    const columns = columnsOrFaults(body, at);
    const { regionCode, timeZone, status = 'operating', code, form, areaM2 } = body;
    const facts = { form, areaM2 };
    if (columns) commands.push({ line, regionCode, timeZone, status, code, facts, columns });
  }
  return commands;
}

type At = (field: string, reason: string, mend: string) => void;

function columnsOrFaults(body: CreateSiteDto, at: At): Command['columns'] | undefined {
  try {
    return columnsOf(body);
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    const errors = (error.details.errors ?? [{ field: error.details.field, reason: error.message }]) as {
      field: string;
      reason: string;
      mend?: string;
    }[];
    for (const { field, reason, mend } of errors) {
      at(
        field,
        reason.replace(/\.$/, '').replace(`${field} `, ''),
        mend ?? error.details.mend ?? 'Correct it.',
      );
    }
    return undefined;
  }
}

function reasonsOf(error: ValidationError, parent = ''): [field: string, reason: string][] {
  const field = parent === '' ? error.property : `${parent}.${error.property}`;
  const own = Object.values(error.constraints ?? {}).map((reason): [string, string] => [
    field,
    reason.startsWith(error.property) ? reason.slice(error.property.length).trim() : reason,
  ]);
  return [...own.slice(0, 1), ...(error.children ?? []).flatMap((child) => reasonsOf(child, field))];
}

async function checkRegions(tx: Tx, commands: Command[], faults: LineFaults): Promise<void> {
  const codes = new Set(commands.map(({ regionCode }) => regionCode));
  const standings = await regionStandings(tx, codes, { lock: true });
  for (const { line, regionCode } of commands) {
    const fault = regionFault(regionCode, standings);
    if (fault) faults.add({ file: FILE, line, field: 'regionCode', ...fault });
  }
}

/** The one operator whose sites these are; each row's region is checked against an authority's own. */
function operatorOf(named: string | undefined, commands: Command[]): string {
  const operators = new Set(commands.map(({ regionCode }) => tenantOf(named, regionCode)));
  return [...operators][0];
}
