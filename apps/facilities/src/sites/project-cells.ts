import { type Fen, formatYuan, parseYuan } from '@doorstep/kernel';
import type { Funding, Project } from './project';
import { quoted, TEXT, unquoted } from './quoted';

/** Columns of a file of sites that say what building costs, who pays for it and when it is planned. */
export const PROJECT_COLUMNS = ['plannedStart', 'plannedOpening', 'costYuan', 'funding'] as const;

/** What a row says of a project; what can't be read stays text, for the check to find. Null and none: cleared. */
export interface ProjectCells {
  plannedStart?: string | null;
  plannedOpening?: string | null;
  costFen?: Fen | string | null;
  funding?: { source: string; amountFen: Fen; note?: string }[] | string;
}

type Cells = Record<string, string | undefined>;

/** @returns nothing when the file has no column of a project; a column that is left out leaves what is known */
export function projectOfCells({
  plannedStart,
  plannedOpening,
  costYuan,
  funding,
}: Cells): ProjectCells | undefined {
  const project: ProjectCells = {
    ...(plannedStart !== undefined && { plannedStart: plannedStart || null }),
    ...(plannedOpening !== undefined && { plannedOpening: plannedOpening || null }),
    ...(costYuan !== undefined && { costFen: costYuan === '' ? null : (parseYuan(costYuan) ?? costYuan) }),
    ...(funding !== undefined && { funding: funding === '' ? [] : (parseFunding(funding) ?? funding) }),
  };
  return Object.keys(project).length > 0 ? project : undefined;
}

export function cellsOfProject({
  plannedStart,
  plannedOpening,
  costFen,
  funding,
}: Project): (string | null)[] {
  const cost = costFen === null ? null : formatYuan(costFen);
  return [plannedStart, plannedOpening, cost, funding.length > 0 ? formatFunding(funding) : null];
}

/** Source, yuan and, if there is one, the paper that says so. */
const PART = new RegExp(String.raw`\s*([a-z_]+)\s+([\d.,]+)(?:\s+(${TEXT}))?\s*(?:;|$)`, 'y');

/** Funding as people write it in one cell: `central_budget 1800000 发改投资〔2026〕88号; donation 5000`. */
export function parseFunding(text: string): { source: string; amountFen: Fen; note?: string }[] | undefined {
  const parts = [];
  PART.lastIndex = 0;
  while (PART.lastIndex < text.length) {
    const match = PART.exec(text);
    const amountFen = match && parseYuan(match[2]);
    if (!match || amountFen === null || amountFen === undefined) return undefined;
    const [, source, , note] = match;
    parts.push({ source, amountFen, ...(note && { note: unquoted(note) }) });
  }
  return parts.length > 0 ? parts : undefined;
}

export function formatFunding(funding: readonly Funding[]): string {
  return funding
    .map(({ source, amountFen, note }) =>
      [source, formatYuan(amountFen), ...(note === undefined ? [] : [quoted(note)])].join(' '),
    )
    .join('; ');
}
