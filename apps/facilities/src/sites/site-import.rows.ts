import { SITE_STATUSES, type SiteStatus } from '@doorstep/contracts';
import { DomainError } from '@doorstep/kernel';
import { exampleOf, inWords, isFormula, type LineFaults, plainText, type TableRow } from '@doorstep/platform';
import { plainToInstance } from 'class-transformer';
import { validateSync, type ValidationError } from 'class-validator';
import type { SiteFacts } from '../guidelines/guideline';
import type { StageDays } from './course';
import { type Note, NOTE_CHARACTERS_MAX, NOTES_COLUMN, parseNotes } from './milestone-notes';
import { PRINTABLE } from '../name.dto';
import { FUNDING_SOURCES, type Project } from './project';
import { projectOfCells } from './project-cells';
import { SetProjectDto } from './projects.dto';
import { CLEARED_COLUMNS, type ClearedColumn, columnOf, daysOfCells, siteOfCells } from './site-cells';
import { CreateSiteDto } from './sites.dto';
import { columnsOf } from './sites.rows';

export const FILE = 'file';

/** A row of the file, read. */
export interface Command {
  line: number;
  regionCode: string;
  timeZone: string;
  /** The status that the row names. */
  said: SiteStatus | undefined;
  days: StageDays;
  /** Why its stages were reached; nothing when the file has no column for it. */
  notes: Note[] | undefined;
  project: Partial<Project> | undefined;
  /** What the file has no column for: it stays as it is known. */
  absent: ClearedColumn[];
  code: string;
  /** What guidelines look at. */
  facts: Pick<SiteFacts, 'form' | 'areaM2'>;
  columns: ReturnType<typeof columnsOf>;
}

/** Reads every row by the rules of POST /v1/sites. */
export async function readCommands(rows: AsyncIterable<TableRow>, faults: LineFaults): Promise<Command[]> {
  const commands: Command[] = [];
  const lineOf = new Map<string, number>();
  // A file that is too long, or broken further down, is refused before any row is looked at.
  const all: TableRow[] = [];
  for await (const row of rows) all.push(row);
  for (const { line, cells: written } of all) {
    const at = (field: string, reason: string, mend: string) =>
      faults.add({ file: FILE, line, field: columnOf(field), reason, mend });
    for (const [column, text] of Object.entries(written)) {
      if (text && isFormula(text)) at(column, 'is a formula', "Write the value itself, or ' before text.");
    }
    const cells = plainCells(written);
    const body = plainToInstance(CreateSiteDto, siteOfCells(cells));
    const broken = validateSync(body, { whitelist: true });
    broken
      .flatMap((error) => reasonsOf(error))
      .forEach(([field, reason, mend]) => at(field, reason, MEND[columnOf(field)] ?? mend));
    const said = saidIn(cells, at);
    const project = projectIn(cells, at);
    const notes = notesIn(cells, at);
    if (broken.length > 0) continue;
    const first = lineOf.get(body.code);
    if (first !== undefined) at('code', `${body.code} stands in line ${first} too`, 'Leave one out.');
    lineOf.set(body.code, line);
    const columns = columnsOrFaults(body, at);
    const { regionCode, timeZone, code, form, areaM2 } = body;
    const facts = { form, areaM2 };
    const absent = CLEARED_COLUMNS.filter((column) => cells[column] === undefined);
    const days = daysOfCells(cells);
    if (columns)
      commands.push({
        ...{ line, regionCode, timeZone, code, facts, columns },
        ...{ said, days, notes, project, absent },
      });
  }
  return commands;
}

function plainCells(cells: TableRow['cells']): TableRow['cells'] {
  return Object.fromEntries(Object.entries(cells).map(([column, text]) => [column, text && plainText(text)]));
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

function saidIn({ status }: TableRow['cells'], at: At): SiteStatus | undefined {
  const said = SITE_STATUSES.find((one) => one === status);
  if (status && !said) at('status', `is none of ${SITE_STATUSES.join(', ')}`, 'Correct it, or leave it out.');
  return said;
}

/** By the rules of POST /v1/sites/{id}/milestones; whether there are such milestones shows once what was known is laid under them. */
function notesIn({ [NOTES_COLUMN]: cell }: TableRow['cells'], at: At): Note[] | undefined {
  if (cell === undefined) return undefined;
  const notes = parseNotes(cell);
  if (!notes) at(NOTES_COLUMN, 'cannot be read', MEND[NOTES_COLUMN]);
  for (const { stage, day, note } of notes ?? []) {
    if (note === null || (note.length <= NOTE_CHARACTERS_MAX && PRINTABLE.test(note))) continue;
    const mend = `Write at most ${NOTE_CHARACTERS_MAX} characters on one line.`;
    at(NOTES_COLUMN, `has a note of ${stage} ${day} that cannot be kept`, mend);
  }
  return notes;
}

/** By the rules of PUT /v1/sites/{id}/project; days are checked once what was known is laid under them. */
function projectIn(cells: TableRow['cells'], at: At): Partial<Project> | undefined {
  const read = projectOfCells(cells);
  if (!read) return undefined;
  const body = plainToInstance(SetProjectDto, read);
  const broken = validateSync(body, { whitelist: true });
  const columns = new Map(broken.flatMap((error) => reasonsOf(error)).map((one) => [columnOf(one[0]), one]));
  for (const [column, [field, reason]] of columns)
    at(column, inCell(field, reason), MEND[column] ?? 'Correct it.');
  return read as Partial<Project>;
}

const MEND: Record<string, string> = {
  openingHours: 'Write days and hours, such as 1-5 08:00-20:00; 6,7 09:00-17:00.',
  openingExceptions:
    'Write days and hours, such as 2026-10-01..2026-10-07 closed 国庆; 2026-12-24 09:00-12:00.',
  [NOTES_COLUMN]:
    'Write stages, days and why, such as approvedOn 2026-02-01 沪民〔2026〕8号; suspendedOn 2026-10-01 消防整改.',
  costYuan: 'Write yuan, such as 1800000 or 1800000.50.',
  funding: `Write source, yuan and paper, such as ${FUNDING_SOURCES[0]} 1800000 文号; ${FUNDING_SOURCES[3]} 5000.`,
};

function inCell(field: string, reason: string): string {
  if (field === 'costFen') return 'is no amount';
  return field.startsWith('funding') ? `cannot be read: ${field} ${reason}` : reason;
}

function reasonsOf(error: ValidationError, parent = ''): [field: string, reason: string, mend: string][] {
  const field = parent === '' ? error.property : `${parent}.${error.property}`;
  const example = exampleOf(error);
  const mend = example === undefined ? 'See POST /v1/sites.' : `Write it like ${unquotedJson(example)}.`;
  const { isNumber, isInt, isString, ...others } = error.constraints ?? {};
  // What is no number is not too great either.
  const [message] = [isNumber, isInt, isString, ...Object.values(others)].filter((one) => one !== undefined);
  const said = inWords(message ?? '');
  const reason = said.startsWith(error.property) ? said.slice(error.property.length).trim() : said;
  const own: [string, string, string][] = message === undefined ? [] : [[field, reason, mend]];
  return [...own, ...(error.children ?? []).flatMap((child) => reasonsOf(child, field))];
}

/** A cell holds text without the marks that JSON puts around it. */
function unquotedJson(example: string): string {
  const value: unknown = JSON.parse(example);
  return typeof value === 'string' ? value : example;
}
